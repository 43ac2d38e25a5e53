//! How words are meant: denied, asked, feared, quoted, past, somebody else's, relieved, or the illness itself.
//!
//! Cues come from lexicons of the language pack; this module knows only how far each kind of cue reaches.

use super::hits::Hits;
use super::reach::{Reading, list, words};
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

    pub(crate) fn and_not(self, other: Self) -> Self {
        Self(self.0 & !other.0)
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

/// So far behind a complaint its cause is named.
const CAUSE_BEHIND: u32 = 4;
/// So far behind the words that name a cause the cause itself stands.
const CAUSE_WORDS: u32 = 4;

/// Names every cue once: its field here, and the name under which a language pack gives it.
macro_rules! cues {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// The lexicons that hold the cues, by the names the language pack gives them.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Cues {
            $($(#[$about])* pub(super) $name: Option<LexiconId>,)*
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
    /// Denies all that was said in the sentences before it: "none of that happened".
    negation_of_all,
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
    /// Makes its whole sentence the story of the illness: "that's why it was prescribed", "takes no medicines".
    indication_sentence,
    /// Says in passing that the treatment does it: "on it", "from this". Then its sentence is no story of the illness.
    treatment_at_work,
    /// Takes an illness out of what is merely treated: "worse", "flared".
    worsening,
    generic,
    /// Makes a general statement of what stands before it: "is common in".
    generic_after,
    /// A word of denial, whatever stands behind it.
    denial,
    /// Makes news of what is denied before it: "no headaches until", "never had asthma before".
    until_then,
    /// Says that something was there and is no longer.
    any_more,
    /// Asks about what is one's own already: "anyone else's hair".
    presupposes,
    /// Says that what was feared, read or heard came: "sure enough".
    confirmed,
    /// The verb of another clause: where it follows, "and the" and ", my" begin one.
    clause_verb,
    /// Names the field of a form in which the illness stands: "reason", "condition".
    illness_field,
    /// Names the field of a form in which the benefit stands.
    benefit_field,
    /// Gives a cause to what stands before it, which may be another than the treatment: "comes from", "down to".
    cause_named,
    /// Medicines by name.
    medicine_name,
    /// Medicines by the endings of their names.
    inn_stem,
    /// Medicines by class.
    medicine_class,
    /// "It", "them": the treatment, where no other thing was spoken of.
    treatment_pronoun,
    /// Something is taken, or has been.
    treatment_told,
    /// A treatment begins: "they put me on".
    treatment_begins,
    /// A treatment is under way, whenever it began: "taking the tablets", "my infusions".
    treatment_taken,
    /// Nothing is taken, not yet or not at all.
    treatment_none,
    /// Its sentence tells of what was.
    past_told,
    /// Its sentence tells of what is.
    present_told,
}

impl Cues {
    /// How the words of `hit` are meant.
    pub(crate) fn status(&self, text: &Text, hits: &Hits<'_>, hit: &Hit) -> StatusSet {
        let reading = Reading {
            text,
            hits,
            hit,
            end: self.negation_end,
            end_verb: self.negation_end_verb,
            clause_verb: self.clause_verb,
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
        let heading = reading.heading();
        let headed = |cue: Option<LexiconId>| {
            let (Some(cue), Some(heading)) = (cue, heading) else {
                return false;
            };
            let held = hits.of(cue).binary_search_by_key(&heading, |c| c.sentence);
            held.is_ok()
        };
        let stopped =
            endless.before(self.dechallenge, words(20)) || endless.after(self.dechallenge, 20);
        let denied = (reading.before(self.negation, list(8)) && !reading.denies_itself())
            || reading.followed(self.negation_of_all)
            || endless.before(self.negation_adjacent, words(1))
            || reading.after(self.negation_after, 5)
            || (reading.names_a_field() && endless.after(self.negation_after, 5))
            || headed(self.negation);
        // What is denied up to the treatment, or from its end on, is told.
        let dated = endless.after(self.until_then, 8) || endless.before(self.until_then, words(8));
        let up_to = dated && (denied || reading.before(self.denial, words(6)));
        let from_end =
            stopped && (endless.before(self.any_more, words(8)) || endless.after(self.any_more, 5));
        let holds = [
            (Status::Negated, denied && !up_to && !from_end),
            (
                Status::Question,
                asked || endless.before(self.question, words(30)) || headed(self.question),
            ),
            (
                Status::Hypothetical,
                reading.before(self.hypothetical, list(14)) || headed(self.hypothetical),
            ),
            (
                Status::Conditional,
                endless.before(self.conditional, words(14)),
            ),
            (
                Status::Quoted,
                quoted || endless.before(self.reported, list(14)) || headed(self.reported),
            ),
            (
                Status::Historical,
                !up_to
                    && (reading.before(self.historical, list(12))
                        || reading.after(self.historical, 6)
                        || past.before(self.historical_sentence, words(30))
                        || past.after(self.historical_sentence, 12)
                        || headed(self.historical)),
            ),
            (
                Status::FamilyMember,
                endless.before(self.family_member, words(12)),
            ),
            (
                Status::Benefit,
                (reading.before(self.benefit_before, list(6))
                    || reading.after(self.benefit_after, 10))
                    && !stopped,
            ),
            (
                Status::Indication,
                reading.before(self.indication_before, list(6))
                    || endless.after(self.indication_after, 1)
                    || (self.of_the_illness(reading, past)
                        && !reading.holds(self.treatment_at_work, self.indication_sentence))
                    || self.other_cause(text, hits, hit),
            ),
            (
                Status::Generic,
                endless.before(self.generic, words(30))
                    || endless.after(self.generic_after, 4)
                    || headed(self.generic),
            ),
        ];
        holds
            .into_iter()
            .filter(|(_, holds)| *holds)
            .fold(StatusSet::default(), |set, (status, _)| set.with(status))
    }

    /// How a complaint is meant: what is asked of one's own, and what was feared and came, is told.
    pub(crate) fn told(&self, text: &Text, hits: &Hits<'_>, hit: &Hit) -> StatusSet {
        let reading = Reading {
            text,
            hits,
            hit,
            end: None,
            end_verb: None,
            clause_verb: None,
        };
        let mut told = Vec::new();
        if reading.before(self.presupposes, words(30)) {
            told.push(Status::Question);
        }
        if reading.after(self.confirmed, 16) {
            told.extend([
                Status::Hypothetical,
                Status::Quoted,
                Status::Generic,
                Status::Question,
            ]);
        }
        StatusSet::of(&told)
    }

    /// The sentence is the story of the illness, up to "and I" or "and my".
    fn of_the_illness(&self, reading: Reading<'_>, past: Reading<'_>) -> bool {
        let story = self.indication_sentence;
        past.after(story, 30) || (past.before(story, words(30)) && reading.in_one_clause(story))
    }

    /// A cause is named behind the hit, and it is not the treatment: "my headaches are down to my neck".
    fn other_cause(&self, text: &Text, hits: &Hits<'_>, hit: &Hit) -> bool {
        let Some(causes) = self.cause_named else {
            return false;
        };
        let causes = hits.of(causes);
        let from = causes.partition_point(|c| c.start < hit.end);
        let near = causes.get(from).filter(|c| {
            c.sentence == hit.sentence && c.first > hit.last && c.first - hit.last <= CAUSE_BEHIND
        });
        let treatments = [
            self.treatment_told,
            self.treatment_pronoun,
            self.medicine_name,
            self.medicine_class,
            self.inn_stem,
        ];
        near.is_some_and(|cause| {
            let words = cause.last + 1..=cause.last + CAUSE_WORDS;
            let treated = treatments.into_iter().flatten().any(|treatment| {
                let named = hits.of(treatment);
                let from = named.partition_point(|t| t.first <= cause.last);
                named.get(from).is_some_and(|t| words.contains(&t.first))
            });
            !treated
                && text
                    .tokens
                    .get(cause.last as usize + 1)
                    .is_some_and(|t| t.sentence == hit.sentence)
        })
    }

    /// Words close to the hit say that it became worse.
    pub(crate) fn worsens(&self, text: &Text, hits: &Hits<'_>, hit: &Hit) -> bool {
        let reading = Reading {
            text,
            hits,
            hit,
            end: None,
            end_verb: None,
            clause_verb: None,
        };
        reading.before(self.worsening, words(4)) || reading.after(self.worsening, 5)
    }
}
