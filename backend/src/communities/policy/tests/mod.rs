//! Calendars and what weakens a policy, by example and by property.

use super::*;
use crate::clock::Timestamp;
use crate::config::Settings;

mod calendar;
mod properties;
mod weakening;

/// The policy of the embedded defaults.
fn usual() -> Policy {
    let settings = Settings::read(None, &[]).unwrap();
    Policy::of_settings(&settings.policy).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn opening(opens: &str, closes: &str) -> Option<Opening> {
    Some(Opening {
        opens: TimeOfDay::try_from(opens.to_owned()).unwrap(),
        closes: TimeOfDay::try_from(closes.to_owned()).unwrap(),
    })
}

fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

/// Monday to Friday, nine to five.
fn calendar(zone: &str, holidays: &[&str]) -> Calendar {
    let nine_to_five = opening("09:00", "17:00");
    Calendar {
        time_zone: zone.to_owned(),
        hours: Week {
            monday: nine_to_five,
            tuesday: nine_to_five,
            wednesday: nine_to_five,
            thursday: nine_to_five,
            friday: nine_to_five,
            ..Week::default()
        },
        holidays: holidays
            .iter()
            .map(|date| Holiday {
                date: day(date),
                name: "Holiday".to_owned(),
            })
            .collect(),
    }
}

fn term(text: &str) -> Term {
    text.parse().unwrap()
}
