//! What an alarm says outside of the app: places and times, and no word of a member.

use serde_json::{Value, json};

use super::raise::Raised;
use crate::clock::Timestamp;
use crate::communities::Community;
use crate::notices::{Letter, NoticeKind};

/// The mail.
pub(super) fn letter(place: &Community, alarm: &Raised, url: &str) -> Letter {
    let many = |one: &str, several: &str| match alarm.count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    };
    let what = match alarm.kind {
        NoticeKind::DeadlineMissed => many("decision is overdue", "decisions are overdue"),
        NoticeKind::DeadlineNear => many("decision is due soon", "decisions are due soon"),
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
    for item in alarm.named() {
        let due = shown(item.due_at);
        let risk = item.risk.word();
        lines.push(format!("{url}/review/{} ({risk}): due {due}", item.id));
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
                "url": format!("{url}/review/{}", item.id),
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

/// To the minute, in UTC.
fn shown(at: Timestamp) -> String {
    let text: String = at.rfc3339().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}
