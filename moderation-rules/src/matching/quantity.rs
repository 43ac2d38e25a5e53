//! Numbers with their units, read as one thing: doses, durations, percentages, ages, weights, temperatures and
//! laboratory values.

use super::Hit;
use super::unit::{CELSIUS, FAHRENHEIT, Kind, Unit, YEARS_OF_AGE, unit};
use crate::text::Text;

/// One quantity of a text; a range has two different ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantity {
    pub unit: Unit,
    /// In the base of the unit.
    pub low: f64,
    /// In the base of the unit.
    pub high: f64,
    pub hit: Hit,
}

impl Quantity {
    /// It is more than the other one, and both can be compared.
    pub(crate) fn exceeds(&self, other: &Self) -> bool {
        self.unit.base == other.unit.base && self.high > other.high
    }
}

/// The quantities a condition looks for.
#[derive(Clone, Debug)]
pub(crate) struct Sought {
    pub kind: Kind,
    /// With limits, only values of this base are looked at.
    pub base: Option<&'static str>,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

impl Sought {
    pub(crate) fn admits(&self, quantity: &Quantity) -> bool {
        quantity.unit.kind == self.kind
            && self.base.is_none_or(|base| base == quantity.unit.base)
            && self.min.is_none_or(|min| quantity.high >= min)
            && self.max.is_none_or(|max| quantity.low <= max)
    }
}

/// All quantities of a text, in its order, in one pass.
pub(crate) fn read(text: &Text) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut past = 0;
    for (index, token) in text.tokens.iter().enumerate() {
        let start = token.start as usize;
        if start < past {
            continue;
        }
        let Some(number) = number(text, index) else {
            continue;
        };
        let Some((unit, end)) = unit_after(text, index, &number) else {
            past = number.plain_end;
            continue;
        };
        let Some((first, last)) = text.tokens_at(token.start, end as u32) else {
            continue;
        };
        found.push(Quantity {
            unit,
            low: unit.in_base(number.low),
            high: unit.in_base(number.high),
            hit: Hit {
                start: token.start,
                end: end as u32,
                first,
                last,
                sentence: token.sentence,
            },
        });
        past = end;
    }
    found
}

/// A number, or two with "to" or a hyphen between them.
struct Number {
    low: f64,
    high: f64,
    /// Folded byte after the number, range and all.
    end: usize,
    /// Folded byte after the first number: where to go on if no unit follows.
    plain_end: usize,
}

/// More digits than this are no quantity.
const MOST_DIGITS: usize = 9;

fn number(text: &Text, index: usize) -> Option<Number> {
    let token = text.tokens.get(index)?;
    let bytes = text.folded.lower.as_slice();
    let start = token.start as usize;
    if !bytes.get(start)?.is_ascii_digit() {
        return in_words(text, index);
    }
    let (low, plain_end) = figures(bytes, start)?;
    let mut number = Number {
        low,
        high: low,
        end: plain_end,
        plain_end,
    };
    let spaced = blanks(bytes, plain_end);
    let rest = bytes.get(spaced..).unwrap_or_default();
    let between = match rest {
        [b'-', ..] => 1,
        [b't', b'o', b' ', ..] if spaced > plain_end => 3,
        _ => 0,
    };
    if between > 0
        && let Some((high, end)) = figures(bytes, blanks(bytes, spaced + between))
        && high > low
    {
        (number.high, number.end) = (high, end);
    }
    Some(number)
}

/// Figures with their commas and decimals, as value and end.
fn figures(bytes: &[u8], start: usize) -> Option<(f64, usize)> {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit());
    let mut end = start;
    let mut value = 0.0;
    loop {
        let group = digits(end).count();
        if group == 0 || end + group - start > MOST_DIGITS {
            return None;
        }
        value = digits(end).fold(value, |v, b| v * 10.0 + f64::from(b - b'0'));
        end += group;
        let thousands = bytes.get(end) == Some(&b',') && digits(end + 1).count() == 3;
        if !thousands {
            break;
        }
        end += 1;
    }
    let decimals = digits(end + 1).count();
    if bytes.get(end) == Some(&b'.') && (1..=MOST_DIGITS).contains(&decimals) {
        let mut place = 1.0;
        for digit in digits(end + 1) {
            place *= 10.0;
            value += f64::from(digit - b'0') / place;
        }
        end += 1 + decimals;
    }
    Some((value, end))
}

/// "Two", "a couple of", "thirty five".
fn in_words(text: &Text, index: usize) -> Option<Number> {
    let token = text.tokens.get(index)?;
    let word = |index: usize| {
        let token = text
            .tokens
            .get(index)
            .filter(|t| t.sentence == token.sentence)?;
        let word = text
            .folded
            .lower
            .get(token.start as usize..token.end as usize)?;
        Some((word, token.end as usize))
    };
    let (first, mut end) = word(index)?;
    let plain_end = end;
    if !may_count(first) {
        return None;
    }
    let mut value = small(first).or_else(|| tens(first))?;
    let before = index.checked_sub(1).and_then(word);
    if let (b"a" | b"an", Some((b"once" | b"twice" | b"times", _))) = (first, before) {
        // "Twice a day" tells how often, not how long.
        return None;
    }
    match (first, word(index + 1)) {
        (b"a", Some((b"couple" | b"few", _))) => {
            let few = word(index + 1).is_some_and(|(w, _)| w == b"few");
            value = if few { 3.0 } else { 2.0 };
            end = word(index + 1)?.1;
            if let Some((b"of", after)) = word(index + 2) {
                end = after;
            }
        }
        (_, Some((next, after))) if tens(first).is_some() => {
            if let Some(ones) = small(next).filter(|ones| *ones < 10.0 && next != b"a") {
                value += ones;
                end = after;
            }
        }
        _ => {}
    }
    Some(Number {
        low: value,
        high: value,
        end,
        plain_end,
    })
}

/// The letters that these words begin with, and the length of the longest.
fn may_count(word: &[u8]) -> bool {
    let begins = matches!(
        word.first(),
        Some(b'a' | b'e' | b'f' | b'n' | b'o' | b's' | b't')
    );
    begins && word.len() <= 7
}

fn small(word: &[u8]) -> Option<f64> {
    Some(match word {
        b"a" | b"an" | b"one" => 1.0,
        b"two" => 2.0,
        b"three" => 3.0,
        b"four" => 4.0,
        b"five" => 5.0,
        b"six" => 6.0,
        b"seven" => 7.0,
        b"eight" => 8.0,
        b"nine" => 9.0,
        b"ten" => 10.0,
        b"eleven" => 11.0,
        b"twelve" => 12.0,
        b"fifteen" => 15.0,
        _ => return None,
    })
}

fn tens(word: &[u8]) -> Option<f64> {
    Some(match word {
        b"twenty" => 20.0,
        b"thirty" => 30.0,
        b"forty" => 40.0,
        b"fifty" => 50.0,
        b"sixty" => 60.0,
        b"seventy" => 70.0,
        b"eighty" => 80.0,
        b"ninety" => 90.0,
        _ => return None,
    })
}

/// The degree sign.
const DEGREE: &[u8] = "°".as_bytes();

/// The unit of a number and where it ends.
fn unit_after(text: &Text, index: usize, number: &Number) -> Option<(Unit, usize)> {
    let bytes = text.folded.lower.as_slice();
    let mut from = blanks(bytes, number.end);
    if bytes.get(from) == Some(&b'-') {
        from += 1;
    }
    let attached = from == number.end;
    let mut end = word_end(bytes, from);
    if bytes.get(end) == Some(&b'/') {
        let with_divisor = word_end(bytes, end + 1);
        if named(bytes, from, with_divisor).is_some() {
            end = with_divisor;
        }
    }
    if let Some(known) = named(bytes, from, end) {
        return Some(match (known.as_age(), old_after(bytes, end)) {
            (Some(age), Some(past)) => (age, past),
            _ => (known, end),
        });
    }
    let written = bytes.get(from..end).unwrap_or_default();
    let after = blanks(bytes, end);
    let next = bytes.get(after..word_end(bytes, after)).unwrap_or_default();
    match (written, next) {
        (b"per", b"cent") => return Some((unit("percent")?, after + 4)),
        (b"mm", b"hg") => return Some((unit("mmhg")?, after + 2)),
        (b"y", b"o") => return Some((YEARS_OF_AGE, after + 1)),
        (b"degrees" | b"degree" | b"deg" | DEGREE, _) => {
            return Some(match next {
                b"c" | b"celsius" => (CELSIUS, after + next.len()),
                b"f" | b"fahrenheit" => (FAHRENHEIT, after + next.len()),
                // Nobody lives at 46 °C.
                _ if number.high > 45.0 => (FAHRENHEIT, end),
                _ => (CELSIUS, end),
            });
        }
        _ => {}
    }
    let capital = text.folded.cased.get(from..end).unwrap_or_default();
    match capital {
        b"F" if (90.0..115.0).contains(&number.high) => Some((FAHRENHEIT, end)),
        b"C" if (30.0..45.0).contains(&number.high) => Some((CELSIUS, end)),
        b"F" | b"M" if attached && number.high < 120.0 => Some((YEARS_OF_AGE, end)),
        _ => aged(text, index, number),
    }
}

/// "Aged 54", "age 54", "at the age of 54": the unit goes before.
fn aged(text: &Text, index: usize, number: &Number) -> Option<(Unit, usize)> {
    let word = |back: usize| {
        let token = text.tokens.get(index.checked_sub(back)?)?;
        text.folded
            .lower
            .get(token.start as usize..token.end as usize)
    };
    let age = match word(1)? {
        b"aged" | b"age" => true,
        b"of" => word(2) == Some(b"age"),
        _ => false,
    };
    (age && number.high < 120.0).then_some((YEARS_OF_AGE, number.end))
}

/// "Old" or "of age" after a time makes it an age; gives where that ends.
fn old_after(bytes: &[u8], end: usize) -> Option<usize> {
    let from = blanks(bytes, end);
    let from = from + usize::from(bytes.get(from) == Some(&b'-'));
    let rest = bytes.get(from..).unwrap_or_default();
    [b"olds".as_slice(), b"old", b"of age"]
        .iter()
        .find_map(|words| {
            let past = from + words.len();
            let ends = !bytes.get(past).is_some_and(u8::is_ascii_alphanumeric);
            (rest.starts_with(words) && ends).then_some(past)
        })
}

fn named(bytes: &[u8], from: usize, end: usize) -> Option<Unit> {
    unit(std::str::from_utf8(bytes.get(from..end)?).ok()?)
}

/// No unit is longer than this.
const LONGEST_UNIT: usize = 16;

fn word_end(bytes: &[u8], from: usize) -> usize {
    if bytes.get(from) == Some(&b'%') {
        return from + 1;
    }
    let part = |b: &&u8| b.is_ascii_alphanumeric() || **b >= 0x80;
    from + bytes
        .iter()
        .skip(from)
        .take(LONGEST_UNIT)
        .take_while(part)
        .count()
}

/// Past the blanks of one line.
fn blanks(bytes: &[u8], from: usize) -> usize {
    from + bytes
        .iter()
        .skip(from)
        .take(2)
        .take_while(|b| **b == b' ')
        .count()
}
