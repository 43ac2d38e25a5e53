//! Deadlines by property, against a count that knows only whether people are at work in a given minute.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::communities::RiskClass;

const ZONES: [&str; 6] = [
    "Etc/UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Sao_Paulo",
];
const MINUTE: Duration = Duration::from_secs(60);

/// Business hours by day, away from the hours in which clocks change.
fn any_opening() -> impl Strategy<Value = Option<Opening>> {
    let hours = (6_u16..14, 1_u16..8).prop_map(|(opens, length)| {
        let text = |hour: u16| TimeOfDay::try_from(format!("{hour:02}:00")).unwrap();
        Opening {
            opens: text(opens),
            closes: text(opens + length),
        }
    });
    prop::option::weighted(0.8, hours)
}

fn any_week() -> impl Strategy<Value = Week> {
    let days = prop::array::uniform7(any_opening());
    let open = days.prop_filter("a day with hours", |days| days.iter().any(Option::is_some));
    open.prop_map(
        |[
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        ]| Week {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        },
    )
}

/// Days around the end of the year and both clock changes.
fn any_holidays() -> impl Strategy<Value = Vec<Holiday>> {
    prop::collection::btree_set(0_i64..420, 0..12).prop_map(|days| {
        let first: Date = "2026-02-01".parse().unwrap();
        let holiday = |offset: i64| Holiday {
            date: day(&first
                .checked_add(jiff::Span::new().days(offset))
                .unwrap()
                .to_string()),
            name: "Holiday".to_owned(),
        };
        days.into_iter().map(holiday).collect()
    })
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (prop::sample::select(&ZONES[..]), any_week(), any_holidays()).prop_map(
        |(zone, hours, holidays)| Calendar {
            time_zone: zone.to_owned(),
            hours,
            holidays,
        },
    )
}

/// A minute of the thirteen months from February 2026.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    (0_u64..400 * 24 * 60)
        .prop_map(|minutes| at("2026-02-02T00:00:00Z").plus(Duration::from_secs(minutes * 60)))
}

fn any_term() -> impl Strategy<Value = Term> {
    prop_oneof![
        (1_u32..80).prop_map(|count| Term {
            unit: Unit::Hours,
            count
        }),
        (1_u32..40).prop_map(|count| Term {
            unit: Unit::BusinessHours,
            count
        }),
        (1_u32..8).prop_map(|count| Term {
            unit: Unit::BusinessDays,
            count
        }),
    ]
}

/// Whether people are at work in the minute that begins then: said by the wall clock alone.
fn at_work(calendar: &Calendar, moment: Timestamp) -> bool {
    let zone = TimeZone::get(&calendar.time_zone).unwrap();
    let there = jiff::Timestamp::from_microsecond(moment.micros())
        .unwrap()
        .to_zoned(zone);
    let name = format!("{:?}", there.weekday()).to_lowercase();
    let days = calendar.hours.days();
    let (_, opening) = days.into_iter().find(|(day, _)| *day == name).unwrap();
    let today = there.date().to_string();
    let holiday = calendar
        .holidays
        .iter()
        .any(|one| one.date.to_string() == today);
    let now = format!("{:02}:{:02}", there.hour(), there.minute());
    !holiday
        && opening.is_some_and(|one| one.opens.to_string() <= now && now < one.closes.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn between_a_start_and_its_deadline_lie_as_many_minutes_at_work_as_were_given(
        calendar in any_calendar(), from in any_moment(), hours in 1_u32..20,
    ) {
        let due = calendar.after_business_hours(from, hours);
        let mut minutes = 0;
        let mut moment = from;
        while moment < due {
            minutes += u32::from(at_work(&calendar, moment));
            moment = moment.plus(MINUTE);
        }
        prop_assert_eq!(minutes, hours * 60);
        prop_assert!(at_work(&calendar, due.minus(MINUTE)), "it ends at work");
        prop_assert_eq!(calendar.business_time(from, due).as_secs(), u64::from(hours) * 3600);
    }

    #[test]
    fn a_deadline_in_business_days_is_at_work_and_that_many_open_days_later(
        calendar in any_calendar(), from in any_moment(), days in 1_u32..6,
    ) {
        let due = calendar.after_business_days(from, days);
        prop_assert!(at_work(&calendar, due) || at_work(&calendar, due.minus(MINUTE)));
        // Days with a minute at work after the start, the day of the start being the first.
        let zone = TimeZone::get(&calendar.time_zone).unwrap();
        let mut open = std::collections::BTreeSet::new();
        let mut moment = from;
        while moment < due.plus(MINUTE) {
            if at_work(&calendar, moment) {
                let there = jiff::Timestamp::from_microsecond(moment.micros()).unwrap();
                open.insert(there.to_zoned(zone.clone()).date());
            }
            moment = moment.plus(MINUTE);
        }
        let reached = u32::try_from(open.len()).unwrap();
        prop_assert!(reached == days + 1 || (reached == days && !at_work(&calendar, due)));
    }

    #[test]
    fn what_comes_later_is_never_due_sooner_and_more_is_never_due_sooner(
        calendar in any_calendar(), from in any_moment(), wait in 0_u64..5000, term in any_term(),
    ) {
        let later = from.plus(Duration::from_secs(wait * 60));
        let due = term.after(&calendar, from);
        prop_assert!(due > from);
        prop_assert!(term.after(&calendar, later) >= due);
        let more = Term { count: term.count + 1, ..term };
        prop_assert!(more.after(&calendar, from) > due);
    }

    #[test]
    fn what_is_not_named_as_a_weakening_makes_no_deadline_later(
        calendar in any_calendar(), edits in prop::collection::vec((0_usize..9, any_opening(), any_holidays(), any_term()), 1..3),
        terms in prop::array::uniform3(any_term()), moments in prop::collection::vec(any_moment(), 30),
    ) {
        let mut old = usual();
        old.calendar = calendar;
        [old.deadlines.safety, old.deadlines.promotion, old.deadlines.routine] = terms;
        let mut new = old.clone();
        for (what, hours, holidays, term) in edits {
            match what {
                0 => new.calendar.hours.monday = hours,
                1 => new.calendar.hours.saturday = hours,
                2 => new.calendar.hours.friday = hours,
                3 => new.calendar.holidays = holidays,
                4 => drop(new.calendar.holidays.pop()),
                5 => new.deadlines.safety = term,
                6 => new.deadlines.promotion = term,
                7 => new.deadlines.routine.count = term.count,
                _ => new.calendar.hours.sunday = hours,
            }
        }
        prop_assume!(new.faults().is_empty());
        let named = weakens(&old, &new);
        let of = |control, what: &str| named.iter().any(|one| one.control == control && one.what == what);
        let time = named.iter().any(|one| one.control == Control::BusinessTime);
        for moment in moments {
            for (risk, what) in [(RiskClass::Safety, "safety"), (RiskClass::Promotion, "promotion"), (RiskClass::Routine, "routine")] {
                let (before, after) = (old.due(risk, false, moment), new.due(risk, false, moment));
                prop_assert!(
                    after <= before || time || of(Control::Deadline, what),
                    "{} was due {} and is due {}: {:?}", moment.rfc3339(), before.rfc3339(), after.rfc3339(), named
                );
            }
        }
    }
}
