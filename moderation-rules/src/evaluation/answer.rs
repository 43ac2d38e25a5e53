//! A screening as one line of a file gives it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::record::RecordId;
use crate::adverse_event::{AdverseEvent, Criterion, Seriousness, SpecialSituation};
use crate::balance::Balance;
use crate::finding::{Family, Finding, Severity, Status};
use crate::priority::PriorityPart;
use crate::product::Inference;
use crate::rule_set::RuleSet;
use crate::submission::Field;
use crate::terminology::SuggestedTerm;
use crate::verdict::{Screening, Verdict};

/// What the rules say of a [`super::Record`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The id of the record.
    pub id: RecordId,
    /// What is asked of the review desk.
    pub verdict: Verdict,
    /// Place in the queue, 0 to 1, higher first.
    pub priority: f64,
    /// The families that hold the text.
    pub categories: Vec<Family>,
    /// How sure the evidence makes of each family, 0 to 1.
    pub scores: BTreeMap<Family, f64>,
    /// What the priority is made of, in thousandths.
    pub priority_parts: Vec<PriorityPart>,
    /// Why the text is held, or why what was found does not hold it, in sentences.
    pub reasons: Vec<String>,
    /// All findings, in the order of the text.
    pub findings: Vec<Located>,
    /// Benefit and risk, where a benefit is claimed; places are bytes of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance>,
    /// The possible adverse event, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adverse_event: Option<Case>,
    /// Terms of the terminologies that were loaded, suggested with their codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Coded>,
    /// Why the text could not be judged, if it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technical_reason: Option<String>,
    /// The identity of the rules: `sha256:` and the hash.
    pub rule_set: String,
}

/// The field of a record in which words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// Its `title`.
    Title,
    /// Its `text`.
    Text,
}

impl From<Field> for Words {
    fn from(field: Field) -> Self {
        match field {
            Field::Title => Words::Title,
            Field::Body => Words::Text,
        }
    }
}

/// A finding and where it stands, in bytes of the UTF-8 of its field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Located {
    /// Code of the rule.
    pub rule: String,
    /// Kind of concern.
    pub category: Family,
    /// Weight.
    pub severity: Severity,
    /// Field in which the words stand.
    pub field: Words,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The words as they were written.
    pub matched: String,
    /// How they are meant; empty where plainly.
    pub status: Vec<Status>,
    /// To the moderator.
    pub message: String,
    /// The clause the rule stands on.
    pub clause: String,
}

/// A term of a terminology and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coded {
    /// The terminology.
    pub source: String,
    /// Its version.
    pub version: String,
    /// Code of the name that was found.
    pub code: String,
    /// The name as the terminology writes it.
    pub name: String,
    /// Code of what it stands for.
    pub concept_code: String,
    /// Name of what it stands for.
    pub concept_name: String,
    /// Field in which the words stand.
    pub field: Words,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The words as they were written.
    pub matched: String,
    /// How they are meant; empty where plainly.
    pub status: Vec<Status>,
}

/// A possible adverse event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The four criteria of a valid report.
    pub criteria: Criteria,
    /// Ways in which it is serious.
    pub serious: Vec<Seriousness>,
    /// Special situations.
    pub special_situations: Vec<SpecialSituation>,
}

/// The four criteria, each with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Criteria {
    /// An identifiable reporter.
    pub reporter: Rests,
    /// An identifiable patient.
    pub patient: Rests,
    /// A suspect product.
    pub product: Rests,
    /// A suspected reaction.
    pub reaction: Rests,
}

/// What a criterion rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rests {
    /// The criterion is met.
    pub met: bool,
    /// The words or the name.
    pub evidence: Option<String>,
    /// Field in which the words stand.
    pub field: Option<Words>,
    /// First byte.
    pub start: Option<usize>,
    /// Byte after the last.
    pub end: Option<usize>,
    /// Where it was learned, if not from the text.
    pub inferred_from: Option<Inference>,
}

impl Answer {
    /// The line for a screening by these rules.
    #[must_use]
    pub fn of(id: RecordId, screening: Screening, rules: &RuleSet) -> Self {
        Self {
            id,
            verdict: screening.verdict,
            priority: f64::from(screening.priority) / 1000.0,
            categories: screening.categories,
            scores: screening.scores,
            priority_parts: screening.priority_parts,
            reasons: screening.reasons,
            balance: screening.balance,
            findings: screening
                .findings
                .into_iter()
                .map(|finding| located(finding, rules))
                .collect(),
            adverse_event: screening.adverse_event.map(case),
            terms: screening.terms.into_iter().map(coded).collect(),
            technical_reason: screening.technical_reason,
            rule_set: format!("sha256:{}", screening.rule_set_hash),
        }
    }
}

fn located(finding: Finding, rules: &RuleSet) -> Located {
    let words = rules.words(&finding.rule).cloned().unwrap_or_default();
    Located {
        rule: finding.rule,
        category: finding.family,
        severity: finding.severity,
        field: finding.field.into(),
        start: finding.start,
        end: finding.end,
        matched: finding.matched,
        status: finding.status,
        message: words.message,
        clause: words.clause,
    }
}

fn coded(term: SuggestedTerm) -> Coded {
    Coded {
        source: term.source,
        version: term.version,
        code: term.code,
        name: term.name,
        concept_code: term.concept_code,
        concept_name: term.concept_name,
        field: term.field.into(),
        start: term.start,
        end: term.end,
        matched: term.matched,
        status: term.status,
    }
}

fn case(event: AdverseEvent) -> Case {
    Case {
        criteria: Criteria {
            reporter: rests(event.reporter),
            patient: rests(event.patient),
            product: rests(event.product),
            reaction: rests(event.reaction),
        },
        serious: event.seriousness,
        special_situations: event.special_situations,
    }
}

fn rests(criterion: Criterion) -> Rests {
    Rests {
        met: criterion.met,
        evidence: criterion.evidence,
        field: criterion.field.map(Words::from),
        start: criterion.start,
        end: criterion.end,
        inferred_from: criterion.inferred_from,
    }
}
