//! What follows from the findings of a text.

use serde::{Deserialize, Serialize};

use crate::adverse_event::AdverseEvent;
use crate::finding::{Finding, Severity};

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

/// The whole answer of the engine for one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screening {
    /// What is asked of the review desk.
    pub verdict: Verdict,
    /// Place in the queue, 0 to 1000, higher first.
    pub priority: u32,
    /// Why, in sentences, the weightiest first.
    pub reasons: Vec<String>,
    /// All findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// The possible adverse event, if there is one.
    pub adverse_event: Option<AdverseEvent>,
    /// The hash of the rules that judged.
    pub rule_set_hash: String,
    /// Why the text could not be judged, if it could not.
    pub technical_reason: Option<String>,
}

impl Screening {
    /// A text the engine could not judge is held for a person (fail closed).
    pub(crate) fn held(rule_set_hash: &str, reason: String) -> Self {
        Self {
            verdict: Verdict::Hold,
            priority: HELD_PRIORITY,
            reasons: vec![reason.clone()],
            findings: Vec::new(),
            adverse_event: None,
            rule_set_hash: rule_set_hash.to_owned(),
            technical_reason: Some(reason),
        }
    }

    pub(crate) fn of(
        rule_set_hash: &str,
        findings: Vec<Finding>,
        adverse_event: Option<AdverseEvent>,
        set_aside: Vec<String>,
    ) -> Self {
        let worst = findings.iter().map(|f| f.severity).max();
        let serious = adverse_event
            .as_ref()
            .is_some_and(|ae| !ae.seriousness.is_empty());
        let verdict = match worst {
            _ if serious => Verdict::Escalate,
            Some(Severity::Critical) => Verdict::Escalate,
            Some(Severity::Major | Severity::Minor) => Verdict::Hold,
            Some(Severity::Info) | None => Verdict::Clear,
        };
        let mut reasons = reasons(&findings, adverse_event.as_ref());
        reasons.extend(set_aside);
        Self {
            verdict,
            priority: priority(&findings, adverse_event.as_ref()),
            reasons,
            findings,
            adverse_event,
            rule_set_hash: rule_set_hash.to_owned(),
            technical_reason: None,
        }
    }
}

/// A text that could not be judged may hide anything: before all ordinary holds.
const HELD_PRIORITY: u32 = 600;

/// The weightiest finding sets the hundreds; a case for safety and further findings move it within its band.
fn priority(findings: &[Finding], adverse_event: Option<&AdverseEvent>) -> u32 {
    let base = match findings.iter().map(|f| f.severity).max() {
        Some(Severity::Critical) => 800,
        Some(Severity::Major) => 500,
        Some(Severity::Minor) => 250,
        Some(Severity::Info) => 50,
        None => 0,
    };
    let mut priority = base;
    if let Some(ae) = adverse_event {
        // A day-0 clock runs on these whatever else is in the queue (R-PV-02).
        priority = priority.max(520);
        if !ae.seriousness.is_empty() {
            priority = priority.max(850);
        }
        priority += 20 * u32::from(ae.patient.met);
        // Named in the text weighs more than inferred.
        priority += 30 * u32::from(ae.product.met && ae.product.inferred_from.is_none());
        priority += 20 * u32::from(ae.is_valid_report());
    }
    let more = findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .count();
    priority += (more.saturating_sub(1) as u32 * 5).min(60);
    priority.min(1000)
}

fn reasons(findings: &[Finding], adverse_event: Option<&AdverseEvent>) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(ae) = adverse_event {
        let missing: Vec<&str> = [
            ("patient", ae.patient.met),
            ("product", ae.product.met),
            ("reaction", ae.reaction.met),
        ]
        .into_iter()
        .filter_map(|(name, met)| (!met).then_some(name))
        .collect();
        reasons.push(if missing.is_empty() {
            "possible adverse event: the rules found words or context for all four criteria; a person decides whether it is a valid report".to_owned()
        } else {
            format!(
                "possible adverse event; not yet known: {}",
                missing.join(", ")
            )
        });
    }
    let mut rules: Vec<&Finding> = Vec::new();
    for finding in findings {
        match rules.iter_mut().find(|f| f.rule == finding.rule) {
            Some(known) if known.severity < finding.severity => *known = finding,
            Some(_) => {}
            None => rules.push(finding),
        }
    }
    rules.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.rule.cmp(&b.rule)));
    reasons.extend(
        rules
            .iter()
            .map(|f| format!("{}: {} ({})", f.rule, f.title, f.clause)),
    );
    reasons
}
