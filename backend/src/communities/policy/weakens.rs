//! Which controls a change of policy weakens. Such a change needs a second person.
//!
//! INVARIANT: what is not named here makes no deadline later, takes no second reviewer, signature or alarm away, and
//! gives no role more. It may name more than that: then a person looks at a change that was harmless.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::{Act, BalanceText, Policy};
use crate::communities::roles::stored_words;

/// A control that a change may weaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Something is due later.
    Deadline,
    /// Business time is counted otherwise, so that something may be due later.
    BusinessTime,
    /// No second reviewer is needed any more.
    SecondReview,
    /// No signature is needed any more.
    Signature,
    /// More roles may do something.
    WhoMay,
    /// There is less time to take a decision back.
    Undo,
    /// An alarm comes later, reaches fewer, or not at all.
    Alarm,
    /// Fewer decisions are looked at again.
    Quality,
    /// A text of the company that readers see without further review is new or another.
    BalanceText,
}

stored_words!(Control {
    Deadline => "deadline",
    BusinessTime => "business_time",
    SecondReview => "second_review",
    Signature => "signature",
    WhoMay => "who_may",
    Undo => "undo",
    Alarm => "alarm",
    Quality => "quality",
    BalanceText => "balance_text",
});

/// One weakening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Weakening {
    /// The control.
    pub control: Control,
    /// Which one: the class of a deadline, the occasion, the act, the name of a text.
    pub what: String,
    /// What held before.
    pub old: String,
    /// What would hold.
    pub new: String,
}

/// The controls that `new` weakens.
pub fn weakens(old: &Policy, new: &Policy) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut add = |control, what: &str, old: String, new: String| {
        let what = what.to_owned();
        found.push(Weakening {
            control,
            what,
            old,
            new,
        });
    };
    for ((what, before), (_, after)) in old.deadlines.named().into_iter().zip(new.deadlines.named())
    {
        if after.may_end_later_than(before) {
            add(
                Control::Deadline,
                what,
                before.to_string(),
                after.to_string(),
            );
        }
    }
    if new
        .deadlines
        .named()
        .iter()
        .any(|(_, term)| term.is_business())
    {
        business_time(old, new, &mut add);
    }
    for (control, before, after) in [
        (
            Control::SecondReview,
            &old.second_review,
            &new.second_review,
        ),
        (Control::Signature, &old.signature, &new.signature),
    ] {
        for occasion in before.difference(after) {
            add(
                control,
                occasion.word(),
                "needed".to_owned(),
                "not needed".to_owned(),
            );
        }
    }
    for act in Act::ALL {
        let (before, after) = (old.roles_for(act), new.roles_for(act));
        if after.iter().any(|role| !before.contains(role)) {
            let named = |roles: &[crate::communities::roles::Role]| {
                let words: Vec<_> = roles.iter().map(|role| role.word()).collect();
                words.join(", ")
            };
            add(Control::WhoMay, act.word(), named(before), named(after));
        }
    }
    if new.undo_seconds < old.undo_seconds {
        let seconds = |count: u32| format!("{count} seconds");
        add(
            Control::Undo,
            "undo_seconds",
            seconds(old.undo_seconds),
            seconds(new.undo_seconds),
        );
    }
    alarms(old, new, &mut add);
    if new.quality.share_percent < old.quality.share_percent {
        let share = |percent: u32| format!("{percent} %");
        add(
            Control::Quality,
            "share_percent",
            share(old.quality.share_percent),
            share(new.quality.share_percent),
        );
    }
    for text in &new.balance_texts {
        let before = old.balance_text(&text.key);
        if before.is_none_or(|before| !before.says_the_same(text)) {
            let version = |text: &BalanceText| format!("version {}", text.version);
            add(
                Control::BalanceText,
                &text.key,
                before.map_or_else(|| "none".to_owned(), version),
                version(text),
            );
        }
    }
    found
}

fn business_time(old: &Policy, new: &Policy, add: &mut impl FnMut(Control, &str, String, String)) {
    let (before, after) = (&old.calendar, &new.calendar);
    if before.time_zone != after.time_zone {
        add(
            Control::BusinessTime,
            "time_zone",
            before.time_zone.clone(),
            after.time_zone.clone(),
        );
    }
    for ((day, was), (_, is)) in before.hours.days().into_iter().zip(after.hours.days()) {
        // A day that was closed and opens makes nothing later; other hours may.
        if was.is_some() && was != is {
            let shown = |opening: Option<super::calendar::Opening>| {
                opening.map_or_else(|| "closed".to_owned(), |one| one.to_string())
            };
            add(Control::BusinessTime, day, shown(was), shown(is));
        }
    }
    let known: BTreeSet<_> = before.holidays.iter().map(|holiday| holiday.date).collect();
    for holiday in &after.holidays {
        if !known.contains(&holiday.date) {
            let what = holiday.date.to_string();
            add(
                Control::BusinessTime,
                &what,
                "no holiday".to_owned(),
                "holiday".to_owned(),
            );
        }
    }
}

fn alarms(old: &Policy, new: &Policy, add: &mut impl FnMut(Control, &str, String, String)) {
    let (before, after) = (&old.alarms, &new.alarms);
    let minutes = |count: u32| match count {
        0 => "off".to_owned(),
        count => format!("{count} minutes"),
    };
    if after.near_minutes < before.near_minutes {
        add(
            Control::Alarm,
            "near_minutes",
            minutes(before.near_minutes),
            minutes(after.near_minutes),
        );
    }
    let silence = |count: u32| if count == 0 { u32::MAX } else { count };
    if silence(after.unattended_minutes) > silence(before.unattended_minutes) {
        add(
            Control::Alarm,
            "unattended_minutes",
            minutes(before.unattended_minutes),
            minutes(after.unattended_minutes),
        );
    }
    for role in &before.roles {
        if !after.roles.contains(role) {
            add(
                Control::Alarm,
                role.word(),
                "is told".to_owned(),
                "is not told".to_owned(),
            );
        }
    }
    if before.mail && !after.mail {
        add(Control::Alarm, "mail", "on".to_owned(), "off".to_owned());
    }
    let gone = before
        .mail_to
        .iter()
        .filter(|one| !after.mail_to.contains(one));
    for _ in gone {
        // Whose address it was is in the policy; what is weakened is said without it.
        add(
            Control::Alarm,
            "mail_to",
            "is told".to_owned(),
            "is not told".to_owned(),
        );
    }
    if before.webhook.is_some() && before.webhook != after.webhook {
        let shown = |url: &Option<String>| url.clone().unwrap_or_else(|| "none".to_owned());
        add(
            Control::Alarm,
            "webhook",
            shown(&before.webhook),
            shown(&after.webhook),
        );
    }
}
