//! Rows whose truth a person wrote, and what was predicted of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::answer::Words;
use super::record::RecordId;
use crate::adverse_event::{Seriousness, SpecialSituation};
use crate::finding::Family;
use crate::verdict::Verdict;

/// A row and its truth; keys that are not there are not judged.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TruthRow {
    /// Its id, the same as that of the prediction.
    pub id: RecordId,
    /// Its text.
    pub text: String,
    /// Its title.
    pub title: Option<String>,
    /// What the row tests.
    pub kind: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// For each family that is judged, whether it is there.
    #[serde(default)]
    pub truth: BTreeMap<Family, bool>,
    /// Words that must be found.
    pub spans: Option<Vec<Span>>,
    /// The special situation; null says that there is none, a missing key that it is not judged.
    #[serde(default, deserialize_with = "present")]
    pub special_situation: Option<Option<SpecialSituation>>,
    /// Ways in which the event is serious; an empty list says that it is not serious.
    pub serious: Option<Vec<Seriousness>>,
}

/// A key that is there, be it null.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Words that must be found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Span {
    /// The family that must find them.
    pub family: Family,
    /// What they are: `name`, `date`, `reaction`.
    pub kind: Option<String>,
    /// The words, as they stand in text or title.
    pub text: String,
}

/// What was predicted of a row; the lines of `hortus rules screen`, or those of any other tool that gives these keys.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Prediction {
    /// The id of the row.
    pub id: RecordId,
    /// What is asked of the review desk; where it is not given, a row that no family holds is clear.
    pub verdict: Option<Verdict>,
    /// The families that hold it.
    #[serde(default)]
    pub categories: Vec<Family>,
    /// How sure each family is.
    #[serde(default)]
    pub scores: BTreeMap<Family, f64>,
    /// Where the findings are.
    #[serde(default)]
    pub findings: Vec<PredictedFinding>,
    /// The possible adverse event.
    pub adverse_event: Option<PredictedCase>,
    /// The row could not be read.
    pub error: Option<String>,
}

/// A finding and its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PredictedFinding {
    /// Code of the rule.
    #[serde(default)]
    pub rule: String,
    /// Its family.
    pub category: Family,
    /// The field; the text where it is not given.
    pub field: Option<Words>,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The words.
    #[serde(default)]
    pub matched: String,
}

/// The flags of a predicted adverse event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PredictedCase {
    /// Ways in which it is serious.
    #[serde(default)]
    pub serious: Vec<Seriousness>,
    /// Special situations.
    #[serde(default)]
    pub special_situations: Vec<SpecialSituation>,
}

impl Prediction {
    /// Whether the row is flagged for a family.
    #[must_use]
    pub fn flags(&self, family: Family) -> bool {
        self.categories.contains(&family)
    }

    /// How sure the family is; where no score is given, flagged is sure.
    pub(super) fn certainty(&self, family: Family) -> f64 {
        match self.scores.get(&family) {
            Some(score) => *score,
            None if self.flags(family) => 1.0,
            None => 0.0,
        }
    }
}

/// An id that is there twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Twice {
    /// In the truth.
    #[error("two rows of the truth have the id `{0}`; give each row an id of its own")]
    Row(RecordId),
    /// Among the predictions.
    #[error("two different predictions have the id `{0}`; give one for each row")]
    Prediction(RecordId),
}

/// A row beside what was predicted of it; nothing where no prediction has its id.
#[derive(Clone, Debug)]
pub struct Row {
    /// The truth.
    pub truth: TruthRow,
    /// What was predicted.
    pub prediction: Option<Prediction>,
}

impl Row {
    /// Pairs rows with predictions by id; gives also how many predictions have no row.
    ///
    /// # Errors
    /// The first id that two rows, or two predictions that differ, have in common: nobody could say which counts.
    pub fn pair(
        truth: Vec<TruthRow>,
        predictions: Vec<Prediction>,
    ) -> Result<(Vec<Self>, usize), Twice> {
        let mut ids = BTreeSet::new();
        if let Some(row) = truth.iter().find(|row| !ids.insert(&row.id)) {
            return Err(Twice::Row(row.id.clone()));
        }
        let mut by_id: BTreeMap<RecordId, Prediction> = BTreeMap::new();
        for prediction in predictions {
            match by_id.get(&prediction.id) {
                Some(known) if *known != prediction => {
                    return Err(Twice::Prediction(prediction.id));
                }
                _ => by_id.insert(prediction.id.clone(), prediction),
            };
        }
        let rows = truth
            .into_iter()
            .map(|truth| {
                let prediction = by_id.remove(&truth.id).filter(|p| p.error.is_none());
                Row { truth, prediction }
            })
            .collect();
        Ok((rows, by_id.len()))
    }

    pub(super) fn flags(&self, family: Family) -> bool {
        self.prediction.as_ref().is_some_and(|p| p.flags(family))
    }

    /// Whether the row passes without a person being pointed to it.
    pub(super) fn is_clear(&self) -> bool {
        self.prediction.as_ref().is_none_or(|p| match p.verdict {
            Some(verdict) => verdict == Verdict::Clear,
            None => p.categories.is_empty(),
        })
    }

    pub(super) fn certainty(&self, family: Family) -> f64 {
        self.prediction
            .as_ref()
            .map_or(0.0, |p| p.certainty(family))
    }

    pub(super) fn case(&self) -> Option<&PredictedCase> {
        self.prediction.as_ref()?.adverse_event.as_ref()
    }

    /// Whether a finding of the family touches one of the places at which the words of a span stand.
    pub(super) fn finds(&self, span: &Span) -> bool {
        let findings = self.prediction.iter().flat_map(|p| &p.findings);
        findings
            .filter(|finding| finding.category == span.family)
            .any(|finding| {
                let text = match finding.field {
                    Some(Words::Title) => self.truth.title.as_deref().unwrap_or_default(),
                    Some(Words::Text) | None => &self.truth.text,
                };
                text.match_indices(&span.text).any(|(start, words)| {
                    finding.start < start + words.len() && start < finding.end
                })
            })
    }
}
