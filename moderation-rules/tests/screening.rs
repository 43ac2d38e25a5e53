//! What a screening promises, told through the public face of the crate.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{RuleSet, Screening, Submission, Verdict};
use zelvoria::{RULES, patients, screen};

#[test]
fn a_harmless_text_is_clear() {
    let screening = screen("Thank you all for the kind welcome.", &patients());
    assert_eq!(screening.verdict, Verdict::Clear);
    assert_eq!(screening.priority, 0);
    assert!(screening.findings.is_empty());
    assert!(screening.adverse_event.is_none());
    assert!(screening.technical_reason.is_none());
}

#[test]
fn a_product_in_the_text_is_evidence_with_its_place_and_raises_the_priority() {
    let named = screen("Zelvoria gave me a rash.", &patients());
    let unnamed = screen("It gave me a rash.", &patients());
    let product = named.adverse_event.as_ref().unwrap().product.clone();
    assert_eq!((product.start, product.end), (Some(0), Some(8)));
    assert_eq!(product.inferred_from, None);
    assert!(named.priority > unnamed.priority);
}

#[test]
fn a_full_case_is_named_as_found_by_rules_and_left_to_a_person() {
    let reasons = screen("Zelvoria gave me a rash.", &patients()).reasons;
    let first = reasons.first().unwrap();
    assert!(
        first.contains("all four criteria") && first.contains("a person decides"),
        "{first}"
    );
}

#[test]
fn a_text_too_long_for_rules_is_held_for_a_person() {
    let body = "a".repeat(300 << 10);
    let screening = screen(&body, &patients());
    assert_eq!(screening.verdict, Verdict::Hold);
    assert!(screening.technical_reason.is_some());
}

#[test]
fn ten_times_the_text_takes_about_ten_times_the_work() {
    // Counted in findings, not in seconds: hits, cues and exceptions side by side, over and over.
    let unit = "no rash but a terrible rash, tired of this, a rage against Zelvoria from Boston, not only rash ";
    let count = |times: usize| screen(&unit.repeat(times), &patients()).findings.len();
    let few = count(20);
    assert!(few > 20);
    assert!(count(2_000).abs_diff(few * 100) < few * 10);
}

#[test]
fn the_same_text_context_and_packs_give_the_same_bytes() {
    let again = RuleSet::shipped().unwrap();
    assert_eq!(again.hash(), RULES.hash());
    let body = "Dr. Helen Marsh gave me Zelvoria; I had a rash, hives and 3 bad nights.";
    let submission = Submission {
        title: Some("My month"),
        body,
    };
    let first = serde_json::to_string(&RULES.screen(&submission, &patients())).unwrap();
    let second = serde_json::to_string(&again.screen(&submission, &patients())).unwrap();
    assert_eq!(first, second);
    let back: Screening = serde_json::from_str(&first).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), first);
}
