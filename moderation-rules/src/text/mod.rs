//! A submission made ready for matching: folded, cut into words and sentences, offsets true to the original.

mod aside;
pub(crate) mod emoji;
mod entity;
mod fold;
mod homoglyph;
mod sentences;
pub(crate) mod spelling;
mod tokens;

pub(crate) use fold::Folded;
pub(crate) use homoglyph::currency;
pub(crate) use tokens::{Gap, Token, is_word, word_at, word_hash};

use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::util::pool::{Pool, PoolGuard};

use crate::matching::Hit;
use crate::submission::{Place, Submission};

/// A stretch of words that ends with a full stop, a mark or a new line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence {
    /// It ends with a question mark.
    pub question: bool,
}

/// Title and body as one text; no sentence crosses from one to the other.
#[derive(Default)]
pub(crate) struct Text {
    pub folded: Folded,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
}

/// Room for texts, from one to the next.
pub(crate) struct Texts(Pool<Text, Make>);

type Make = Box<dyn Fn() -> Text + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// What a longer text needs is given back.
const MOST_KEPT: usize = 1 << 16;

impl Default for Texts {
    fn default() -> Self {
        Self(Pool::new(Box::new(Text::default)))
    }
}

impl Texts {
    pub(crate) fn read(&self, submission: &Submission<'_>) -> PoolGuard<'_, Text, Make> {
        let mut text = self.0.get();
        if text.folded.lower.capacity() > MOST_KEPT {
            *text = Text::default();
        }
        text.reread(submission);
        text
    }
}

impl Text {
    pub(crate) fn read(submission: &Submission<'_>) -> Self {
        let mut text = Self::default();
        text.reread(submission);
        text
    }

    fn reread(&mut self, submission: &Submission<'_>) {
        self.folded.read(submission);
        sentences::cut(&self.folded, &mut self.tokens, &mut self.sentences);
    }

    /// The original words of a hit and where they stand; nothing for an empty one.
    pub(crate) fn place(&self, submission: &Submission<'_>, hit: &Hit) -> Option<Place> {
        let (field, start, end) = self.folded.original(hit.start, hit.end)?;
        let words = submission.field(field).get(start..end)?.to_owned();
        Some(Place {
            field,
            start,
            end,
            words,
        })
    }

    pub(crate) fn sentence(&self, index: u32) -> Option<&Sentence> {
        self.sentences.get(index as usize)
    }

    /// Where a character stands that makes the text look other than it is.
    pub(crate) fn disguised(&self) -> Vec<Hit> {
        let hit = |start: &u32| {
            let (first, last) = self.tokens_at(*start, start + 1).unwrap_or_default();
            let sentence = self.tokens.get(first as usize).map_or(0, |t| t.sentence);
            Hit {
                start: *start,
                end: start + 1,
                first,
                last,
                sentence,
            }
        };
        self.folded.disguised.iter().map(hit).collect()
    }

    /// The tokens of `first..end`; out of range is empty.
    pub(crate) fn tokens_in(&self, first: u32, end: u32) -> &[Token] {
        self.tokens
            .get(first as usize..end as usize)
            .unwrap_or_default()
    }

    /// The tokens that the folded bytes `start..end` touch, as first and last index.
    pub(crate) fn tokens_at(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let first = self.tokens.partition_point(|t| t.end <= start);
        let after = self.tokens.partition_point(|t| t.start < end);
        if first < after {
            return Some((first as u32, after as u32 - 1));
        }
        // Punctuation alone: lean on the word before it, or on the first word of the text.
        (!self.tokens.is_empty()).then(|| {
            let at = first.saturating_sub(1) as u32;
            (at, at)
        })
    }
}
