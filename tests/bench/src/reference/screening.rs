//! Screening at about the least that it can cost: every word, pair and triple of words looked up among 90,000 terms,
//! and 300 patterns of which only those are run whose needed words are there.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use aho_corasick::AhoCorasick;
use regex::Regex;

const TERMS: u32 = 90_000;
const PATTERNS: u32 = 300;
/// Words of the longest terms.
const LONGEST: usize = 3;
/// What made-up words are made of.
const SYLLABLES: [&str; 24] = [
    "ve", "lo", "mor", "di", "ra", "tax", "pin", "zu", "bel", "cor", "sa", "nim", "or", "phy",
    "le", "gan", "tri", "ul", "es", "mab", "ki", "rex", "dal", "on",
];
/// Words that patterns look for, as members write them.
const NEEDED: [&str; 20] = [
    "best",
    "safest",
    "cure",
    "guarantee",
    "rash",
    "dizzy",
    "hospital",
    "dose",
    "instead",
    "children",
    "pregnant",
    "telephone",
    "address",
    "buy",
    "discount",
    "stupid",
    "trial",
    "approved",
    "better",
    "risk",
];

/// Terms and patterns, ready to be looked for.
pub struct Screening {
    terms: HashSet<u64>,
    needed: AhoCorasick,
    patterns: Vec<Regex>,
}

/// A made-up word of four syllables, another one for each number.
fn word(number: u32) -> String {
    let syllable = |place: u32| {
        let index = (number / 24_u32.pow(place)) % 24;
        SYLLABLES.get(index as usize).copied().unwrap_or_default()
    };
    [syllable(0), syllable(1), syllable(2), syllable(3)].concat()
}

fn key(words: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    hasher.finish()
}

impl Screening {
    /// The same on every machine.
    pub fn new() -> anyhow::Result<Self> {
        let terms = (0..TERMS).map(|number| {
            let words: Vec<String> = (0..=number % 3).map(|part| word(number + part)).collect();
            key(&words.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let needed = (0..PATTERNS).map(|number| match NEEDED.get(number as usize) {
            Some(word) => (*word).to_owned(),
            None => word(number * 7),
        });
        let needed: Vec<String> = needed.collect();
        let patterns = needed
            .iter()
            .map(|word| {
                Regex::new(&format!(
                    r"(?-u:\b){word}(?-u:\b)[^.]{{0,40}}\b(ever|week|there|our)\b"
                ))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            terms: terms.collect(),
            needed: AhoCorasick::new(&needed)?,
            patterns,
        })
    }

    /// How many of them are in the text.
    pub fn count(&self, text: &str) -> usize {
        let text = text.to_lowercase();
        let words: Vec<&str> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut found = 0;
        for length in 1..=LONGEST {
            let terms = words.windows(length).map(key);
            found += terms.filter(|key| self.terms.contains(key)).count();
        }
        let mut run = HashSet::new();
        for place in self.needed.find_iter(&text) {
            let pattern = place.pattern().as_usize();
            if run.insert(pattern)
                && let Some(pattern) = self.patterns.get(pattern)
            {
                found += pattern.find_iter(&text).count();
            }
        }
        found
    }
}
