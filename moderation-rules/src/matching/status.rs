//! How words are meant: denied, asked, feared, quoted, past, somebody else's, relieved, or the illness itself.
//!
//! Cues come from lexicons of the language pack; this module knows only how far each kind of cue reaches.

use super::scan::Hits;
use super::{Hit, LexiconId};
use crate::finding::Status;
use crate::text::{Gap, Text};

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

/// The lexicons that hold the cues, by the names the language pack gives them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cues {
    pub negation: Option<LexiconId>,
    pub negation_adjacent: Option<LexiconId>,
    pub negation_end: Option<LexiconId>,
    pub negation_after: Option<LexiconId>,
    pub question: Option<LexiconId>,
    pub hypothetical: Option<LexiconId>,
    pub conditional: Option<LexiconId>,
    pub reported: Option<LexiconId>,
    pub historical: Option<LexiconId>,
    pub family_member: Option<LexiconId>,
    pub benefit_before: Option<LexiconId>,
    pub benefit_after: Option<LexiconId>,
    pub indication_before: Option<LexiconId>,
    pub indication_after: Option<LexiconId>,
    pub generic: Option<LexiconId>,
}

/// The names under which a language pack gives the cues.
pub(crate) const CUE_NAMES: [&str; 15] = [
    "negation",
    "negation_adjacent",
    "negation_end",
    "negation_after",
    "question",
    "hypothetical",
    "conditional",
    "reported",
    "historical",
    "family_member",
    "benefit_before",
    "benefit_after",
    "indication_before",
    "indication_after",
    "generic",
];

impl Cues {
    pub(crate) fn set(&mut self, name: &str, lexicon: LexiconId) {
        let cue = match name {
            "negation" => &mut self.negation,
            "negation_adjacent" => &mut self.negation_adjacent,
            "negation_end" => &mut self.negation_end,
            "negation_after" => &mut self.negation_after,
            "question" => &mut self.question,
            "hypothetical" => &mut self.hypothetical,
            "conditional" => &mut self.conditional,
            "reported" => &mut self.reported,
            "historical" => &mut self.historical,
            "family_member" => &mut self.family_member,
            "benefit_before" => &mut self.benefit_before,
            "benefit_after" => &mut self.benefit_after,
            "indication_before" => &mut self.indication_before,
            "indication_after" => &mut self.indication_after,
            "generic" => &mut self.generic,
            _ => return,
        };
        *cue = Some(lexicon);
    }

    /// How the words of `hit` are meant.
    pub(crate) fn status(&self, text: &Text, hits: &Hits, hit: &Hit) -> StatusSet {
        let reading = Reading { text, hits, hit };
        let mut set = StatusSet::default();
        let mut mark = |status, holds: bool| {
            if holds {
                set = set.with(status);
            }
        };
        let negated = reading.before(self.negation, 8, self.negation_end)
            || reading.before(self.negation_adjacent, 1, None)
            || reading.after(self.negation_after, 5, self.negation_end);
        mark(Status::Negated, negated);
        let asked = text.sentence(hit.sentence).is_some_and(|s| s.question);
        mark(
            Status::Question,
            asked || reading.before(self.question, 30, None),
        );
        mark(
            Status::Hypothetical,
            reading.before(self.hypothetical, 14, self.negation_end),
        );
        mark(
            Status::Conditional,
            reading.before(self.conditional, 14, None),
        );
        let quoted = text
            .tokens
            .get(hit.first as usize)
            .is_some_and(|t| t.gap.has(Gap::QUOTED));
        mark(
            Status::Quoted,
            quoted || reading.before(self.reported, 14, None),
        );
        let past = reading.before(self.historical, 12, self.negation_end)
            || reading.after(self.historical, 6, self.negation_end);
        mark(Status::Historical, past);
        mark(
            Status::FamilyMember,
            reading.before(self.family_member, 12, None),
        );
        let relieved = reading.before(self.benefit_before, 6, self.negation_end)
            || reading.after(self.benefit_after, 6, self.negation_end);
        mark(Status::Benefit, relieved);
        let treated = reading.before(self.indication_before, 6, self.negation_end)
            || reading.after(self.indication_after, 1, None);
        mark(Status::Indication, treated);
        mark(Status::Generic, reading.before(self.generic, 30, None));
        set
    }
}

/// Words of the longest cue, with room to spare.
const LONGEST_CUE: u32 = 12;

struct Reading<'a> {
    text: &'a Text,
    hits: &'a Hits,
    hit: &'a Hit,
}

impl Reading<'_> {
    /// A cue stands at most `words` before the hit, in its sentence, with no end of scope between.
    fn before(&self, cue: Option<LexiconId>, words: u32, end: Option<LexiconId>) -> bool {
        let Some(cue) = cue else { return false };
        let cues = self.hits.of(cue);
        let upto = cues.partition_point(|c| c.start < self.hit.start);
        // No cue is longer than this, so the search never walks back to the start of a long text.
        let reach = self.hit.first.saturating_sub(words + LONGEST_CUE);
        cues.iter()
            .take(upto)
            .rev()
            .take_while(|c| c.sentence == self.hit.sentence && c.first >= reach)
            .any(|c| {
                c.last < self.hit.first
                    && self.hit.first - c.last <= words
                    && !self.ends(c.last + 1, self.hit.first, end)
            })
    }

    /// A cue stands at most `words` after the hit, in its sentence, with no end of scope between.
    fn after(&self, cue: Option<LexiconId>, words: u32, end: Option<LexiconId>) -> bool {
        let Some(cue) = cue else { return false };
        let cues = self.hits.of(cue);
        let from = cues.partition_point(|c| c.start < self.hit.end);
        cues.iter().skip(from).take(4).any(|c| {
            c.sentence == self.hit.sentence
                && c.first > self.hit.last
                && c.first - self.hit.last <= words
                && !self.ends(self.hit.last + 1, c.first, end)
        })
    }

    /// Between these tokens the reach of a cue ends: a turn of thought, or a word such as "but".
    fn ends(&self, first: u32, until: u32, end: Option<LexiconId>) -> bool {
        let Some(end) = end else { return false };
        let turn = self
            .text
            .tokens_in(first, until + 1)
            .iter()
            .any(|t| t.gap.has(Gap::TURN));
        let ends = self.hits.of(end);
        let from = ends.partition_point(|e| e.first < first);
        turn || ends.get(from).is_some_and(|e| e.first < until)
    }
}
