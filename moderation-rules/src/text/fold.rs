//! Folding: what the eye takes for the same is made the same, and every folded byte still knows where it came from.
//!
//! Compatibility forms, case, look-alike letters, invisible characters, accents, Markdown marks and character
//! references are taken away; whatever looks like a gap is a space. What readers see comes first, and what a link or
//! image keeps from them after it, in parts of its own. Two buffers of equal length are kept, one in lower case and one as written,
//! so that a pattern that needs capitals shares its offsets with all the others.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::{aside, emoji, entity, homoglyph};
use crate::submission::{Field, Submission};

/// Marks of Markdown and of addresses, and all controls but the new line, as bits.
const MARKS: u128 = bits(b"*_~`\\&%\x7F") | ((1 << b' ') - 1) & !bits(b"\n");

const fn bits(mut bytes: &[u8]) -> u128 {
    let mut bits = 0;
    while let [first, rest @ ..] = bytes {
        bits |= 1 << *first;
        bytes = rest;
    }
    bits
}

/// Whether a byte stands for itself.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && MARKS & (1 << (byte & 0x7F)) == 0
}

/// A stretch of folded bytes and the original bytes it stands for.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Offset in the folded text.
    at: u32,
    /// Offset in the original field.
    origin: u32,
    /// Length in the original field, used where the run is not verbatim.
    origin_len: u32,
    /// Every folded byte is one original byte.
    verbatim: bool,
    field: Field,
}

/// A folded text with its way back.
#[derive(Default)]
pub(crate) struct Folded {
    /// Lower case; the text that almost everything is matched on.
    pub lower: Vec<u8>,
    /// The same bytes with their capitals.
    pub cased: Vec<u8>,
    /// There is at least one ASCII digit.
    pub has_digit: bool,
    /// Start and end of what is read by itself: title, body, and each piece that readers do not see in its place.
    pub parts: Vec<(u32, u32)>,
    /// Bytes after which a character stands that makes the text look other than it is.
    pub disguised: Vec<u32>,
    runs: Vec<Run>,
    /// Where the part that is being folded begins.
    begin: usize,
}

impl Folded {
    /// Reads another text.
    pub(super) fn read(&mut self, submission: &Submission<'_>) {
        let title = submission.title.unwrap_or_default();
        let capacity = title.len() + submission.body.len() + 4;
        for buffer in [&mut self.lower, &mut self.cased] {
            buffer.clear();
            buffer.reserve(capacity);
        }
        self.has_digit = false;
        self.parts.clear();
        self.disguised.clear();
        self.runs.clear();
        self.begin = 0;
        for (text, field) in [(title, Field::Title), (submission.body, Field::Body)] {
            let asides = aside::find(text);
            let mut from = 0;
            for aside in &asides {
                self.add(text, from..aside.whole.start, field);
                from = aside.whole.end;
            }
            self.add(text, from..text.len(), field);
            self.end_part();
            for piece in asides.into_iter().flat_map(|aside| aside.pieces) {
                self.add(text, piece, field);
                self.end_part();
            }
        }
    }

    fn end_part(&mut self) {
        if self.lower.len() > self.begin {
            self.parts
                .push((self.begin as u32, self.lower.len() as u32));
            // For patterns, which know no parts: belongs to no word.
            self.lower.extend_from_slice(b"\n\n");
            self.cased.extend_from_slice(b"\n\n");
            self.begin = self.lower.len();
        }
    }

    /// The original field and byte range of a folded range; `None` for an empty one.
    pub(crate) fn original(&self, start: u32, end: u32) -> Option<(Field, usize, usize)> {
        let part = self.parts.partition_point(|(_, past)| *past <= start);
        let (begin, past) = self.parts.get(part).copied()?;
        let (start, end) = (start.max(begin), end.min(past));
        if start >= end {
            return None;
        }
        let first = self.run_at(start)?;
        let last = self.run_at(end - 1)?;
        let from = if first.verbatim {
            first.origin + (start - first.at)
        } else {
            first.origin
        };
        let to = if last.verbatim {
            last.origin + (end - last.at)
        } else {
            last.origin + last.origin_len
        };
        Some((first.field, from as usize, to as usize))
    }

    fn run_at(&self, at: u32) -> Option<Run> {
        let after = self.runs.partition_point(|r| r.at <= at);
        self.runs.get(after.checked_sub(1)?).copied()
    }

    fn open(&mut self, origin: usize, origin_len: usize, field: Field, verbatim: bool) {
        self.runs.push(Run {
            at: self.lower.len() as u32,
            origin: origin as u32,
            origin_len: origin_len as u32,
            verbatim,
            field,
        });
    }

    /// The last character now also stands for the original bytes up to `to`.
    fn stretch(&mut self, to: usize, field: Field) {
        let len = self.lower.len() as u32;
        let Some(last) = self.runs.last_mut().filter(|r| r.field == field) else {
            return;
        };
        if len <= last.at || len as usize <= self.begin {
            return;
        }
        if last.verbatim {
            let origin = last.origin + (len - 1 - last.at);
            let run = Run {
                at: len - 1,
                origin,
                origin_len: to as u32 - origin,
                verbatim: false,
                field,
            };
            if last.at == run.at {
                *last = run;
            } else {
                self.runs.push(run);
            }
        } else {
            last.origin_len = to as u32 - last.origin;
        }
    }

    fn add(&mut self, text: &str, range: Range<usize>, field: Field) {
        let bytes = text.as_bytes().get(..range.end).unwrap_or_default();
        let mut at = range.start;
        // A verbatim run is open and continues at this original offset.
        let mut open_at = usize::MAX;
        while let Some(&byte) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            let plain = rest.iter().take_while(|b| is_plain(**b)).count();
            if plain > 0 {
                if open_at != at {
                    self.open(at, 0, field, true);
                }
                self.verbatim(rest.get(..plain).unwrap_or_default());
                at += plain;
                open_at = at;
                continue;
            }
            if byte.is_ascii_whitespace() || byte == b'\x0B' {
                if open_at != at {
                    self.open(at, 0, field, true);
                }
                self.lower.push(b' ');
                self.cased.push(b' ');
                at += 1;
                open_at = at;
                continue;
            }
            if byte.is_ascii() {
                at += self.markup(text, at, field);
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                return;
            };
            let len = c.len_utf8();
            self.seen(c, at, len, field);
            at += len;
        }
    }

    /// Bytes that stand for themselves.
    fn verbatim(&mut self, bytes: &[u8]) {
        let from = self.lower.len();
        self.lower.extend_from_slice(bytes);
        self.cased.extend_from_slice(bytes);
        if let Some(tail) = self.lower.get_mut(from..) {
            tail.make_ascii_lowercase();
        }
        self.has_digit |= bytes.iter().fold(false, |any, b| any | b.is_ascii_digit());
    }

    /// One character as readers get it: dropped if they do not see it, marked if it deceives them.
    fn seen(&mut self, c: char, at: usize, len: usize, field: Field) {
        let turns = homoglyph::turns(c);
        if is_combining_mark(c)
            || homoglyph::invisible(c)
            || (turns && self.lower.len() > self.begin)
        {
            self.stretch(at + len, field);
        } else {
            self.character(c, at, len, field);
        }
        let last = self.lower.len().saturating_sub(1) as u32;
        if (turns || homoglyph::blank(c)) && self.disguised.last() != Some(&last) {
            self.disguised.push(last);
        }
    }

    /// Takes a mark of Markdown or of an address; gives the original bytes it took.
    fn markup(&mut self, text: &str, at: usize, field: Field) -> usize {
        let bytes = text.as_bytes();
        let Some(rest) = text.get(at..) else {
            return 1;
        };
        let next = bytes.get(at + 1).copied();
        let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied();
        let alphanumeric = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
        match bytes.get(at) {
            Some(b'&') => {
                if let Some((c, taken)) = entity::reference(rest) {
                    self.seen(c, at, taken, field);
                    return taken;
                }
            }
            Some(b'%') => {
                // In an address: anna%40example.com.
                let code = rest
                    .get(1..3)
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                if let Some(code) = code.filter(|code| matches!(code, b' '..=b'~')) {
                    self.character(char::from(code), at, 3, field);
                    return 3;
                }
            }
            Some(b'_') => {
                // Inside a word Markdown has no emphasis: the underscore is a gap.
                if alphanumeric(before) && alphanumeric(next) {
                    self.character(' ', at, 1, field);
                }
                return 1;
            }
            Some(b'\\') => {
                if next.is_some_and(|b| b.is_ascii_punctuation()) {
                    return 1;
                }
            }
            Some(b'`') => {
                // An apostrophe on many keyboards: don`t.
                if alphanumeric(before) && alphanumeric(next) {
                    self.character('\'', at, 1, field);
                }
                return 1;
            }
            // A star between spaces opens a list item; between letters it emphasises or hides. A control is not seen.
            _ => return 1,
        }
        let c = bytes.get(at).map_or(' ', |b| char::from(*b));
        self.character(c, at, 1, field);
        1
    }

    /// One original character, whatever it unfolds to.
    fn character(&mut self, c: char, at: usize, len: usize, field: Field) {
        let begin = self.lower.len();
        self.open(at, len, field, false);
        if emoji::speaks(c) {
            // A word of its own, whatever it stands beside.
            for buffer in [&mut self.lower, &mut self.cased] {
                let mut drawn = [0_u8; 4];
                buffer.push(b' ');
                buffer.extend_from_slice(c.encode_utf8(&mut drawn).as_bytes());
                buffer.push(b' ');
            }
            return;
        }
        match homoglyph::latin(c) {
            Some(latin) => self.letter(latin),
            None if homoglyph::blank(c) => self.letter(' '),
            None => decompose_compatible(c, |part| {
                if !is_combining_mark(part) && !homoglyph::invisible(part) {
                    self.letter(homoglyph::latin(part).unwrap_or(part));
                }
            }),
        }
        if self.lower.len() == begin {
            self.runs.pop();
        }
    }

    fn letter(&mut self, c: char) {
        let (mut low, mut high) = ([0_u8; 4], [0_u8; 4]);
        if c == 'ß' || c == 'ẞ' {
            self.lower.extend_from_slice(b"ss");
            self.cased.extend_from_slice(b"ss");
            return;
        }
        let c = match c {
            '\n' => c,
            _ if homoglyph::turns(c) || homoglyph::parts_words(c) => ' ',
            _ => c,
        };
        self.has_digit |= c.is_ascii_digit();
        let upper = c.encode_utf8(&mut high);
        let mut written = 0;
        for l in c.to_lowercase().filter(|l| !is_combining_mark(*l)) {
            let bytes = l.encode_utf8(&mut low).as_bytes();
            self.lower.extend_from_slice(bytes);
            written += bytes.len();
        }
        if written == upper.len() {
            self.cased.extend_from_slice(upper.as_bytes());
        } else {
            // The two buffers must stay in step: a letter whose case changes its length is kept in lower case.
            let from = self.lower.len() - written;
            let tail = self.lower.get(from..).unwrap_or_default();
            self.cased.extend_from_slice(tail);
        }
    }
}
