//! Phrases: what packs write, and one trie of word hashes over all of them.
//!
//! `feel+ sick` knows all forms of *feel*; `(a|the)` is a choice, `(my|)` one that may be left out; `_` is any one
//! word. A phrase never reaches over the end of a sentence. Apostrophes and hyphens need not be thought of.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::{Hit, LexiconId, inflect};
use crate::text::{Text, word_hash};

/// The most word sequences one phrase may stand for.
const MOST_SEQUENCES: usize = 20_000;
/// The most `_` in one phrase: each one can double the work of a match.
const MOST_GAPS: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Exact(u64),
    Any,
}

/// Reads a phrase into the word sequences it stands for, or says what is wrong with it.
fn sequences(phrase: &str) -> Result<Vec<Vec<Word>>, String> {
    let mut reader = Reader { rest: phrase };
    let all = reader.choices(0)?;
    if !reader.rest.is_empty() {
        return Err("a bracket is closed that was not opened".to_owned());
    }
    let gaps = |words: &Vec<Word>| words.iter().filter(|w| **w == Word::Any).count();
    if all.iter().any(|words| gaps(words) > MOST_GAPS) {
        return Err(format!("the phrase has more than {MOST_GAPS} open words"));
    }
    let closed = |words: &Vec<Word>| {
        matches!(words.first(), Some(Word::Exact(_))) && words.last() != Some(&Word::Any)
    };
    if !all.iter().all(closed) {
        return Err("the phrase is empty, or begins or ends with an open word".to_owned());
    }
    Ok(all)
}

/// Deeper brackets than this nobody can read.
const DEEPEST: usize = 4;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// `one | other | third`, up to a closing bracket or the end.
    fn choices(&mut self, depth: usize) -> Result<Vec<Vec<Word>>, String> {
        if depth > DEEPEST {
            return Err(format!("brackets are nested deeper than {DEEPEST}"));
        }
        let mut all = self.words(depth)?;
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            all.extend(self.words(depth)?);
            within(all.len())?;
        }
        Ok(all)
    }

    /// Words and brackets one after the other.
    fn words(&mut self, depth: usize) -> Result<Vec<Vec<Word>>, String> {
        let mut all: Vec<Vec<Word>> = vec![Vec::new()];
        loop {
            self.rest = self.rest.trim_start_matches([' ', '-', '/', '&']);
            let next = if let Some(rest) = self.rest.strip_prefix('(') {
                self.rest = rest;
                let inside = self.choices(depth + 1)?;
                self.rest = match self.rest.strip_prefix(')') {
                    Some(rest) => rest,
                    None => return Err("a bracket is not closed".to_owned()),
                };
                inside
            } else {
                let end = self
                    .rest
                    .find([' ', '-', '/', '&', '(', ')', '|'])
                    .unwrap_or(self.rest.len());
                if end == 0 {
                    return Ok(all);
                }
                let (word, rest) = self.rest.split_at(end);
                self.rest = rest;
                self.word(word)?
            };
            within(all.len().saturating_mul(next.len()))?;
            all = all
                .iter()
                .flat_map(|head| next.iter().map(|tail| [head.as_slice(), tail].concat()))
                .collect();
        }
    }

    /// One word: open, exact, or with all its forms.
    fn word(&self, word: &str) -> Result<Vec<Vec<Word>>, String> {
        if word == "_" {
            return Ok(vec![vec![Word::Any]]);
        }
        let (stem, inflected) = match word.strip_suffix('+') {
            Some(stem) => (stem, true),
            None => (word, false),
        };
        let sound = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '\'';
        if stem.is_empty() || !stem.chars().all(sound) {
            return Err(format!(
                "`{word}` is not a word in lower case, with or without `+`"
            ));
        }
        let forms = if inflected {
            inflect::forms(stem)
        } else {
            vec![stem.to_owned()]
        };
        Ok(forms
            .iter()
            .map(|form| vec![Word::Exact(word_hash(form.as_bytes()))])
            .collect())
    }
}

fn within(sequences: usize) -> Result<(), String> {
    if sequences > MOST_SEQUENCES {
        return Err(format!(
            "the phrase stands for more than {MOST_SEQUENCES} word sequences"
        ));
    }
    Ok(())
}

/// The keys are hashes already.
#[derive(Default)]
struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[derive(Default)]
struct Node {
    lexicons: Vec<LexiconId>,
    any: Option<u32>,
}

/// All phrases of all lexicons.
pub(crate) struct Trie {
    edges: HashMap<u64, u32, BuildHasherDefault<Through>>,
    nodes: Vec<Node>,
}

impl Default for Trie {
    fn default() -> Self {
        Self {
            edges: HashMap::default(),
            nodes: vec![Node::default()],
        }
    }
}

fn edge(node: u32, word: u64) -> u64 {
    (word ^ u64::from(node).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

impl Trie {
    /// Adds a phrase to a lexicon, or says what is wrong with it.
    pub(crate) fn add(&mut self, phrase: &str, lexicon: LexiconId) -> Result<(), String> {
        for words in sequences(phrase)? {
            let mut node = 0_u32;
            for word in words {
                let fresh = self.nodes.len() as u32;
                let next = match word {
                    Word::Exact(hash) => *self.edges.entry(edge(node, hash)).or_insert(fresh),
                    Word::Any => match self.nodes.get_mut(node as usize) {
                        Some(at) => *at.any.get_or_insert(fresh),
                        None => fresh,
                    },
                };
                if next == fresh {
                    self.nodes.push(Node::default());
                }
                node = next;
            }
            if let Some(at) = self.nodes.get_mut(node as usize)
                && !at.lexicons.contains(&lexicon)
            {
                at.lexicons.push(lexicon);
            }
        }
        Ok(())
    }

    /// Reports every phrase that starts at each word.
    pub(crate) fn scan(&self, text: &Text, mut found: impl FnMut(LexiconId, Hit)) {
        for (first, token) in text.tokens.iter().enumerate() {
            if let Some(&node) = self.edges.get(&edge(0, token.hash)) {
                self.walk(text, first, first, node, &mut found);
            }
        }
    }

    fn walk(
        &self,
        text: &Text,
        first: usize,
        last: usize,
        node: u32,
        found: &mut impl FnMut(LexiconId, Hit),
    ) {
        let (Some(from), Some(to), Some(at)) = (
            text.tokens.get(first),
            text.tokens.get(last),
            self.nodes.get(node as usize),
        ) else {
            return;
        };
        for lexicon in &at.lexicons {
            found(
                *lexicon,
                Hit {
                    start: from.start,
                    end: to.end,
                    first: first as u32,
                    last: last as u32,
                    sentence: from.sentence,
                },
            );
        }
        let Some(next) = text
            .tokens
            .get(last + 1)
            .filter(|t| t.sentence == from.sentence)
        else {
            return;
        };
        if let Some(&to) = self.edges.get(&edge(node, next.hash)) {
            self.walk(text, first, last + 1, to, found);
        }
        if let Some(any) = at.any {
            self.walk(text, first, last + 1, any, found);
        }
    }
}
