//! What a match of a pattern must begin with, short enough that one machine can hold the openings of all patterns.

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind, Repetition};

/// Bytes of the longest opening.
const LONGEST: usize = 128;
/// What a stretch without an end counts for.
const ENDLESS: usize = 4;
/// Of a class of more bytes than this, no more than so many in a row are read: each place in a wide gap would be a
/// state of its own.
const WIDE: (usize, u32) = (64, 4);

/// The opening of a pattern: wherever the pattern matches, its opening does.
pub(super) struct Opening {
    pub hir: Hir,
    /// It has stretches without an end.
    pub endless: bool,
}

pub(super) fn opening(hir: &Hir) -> Opening {
    let mut cut = Cut {
        room: LONGEST,
        endless: false,
    };
    let (hir, _) = cut.part(hir);
    Opening {
        hir,
        endless: cut.endless,
    }
}

/// The same for a text in lower case: it matches there wherever the pattern matches the text as it is written. Letters of
/// other scripts are any of them.
pub(super) fn lowered(hir: &Hir) -> Hir {
    let of = |parts: &[Hir]| parts.iter().map(lowered).collect::<Vec<_>>();
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => hir.clone(),
        HirKind::Literal(literal) => {
            let other = || {
                Hir::class(Class::Bytes(ClassBytes::new([ClassBytesRange::new(
                    0x80, 0xff,
                )])))
            };
            let bytes = literal.0.iter().map(|byte| match byte {
                0x80.. => other(),
                _ => Hir::literal([byte.to_ascii_lowercase()]),
            });
            Hir::concat(bytes.collect())
        }
        HirKind::Class(class) => {
            let mut lower = ClassBytes::empty();
            for (start, end) in ranges(class) {
                for byte in start..=end.min(0x7f) {
                    let byte = (byte as u8).to_ascii_lowercase();
                    lower.push(ClassBytesRange::new(byte, byte));
                }
                if end > 0x7f {
                    lower.push(ClassBytesRange::new(0x80, 0xff));
                }
            }
            Hir::class(Class::Bytes(lower))
        }
        HirKind::Capture(capture) => lowered(&capture.sub),
        HirKind::Repetition(repetition) => {
            Hir::repetition(repetition.with(lowered(&repetition.sub)))
        }
        HirKind::Concat(parts) => Hir::concat(of(parts)),
        HirKind::Alternation(parts) => Hir::alternation(of(parts)),
    }
}

#[derive(Clone, Copy)]
struct Cut {
    room: usize,
    endless: bool,
}

impl Cut {
    /// As much of a part as there is room for, and whether that is all of it.
    fn part(&mut self, hir: &Hir) -> (Hir, bool) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => (hir.clone(), true),
            HirKind::Literal(literal) => {
                let taken = literal.0.len().min(self.room);
                self.room -= taken;
                let bytes = literal.0.get(..taken).unwrap_or_default();
                (Hir::literal(bytes), taken == literal.0.len())
            }
            HirKind::Class(_) => match self.room.checked_sub(1) {
                Some(room) => {
                    self.room = room;
                    (hir.clone(), true)
                }
                None => (Hir::empty(), false),
            },
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Repetition(repetition) => self.repetition(hir, repetition),
            HirKind::Concat(parts) => {
                let mut taken = Vec::with_capacity(parts.len());
                for part in parts {
                    let (part, whole) = self.part(part);
                    taken.push(part);
                    if !whole {
                        return (Hir::concat(taken), false);
                    }
                }
                (Hir::concat(taken), true)
            }
            HirKind::Alternation(parts) => {
                let before = *self;
                let mut all = true;
                let mut taken = Vec::with_capacity(parts.len());
                for part in parts {
                    let mut branch = before;
                    let (part, whole) = branch.part(part);
                    taken.push(part);
                    all &= whole;
                    self.room = self.room.min(branch.room);
                    self.endless |= branch.endless;
                }
                (Hir::alternation(taken), all)
            }
        }
    }

    fn repetition(&mut self, hir: &Hir, repetition: &Repetition) -> (Hir, bool) {
        let mut once = *self;
        let (_, whole) = once.part(&repetition.sub);
        let each = self.room - once.room;
        let class = class(&repetition.sub);
        let room = match repetition.max {
            // "Some letters", but not "anything up to here": that would go on over the rest of the text.
            None if class.is_some_and(|(_, spaces)| spaces) => None,
            None => each.checked_add(ENDLESS),
            Some(most) if class.is_some_and(|(bytes, _)| bytes > WIDE.0) && most > WIDE.1 => None,
            Some(most) => each.checked_mul(most as usize),
        };
        if let Some(room) = room.and_then(|room| self.room.checked_sub(room))
            && whole
        {
            self.room = room;
            self.endless |= once.endless || repetition.max.is_none();
            return (hir.clone(), true);
        }
        // The rounds that must be there.
        let mut taken = Vec::new();
        for _ in 0..repetition.min {
            let (part, whole) = self.part(&repetition.sub);
            taken.push(part);
            if !whole {
                break;
            }
        }
        (Hir::concat(taken), false)
    }
}

/// How many bytes a class has, and whether spaces are among others.
fn class(hir: &Hir) -> Option<(usize, bool)> {
    let ranges = match hir.kind() {
        HirKind::Class(class) => ranges(class),
        _ => return None,
    };
    let bytes = ranges
        .iter()
        .map(|(start, end)| end - start + 1)
        .sum::<u32>();
    let spaces = ranges
        .iter()
        .any(|(start, end)| (start..=end).contains(&&32));
    Some((bytes as usize, spaces && bytes > 8))
}

fn ranges(class: &Class) -> Vec<(u32, u32)> {
    match class {
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|r| (r.start().into(), r.end().into())).collect()
        }
        Class::Unicode(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|r| (r.start().into(), r.end().into())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::opening;

    fn cut(pattern: &str) -> (String, bool) {
        let mut parser = regex_syntax::ParserBuilder::new();
        let hir = parser.unicode(false).utf8(false).build().parse(pattern);
        let opening = opening(&hir.unwrap_or_else(|e| panic!("{e}")));
        (opening.hir.to_string(), opening.endless)
    }

    #[test]
    fn a_short_pattern_is_its_own_opening() {
        for pattern in [
            r"\bgained \d{1,3} (?:pounds|kg)\b",
            r"\b[A-Z][a-z]+ (?:Street|Road)\b",
        ] {
            let (whole, _) = cut(pattern);
            let mut parser = regex_syntax::ParserBuilder::new();
            let hir = parser.unicode(false).utf8(false).build().parse(pattern);
            assert_eq!(whole, hir.map(|h| h.to_string()).unwrap_or_default());
        }
        assert!(cut(r"\b[A-Z][a-z]+").1);
        assert!(!cut(r"\bgained \d{1,3}").1);
    }

    #[test]
    fn an_opening_ends_before_a_wide_gap() {
        let (opening, endless) = cut(r"\bcures?\b[^.\n]{0,40}\bcancer\b");
        assert_eq!((opening, endless), cut(r"\bcures?\b"));
        assert_eq!(cut(r"\bcure .*cancer"), cut(r"\bcure "));
    }

    #[test]
    fn an_opening_has_the_rounds_that_must_be_there() {
        assert_eq!(cut(r"\ba(?:[^.]+ ){2,90}b").0, cut(r"\ba(?:[^.])").0);
        assert_eq!(cut(r"\ba(?:bc){2,90}d").0, cut(r"\ba(?:bc)(?:bc)").0);
    }
}
