//! What figures are made of: second looks, blind pairs, and what became of findings.

use std::collections::HashMap;

use moderation_rules::Family;
use uuid::Uuid;

use super::looks::{Kind, blind_pairs, looks};
use super::verdicts::{Verdict, found, last_word, verdict};
use crate::review::{Assessment, Decision, Judged, Origin, ReviewItem};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn item(number: u128, origin: Origin) -> ReviewItem {
    ReviewItem {
        id: id(number),
        revision_id: id(1),
        origin: origin.word().to_owned(),
        post_id: id(2),
        community_id: id(3),
        author_id: id(4),
        screening_id: id(5),
        rule_set_hash: String::new(),
        verdict: "hold".to_owned(),
        priority: 0,
        families: String::new(),
        risk: "routine".to_owned(),
        severity: None,
        product_id: None,
        language: "en".to_owned(),
        speaker: "patient".to_owned(),
        organisation: None,
        submitted_at: 0,
        due_at: 0,
        state: "decided".to_owned(),
        claimed_by: None,
        claimed_until: None,
        fence: 1,
    }
}

/// A decision by this person on the item of this number.
fn judged(number: u128, origin: Origin, by: u128, action: &str, reason: Option<&str>) -> Judged {
    Judged {
        item: item(number, origin),
        decision: Decision {
            id: id(1_000 + number),
            item_id: id(number),
            assessment_id: id(2_000 + number),
            revision_id: id(1),
            revision_hash: String::new(),
            rule_set_hash: String::new(),
            action: action.to_owned(),
            reason_code: reason.map(str::to_owned),
            words: None,
            decided_by: id(by),
            decided_by_commitment: String::new(),
            role: "moderator".to_owned(),
            decided_at: 0,
        },
    }
}

fn said(item: u128, number: i64, by: u128, action: &str) -> Assessment {
    Assessment {
        id: id(5_000 + item * 10 + u128::try_from(number).unwrap()),
        item_id: id(item),
        number,
        revision_id: id(1),
        revision_hash: String::new(),
        rule_set_hash: String::new(),
        action: action.to_owned(),
        reason_code: None,
        words: None,
        balance_key: None,
        balance_version: None,
        balance_text: None,
        tombstone: None,
        particulars: None,
        signature_id: None,
        assessed_by: id(by),
        assessed_by_commitment: String::new(),
        role: "moderator".to_owned(),
        assessed_at: 0,
        settles_at: None,
    }
}

/// What a decision makes of a finding of privacy.
fn privacy(decisions: &[Judged]) -> Verdict {
    verdict(Family::Privacy, last_word(decisions), None)
}

#[test]
fn a_finding_is_confirmed_for_its_reason_overturned_by_a_release_and_else_undecided() {
    let one = |action, reason| [judged(1, Origin::Submission, 7, action, reason)];
    assert_eq!(privacy(&one("reject", Some("privacy"))), Verdict::Confirmed);
    assert_eq!(
        privacy(&one("request_changes", Some("conduct"))),
        Verdict::Undecided
    );
    assert_eq!(privacy(&one("release", None)), Verdict::Overturned);
    assert_eq!(
        privacy(&one("release_with_balance", None)),
        Verdict::Overturned
    );
    assert_eq!(
        privacy(&one("redact_and_release", None)),
        Verdict::Confirmed
    );
    let balanced = one("release_with_balance", None);
    let of_balance = verdict(Family::FairBalance, last_word(&balanced), None);
    assert_eq!(of_balance, Verdict::Confirmed);
    assert_eq!(privacy(&one("split", None)), Verdict::Undecided);
    assert_eq!(privacy(&[]), Verdict::Undecided);
}

#[test]
fn a_later_decision_has_the_last_word_unless_it_has_no_effect_or_turns_an_appeal_down() {
    let rejected = judged(1, Origin::Submission, 7, "reject", Some("privacy"));
    let appeal = |action| judged(2, Origin::Appeal, 8, action, None);
    assert_eq!(
        privacy(&[rejected.clone(), appeal("overturn")]),
        Verdict::Overturned
    );
    assert_eq!(
        privacy(&[rejected.clone(), appeal("uphold")]),
        Verdict::Confirmed
    );
    let sample = judged(3, Origin::Sample, 9, "release", None);
    assert_eq!(privacy(&[rejected, sample]), Verdict::Confirmed);
    let released = judged(1, Origin::Submission, 7, "release", None);
    let retracted = judged(4, Origin::Report, 8, "retract", Some("privacy"));
    assert_eq!(privacy(&[released, retracted]), Verdict::Confirmed);
}

/// R-PV-30: whether it was an adverse event is said by the disposition, not by the decision on the text.
#[test]
fn of_an_adverse_event_the_disposition_speaks_and_nothing_else() {
    let released = [judged(1, Origin::Submission, 7, "release", None)];
    let of = |disposition| verdict(Family::AdverseEvent, last_word(&released), disposition);
    assert_eq!(of(Some("adverse_event")), Verdict::Confirmed);
    assert_eq!(of(Some("special_situation")), Verdict::Confirmed);
    assert_eq!(of(Some("not_adverse_event")), Verdict::Overturned);
    assert_eq!(of(None), Verdict::Undecided);
}

#[test]
fn a_rule_is_counted_once_in_a_text_and_remarks_are_not() {
    let one = |rule: &str, severity: &str| {
        format!(
            r#"{{"rule":"{rule}","family":"privacy","severity":"{severity}","matched":"x","score":0.1}}"#
        )
    };
    let findings = [
        one("PR-2", "major"),
        one("PR-1", "minor"),
        one("PR-2", "minor"),
        one("PR-3", "info"),
    ];
    let stored = format!(r#"{{"findings":[{}]}}"#, findings.join(","));
    let codes: Vec<String> = found(&stored).into_iter().map(|one| one.rule).collect();
    assert_eq!(codes, ["PR-1", "PR-2"]);
    assert!(found("{").is_empty());
}

#[test]
fn four_eyes_a_sample_an_appeal_and_a_report_are_second_looks() {
    let decisions = [
        judged(1, Origin::Submission, 30, "reject", None),
        judged(2, Origin::Sample, 9, "release", None),
        judged(3, Origin::Appeal, 8, "overturn", None),
        judged(4, Origin::Report, 7, "keep", None),
        judged(5, Origin::Golden, 6, "reject", None),
    ];
    let of_first = vec![
        said(1, 1, 10, "release"),
        said(1, 2, 20, "reject"),
        said(1, 3, 30, "reject"),
    ];
    let all: HashMap<Uuid, Vec<Assessment>> = [(id(1), of_first)].into();
    let seen: Vec<(Kind, u128, bool)> = looks(&decisions, &all)
        .iter()
        .map(|look| (look.kind, look.first_by.as_u128(), look.overturned))
        .collect();
    assert_eq!(
        seen,
        [
            (Kind::FourEyes, 10, true),
            (Kind::FourEyes, 20, false),
            (Kind::Sample, 30, true),
            (Kind::Appeal, 30, true),
            (Kind::Reopened, 8, false),
        ]
    );
    let pairs: Vec<(u128, u128)> = blind_pairs(&decisions, &all)
        .iter()
        .map(|pair| (pair.first.0.as_u128(), pair.second.0.as_u128()))
        .collect();
    assert_eq!(
        pairs,
        [(10, 20), (30, 9)],
        "the lead who settles knows both"
    );
}
