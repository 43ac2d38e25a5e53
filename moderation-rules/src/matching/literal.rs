//! What every match of a pattern has in it: a literal, or a number near its beginning.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A literal that a match may have, and the most bytes of the match that can stand before it, where that is bounded.
#[derive(Clone, Debug)]
pub(super) struct Needed {
    pub literal: Vec<u8>,
    pub before: Option<usize>,
}

/// Literals of which at least one is in every match, or `None` where no such set of use exists.
pub(super) fn needed(hir: &Hir) -> Option<Vec<Needed>> {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.len() >= 2 || &*literal.0 == b"@" => {
            Some(vec![Needed {
                literal: literal.0.to_vec(),
                before: Some(0),
            }])
        }
        HirKind::Capture(capture) => needed(&capture.sub),
        // The literal of the first round.
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => {
            let mut before = Some(0_usize);
            let mut best: Option<Vec<Needed>> = None;
            for part in parts {
                if let Some(mut set) = needed(part) {
                    for needed in &mut set {
                        needed.before = sum(needed.before, before);
                    }
                    if best.as_ref().is_none_or(|b| cost(&set) < cost(b)) {
                        best = Some(set);
                    }
                }
                before = sum(before, part.properties().maximum_len());
            }
            best
        }
        HirKind::Alternation(parts) => parts
            .iter()
            .map(needed)
            .collect::<Option<Vec<_>>>()
            .map(|sets| sets.concat()),
        _ => None,
    }
}

fn sum(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    Some(a?.saturating_add(b?))
}

/// What it costs to look for a set: how often its literals stand in English, times what each place costs.
fn cost(set: &[Needed]) -> f64 {
    set.iter()
        .map(|needed| {
            let place = match needed.before {
                Some(before) if before < 32 => 1.0 + before as f64 / 4.0,
                _ => 24.0,
            };
            frequency(&needed.literal) * place
        })
        .sum()
}

/// Words that stand in nearly every text, so that their letters say too little about them.
const COMMON: [&str; 44] = [
    "the", "and", "for", "you", "that", "with", "have", "this", "not", "was", "are", "but", "from",
    "they", "had", "has", "his", "her", "she", "him", "who", "will", "would", "could", "can",
    "been", "when", "what", "which", "their", "there", "about", "after", "more", "than", "take",
    "took", "your", "any", "all", "one", "out", "day", "ing",
];

/// Roughly how often a literal stands in English text, a byte.
fn frequency(literal: &[u8]) -> f64 {
    let trimmed = literal.trim_ascii();
    let common = COMMON.iter().any(|word| {
        trimmed.eq_ignore_ascii_case(word.as_bytes())
            || (trimmed.len() < 4
                && word
                    .as_bytes()
                    .windows(trimmed.len().max(1))
                    .any(|w| w.eq_ignore_ascii_case(trimmed)))
    });
    if common {
        return 0.01;
    }
    let letters = literal.iter().map(|byte| match byte.to_ascii_lowercase() {
        b' ' => 0.18,
        b'e' => 0.10,
        b't' | b'a' | b'o' => 0.07,
        b'i' | b'n' | b's' | b'h' | b'r' => 0.055,
        b'd' | b'l' | b'u' | b'c' | b'm' => 0.03,
        b'w' | b'f' | b'g' | b'y' | b'p' | b'b' => 0.018,
        b'v' | b'k' => 0.009,
        _ => 0.003,
    });
    // Letters follow each other less freely than chance: each further one tells less.
    letters
        .enumerate()
        .map(|(at, p): (usize, f64)| if at < 2 { p } else { p.powf(0.7) })
        .product()
}

/// How many bytes can stand before the number that every match begins with; `None` where it does not begin so, or could
/// begin within a number.
pub(super) fn before_number(hir: &Hir) -> Option<usize> {
    const MOST: usize = 5;
    opens_on_word(hir)
        .then(|| lead(hir))
        .flatten()
        .filter(|before| *before <= MOST)
}

fn opens_on_word(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(Look::WordAscii | Look::WordStartAscii) => true,
        HirKind::Capture(capture) => opens_on_word(&capture.sub),
        HirKind::Concat(parts) => parts.first().is_some_and(opens_on_word),
        HirKind::Alternation(parts) => parts.iter().all(opens_on_word),
        _ => false,
    }
}

/// The most bytes before the first digit that must be there.
fn lead(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().position(u8::is_ascii_digit),
        HirKind::Class(_) => digits_only(hir).then_some(0),
        HirKind::Capture(capture) => lead(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => lead(&repetition.sub),
        HirKind::Concat(parts) => {
            let mut before = 0_usize;
            for part in parts {
                if let Some(inner) = lead(part) {
                    return Some(before + inner);
                }
                before = before.saturating_add(part.properties().maximum_len()?);
            }
            None
        }
        HirKind::Alternation(parts) => {
            let leads: Option<Vec<usize>> = parts.iter().map(lead).collect();
            leads?.into_iter().max()
        }
        _ => None,
    }
}

fn digits_only(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .all(|r| r.start() >= b'0' && r.end() <= b'9'),
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .all(|r| r.start() >= '0' && r.end() <= '9'),
        _ => false,
    }
}

/// Whether every match has an ASCII digit in it.
pub(super) fn needs_digit(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
        HirKind::Class(_) => digits_only(hir),
        HirKind::Capture(capture) => needs_digit(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && needs_digit(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().any(needs_digit),
        HirKind::Alternation(parts) => parts.iter().all(needs_digit),
        _ => false,
    }
}
