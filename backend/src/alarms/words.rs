//! What an alarm says outside of the app: places and times, and no word of a member.

use serde_json::{Value, json};

use super::raise::{Named, Raised};
use crate::clock::Timestamp;
use crate::communities::{Community, RiskClass};
use crate::notices::{Letter, NoticeKind};
use crate::review::Field;

/// The mail.
pub(super) fn letter(place: &Community, alarm: &Raised, url: &str) -> Letter {
    let many = |one: &str, several: &str| match alarm.count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    };
    let what = match alarm.kind {
        NoticeKind::DeadlineMissed => many("decision is overdue", "decisions are overdue"),
        NoticeKind::DeadlineNear => many("decision is due soon", "decisions are due soon"),
        NoticeKind::AnswerMissed => many("answer is overdue", "answers are overdue"),
        NoticeKind::AnswerNear => many("answer is due soon", "answers are due soon"),
        NoticeKind::Referred => "a question waits for your answer".to_owned(),
        NoticeKind::Disagreement => "two reviewers disagree".to_owned(),
        NoticeKind::SigningLocked => "somebody failed to sign too often".to_owned(),
        NoticeKind::PolicyProposed => "a change of policy waits for a second person".to_owned(),
        _ => format!("{} and nobody works", many("text waits", "texts wait")),
    };
    let mut lines = vec![format!("In {}, {what}.", place.name), String::new()];
    if let Some(since) = alarm.since {
        lines.push(format!(
            "Nobody has worked at the desk since {}.",
            shown(since)
        ));
        lines.push(format!("{url}/review"));
    }
    if alarm.kind == NoticeKind::SigningLocked {
        lines.push(
            "Their signing is locked for a while and the session that the attempts came from was ended."
                .to_owned(),
        );
        lines.push(format!("{url}/admin/{}/signers", place.slug));
    }
    for item in alarm.named() {
        let due = shown(item.due_at);
        let what = item.risk.map(RiskClass::word);
        let what = what.or_else(|| item.field.map(Field::word));
        let what = what.map_or_else(String::new, |what| format!(" ({what})"));
        lines.push(format!("{}{what}: due {due}", address(item, url)));
    }
    let more = alarm.items.len() - alarm.named().len();
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.push(String::new());
    lines.push(format!(
        "The policy of this community says who is told: {url}/admin/{}/policy",
        place.slug
    ));
    Letter {
        subject: format!("[Hortus] {}: {what}", place.name),
        body: lines.join("\n"),
    }
}

/// What the webhook is sent.
pub(super) fn message(place: &Community, alarm: &Raised, url: &str, now: Timestamp) -> Value {
    let items: Vec<Value> = alarm
        .named()
        .iter()
        .map(|item| {
            json!({
                "due_at": item.due_at,
                "id": item.id,
                "risk": item.risk,
                "to": item.field,
                "url": address(item, url),
            })
        })
        .collect();
    json!({
        "community": { "id": place.id, "slug": place.slug },
        "count": alarm.count,
        "items": items,
        "kind": alarm.kind,
        "raised_at": now,
        "since": alarm.since,
    })
}

/// Where it is looked at.
fn address(item: &Named, url: &str) -> String {
    let page = match item.field {
        Some(_) => "referrals",
        None => "review",
    };
    format!("{url}/{page}/{}", item.id)
}

/// To the minute, in UTC.
fn shown(at: Timestamp) -> String {
    let text: String = at.rfc3339().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}
