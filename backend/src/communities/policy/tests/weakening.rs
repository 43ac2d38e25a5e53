//! Which changes need a second person, and which do not.

use super::*;
use crate::communities::roles::Role;

fn control(edit: impl FnOnce(&mut Policy)) -> Vec<(Control, String)> {
    let old = richer();
    let mut new = old.clone();
    edit(&mut new);
    weakens(&old, &new)
        .into_iter()
        .map(|one| (one.control, one.what))
        .collect()
}

/// The usual policy with something of everything.
fn richer() -> Policy {
    let mut policy = usual();
    policy.calendar = calendar("Europe/Berlin", &["2026-12-25"]);
    policy.alarms.mail_to = vec!["oncall@example.com".to_owned()];
    policy.alarms.webhook = Some("https://hooks.example.com/hortus".to_owned());
    policy.balance_texts = vec![BalanceText {
        key: "warning-us".to_owned(),
        version: 1,
        product: None,
        market: "US".to_owned(),
        language: "en".to_owned(),
        text: "See the boxed warning.".to_owned(),
    }];
    assert_eq!(policy.faults(), []);
    policy
}

#[test]
fn each_control_that_is_weakened_is_named() {
    type Edit = Box<dyn FnOnce(&mut Policy)>;
    let cases: [(Control, &str, Edit); 20] = [
        (
            Control::Deadline,
            "safety",
            Box::new(|p| p.deadlines.safety = term("25 hours")),
        ),
        (
            Control::Deadline,
            "routine",
            Box::new(|p| p.deadlines.routine = term("3 business days")),
        ),
        (
            Control::Deadline,
            "appeal",
            Box::new(|p| p.deadlines.appeal = term("6 business days")),
        ),
        (
            Control::Deadline,
            "safety",
            Box::new(|p| p.deadlines.safety = term("1 business day")),
        ),
        (
            Control::BusinessTime,
            "time_zone",
            Box::new(|p| "America/New_York".clone_into(&mut p.calendar.time_zone)),
        ),
        (
            Control::BusinessTime,
            "friday",
            Box::new(|p| p.calendar.hours.friday = None),
        ),
        (
            Control::BusinessTime,
            "2026-12-24",
            Box::new(|p| {
                p.calendar.holidays.insert(
                    0,
                    Holiday {
                        date: day("2026-12-24"),
                        name: "Eve".to_owned(),
                    },
                )
            }),
        ),
        (
            Control::SecondReview,
            "retraction",
            Box::new(|p| {
                p.second_review.remove(&Occasion::Retraction);
            }),
        ),
        (
            Control::Signature,
            "company_speaker",
            Box::new(|p| p.signature.clear()),
        ),
        (
            Control::WhoMay,
            "take_over",
            Box::new(|p| {
                p.may
                    .insert(Act::TakeOver, vec![Role::Lead, Role::Moderator]);
            }),
        ),
        (
            Control::Undo,
            "undo_seconds",
            Box::new(|p| p.undo_seconds = 0),
        ),
        (
            Control::Alarm,
            "near_minutes",
            Box::new(|p| p.alarms.near_minutes = 0),
        ),
        (
            Control::Alarm,
            "unattended_minutes",
            Box::new(|p| p.alarms.unattended_minutes = 0),
        ),
        (
            Control::Alarm,
            "unattended_minutes",
            Box::new(|p| p.alarms.unattended_minutes += 1),
        ),
        (
            Control::Alarm,
            "lead",
            Box::new(|p| p.alarms.roles = vec![Role::Administrator]),
        ),
        (Control::Alarm, "mail", Box::new(|p| p.alarms.mail = false)),
        (
            Control::Alarm,
            "mail_to",
            Box::new(|p| p.alarms.mail_to.clear()),
        ),
        (
            Control::Alarm,
            "webhook",
            Box::new(|p| p.alarms.webhook = None),
        ),
        (
            Control::Quality,
            "share_percent",
            Box::new(|p| p.quality.share_percent = 1),
        ),
        (
            Control::BalanceText,
            "warning-us",
            Box::new(|p| "All is well.".clone_into(&mut p.balance_texts[0].text)),
        ),
    ];
    for (expected, what, edit) in cases {
        let named = control(edit);
        assert!(
            named.contains(&(expected, what.to_owned())),
            "{expected:?} {what}: {named:?}"
        );
    }
}

#[test]
fn what_strengthens_or_only_words_changes_alone() {
    type Edit = Box<dyn FnOnce(&mut Policy)>;
    let cases: [Edit; 12] = [
        Box::new(|_| {}),
        Box::new(|p| p.deadlines.safety = term("12 hours")),
        Box::new(|p| p.deadlines.routine = term("1 business day")),
        Box::new(|p| p.calendar.hours.saturday = opening("09:00", "12:00")),
        Box::new(|p| p.calendar.holidays.clear()),
        Box::new(|p| {
            p.may.insert(Act::Reject, vec![Role::Lead]);
        }),
        Box::new(|p| p.undo_seconds = 60),
        Box::new(|p| p.alarms.near_minutes = 600),
        Box::new(|p| p.alarms.unattended_minutes = 10),
        Box::new(|p| p.quality.share_percent = 100),
        Box::new(|p| p.balance_texts.clear()),
        Box::new(|p| "Write it otherwise.".clone_into(&mut p.reasons[0].remedy)),
    ];
    for (at, edit) in cases.into_iter().enumerate() {
        assert_eq!(control(edit), [], "case {at}");
    }
}

#[test]
fn a_new_alarm_where_there_was_none_strengthens() {
    let mut old = usual();
    old.alarms.unattended_minutes = 0;
    let mut new = old.clone();
    new.alarms.unattended_minutes = 500;
    assert_eq!(weakens(&old, &new), []);
}

#[test]
fn the_differences_are_named_field_by_field() {
    let old = richer();
    let mut new = old.clone();
    new.deadlines.safety = term("12 hours");
    new.calendar.holidays.clear();
    new.second_review.remove(&Occasion::Retraction);
    "Look at the label.".clone_into(&mut new.balance_texts[0].text);
    let paths: Vec<String> = changes(&old, &new)
        .into_iter()
        .map(|one| one.path)
        .collect();
    assert_eq!(
        paths,
        [
            "balance_texts.warning-us.text",
            "calendar.holidays.2026-12-25.date",
            "calendar.holidays.2026-12-25.name",
            "deadlines.safety",
            "second_review",
        ]
    );
    assert_eq!(changes(&old, &old), []);
}

#[test]
fn the_record_of_a_change_has_values_but_no_words() {
    let old = richer();
    let mut new = old.clone();
    new.undo_seconds = 9;
    "Look at the label.".clone_into(&mut new.balance_texts[0].text);
    new.alarms.mail_to = vec!["ada@example.com".to_owned()];
    let recorded = super::super::changes::recorded(&changes(&old, &new)).to_string();
    for word in ["label", "boxed", "example.com"] {
        assert!(!recorded.contains(word), "{recorded}");
    }
    assert!(
        recorded.contains(r#""undo_seconds":{"new":9,"old":5}"#),
        "{recorded}"
    );
}

#[test]
fn a_text_has_the_number_of_the_policy_in_which_it_began_to_say_this() {
    let old = richer();
    let mut new = old.clone();
    new.balance_texts[0].version = 77;
    let same = new.clone().numbered(&old, 5);
    assert_eq!(same.balance_texts[0].version, 1);
    "Look at the label.".clone_into(&mut new.balance_texts[0].text);
    assert_eq!(new.numbered(&old, 5).balance_texts[0].version, 5);
}

#[test]
fn a_policy_that_makes_no_sense_is_refused_by_field() {
    let mut policy = richer();
    policy.undo_seconds = 301;
    policy.quality.share_percent = 101;
    policy.may.insert(Act::Release, vec![Role::Member]);
    policy.may.insert(Act::Reject, vec![]);
    policy.alarms.mail_to.push("nobody".to_owned());
    policy.reasons.push(policy.reasons[0].clone());
    policy.balance_texts[0].text = "a\u{202E}b".to_owned();
    policy.author_templates.push(AuthorTemplate {
        key: "Too loud".to_owned(),
        version: 0,
        reason: Some("because".to_owned()),
        language: "en".to_owned(),
        words: " ".to_owned(),
    });
    let fields: Vec<String> = policy
        .faults()
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [
            "may.release",
            "may.reject",
            "undo_seconds",
            "alarms.mail_to.1",
            "quality.share_percent",
            "reasons.9",
            "author_templates.0",
            "author_templates.0.reason",
            "author_templates.0.words",
            "balance_texts.0.text",
        ]
    );
}
