//! How words are meant: denied, asked, feared, quoted, past, somebody else's, relieved, or the illness itself.
//!
//! Cues come from lexicons of the language pack; this module knows only how far each kind of cue reaches.

use super::scan::Hits;
use super::{Hit, LexiconId};
use crate::finding::Status;
use crate::text::{Gap, Text, Token};

/// A set of statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StatusSet(u16);

impl StatusSet {
    pub(crate) fn of(list: &[Status]) -> Self {
        list.iter().fold(Self::default(), |set, s| set.with(*s))
    }

    pub(crate) fn with(self, status: Status) -> Self {
        Self(self.0 | 1 << status as u16)
    }

    pub(crate) fn has(self, status: Status) -> bool {
        self.0 & (1 << status as u16) != 0
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn list(self) -> Vec<Status> {
        Status::ALL.into_iter().filter(|s| self.has(*s)).collect()
    }
}

/// Names every cue once: its field here, and the name under which a language pack gives it.
macro_rules! cues {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// The lexicons that hold the cues, by the names the language pack gives them.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Cues {
            $($(#[$about])* $name: Option<LexiconId>,)*
        }

        /// The names under which a language pack gives the cues.
        pub(crate) const CUE_NAMES: &[&str] = &[$(stringify!($name)),*];

        impl Cues {
            pub(crate) fn set(&mut self, name: &str, lexicon: LexiconId) {
                match name {
                    $(stringify!($name) => self.$name = Some(lexicon),)*
                    _ => {}
                }
            }
        }
    };
}

cues! {
    /// Denies what follows.
    negation,
    /// Denies the very next word.
    negation_adjacent,
    /// Here the reach of a denial, a fear or a benefit ends.
    negation_end,
    /// The same, unless the verb itself is denied: "hasn't made me dizzy".
    negation_end_verb,
    /// Denies what stands before it.
    negation_after,
    question,
    hypothetical,
    conditional,
    reported,
    historical,
    /// Sets the whole sentence before the treatment: "before starting I was".
    historical_sentence,
    /// Here the past ends: "now", "since then".
    historical_end,
    family_member,
    benefit_before,
    benefit_after,
    /// What goes when the treatment goes was no benefit of it: "cleared when the drug was stopped".
    dechallenge,
    indication_before,
    indication_after,
    /// Takes an illness out of what is merely treated: "worse", "flared".
    worsening,
    generic,
    /// Makes a general statement of what stands before it: "is common in".
    generic_after,
}

/// How far a cue reaches.
#[derive(Clone, Copy)]
struct Reach {
    /// Words.
    words: u32,
    /// Over a list of short items too, however long: "denies fever, chills, rash or cough".
    list: bool,
}

const fn words(words: u32) -> Reach {
    Reach { words, list: false }
}

const fn list(words: u32) -> Reach {
    Reach { words, list: true }
}

impl Cues {
    /// How the words of `hit` are meant.
    pub(crate) fn status(&self, text: &Text, hits: &Hits, hit: &Hit) -> StatusSet {
        let reading = Reading {
            text,
            hits,
            hit,
            end: self.negation_end,
            end_verb: self.negation_end_verb,
        };
        let endless = Reading {
            end: None,
            end_verb: None,
            ..reading
        };
        let past = Reading {
            end: self.historical_end,
            end_verb: None,
            ..reading
        };
        let asked = text.sentence(hit.sentence).is_some_and(|s| s.question)
            && !reading.told_before(self.question);
        let quoted = text
            .tokens
            .get(hit.first as usize)
            .is_some_and(|t| t.gap.has(Gap::QUOTED));
        let holds = [
            (
                Status::Negated,
                reading.before(self.negation, list(8))
                    || endless.before(self.negation_adjacent, words(1))
                    || reading.after(self.negation_after, 5),
            ),
            (
                Status::Question,
                asked || endless.before(self.question, words(30)),
            ),
            (
                Status::Hypothetical,
                reading.before(self.hypothetical, list(14)),
            ),
            (
                Status::Conditional,
                endless.before(self.conditional, words(14)),
            ),
            (
                Status::Quoted,
                quoted || endless.before(self.reported, list(14)),
            ),
            (
                Status::Historical,
                reading.before(self.historical, list(12))
                    || reading.after(self.historical, 6)
                    || past.before(self.historical_sentence, words(30))
                    || past.after(self.historical_sentence, 12),
            ),
            (
                Status::FamilyMember,
                endless.before(self.family_member, words(12)),
            ),
            (
                Status::Benefit,
                (reading.before(self.benefit_before, list(6))
                    || reading.after(self.benefit_after, 6))
                    && !endless.before(self.dechallenge, words(20))
                    && !endless.after(self.dechallenge, 20),
            ),
            (
                Status::Indication,
                reading.before(self.indication_before, list(6))
                    || endless.after(self.indication_after, 1),
            ),
            (
                Status::Generic,
                endless.before(self.generic, words(30)) || endless.after(self.generic_after, 4),
            ),
        ];
        holds
            .into_iter()
            .filter(|(_, holds)| *holds)
            .fold(StatusSet::default(), |set, (status, _)| set.with(status))
    }

    /// Words close to the hit say that it became worse.
    pub(crate) fn worsens(&self, text: &Text, hits: &Hits, hit: &Hit) -> bool {
        let reading = Reading {
            text,
            hits,
            hit,
            end: None,
            end_verb: None,
        };
        reading.before(self.worsening, words(4)) || reading.after(self.worsening, 5)
    }
}

/// Words of the longest cue, with room to spare.
const LONGEST_CUE: u32 = 12;
/// Words of the longest list a cue reaches over.
const LONGEST_LIST: u32 = 40;
/// Words of the longest item of such a list.
const LONGEST_ITEM: u32 = 4;

#[derive(Clone, Copy)]
struct Reading<'a> {
    text: &'a Text,
    hits: &'a Hits,
    hit: &'a Hit,
    end: Option<LexiconId>,
    end_verb: Option<LexiconId>,
}

impl Reading<'_> {
    /// A cue stands before the hit and within reach, in its sentence, with no end of scope between.
    fn before(&self, cue: Option<LexiconId>, reach: Reach) -> bool {
        let Some(cue) = cue else { return false };
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
                reached && !self.ends(c.last + 1, self.hit.first)
            })
    }

    /// A cue stands at most `words` after the hit, in its sentence, with no end of scope between.
    fn after(&self, cue: Option<LexiconId>, words: u32) -> bool {
        let Some(cue) = cue else { return false };
        let cues = self.hits.of(cue);
        let from = cues.partition_point(|c| c.start < self.hit.end);
        cues.iter().skip(from).take(4).any(|c| {
            c.sentence == self.hit.sentence
                && c.first > self.hit.last
                && c.first - self.hit.last <= words
                && !self.ends(self.hit.last + 1, c.first)
        })
    }

    /// The hit is told before the question begins: "I have a rash, is that normal?"
    fn told_before(&self, question: Option<LexiconId>) -> bool {
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

    /// A comma before one of these opens another clause: no list goes on with "the" or "she".
    fn clause(&self, first: u32, until: u32) -> bool {
        let tokens = self.text.tokens_in(first, until + 1).iter();
        let mut after_comma = tokens.filter(|t| t.gap.has(Gap::COMMA));
        after_comma.any(|token| {
            matches!(
                self.word(token),
                b"the"
                    | b"my"
                    | b"her"
                    | b"his"
                    | b"i"
                    | b"she"
                    | b"he"
                    | b"it"
                    | b"we"
                    | b"they"
                    | b"this"
                    | b"that"
            )
        })
    }

    /// Between these tokens the reach of a cue ends: a turn of thought, or a word such as "but".
    fn ends(&self, first: u32, until: u32) -> bool {
        let next = |cue: Option<LexiconId>, first: u32| {
            let ends = cue.map_or(&[][..], |cue| self.hits.of(cue));
            let from = ends.partition_point(|e| e.first < first);
            ends.get(from).is_some_and(|e| e.first < until)
        };
        if self.end.is_none() && self.end_verb.is_none() {
            return false;
        }
        let turn = |t: &Token| t.gap.has(Gap::TURN);
        let turns = self.text.tokens_in(first, until + 1).iter().any(turn);
        // "None of them was accompanied by": few words stand between a denial and its verb, and no comma or "and".
        let joined =
            |(index, token): &(u32, &Token)| token.gap.has(Gap::COMMA) || self.joins(*index);
        let denied = (first..).zip(self.text.tokens_in(first, until.min(first + 4)));
        let denied = denied.take_while(|t| !joined(t)).count() as u32;
        turns
            || self.clause(first, until)
            || next(self.end, first)
            || next(self.end_verb, first + denied)
    }
}
