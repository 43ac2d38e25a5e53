//! What a text tells from one sentence to the next: where a treatment begins in it, and what was there before.
//!
//! A complaint is told long before the medicine against it: "My hands hurt. I could not turn a tap. Then I was put on
//! it." What stands before the first word of any treatment, in the past, and is followed by its beginning, is from
//! before the treatment. Where a text says that nothing is taken, or tells of none at some length, its complaints are
//! the illness.

use super::hits::Hits;
use super::status::{Cues, StatusSet};
use super::{Hit, LexiconId};
use crate::finding::Status;
use crate::product::Mentions;
use crate::text::Text;

/// A text of fewer words says too little of what it leaves out.
const LONG: usize = 60;

/// What the sentences of a text say of treatment.
pub(crate) struct Story {
    /// The first sentence that tells of a treatment.
    treated: Option<u32>,
    /// The last sentence in which one begins.
    begins: Option<u32>,
    /// It is said that nothing is taken, or a long text tells of no treatment.
    none: bool,
    /// A treatment is stopped or reduced: what was told before need not be from before it.
    stopped: bool,
    /// The words of fields, from their names to the end of their lines, and what they are for.
    fields: Vec<(u32, u32, Status)>,
}

impl Story {
    pub(crate) fn read(cues: &Cues, text: &Text, hits: &Hits<'_>, mentions: &Mentions<'_>) -> Self {
        let of = |cue: Option<LexiconId>| cue.map_or(&[][..], |cue| hits.of(cue));
        let unmeant = StatusSet::of(&[Status::Negated, Status::Hypothetical]);
        let treatments = [
            cues.treatment_told,
            cues.medicine_name,
            cues.medicine_class,
            cues.inn_stem,
        ];
        let told = treatments.into_iter().filter_map(|treatment| {
            let mut told = of(treatment).iter();
            told.find(|hit| !cues.status(text, hits, hit).meets(unmeant))
        });
        let told = told.map(|hit| hit.sentence);
        let named = mentions.first().map(|hit| hit.sentence);
        let treated = told.chain(named).min();
        let mut begun = of(cues.treatment_begins).iter().rev();
        let begins = begun.find(|hit| !cues.status(text, hits, hit).meets(unmeant));
        let stopped = !of(cues.dechallenge).is_empty();
        let mut taken = of(cues.treatment_taken).iter();
        let taken = taken.any(|hit| !cues.status(text, hits, hit).meets(unmeant));
        let said = |cue: Option<LexiconId>| !of(cue).is_empty();
        let unsaid = treated.is_none() && mentions.told().is_empty();
        let untreated = unsaid && text.tokens.len() >= LONG;
        let under_way = begins.is_some() || taken || stopped;
        Self {
            treated,
            begins: begins.map(|hit| hit.sentence),
            none: !under_way && (untreated || said(cues.treatment_none)),
            stopped,
            fields: fields(cues, text, hits),
        }
    }

    /// How a hit is meant by what stands in other sentences.
    pub(crate) fn status(&self, cues: &Cues, hits: &Hits<'_>, hit: &Hit) -> Option<Status> {
        let mut fields = self.fields.iter();
        if let Some((_, _, told)) = fields.find(|(from, to, _)| (*from..*to).contains(&hit.first)) {
            return Some(*told);
        }
        if self.none {
            return Some(Status::Indication);
        }
        let before = self.treated.is_some_and(|first| hit.sentence < first)
            && self.begins.is_some_and(|begins| hit.sentence < begins);
        let of = |cue: Option<LexiconId>| cue.map_or(&[][..], |cue| hits.of(cue));
        let (past, present) = (of(cues.past_told), of(cues.present_told));
        // "I have started" is of now.
        let perfect = |p: &Hit| {
            let until = present.partition_point(|h| h.last < p.first);
            let before = present.get(until.saturating_sub(1));
            before.is_some_and(|h| h.last + 2 >= p.first && h.last < p.first)
        };
        let past = nearest(past, hit, |p| !perfect(p));
        let present = nearest(present, hit, |_| true);
        let past = past.is_some_and(|past| present.is_none_or(|present| past < present));
        (before && past && !self.stopped).then_some(Status::Historical)
    }
}

/// How many words the nearest of these places lies from the hit, in its sentence.
fn nearest(places: &[Hit], hit: &Hit, counts: impl Fn(&Hit) -> bool) -> Option<u32> {
    let from = places.partition_point(|p| p.sentence < hit.sentence);
    let here = places
        .iter()
        .skip(from)
        .take_while(|p| p.sentence == hit.sentence)
        .filter(|p| counts(p));
    here.map(|p| hit.first.saturating_sub(p.last) + p.first.saturating_sub(hit.last))
        .min()
}

/// The fields of a text whose names say what is told in them.
fn fields(cues: &Cues, text: &Text, hits: &Hits<'_>) -> Vec<(u32, u32, Status)> {
    let kinds = [
        (cues.illness_field, Status::Indication),
        (cues.benefit_field, Status::Benefit),
    ];
    let names = kinds.into_iter().flat_map(|(cue, told)| {
        let names = cue.map_or(&[][..], |cue| hits.of(cue));
        names.iter().map(move |name| (name, told))
    });
    names
        .filter(|(name, _)| breaks(text, name.first) && colon(text, name.last))
        .map(|(name, told)| {
            let after = name.last + 1;
            let mut ends = (after + 1..text.tokens.len() as u32).filter(|t| breaks(text, *t));
            (after, ends.next().unwrap_or(u32::MAX), told)
        })
        .collect()
}

/// A line begins with this word.
fn breaks(text: &Text, index: u32) -> bool {
    let lower = &text.folded.lower;
    let before = text.tokens_in(index.saturating_sub(1), index).first();
    let (from, to) = match (before, text.tokens_in(index, index + 1).first()) {
        (Some(before), Some(word)) => (before.end, word.start),
        _ => return true,
    };
    let gap = lower.get(from as usize..to as usize);
    gap.is_some_and(|gap| gap.contains(&b'\n'))
}

/// A colon stands behind this word.
fn colon(text: &Text, index: u32) -> bool {
    let end = text.tokens_in(index, index + 1).first().map(|t| t.end);
    let after = end.and_then(|end| text.folded.lower.get(end as usize..));
    after.is_some_and(|after| after.trim_ascii_start().starts_with(b":"))
}
