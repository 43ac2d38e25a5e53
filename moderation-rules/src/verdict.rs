//! What follows from the findings of a text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::adverse_event::AdverseEvent;
use crate::balance::Balance;
use crate::certainty::HOLD;
use crate::finding::{Family, Finding, Severity};
use crate::priority::{PriorityPart, parts, unread};
use crate::product::ProductInPlay;
use crate::reasons::reasons;
use crate::terminology::SuggestedTerm;

/// What the engine asks of the people at the review desk. Nothing is ever released without one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// No rule objects.
    Clear,
    /// A rule objects, or the text could not be judged.
    Hold,
    /// The responsible officer must see it at once.
    Escalate,
}

/// The whole answer of the engine for one text. Rows that were stored before a part existed are read without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// What is asked of the review desk.
    pub verdict: Verdict,
    /// Place in the queue, 0 to 1000, higher first: the sum of its parts.
    pub priority: u32,
    /// What the priority is made of, the weightiest first.
    #[serde(default)]
    pub priority_parts: Vec<PriorityPart>,
    /// How sure the evidence makes of each concern, 0 to 1; more and surer evidence gives more.
    #[serde(default)]
    pub scores: BTreeMap<Family, f64>,
    /// The concerns whose score holds the text: [`Screening::HOLD_SCORE`] or more.
    #[serde(default)]
    pub categories: Vec<Family>,
    /// Why, in sentences, the weightiest first.
    pub reasons: Vec<String>,
    /// All findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// The possible adverse event, if there is one.
    pub adverse_event: Option<AdverseEvent>,
    /// Benefit and risk, where someone who answers for promotion claims a benefit.
    #[serde(default)]
    pub balance: Option<Balance>,
    /// The products the text is about, and how that is known.
    #[serde(default)]
    pub products: Vec<ProductInPlay>,
    /// Terms of the loaded terminologies that stand in the text, with their codes, in its order.
    #[serde(default)]
    pub terms: Vec<SuggestedTerm>,
    /// The hash of the rules that judged.
    pub rule_set_hash: String,
    /// Why the text could not be judged, if it could not.
    pub technical_reason: Option<String>,
}

/// What was read in a text, before it is weighed.
pub(crate) struct Read {
    pub findings: Vec<Finding>,
    /// The rules behind the findings, for the moderator.
    pub broken_rules: Vec<String>,
    pub scores: BTreeMap<Family, f64>,
    pub adverse_event: Option<AdverseEvent>,
    pub balance: Option<Balance>,
    pub products: Vec<ProductInPlay>,
    pub terms: Vec<SuggestedTerm>,
    /// Why some hits are no findings.
    pub set_aside: Vec<String>,
    /// Why what the rules say may say nothing.
    pub unread: Option<String>,
}

impl Screening {
    /// A family whose score is as high as this holds the text.
    pub const HOLD_SCORE: f64 = HOLD;

    /// A text that could not be judged is held for a person (fail closed).
    #[must_use]
    pub fn held(rule_set_hash: &str, reason: String) -> Self {
        let priority_parts = unread();
        Self {
            verdict: Verdict::Hold,
            priority: priority_parts.iter().map(|part| part.points).sum(),
            priority_parts,
            scores: BTreeMap::new(),
            categories: Vec::new(),
            reasons: vec![reason.clone()],
            findings: Vec::new(),
            adverse_event: None,
            balance: None,
            products: Vec::new(),
            terms: Vec::new(),
            rule_set_hash: rule_set_hash.to_owned(),
            technical_reason: Some(reason),
        }
    }

    pub(crate) fn of(rule_set_hash: &str, read: Read) -> Self {
        let categories = holding(&read.scores);
        let serious = read
            .adverse_event
            .as_ref()
            .is_some_and(|ae| !ae.seriousness.is_empty());
        let critical = read
            .findings
            .iter()
            .any(|f| f.severity == Severity::Critical);
        let verdict = if serious || critical {
            Verdict::Escalate
        } else if categories.is_empty() && read.adverse_event.is_none() && read.unread.is_none() {
            // What may be a case is never let through as clear, however unsure it is (R-PV-11, R-PV-15).
            Verdict::Clear
        } else {
            Verdict::Hold
        };
        let priority_parts = parts(&read, verdict);
        let mut reasons = reasons(&read, &categories);
        reasons.extend(read.unread.clone());
        Self {
            verdict,
            priority: priority_parts.iter().map(|part| part.points).sum(),
            priority_parts,
            scores: read.scores,
            categories,
            reasons,
            findings: read.findings,
            adverse_event: read.adverse_event,
            balance: read.balance,
            products: read.products,
            terms: read.terms,
            rule_set_hash: rule_set_hash.to_owned(),
            technical_reason: read.unread,
        }
    }
}

fn holding(scores: &BTreeMap<Family, f64>) -> Vec<Family> {
    let holding = scores.iter().filter(|(_, score)| **score >= HOLD);
    holding.map(|(family, _)| *family).collect()
}
