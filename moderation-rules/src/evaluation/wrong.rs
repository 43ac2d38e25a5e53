//! The rows a prediction gets wrong, for whoever mends the rules.

use serde::Serialize;

use super::record::RecordId;
use super::truth::{PredictedFinding, Row};
use crate::finding::Family;

/// A row that a family gets wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The row.
    pub id: RecordId,
    /// The family.
    pub family: Family,
    /// The family is there and was not flagged, or a span of it was not found; otherwise it was flagged and is not there.
    pub missed: bool,
    /// What the row tests.
    pub kind: Option<String>,
    /// How sure the family was.
    pub certainty: f64,
    /// Title and text.
    pub text: String,
    /// What the family found: code of the rule and words.
    pub findings: Vec<(String, String)>,
    /// Spans of the family that were not found.
    pub spans: Vec<String>,
}

/// All mistakes, in the order of the rows.
#[must_use]
pub fn wrong(rows: &[Row]) -> Vec<Mistake> {
    rows.iter()
        .flat_map(|row| {
            Family::ALL
                .into_iter()
                .filter_map(|family| mistake(row, family))
        })
        .collect()
}

fn mistake(row: &Row, family: Family) -> Option<Mistake> {
    let flagged = row.flags(family);
    let truth = row.truth.truth.get(&family).copied();
    let spans: Vec<String> = row
        .truth
        .spans
        .iter()
        .flatten()
        .filter(|span| span.family == family && !row.finds(span))
        .map(|span| span.text.clone())
        .collect();
    if truth.is_none_or(|truth| truth == flagged) && spans.is_empty() {
        return None;
    }
    let findings = row.prediction.iter().flat_map(|p| &p.findings);
    let told = |f: &PredictedFinding| (f.rule.clone(), f.matched.clone());
    let title = row.truth.title.iter().map(|title| format!("{title} / "));
    Some(Mistake {
        id: row.truth.id.clone(),
        family,
        missed: truth != Some(false),
        kind: row.truth.kind.clone(),
        certainty: row.certainty(family),
        text: title.chain([row.truth.text.clone()]).collect(),
        findings: findings
            .filter(|f| f.category == family)
            .map(told)
            .collect(),
        spans,
    })
}
