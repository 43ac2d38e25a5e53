//! Where a match of a pattern can begin, learned from the pattern alone: at a literal, at a number, or anywhere.
//!
//! Of the ways to find that out the one is taken that should cost least on English text.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A literal in lower case that a match may have, and the most bytes of the match that can stand before it, where that
/// is bounded.
#[derive(Clone, Debug)]
pub(super) struct Needed {
    pub literal: Vec<u8>,
    pub before: Option<usize>,
    /// Wherever the pattern has it, it begins with a capital.
    pub capital: bool,
}

/// How to find the places worth a try.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// Every match begins with the first letter or digit of a word, and few words begin like it.
    Edge,
    /// Every match has one of these, or begins where the text does if `start` says so.
    Literals { start: bool, needed: Vec<Needed> },
    /// Every match begins where the text does.
    Start,
    /// Every match has a number of at least so many digits, at most so many bytes behind its begin.
    Number { before: usize, digits: usize },
    /// Nothing is known.
    Anywhere,
}

/// More starts than this are not tried one by one.
pub(super) const MOST_STARTS: usize = 24;

/// What runs and tries cost, in microseconds a kilobyte of text.
const RUN: f64 = 1.2;
const TRY: f64 = 0.045;
/// The share of letters that begin a word, and of words that begin with a capital.
const AT_EDGE: f64 = 0.35;
const CAPITAL: f64 = 0.1;
/// Numbers in a kilobyte of the posts that people write.
const NUMBERS: f64 = 5.0;

/// So many letters before the digit that must be there keep a machine busy at most words.
const SHORT_LEAD: usize = 4;

/// `cased`: the pattern is matched on the text as written.
pub(super) fn plan(hir: &Hir, cased: bool) -> Plan {
    let on_edge = opens_on_word(hir);
    let first = opening(hir);
    if on_edge && opens_with(hir, |b| b.is_ascii_alphanumeric()) {
        let rare = first.as_ref().is_some_and(|set| cost(set, true) < RUN);
        if rare
            || (cased && opens_with_capital(hir))
            || lead(hir).is_some_and(|before| before <= SHORT_LEAD)
        {
            return Plan::Edge;
        }
    }
    let mut best = (RUN, Plan::Anywhere);
    for set in [first, needed(hir)].into_iter().flatten() {
        let cost = cost(&set, on_edge);
        if cost < best.0 {
            let (start, needed) = (false, set);
            best = (cost, Plan::Literals { start, needed });
        }
    }
    if let Some(rest) = without_start(hir) {
        let begun = rest.iter().map(opening).collect::<Option<Vec<_>>>();
        let set = begun.map(|sets| fewest(sets.concat()));
        let cost = set.as_ref().map(|set| TRY + cost(set, false));
        if let (Some(needed), Some(cost)) = (set, cost)
            && cost < best.0
        {
            let plan = match needed.is_empty() {
                true => Plan::Start,
                false => Plan::Literals {
                    start: true,
                    needed,
                },
            };
            best = (cost, plan);
        }
    }
    if on_edge && let Some(before) = lead(hir).filter(|before| *before <= MOST_STARTS) {
        let digits = digits(hir);
        let share = match digits {
            0 | 1 => 1.0,
            2 => 0.5,
            _ => 0.1,
        };
        let cost = NUMBERS * share * tries(before);
        if cost < best.0 {
            best = (cost, Plan::Number { before, digits });
        }
    }
    best.1
}

/// Tries that a place so many bytes behind the first start costs: matches mostly begin where words do.
fn tries(before: usize) -> f64 {
    TRY * (1.0 + before as f64 / 3.0)
}

/// What it costs to look for a set: how often its literals stand in English, times what each place costs.
fn cost(set: &[Needed], on_edge: bool) -> f64 {
    let mut anywhere = 0.0;
    let mut placed = 0.0;
    for needed in set {
        let mut places = 1_000.0 * frequency(&needed.literal);
        if on_edge && needed.before == Some(0) {
            places *= AT_EDGE;
        }
        if needed.capital {
            places *= CAPITAL;
        }
        placed += places * 0.01;
        match needed.before.filter(|before| *before <= MOST_STARTS) {
            Some(before) => placed += places * tries(before),
            None => anywhere += places,
        }
    }
    placed + RUN * f64::min(anywhere, 1.0)
}

/// The literals that a match begins with.
fn opening(hir: &Hir) -> Option<Vec<Needed>> {
    let mut extractor = Extractor::new();
    extractor
        .limit_class(10)
        .limit_literal_len(16)
        .limit_total(1_500);
    let sequence = extractor.extract(hir);
    let mut found: Vec<Needed> = Vec::new();
    for literal in sequence.literals()? {
        let bytes = literal.as_bytes();
        // The folded text has no other gaps than spaces and new lines.
        if bytes
            .iter()
            .any(|b| matches!(b, b'\t' | b'\r' | b'\x0B' | b'\x0C'))
        {
            continue;
        }
        found.push(Needed {
            literal: bytes.to_ascii_lowercase(),
            before: Some(0),
            capital: bytes.first().is_some_and(u8::is_ascii_uppercase),
        });
    }
    Some(fewest(found)).filter(|found| !found.is_empty())
}

/// Without those that begin with another one.
fn fewest(mut found: Vec<Needed>) -> Vec<Needed> {
    found.sort_by(|a, b| a.literal.cmp(&b.literal));
    let mut kept: Vec<Needed> = Vec::with_capacity(found.len());
    for needed in found {
        match kept
            .last_mut()
            .filter(|last| needed.literal.starts_with(&last.literal))
        {
            Some(last) => last.capital &= needed.capital,
            None => kept.push(needed),
        }
    }
    kept
}

/// Literals of which at least one is in every match, or `None` where no such set exists.
fn needed(hir: &Hir) -> Option<Vec<Needed>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![Needed {
            literal: literal.0.to_ascii_lowercase(),
            before: Some(0),
            capital: literal.0.first().is_some_and(u8::is_ascii_uppercase),
        }]),
        HirKind::Capture(capture) => needed(&capture.sub),
        // The literal of the first round.
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => {
            let mut before = Some(0_usize);
            let mut best: Option<(f64, Vec<Needed>)> = None;
            for part in parts {
                if let Some(mut set) = needed(part) {
                    for needed in &mut set {
                        needed.before = sum(needed.before, before);
                    }
                    let cost = cost(&set, false);
                    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        best = Some((cost, set));
                    }
                }
                before = sum(before, part.properties().maximum_len());
            }
            best.map(|(_, set)| set)
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

/// Words that stand in nearly every text, so that their letters say too little about them.
const COMMON: [&str; 52] = [
    "the", "and", "for", "you", "that", "with", "have", "this", "not", "was", "are", "but", "from",
    "they", "had", "has", "his", "her", "she", "him", "who", "will", "would", "could", "can",
    "been", "when", "what", "which", "their", "there", "about", "after", "more", "than", "take",
    "took", "your", "any", "all", "one", "out", "day", "ing", "in", "on", "at", "of", "to", "is",
    "it", "my",
];

/// Words that packs look for are words that people of this field write.
const RAREST: f64 = 0.000_02;

/// Roughly how often a literal stands in English text, a byte.
fn frequency(literal: &[u8]) -> f64 {
    let trimmed = literal.trim_ascii();
    let bounded = literal.ends_with(b" ") && literal.len() < 5;
    if literal.contains(&b'\n') {
        return 0.000_1;
    }
    if COMMON.iter().any(|word| trimmed == word.as_bytes()) {
        return if bounded { 0.004 } else { 0.01 };
    }
    let letters = literal.iter().map(|byte| match byte {
        b' ' => 0.18,
        b'e' => 0.10,
        b't' | b'a' | b'o' => 0.07,
        b'i' | b'n' | b's' | b'h' | b'r' => 0.055,
        b'd' | b'l' | b'u' | b'c' | b'm' => 0.03,
        b'w' | b'f' | b'g' | b'y' | b'p' | b'b' => 0.018,
        b'v' | b'k' | b',' | b'.' => 0.009,
        b'0'..=b'9' => 0.001_5,
        b'j' | b'q' | b'x' | b'z' | b'(' | b')' | b'-' | b'\'' | b':' => 0.002,
        // Signs that most posts have none of.
        _ => 0.000_1,
    });
    // Letters follow each other less freely than chance: each further one tells less.
    let chance: f64 = letters
        .enumerate()
        .map(|(at, p): (usize, f64)| if at < 2 { p } else { p.powf(0.7) })
        .product();
    if literal.iter().any(u8::is_ascii_alphabetic) {
        chance.max(RAREST)
    } else {
        chance
    }
}

/// What a match begins with that does not begin where the text does, each way by itself; `None` where none can begin
/// there.
fn without_start(hir: &Hir) -> Option<Vec<Hir>> {
    match hir.kind() {
        HirKind::Look(Look::Start) => Some(Vec::new()),
        HirKind::Capture(capture) => without_start(&capture.sub),
        HirKind::Concat(parts) => {
            let (first, rest) = parts.split_first()?;
            let whole = |first: Hir| Hir::concat([&[first], rest].concat());
            Some(without_start(first)?.into_iter().map(whole).collect())
        }
        HirKind::Alternation(parts) => {
            let each = parts.iter().map(|part| (part, without_start(part)));
            let each: Vec<_> = each.collect();
            each.iter().any(|(_, rest)| rest.is_some()).then(|| {
                let ways = each.into_iter();
                ways.flat_map(|(part, rest)| rest.unwrap_or_else(|| vec![part.clone()]))
                    .collect()
            })
        }
        _ => None,
    }
}

/// Every match begins with a capital.
pub(super) fn opens_with_capital(hir: &Hir) -> bool {
    opens_with(hir, |b| b.is_ascii_uppercase())
}

/// Every match begins at the edge of a word.
pub(super) fn opens_on_word(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(Look::WordAscii | Look::WordStartAscii) => true,
        HirKind::Capture(capture) => opens_on_word(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => opens_on_word(&repetition.sub),
        HirKind::Concat(parts) => parts.first().is_some_and(opens_on_word),
        HirKind::Alternation(parts) => parts.iter().all(opens_on_word),
        _ => false,
    }
}

/// Every match that is not empty begins with such a byte.
fn opens_with(hir: &Hir, byte: fn(u8) -> bool) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.first().is_some_and(|b| byte(*b)),
        HirKind::Class(Class::Bytes(class)) => {
            let mut ranges = class.ranges().iter();
            ranges.all(|r| (r.start()..=r.end()).all(byte))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let mut ranges = class.ranges().iter();
            ranges.all(|r| r.end().is_ascii() && (r.start() as u8..=r.end() as u8).all(byte))
        }
        HirKind::Capture(capture) => opens_with(&capture.sub, byte),
        HirKind::Repetition(repetition) => opens_with(&repetition.sub, byte),
        HirKind::Concat(parts) => {
            let opening = parts
                .iter()
                .take_while(|p| p.properties().minimum_len() == Some(0))
                .count();
            parts
                .iter()
                .take(opening + 1)
                .all(|part| opens_with(part, byte))
        }
        HirKind::Alternation(parts) => parts.iter().all(|part| opens_with(part, byte)),
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

/// How many digits a match must begin with; 1 where that is not plain to see.
fn digits(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().take_while(|b| b.is_ascii_digit()).count(),
        HirKind::Class(_) => usize::from(digits_only(hir)),
        HirKind::Capture(capture) => digits(&capture.sub),
        HirKind::Repetition(repetition) if whole(&repetition.sub) => {
            repetition.min as usize * digits(&repetition.sub)
        }
        HirKind::Concat(parts) => {
            let mut sum = 0;
            for part in parts
                .iter()
                .filter(|p| !matches!(p.kind(), HirKind::Look(_)))
            {
                sum += digits(part);
                if !whole(part) {
                    break;
                }
            }
            sum
        }
        HirKind::Alternation(parts) => parts.iter().map(digits).min().unwrap_or_default(),
        _ => 0,
    }
}

/// Whether it is made of digits and nothing else.
fn whole(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().all(u8::is_ascii_digit),
        HirKind::Class(_) => digits_only(hir),
        HirKind::Capture(capture) => whole(&capture.sub),
        HirKind::Repetition(repetition) => whole(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(whole),
        _ => false,
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

/// The fewest digits in a row that every match has somewhere in it.
pub(super) fn needed_digits(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let runs = literal.0.split(|b| !b.is_ascii_digit());
            runs.map(<[u8]>::len).max().unwrap_or_default()
        }
        HirKind::Class(_) => usize::from(digits_only(hir)),
        HirKind::Capture(capture) => needed_digits(&capture.sub),
        HirKind::Repetition(repetition) if whole(&repetition.sub) => digits(hir),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed_digits(&repetition.sub),
        HirKind::Concat(parts) => {
            let (mut most, mut row) = (0, 0);
            for part in parts {
                row = if whole(part) { row + digits(part) } else { 0 };
                most = most.max(row).max(needed_digits(part));
            }
            most
        }
        HirKind::Alternation(parts) => parts.iter().map(needed_digits).min().unwrap_or_default(),
        _ => 0,
    }
}
