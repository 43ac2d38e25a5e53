//! The terms of a text, with their codes.

use super::{SuggestedTerm, Terms};
use crate::matching::Hit;
use crate::matching::condition::Reading;
use crate::submission::Submission;

/// So many terms are suggested for one text; nobody codes more at once.
const MOST_TERMS: usize = 200;

/// The terms that stand in a text, in its order.
pub(crate) fn suggested(
    reading: &Reading<'_, '_>,
    submission: &Submission<'_>,
    terms: &Terms,
) -> Vec<SuggestedTerm> {
    let places = reading.hits.terms.iter();
    places
        .filter_map(|(number, hit)| suggest(reading, submission, terms, *number, hit))
        .take(MOST_TERMS)
        .collect()
}

fn suggest(
    reading: &Reading<'_, '_>,
    submission: &Submission<'_>,
    terms: &Terms,
    number: u32,
    hit: &Hit,
) -> Option<SuggestedTerm> {
    let (terminology, term) = terms.get(number)?;
    let concept = terminology.concepts.get(term.concept as usize)?;
    let (field, start, end) = reading.text.folded.original(hit.start, hit.end)?;
    Some(SuggestedTerm {
        source: terminology.source.clone(),
        version: terminology.version.clone(),
        code: term.code.to_string(),
        name: term.name.to_string(),
        concept_code: concept.code.to_string(),
        concept_name: concept.name.to_string(),
        group: concept.group.to_string(),
        field,
        start,
        end,
        matched: submission.field(field).get(start..end)?.to_owned(),
        status: reading.status(hit).list(),
    })
}
