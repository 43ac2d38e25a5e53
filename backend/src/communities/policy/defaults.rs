//! The policy of a community that has not put one in force: what the settings say.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::calendar::{Calendar, Opening, TimeOfDay, Week};
use super::document::{Act, Alarms, Deadlines, Moderation, Occasion, Policy, Quality, Reason};
use super::term::Term;
use crate::communities::roles::Role;
use crate::config;

/// Why texts are refused, and what their authors may do: code, name, remedy.
const REASONS: [(&str, &str, &str); 9] = [
    (
        "fair_balance",
        "Benefit without risk",
        "Say in the same place what the risks are, or leave the benefit out.",
    ),
    (
        "off_label",
        "Use that is not on the label",
        "Leave out the use that is not authorised, or ask our medical information service.",
    ),
    (
        "adverse_event_detail",
        "Detail of a side effect",
        "Tell our safety team about the side effect; leave the details out here.",
    ),
    (
        "privacy",
        "Could identify a person",
        "Leave out names, dates, places and whatever else could identify somebody.",
    ),
    (
        "conduct",
        "Hurts, threatens, sells or spams",
        "Say it without hurting or selling to anybody.",
    ),
    (
        "off_topic",
        "Belongs elsewhere",
        "Write it where it belongs, or start a thread of its own.",
    ),
    (
        "duplicate",
        "Was said before",
        "Reply in the thread where it was said.",
    ),
    (
        "unclear",
        "Cannot be understood",
        "Say it in other words, with what a reader needs to know.",
    ),
    (
        "other",
        "For another reason",
        "The words of the reviewer say what to do.",
    ),
];

impl Policy {
    /// The policy of these settings.
    ///
    /// # Errors
    /// Names the settings that make no sense.
    pub fn of_settings(settings: &config::Policy) -> Result<Self, String> {
        let mut faults = Vec::new();
        let policy = read(settings, &mut faults);
        faults.extend(
            policy
                .faults()
                .into_iter()
                .map(|(field, reason)| format!("`policy` ({field}): {reason}")),
        );
        if faults.is_empty() {
            Ok(policy)
        } else {
            Err(format!(
                "these settings make no sense:\n  {}",
                faults.join("\n  ")
            ))
        }
    }
}

fn read(settings: &config::Policy, faults: &mut Vec<String>) -> Policy {
    let opening = Opening {
        opens: time("opens", &settings.opens, faults),
        closes: time("closes", &settings.closes, faults),
    };
    let mut hours = Week::default();
    for day in &settings.business_days {
        let slot = match day.as_str() {
            "monday" => &mut hours.monday,
            "tuesday" => &mut hours.tuesday,
            "wednesday" => &mut hours.wednesday,
            "thursday" => &mut hours.thursday,
            "friday" => &mut hours.friday,
            "saturday" => &mut hours.saturday,
            "sunday" => &mut hours.sunday,
            _ => {
                faults.push(format!(
                    "`policy.business_days`: `{day}` is no day; write monday"
                ));
                continue;
            }
        };
        *slot = Some(opening);
    }
    let mut term = |name: &str, text: &str| {
        Term::from_str(text).unwrap_or_else(|reason| {
            faults.push(format!("`policy.{name}`: {reason}"));
            Term::HOUR
        })
    };
    let deadlines = Deadlines {
        safety: term("due_safety", &settings.due_safety),
        promotion: term("due_promotion", &settings.due_promotion),
        routine: term("due_routine", &settings.due_routine),
        escalated: term("due_escalated", &settings.due_escalated),
        referral: term("due_referral", &settings.due_referral),
        appeal: term("due_appeal", &settings.due_appeal),
    };
    Policy {
        moderation: Moderation::PreModeration,
        calendar: Calendar {
            time_zone: settings.time_zone.clone(),
            hours,
            holidays: Vec::new(),
        },
        deadlines,
        second_review: words(
            "second_review",
            &settings.second_review,
            Occasion::from_word,
            faults,
        ),
        signature: words(
            "signature",
            &settings.signature,
            Occasion::from_word,
            faults,
        ),
        may: Act::ALL
            .into_iter()
            .map(|act| (act, act.usual().to_vec()))
            .collect::<BTreeMap<_, _>>(),
        undo_seconds: settings.undo_seconds,
        alarms: Alarms {
            near_minutes: settings.near_minutes,
            unattended_minutes: settings.unattended_minutes,
            roles: words("alarm_roles", &settings.alarm_roles, role, faults)
                .into_iter()
                .collect(),
            mail: settings.alarm_mail,
            mail_to: Vec::new(),
            webhook: None,
        },
        quality: Quality {
            share_percent: settings.quality_share_percent,
        },
        reasons: REASONS
            .into_iter()
            .map(|(code, name, remedy)| Reason {
                code: code.to_owned(),
                name: name.to_owned(),
                remedy: remedy.to_owned(),
            })
            .collect(),
        author_templates: Vec::new(),
        balance_texts: Vec::new(),
    }
}

fn role(word: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.word() == word)
}

fn time(name: &str, text: &str, faults: &mut Vec<String>) -> TimeOfDay {
    TimeOfDay::try_from(text.to_owned()).unwrap_or_else(|reason| {
        faults.push(format!("`policy.{name}`: {reason}"));
        TimeOfDay::MIDNIGHT
    })
}

fn words<T: Ord>(
    name: &str,
    given: &[String],
    known: impl Fn(&str) -> Option<T>,
    faults: &mut Vec<String>,
) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    for word in given {
        match known(word) {
            Some(one) => {
                found.insert(one);
            }
            None => faults.push(format!("`policy.{name}`: nothing is called `{word}`")),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn policy(flags: &[(&str, String)]) -> Result<Policy, String> {
        let settings = Settings::read(None, flags).unwrap();
        Policy::of_settings(&settings.policy)
    }

    #[test]
    fn the_embedded_defaults_are_a_policy_in_which_safety_is_due_within_a_day() {
        let policy = policy(&[]).unwrap();
        assert_eq!(policy.deadlines.safety.to_string(), "24 hours");
        assert_eq!(policy.second_review.len(), Occasion::ALL.len());
        assert!(policy.knows_reason("off_label"));
    }

    #[test]
    fn settings_that_make_no_policy_are_named_all_at_once() {
        let refused = policy(&[
            ("policy.time_zone", "Mars/Olympus".to_owned()),
            ("policy.due_safety", "soon".to_owned()),
            ("policy.opens", "9".to_owned()),
        ]);
        let refused = refused.unwrap_err();
        for named in ["time_zone", "due_safety", "policy.opens"] {
            assert!(refused.contains(named), "{refused}");
        }
    }
}
