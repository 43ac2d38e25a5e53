//! One trie of words over all phrases and terms.
//!
//! Words are numbers by the time they come here, so that a step is one look into a table; a word that begins no phrase
//! is passed over with one look into a list.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::class::{ClassId, Classes, Word};
use super::phrase::sequences;
use super::vocabulary::{UNKNOWN, Vocabulary, WordId};
use super::{Hit, LexiconId};
use crate::text::Token;

/// What stands at the end of a phrase: a lexicon, or a term of a terminology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Lexicon(LexiconId),
    Term(u32),
}

/// Spreads a pair of numbers over the table.
#[derive(Default)]
struct Pair(u64);

impl Hasher for Pair {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0.rotate_left(8) ^ u64::from(*byte));
        }
    }
    fn write_u64(&mut self, key: u64) {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// 0 stands for none, for nothing leads back to the root.
#[derive(Clone, Copy, Default)]
struct Node {
    /// Where `_` leads.
    any: u32,
    /// What ends here: the head of a list in `listed`, counted from 1; when all phrases are in, the first in `ends`.
    end: u32,
    /// How many end here.
    count: u32,
    /// A bit for each word that leads on from here, other than by `_`; several words may have one.
    words: u32,
    /// Where classes of words lead: the head of a list in `class_lists`, counted from 1, and its length.
    classes: (u32, u32),
}

/// All phrases of all lexicons, and all terms.
pub(crate) struct Trie {
    pub vocabulary: Vocabulary,
    classes: Classes,
    /// Where a word leads as the first of a phrase, by its number.
    first: Vec<u32>,
    /// Where it leads from any other node.
    edges: HashMap<u64, u32, BuildHasherDefault<Pair>>,
    /// Where a class leads from a node.
    class_edges: HashMap<u64, u32, BuildHasherDefault<Pair>>,
    /// Lists of the classes that lead on from a node: the class, where it leads, and the next of its list.
    class_lists: Vec<(ClassId, u32, u32)>,
    nodes: Vec<Node>,
    /// Lists of what ends at a node, until all phrases are in: the entry and the next of its list.
    listed: Vec<(Entry, u32)>,
    /// What ends at the nodes, one node after the other.
    ends: Vec<Entry>,
    /// Bits for each word that leads on from a node of many, so that most words are left without a look at the tables.
    filter: Vec<u64>,
}

impl Default for Trie {
    fn default() -> Self {
        Self {
            vocabulary: Vocabulary::default(),
            classes: Classes::default(),
            first: Vec::new(),
            edges: HashMap::default(),
            class_edges: HashMap::default(),
            class_lists: Vec::new(),
            nodes: vec![Node::default()],
            listed: Vec::new(),
            ends: Vec::new(),
            filter: Vec::new(),
        }
    }
}

/// So many words at the beginning of a phrase are put in one by one, classes or not.
const SPREAD: usize = 2;

/// In a node with more bits than this most words find theirs set.
const FEW_BITS: u32 = 6;

/// Bits of the filter for each edge.
const FILTER_BITS: usize = 8;

/// Where the bits of an edge stand in a filter of so many words, a power of two, and which they are.
fn filter_bits(key: u64, words: usize) -> (usize, u64) {
    let mixed = key.wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = 1 << (mixed >> 58) | 1 << (mixed >> 52 & 63);
    ((mixed >> 16) as usize & (words - 1), bits)
}

/// The bit of a word in its node.
fn word_bit(word: WordId) -> u32 {
    1 << (word.wrapping_mul(0x9e37_79b1) >> 27)
}

fn edge(node: u32, word: WordId) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

impl Trie {
    /// Room for so many terms.
    pub(crate) fn reserve(&mut self, terms: usize) {
        self.edges.reserve(terms * 2);
        self.nodes.reserve(terms * 2);
        self.listed.reserve(terms);
    }

    /// Adds a phrase to a lexicon, or says what is wrong with it; tells of each of its words.
    pub(crate) fn add(
        &mut self,
        phrase: &str,
        lexicon: LexiconId,
        told: &mut dyn FnMut(&[u8], WordId),
    ) -> Result<(), String> {
        let all = sequences(phrase, &mut self.vocabulary, &mut self.classes, told)?;
        let entry = Entry::Lexicon(lexicon);
        for words in all {
            // The first words are told apart at once, so that most places of a text are left after one look or two.
            let (head, tail) = words.split_at(words.len().min(SPREAD));
            let mut heads = head.iter().map(|word| self.spread(*word));
            let first = heads.next().unwrap_or_default();
            let second = heads.next();
            for word in first {
                for next in second.iter().flatten() {
                    let head = [word, *next].into_iter();
                    self.put(head.chain(tail.iter().copied()), entry, u32::MAX);
                }
                if second.is_none() {
                    self.put(std::iter::once(word), entry, u32::MAX);
                }
            }
        }
        Ok(())
    }

    /// The words that a word of a phrase stands for, each by itself.
    fn spread(&self, word: Word) -> Vec<Word> {
        match word {
            Word::Class(class) => {
                let members = self.classes.members(class).iter();
                members.map(|id| Word::Exact(*id)).collect()
            }
            word => vec![word],
        }
    }

    /// Adds the words of a term to a lexicon.
    pub(crate) fn add_words(&mut self, words: &[WordId], lexicon: LexiconId) {
        self.put(
            words.iter().map(|id| Word::Exact(*id)),
            Entry::Lexicon(lexicon),
            u32::MAX,
        );
    }

    /// Adds a term, unless one of the same terminology, whose terms begin with `first`, has the same words.
    pub(crate) fn add_term(&mut self, words: &[WordId], term: u32, first: u32) {
        self.put(
            words.iter().map(|id| Word::Exact(*id)),
            Entry::Term(term),
            first,
        );
    }

    /// Adds a sequence, unless its end has the same entry, or a term of at least this number.
    fn put(&mut self, words: impl Iterator<Item = Word>, entry: Entry, first: u32) {
        let mut node = 0_u32;
        for word in words {
            let fresh = self.nodes.len() as u32;
            let next = match word {
                Word::Exact(id) if node == 0 => {
                    if self.first.len() <= id as usize {
                        self.first.resize(self.vocabulary.len(), 0);
                    }
                    match self.first.get_mut(id as usize) {
                        Some(slot) if *slot == 0 => {
                            *slot = fresh;
                            fresh
                        }
                        Some(slot) => *slot,
                        None => return,
                    }
                }
                Word::Exact(id) => {
                    let next = *self.edges.entry(edge(node, id)).or_insert(fresh);
                    if next == fresh
                        && let Some(at) = self.nodes.get_mut(node as usize)
                    {
                        at.words |= word_bit(id);
                    }
                    next
                }
                Word::Class(class) => {
                    let next = *self.class_edges.entry(edge(node, class)).or_insert(fresh);
                    if next == fresh
                        && let Some(at) = self.nodes.get_mut(node as usize)
                    {
                        let (head, length) = at.classes;
                        self.class_lists.push((class, fresh, head));
                        at.classes = (self.class_lists.len() as u32, length + 1);
                        let members = self.classes.members(class).iter();
                        at.words = members.fold(at.words, |bits, word| bits | word_bit(*word));
                    }
                    next
                }
                Word::Any => match self.nodes.get_mut(node as usize) {
                    Some(at) if at.any == 0 => {
                        at.any = fresh;
                        fresh
                    }
                    Some(at) => at.any,
                    None => return,
                },
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            node = next;
        }
        if let Some(at) = self.nodes.get(node as usize).filter(|_| node != 0) {
            let known = self
                .list(at.end)
                .any(|e| e == entry || matches!(e, Entry::Term(number) if number >= first));
            if !known {
                self.listed.push((entry, at.end));
                let head = self.listed.len() as u32;
                if let Some(at) = self.nodes.get_mut(node as usize) {
                    at.end = head;
                }
            }
        }
    }

    /// To be called once, when all phrases and terms are in.
    pub(crate) fn finish(&mut self) {
        self.vocabulary.finish();
        self.classes.finish(self.vocabulary.len());
        let mut ends: Vec<Entry> = Vec::with_capacity(self.listed.len());
        for at in 0..self.nodes.len() {
            let head = self.nodes.get(at).map_or(0, |node| node.end);
            let first = ends.len();
            ends.extend(self.list(head));
            if let Some(node) = self.nodes.get_mut(at) {
                (node.end, node.count) = (first as u32, (ends.len() - first) as u32);
            }
        }
        self.ends = ends;
        self.listed = Vec::new();
        self.fill_filter();
    }

    fn fill_filter(&mut self) {
        let many = |key: &u64| {
            let node = self.nodes.get((key >> 32) as usize);
            node.is_some_and(|node| node.words.count_ones() > FEW_BITS)
        };
        let words = |key: &u64| {
            let (node, class) = ((key >> 32) as u32, *key as ClassId);
            let members = self.classes.members(class).iter();
            members.map(move |word| edge(node, *word))
        };
        let of_classes = || self.class_edges.keys().filter(|key| many(key));
        let of_words = || self.edges.keys().filter(|key| many(key));
        let count = of_words().count() + 4 * of_classes().count();
        let mut filter = vec![0_u64; (count * FILTER_BITS / 64).next_power_of_two()];
        for key in of_words().copied().chain(of_classes().flat_map(words)) {
            let (at, bits) = filter_bits(key, filter.len());
            if let Some(slot) = filter.get_mut(at) {
                *slot |= bits;
            }
        }
        self.filter = filter;
    }

    /// Whether a word may lead on from a node, other than by `_`.
    fn may_lead(&self, at: &Node, word: WordId, key: u64) -> bool {
        if at.words & word_bit(word) == 0 {
            return false;
        }
        if at.words.count_ones() <= FEW_BITS {
            return true;
        }
        let (slot, bits) = filter_bits(key, self.filter.len());
        self.filter
            .get(slot)
            .is_some_and(|slot| slot & bits == bits)
    }

    fn list(&self, mut head: u32) -> impl Iterator<Item = Entry> {
        std::iter::from_fn(move || {
            let (entry, next) = self.listed.get((head as usize).checked_sub(1)?)?;
            head = *next;
            Some(*entry)
        })
    }

    /// Reports what ends of the phrases and terms that start at each word; `words` are the numbers of the tokens.
    pub(crate) fn scan(
        &self,
        tokens: &[Token],
        words: &[WordId],
        mut found: impl FnMut(&[Entry], Hit),
    ) {
        let walk = Walk {
            trie: self,
            tokens,
            words,
        };
        for (first, word) in words.iter().enumerate() {
            if *word == UNKNOWN {
                continue;
            }
            if let Some(&node) = self.first.get(*word as usize).filter(|n| **n != 0) {
                walk.from(first, first, node, &mut found);
            }
        }
    }
}

struct Walk<'a> {
    trie: &'a Trie,
    tokens: &'a [Token],
    words: &'a [WordId],
}

impl Walk<'_> {
    fn from(&self, first: usize, last: usize, node: u32, found: &mut impl FnMut(&[Entry], Hit)) {
        let (Some(from), Some(to), Some(at)) = (
            self.tokens.get(first),
            self.tokens.get(last),
            self.trie.nodes.get(node as usize),
        ) else {
            return;
        };
        if at.count != 0 {
            let hit = Hit {
                start: from.start,
                end: to.end,
                first: first as u32,
                last: last as u32,
                sentence: from.sentence,
            };
            let ends = at.end as usize..(at.end + at.count) as usize;
            found(self.trie.ends.get(ends).unwrap_or_default(), hit);
        }
        if at.any | at.words == 0 {
            return;
        }
        let next = last + 1;
        if self.tokens.get(next).map(|t| t.sentence) != Some(from.sentence) {
            return;
        }
        if at.any != 0 {
            self.from(first, next, at.any, found);
        }
        let word = self.words.get(next).copied().unwrap_or(UNKNOWN);
        let key = edge(node, word);
        if word == UNKNOWN || !self.trie.may_lead(at, word, key) {
            return;
        }
        if let Some(&to) = self.trie.edges.get(&key) {
            self.from(first, next, to, found);
        }
        let (head, length) = at.classes;
        if length == 0 {
            return;
        }
        let classes = self.trie.classes.of(word);
        if classes.len() < length as usize {
            for class in classes {
                if let Some(&to) = self.trie.class_edges.get(&edge(node, *class)) {
                    self.from(first, next, to, found);
                }
            }
            return;
        }
        let mut head = head as usize;
        while let Some((class, to, rest)) = head
            .checked_sub(1)
            .and_then(|at| self.trie.class_lists.get(at))
        {
            if self.trie.classes.has(*class, word) {
                self.from(first, next, *to, found);
            }
            head = *rest as usize;
        }
    }
}
