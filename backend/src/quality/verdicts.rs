//! What people made of what a rule found: whether the last word on a text confirmed the finding or overturned it.
//!
//! A finding is confirmed where the text was refused, retracted or balanced for a reason of its family; overturned where
//! readers see the text as it stood. What was refused for another reason says nothing of it. Of an adverse event the
//! disposition of the case speaks, and nothing else: such a text may well be released.

use moderation_rules::{Family, Severity};
use serde::Deserialize;

use crate::posts::Action;
use crate::review::{Judged, Origin};

/// What was made of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The people saw it as the rule did.
    Confirmed,
    /// They did not.
    Overturned,
    /// What they decided says nothing of it.
    Undecided,
}

/// The part of a finding that figures count.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Found {
    /// The code of the rule.
    pub rule: String,
    /// The kind of concern.
    pub family: Family,
    /// How much it weighs.
    pub severity: Severity,
    /// The words.
    pub matched: String,
}

/// The findings of a stored screening that weigh more than a remark: one for each rule, however many places it has.
pub fn found(screening: &str) -> Vec<Found> {
    #[derive(Deserialize)]
    struct Stored {
        findings: Vec<Found>,
    }
    let stored: Option<Stored> = serde_json::from_str(screening).ok();
    let mut found: Vec<Found> = stored.map(|stored| stored.findings).unwrap_or_default();
    found.retain(|one| one.severity > Severity::Info);
    found.sort_by(|a, b| a.rule.cmp(&b.rule));
    found.dedup_by(|a, b| a.rule == b.rule);
    found
}

/// The last word on a text: the last decision with effect that says something of it. An appeal that was turned down leaves
/// the word to the rejection.
pub fn last_word(decisions: &[Judged]) -> Option<&Judged> {
    let speaks = |one: &&Judged| {
        let origin = Origin::from_word(&one.item.origin);
        origin.is_some_and(Origin::has_effect) && one.decision.action != Action::Uphold.word()
    };
    decisions.iter().rfind(speaks)
}

/// What the last word on the text, and the disposition of its case, make of a finding of this family.
pub fn verdict(family: Family, last: Option<&Judged>, disposition: Option<&str>) -> Verdict {
    if family == Family::AdverseEvent {
        return match disposition {
            Some("not_adverse_event") => Verdict::Overturned,
            Some(_) => Verdict::Confirmed,
            None => Verdict::Undecided,
        };
    }
    let Some(decision) = last.map(|last| &last.decision) else {
        return Verdict::Undecided;
    };
    let for_it = decision.reason_code.as_deref() == Some(reason_of(family));
    match decision.action.as_str() {
        "release" | "keep" | "overturn" => Verdict::Overturned,
        "release_with_balance" if family == Family::FairBalance => Verdict::Confirmed,
        "redact_and_release" if family == Family::Privacy => Verdict::Confirmed,
        "release_with_balance" | "redact_and_release" => Verdict::Overturned,
        "request_changes" | "reject" | "retract" if for_it => Verdict::Confirmed,
        _ => Verdict::Undecided,
    }
}

/// The reason code that names this concern.
const fn reason_of(family: Family) -> &'static str {
    match family {
        Family::FairBalance => "fair_balance",
        Family::AdverseEvent => "adverse_event_detail",
        Family::OffLabel => "off_label",
        Family::Privacy => "privacy",
        Family::Conduct => "conduct",
    }
}
