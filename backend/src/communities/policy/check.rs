//! Which policies make sense. Everything that does not is told at once, by field.

use std::collections::BTreeSet;

use super::document::{Act, Policy};
use crate::communities::roles::Role;
use crate::identity::Email;

/// A field and what is wrong with it.
pub type Fault = (String, String);

/// Longest time in which a decision may be taken back: a release may not wait long for nobody.
const LONGEST_UNDO_SECONDS: u32 = 300;
const WEEK_MINUTES: u32 = 7 * 24 * 60;
const MOST_ENTRIES: usize = 200;
const MOST_HOLIDAYS: usize = 400;
const MOST_ADDRESSES: usize = 20;
const LONGEST_NAME: usize = 80;
const LONGEST_WORDS: usize = 2000;

impl Policy {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = self.calendar.faults();
        let mut refuse_if = |wrong: bool, field: String, reason: &str| {
            if wrong {
                faults.push((field, reason.to_owned()));
            }
        };
        refuse_if(
            self.calendar.holidays.len() > MOST_HOLIDAYS,
            "calendar.holidays".to_owned(),
            "name at most 400 holidays; leave out those that are long past",
        );
        for (at, holiday) in self.calendar.holidays.iter().enumerate() {
            refuse_if(
                !is_short(&holiday.name),
                format!("calendar.holidays.{at}.name"),
                "write 1 to 80 characters",
            );
        }
        for (name, term) in self.deadlines.named() {
            if let Some(reason) = term.fault() {
                refuse_if(true, format!("deadlines.{name}"), &reason);
            }
        }
        for act in Act::ALL {
            let roles = self.roles_for(act);
            let known: BTreeSet<_> = roles.iter().collect();
            refuse_if(
                roles.is_empty() || known.len() != roles.len(),
                format!("may.{}", act.word()),
                "name at least one role, each once",
            );
            let desk = match act {
                Act::AnswerReferral | Act::ReadSealed => act.usual(),
                _ => Act::Release.usual(),
            };
            refuse_if(
                roles.iter().any(|role| !desk.contains(role)),
                format!("may.{}", act.word()),
                "name roles of the review desk only",
            );
        }
        refuse_if(
            self.undo_seconds > LONGEST_UNDO_SECONDS,
            "undo_seconds".to_owned(),
            "write 0 to 300 seconds",
        );
        let alarms = &self.alarms;
        for (name, minutes) in [
            ("near_minutes", alarms.near_minutes),
            ("unattended_minutes", alarms.unattended_minutes),
        ] {
            refuse_if(
                minutes > WEEK_MINUTES,
                format!("alarms.{name}"),
                "write at most a week: 10080 minutes",
            );
        }
        refuse_if(
            alarms.roles.is_empty() || alarms.roles.contains(&Role::Member),
            "alarms.roles".to_owned(),
            "name at least one role of the staff",
        );
        refuse_if(
            alarms.mail_to.len() > MOST_ADDRESSES,
            "alarms.mail_to".to_owned(),
            "name at most 20 addresses",
        );
        for (at, address) in alarms.mail_to.iter().enumerate() {
            refuse_if(
                Email::parse(address).is_err(),
                format!("alarms.mail_to.{at}"),
                "write a mail address",
            );
        }
        refuse_if(
            alarms.webhook.as_ref().is_some_and(|url| url.len() > 500),
            "alarms.webhook".to_owned(),
            "write at most 500 characters",
        );
        refuse_if(
            self.quality.share_percent > 100,
            "quality.share_percent".to_owned(),
            "write 0 to 100",
        );
        self.check_words(&mut refuse_if);
        faults
    }

    fn check_words(&self, refuse_if: &mut impl FnMut(bool, String, &str)) {
        let mut list = |field: &str, keys: Vec<&str>| {
            refuse_if(
                keys.len() > MOST_ENTRIES,
                field.to_owned(),
                "name at most 200",
            );
            let mut known = BTreeSet::new();
            for (at, key) in keys.into_iter().enumerate() {
                refuse_if(
                    !is_key(key),
                    format!("{field}.{at}"),
                    "its code is 1 to 40 of a–z, 0–9, _ and -",
                );
                refuse_if(
                    !known.insert(key),
                    format!("{field}.{at}"),
                    "another one has this code",
                );
            }
        };
        list(
            "reasons",
            self.reasons.iter().map(|one| one.code.as_str()).collect(),
        );
        list(
            "author_templates",
            self.author_templates
                .iter()
                .map(|one| one.key.as_str())
                .collect(),
        );
        list(
            "balance_texts",
            self.balance_texts
                .iter()
                .map(|one| one.key.as_str())
                .collect(),
        );
        refuse_if(
            self.reasons.is_empty(),
            "reasons".to_owned(),
            "name at least one reason",
        );
        for (at, reason) in self.reasons.iter().enumerate() {
            refuse_if(
                !is_short(&reason.name),
                format!("reasons.{at}.name"),
                "write 1 to 80 characters",
            );
            refuse_if(
                !is_text(&reason.remedy),
                format!("reasons.{at}.remedy"),
                "write 1 to 2000 characters",
            );
        }
        for (at, template) in self.author_templates.iter().enumerate() {
            let field = |name: &str| format!("author_templates.{at}.{name}");
            let strange = |code: &String| !self.knows_reason(code);
            refuse_if(
                template.reason.as_ref().is_some_and(strange),
                field("reason"),
                "name one of the reasons of this policy",
            );
            refuse_if(
                !is_text(&template.words),
                field("words"),
                "write 1 to 2000 characters",
            );
            refuse_if(
                !is_tag(&template.language),
                field("language"),
                "write a language such as en or pt-BR",
            );
        }
        for (at, text) in self.balance_texts.iter().enumerate() {
            let field = |name: &str| format!("balance_texts.{at}.{name}");
            refuse_if(
                !is_text(&text.text),
                field("text"),
                "write 1 to 2000 characters",
            );
            refuse_if(
                !is_tag(&text.language),
                field("language"),
                "write a language such as en or pt-BR",
            );
            refuse_if(
                !is_tag(&text.market),
                field("market"),
                "write a market such as US or EU",
            );
        }
    }
}

fn is_key(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    (1..=40).contains(&text.len()) && text.chars().all(fine)
}

fn is_tag(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (2..=20).contains(&text.len()) && text.chars().all(fine)
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= LONGEST_NAME && says_something(text)
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= LONGEST_WORDS && says_something(text)
}

/// Words, without control characters but line breaks, and without those that turn the writing direction: readers would
/// see another text than the one that was approved.
fn says_something(text: &str) -> bool {
    let fine = |c: char| {
        c == '\n'
            || !(c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
    };
    !text.trim().is_empty() && text.chars().all(fine)
}
