//! How words are meant: denied, asked, feared, quoted, past, relieved, or the illness itself.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{Severity, Status, Verdict};
use zelvoria::{patients, screen};

#[test]
fn what_is_denied_is_told_as_a_reason_and_is_no_finding() {
    // R-PV-15: read lower, never lost.
    let screening = screen("I have had no rash and no nausea.", &patients());
    assert_eq!(screening.verdict, Verdict::Clear);
    assert!(screening.adverse_event.is_none());
    assert!(
        screening.reasons.iter().any(|r| r.contains("denied")),
        "{:?}",
        screening.reasons
    );
}

#[test]
fn a_denial_ends_at_a_but() {
    let screening = screen("No nausea, but I have a terrible rash.", &patients());
    let event = screening.adverse_event.unwrap();
    assert!(event.reaction.evidence.unwrap().contains("rash"));
}

#[test]
fn a_question_is_shown_lower_and_opens_no_case() {
    let screening = screen("Does it cause nausea?", &patients());
    let finding = screening.findings.first().unwrap();
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.status.contains(&Status::Question));
    assert!(screening.adverse_event.is_none());
}
