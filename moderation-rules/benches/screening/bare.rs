//! What the work costs at least: terms by a table of word hashes, patterns behind one automaton over their literals, all
//! spans, nothing else. No folding, no context, no status, no findings.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};

/// The keys are hashes.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

pub struct Bare {
    /// Hashes of the beginnings of all terms, word by word, and whether a term ends there.
    beginnings: HashMap<u64, bool, BuildHasherDefault<Same>>,
    patterns: Vec<Regex>,
    literals: AhoCorasick,
    owners: Vec<usize>,
    /// Patterns that have no literal to look for.
    always: Vec<usize>,
    wanted: Vec<bool>,
    words: Vec<(u64, usize, usize)>,
}

fn words(text: &[u8], out: &mut Vec<(u64, usize, usize)>) {
    out.clear();
    let mut start = None;
    let mut hash = 0_u64;
    for (at, byte) in text.iter().chain([&b' ']).enumerate() {
        if byte.is_ascii_alphanumeric() || *byte >= 0x80 {
            if start.is_none() {
                start = Some(at);
                hash = 0x1234_5678_9abc_def1;
            }
            let mixed = hash ^ u64::from(byte.to_ascii_lowercase());
            hash = mixed.wrapping_mul(0x0000_0100_0000_01b3);
        } else if let Some(begin) = start.take() {
            out.push((hash, begin, at));
        }
    }
}

fn chained(before: u64, word: u64) -> u64 {
    (before.rotate_left(23) ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

impl Bare {
    pub fn new(terms: &[String], patterns: &[(String, Vec<String>)]) -> Self {
        let mut beginnings: HashMap<u64, bool, BuildHasherDefault<Same>> = HashMap::default();
        let mut split = Vec::new();
        for term in terms {
            words(term.as_bytes(), &mut split);
            let mut chain = 0;
            for (hash, ..) in &split {
                chain = chained(chain, *hash);
                beginnings.entry(chain).or_insert(false);
            }
            beginnings.insert(chain, true);
        }
        let (mut literals, mut owners) = (Vec::new(), Vec::new());
        for (owner, (_, needed)) in patterns.iter().enumerate() {
            for literal in needed {
                literals.push(literal.as_str());
                owners.push(owner);
            }
        }
        let compiled: Vec<Regex> = patterns
            .iter()
            .map(|(pattern, _)| {
                let mut builder = RegexBuilder::new(pattern);
                builder.case_insensitive(true).build().unwrap()
            })
            .collect();
        Self {
            beginnings,
            literals: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .build(&literals)
                .unwrap(),
            always: (0..patterns.len())
                .filter(|index| patterns.get(*index).is_some_and(|(_, l)| l.is_empty()))
                .collect(),
            wanted: vec![false; compiled.len()],
            patterns: compiled,
            owners,
            words: Vec::new(),
        }
    }

    /// How many hits there are, each with its place.
    pub fn screen(&mut self, text: &str) -> usize {
        let text = text.as_bytes();
        words(text, &mut self.words);
        let mut spans = Vec::new();
        for (at, (_, start, _)) in self.words.iter().enumerate() {
            let mut chain = 0;
            let mut longest = None;
            for (hash, _, end) in self.words.iter().skip(at) {
                chain = chained(chain, *hash);
                match self.beginnings.get(&chain) {
                    Some(true) => longest = Some(*end),
                    Some(false) => {}
                    None => break,
                }
            }
            spans.extend(longest.map(|end| (*start, end)));
        }
        self.wanted.fill(false);
        for index in &self.always {
            if let Some(flag) = self.wanted.get_mut(*index) {
                *flag = true;
            }
        }
        for found in self.literals.find_overlapping_iter(text) {
            let owner = self.owners.get(found.pattern().as_usize());
            if let Some(flag) = owner.and_then(|owner| self.wanted.get_mut(*owner)) {
                *flag = true;
            }
        }
        for (pattern, _) in self.patterns.iter().zip(&self.wanted).filter(|(_, w)| **w) {
            spans.extend(pattern.find_iter(text).map(|m| (m.start(), m.end())));
        }
        spans.len()
    }
}
