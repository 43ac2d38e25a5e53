//! All words that any phrase or term has in it, each with a number.
//!
//! A word of a text is looked up as it is written, then in the other spelling of English, then with the typing errors
//! that a long word may have. What is in no phrase is 0, and costs the trie nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::everyday::EVERYDAY;
use super::typing::Neighbours;
use crate::text::{Text, Token, spelling, word_hash};

/// The number of a word; 0 is any word that no phrase has.
pub(crate) type WordId = u32;

/// The number of all words that are in no phrase.
pub(crate) const UNKNOWN: WordId = 0;

/// The keys are hashes already.
#[derive(Default)]
pub(crate) struct Through(u64);

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

/// Words by their hashes.
pub(crate) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Through>>;

/// The words of all phrases and terms of a rule set.
#[derive(Default)]
pub(crate) struct Vocabulary {
    /// By the hash of every spelling in a pack, and of its key.
    known: ByHash<WordId>,
    words: WordId,
    /// Everyday words that are no typing error of a term.
    everyday: ByHash<()>,
    /// Long words, until their neighbours are built.
    long: Vec<(Box<[u8]>, WordId)>,
    neighbours: Neighbours,
}

impl Vocabulary {
    /// How many numbers are given out, 0 included.
    pub(crate) fn len(&self) -> usize {
        self.words as usize + 1
    }

    /// The number of a word in lower case, old or new.
    pub(crate) fn intern(&mut self, word: &[u8]) -> WordId {
        self.intern_hashed(word_hash(word), word)
    }

    /// The same, for those who have hashed it.
    pub(crate) fn intern_hashed(&mut self, hash: u64, word: &[u8]) -> WordId {
        if let Some(id) = self.known.get(&hash) {
            return *id;
        }
        let other = spelling::IRREGULAR.iter().find_map(|(british, american)| {
            let known = [british.as_bytes(), american.as_bytes()];
            known.contains(&word).then(|| known.map(word_hash))
        });
        let key = spelling::folded(word).map_or(hash, |s| word_hash(s.as_bytes()));
        let fresh = self.words + 1;
        let id = *self.known.entry(key).or_insert(fresh);
        if id == fresh {
            self.words = fresh;
        }
        for spelling in other.into_iter().flatten().chain([hash]) {
            self.known.insert(spelling, id);
        }
        if Neighbours::takes(word) {
            self.long.push((word.into(), id));
        }
        id
    }

    /// To be called once, when all words are in.
    pub(crate) fn finish(&mut self) {
        let everyday = EVERYDAY.split_ascii_whitespace();
        self.everyday = everyday.map(|w| (word_hash(w.as_bytes()), ())).collect();
        self.neighbours = Neighbours::of(std::mem::take(&mut self.long));
    }

    /// Whether a phrase or term has this very word.
    pub(crate) fn knows(&self, hash: u64) -> bool {
        self.known.contains_key(&hash)
    }

    /// The numbers of the words of a text.
    pub(crate) fn read(&self, text: &Text) -> Vec<WordId> {
        let words = text.tokens.iter();
        words.map(|token| self.number(text, token)).collect()
    }

    fn number(&self, text: &Text, token: &Token) -> WordId {
        if let Some(id) = self.known.get(&token.hash) {
            return *id;
        }
        let word = text
            .folded
            .lower
            .get(token.start as usize..token.end as usize)
            .unwrap_or_default();
        if let Some(key) = spelling::folded(word)
            && let Some(id) = self.known.get(&word_hash(key.as_bytes()))
        {
            return *id;
        }
        if !self.neighbours.may_have(word.len()) || self.everyday.contains_key(&token.hash) {
            return UNKNOWN;
        }
        self.neighbours.nearest(word).unwrap_or(UNKNOWN)
    }
}
