//! How far a cue reaches: over some words, over a list, under a heading, up to the next thought.

use super::hits::Hits;
use super::{Hit, LexiconId};
use crate::text::{Gap, Text, Token};

/// How far a cue reaches.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// Words.
    words: u32,
    /// Over a list of short items too, however long: "denies fever, chills, rash or cough".
    list: bool,
}

pub(super) const fn words(words: u32) -> Reach {
    Reach { words, list: false }
}

pub(super) const fn list(words: u32) -> Reach {
    Reach { words, list: true }
}

/// Words of the longest cue, with room to spare.
const LONGEST_CUE: u32 = 12;
/// Words of the longest list a cue reaches over.
const LONGEST_LIST: u32 = 40;
/// Words of the longest item of such a list.
const LONGEST_ITEM: u32 = 4;
/// Sentences that a denial of all looks back over.
const LOOKS_BACK: u32 = 3;
/// Words of the longest line of a list under a heading.
const LONGEST_LINE: u32 = 10;
/// Lines of the longest list that belongs to its heading.
const MOST_LINES: usize = 30;

/// A hit among the cues around it.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub text: &'a Text,
    pub hits: &'a Hits<'a>,
    pub hit: &'a Hit,
    pub end: Option<LexiconId>,
    pub end_verb: Option<LexiconId>,
    pub clause_verb: Option<LexiconId>,
}

impl Reading<'_> {
    /// A cue stands before the hit and within reach, in its sentence, with no end of scope between.
    pub(super) fn before(&self, cue: Option<LexiconId>, reach: Reach) -> bool {
        let Some(cue) = cue.filter(|cue| self.hits.may_stand(*cue, self.hit.sentence)) else {
            return false;
        };
        let cues = self.hits.of(cue);
        let upto = cues.partition_point(|c| c.start < self.hit.start);
        // No cue is longer than this, so the search never walks back to the start of a long text.
        let furthest = if reach.list {
            LONGEST_LIST
        } else {
            reach.words
        };
        let from = self.hit.first.saturating_sub(furthest + LONGEST_CUE);
        cues.iter()
            .take(upto)
            .rev()
            .take_while(|c| c.sentence == self.hit.sentence && c.first >= from)
            .filter(|c| c.last < self.hit.first)
            .any(|c| {
                let distance = self.hit.first - c.last;
                let reached = distance <= reach.words
                    || (reach.list && distance <= LONGEST_LIST && self.is_list(c.last + 1));
                reached && !self.ends(c.last + 1, self.hit.first, self.verb_follows())
            })
    }

    /// A cue stands at most `words` after the hit, in its sentence, with no end of scope between.
    pub(super) fn after(&self, cue: Option<LexiconId>, words: u32) -> bool {
        let Some(cue) = cue.filter(|cue| self.hits.may_stand(*cue, self.hit.sentence)) else {
            return false;
        };
        let cues = self.hits.of(cue);
        let from = cues.partition_point(|c| c.start < self.hit.end);
        cues.iter().skip(from).take(4).any(|c| {
            c.sentence == self.hit.sentence
                && c.first > self.hit.last
                && c.first - self.hit.last <= words
                && !self.ends(self.hit.last + 1, c.first, true)
        })
    }

    /// A cue stands anywhere in the sentence, and is no part of another cue.
    pub(super) fn holds(&self, cue: Option<LexiconId>, other: Option<LexiconId>) -> bool {
        let in_sentence = |cue: LexiconId| {
            let cues = self.hits.of(cue);
            let from = cues.partition_point(|c| c.sentence < self.hit.sentence);
            let here = cues.iter().skip(from);
            here.take_while(|c| c.sentence == self.hit.sentence)
        };
        let part = |c: &Hit| other.is_some_and(|other| in_sentence(other).any(|o| o.overlaps(c)));
        cue.is_some_and(|cue| in_sentence(cue).any(|c| !part(c)))
    }

    /// A cue stands in one of the next sentences and looks back on what was told.
    pub(super) fn followed(&self, cue: Option<LexiconId>) -> bool {
        let Some(cue) = cue else { return false };
        let cues = self.hits.of(cue);
        let from = cues.partition_point(|c| c.start < self.hit.end);
        cues.get(from)
            .is_some_and(|c| (1..=LOOKS_BACK).contains(&(c.sentence - self.hit.sentence)))
    }

    /// The hit brings its own denial: no other one is meant for it. "Nobody says that he isn't himself."
    pub(super) fn denies_itself(&self) -> bool {
        let tokens = self.text.tokens_in(self.hit.first, self.hit.last + 1);
        tokens.iter().map(|token| self.word(token)).any(|word| {
            let denies = [b"not".as_slice(), b"never", b"cannot"];
            word.ends_with(b"n't") || denies.contains(&word)
        })
    }

    /// The hit is told before the question begins: "I have a rash, is that normal?"
    pub(super) fn told_before(&self, question: Option<LexiconId>) -> bool {
        let Some(question) = question else {
            return false;
        };
        let cues = self.hits.of(question);
        let from = cues.partition_point(|c| c.start < self.hit.end);
        let begins = |c: &&Hit| {
            c.sentence == self.hit.sentence
                && c.first > self.hit.last
                && self.text.tokens_in(c.first, c.first + 1).iter().any(|t| {
                    let gap = t.gap.has(Gap::COMMA) || t.gap.has(Gap::TURN);
                    gap || self.joins(c.first.saturating_sub(1))
                })
        };
        cues.iter().skip(from).take(4).any(|c| begins(&c))
    }

    /// The sentence that ends in a colon and heads the list of short lines in which the hit stands.
    pub(super) fn heading(&self) -> Option<u32> {
        let mut line = self.opening(self.hit.first)?;
        for _ in 0..MOST_LINES {
            let above = line.checked_sub(1)?;
            let tokens = self.text.tokens_in(above, line + 1);
            let [last, first] = tokens else { return None };
            let lower = &self.text.folded.lower;
            let gap = lower.get(last.end as usize..first.start as usize)?;
            if !gap.contains(&b'\n') {
                return None;
            }
            if gap.contains(&b':') {
                return Some(last.sentence);
            }
            line = self.opening(above)?;
        }
        None
    }

    /// The first word of a short sentence.
    fn opening(&self, index: u32) -> Option<u32> {
        let sentence = self.text.tokens.get(index as usize)?.sentence;
        let tokens = self
            .text
            .tokens_in(index.saturating_sub(LONGEST_LINE), index);
        let before = tokens.iter().rev().take_while(|t| t.sentence == sentence);
        let before = before.count() as u32;
        (before < LONGEST_LINE).then_some(index - before)
    }

    /// From here to the hit there are only short items between commas, "and" and "or".
    fn is_list(&self, first: u32) -> bool {
        let mut item = 0;
        let tokens = self.text.tokens_in(first, self.hit.first);
        (first..).zip(tokens).all(|(index, token)| {
            let parts = token.gap.has(Gap::COMMA) || self.joins(index);
            item = if parts { 1 } else { item + 1 };
            item <= LONGEST_ITEM
        })
    }

    fn word(&self, token: &Token) -> &[u8] {
        let lower = &self.text.folded.lower;
        let word = lower.get(token.start as usize..token.end as usize);
        word.unwrap_or_default()
    }

    /// The word is "and", "or", "nor" or "but".
    fn joins(&self, index: u32) -> bool {
        let token = self.text.tokens_in(index, index + 1).first();
        let word = token.map(|token| self.word(token));
        matches!(word, Some(b"and" | b"or" | b"nor" | b"but"))
    }

    /// The end of a reach is nothing but "and the" or "and my", with which a list may go on.
    fn lists_on(&self, end: &Hit) -> bool {
        let [and, next] = self.text.tokens_in(end.first, end.last + 1) else {
            return false;
        };
        let next = self.word(next);
        self.word(and) == b"and" && matches!(next, b"the" | b"my" | b"her" | b"his" | b"this")
    }

    /// A verb follows the hit: what stands there is a clause of its own, not one more item of a list.
    fn verb_follows(&self) -> bool {
        let Some(verbs) = self.clause_verb else {
            return true;
        };
        let verbs = self.hits.of(verbs);
        let from = verbs.partition_point(|v| v.first <= self.hit.last);
        verbs
            .get(from)
            .is_some_and(|v| v.first <= self.hit.last + 2)
    }

    /// A comma before one of these opens another clause: no list goes on with "she", and with "the" only where no verb
    /// follows.
    fn clause(&self, first: u32, until: u32, verb: bool) -> bool {
        let tokens = self.text.tokens_in(first, until + 1).iter();
        let mut after_comma = tokens.filter(|t| t.gap.has(Gap::COMMA));
        after_comma.any(|token| match self.word(token) {
            b"the" | b"my" | b"her" | b"his" | b"this" | b"that" => verb,
            b"i" | b"she" | b"he" | b"it" | b"we" | b"they" => true,
            _ => false,
        })
    }

    /// A cue stands before the hit in its sentence, and no "and I" or "and my" between.
    pub(super) fn in_one_clause(&self, cue: Option<LexiconId>) -> bool {
        let opens = |pair: &[Token]| {
            let [and, next] = pair else { return false };
            self.word(and) == b"and" && matches!(self.word(next), b"i" | b"my")
        };
        let cues = cue.map_or(&[][..], |cue| self.hits.of(cue));
        let from = cues.partition_point(|c| c.sentence < self.hit.sentence);
        let before = cues.iter().skip(from);
        before.take_while(|c| c.last < self.hit.first).any(|c| {
            let between = self.text.tokens_in(c.last + 1, self.hit.first + 1);
            !between.windows(2).any(opens)
        })
    }

    /// The hit is the name of a field: "side effects: I did not have any".
    pub(super) fn names_a_field(&self) -> bool {
        self.colon_before(self.hit.last + 1)
    }

    /// Nothing but a colon stands before this word: "Past history: asthma".
    fn colon_before(&self, index: u32) -> bool {
        let tokens = self.text.tokens_in(index.saturating_sub(1), index + 1);
        let [last, first] = tokens else { return false };
        let lower = &self.text.folded.lower;
        let gap = lower.get(last.end as usize..first.start as usize);
        gap.is_some_and(|gap| gap.contains(&b':') && gap.iter().all(|b| matches!(b, b':' | b' ')))
    }

    /// Between these tokens the reach of a cue ends: a turn of thought, or a word such as "but".
    fn ends(&self, first: u32, until: u32, verb: bool) -> bool {
        let next = |cue: Option<LexiconId>, first: u32| {
            let ends = cue.map_or(&[][..], |cue| self.hits.of(cue));
            let from = ends.partition_point(|e| e.first < first);
            let mut ends = ends.iter().skip(from).take_while(|e| e.first < until);
            ends.any(|end| verb || !self.lists_on(end))
        };
        if self.end.is_none() && self.end_verb.is_none() {
            return false;
        }
        let turn = |t: &Token| t.gap.has(Gap::TURN);
        let heads = u32::from(self.colon_before(first));
        let turns = self
            .text
            .tokens_in(first + heads, until + 1)
            .iter()
            .any(turn);
        // "None of them was accompanied by": few words stand between a denial and its verb, and no comma or "and".
        let joined =
            |(index, token): &(u32, &Token)| token.gap.has(Gap::COMMA) || self.joins(*index);
        let denied = (first..).zip(self.text.tokens_in(first, until.min(first + 4)));
        let denied = denied.take_while(|t| !joined(t)).count() as u32;
        turns
            || self.clause(first, until, verb)
            || next(self.end, first)
            || next(self.end_verb, first + denied)
    }
}
