//! Finding words and patterns, and judging how they are meant.

pub(crate) mod check;
mod class;
pub(crate) mod condition;
pub(crate) mod copied;
mod edges;
mod everyday;
pub(crate) mod hits;
pub(crate) mod inflect;
pub(crate) mod leet;
mod literal;
mod literals;
pub(crate) mod near;
mod opening;
pub(crate) mod paragraph;
pub(crate) mod pattern;
pub(crate) mod phrase;
pub(crate) mod quantity;
mod reach;
mod run;
pub(crate) mod scan;
pub(crate) mod status;
pub(crate) mod stem;
pub(crate) mod story;
pub(crate) mod thread;
pub(crate) mod trie;
pub(crate) mod trigger;
mod typing;
pub(crate) mod unit;
pub(crate) mod vocabulary;

/// Index of a lexicon in its rule set.
pub(crate) type LexiconId = u32;

/// One place where a lexicon matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Folded byte offset of the first byte.
    pub start: u32,
    /// Folded byte offset after the last byte.
    pub end: u32,
    /// First token touched.
    pub first: u32,
    /// Last token touched.
    pub last: u32,
    /// Sentence of the first token.
    pub sentence: u32,
}

impl Hit {
    pub(crate) fn overlaps(&self, other: &Hit) -> bool {
        self.start < other.end && other.start < self.end
    }
}
