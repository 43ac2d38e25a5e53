//! Deadlines by example: weekends, holidays, zones, clock changes, the end of the year.

use super::*;
use crate::communities::RiskClass;

/// When what came then is due, both in the local time of the calendar as RFC 3339.
#[track_caller]
fn due(calendar: &Calendar, text: &str, from: &str, expected: &str) {
    assert_eq!(calendar.faults(), []);
    let due = term(text).after(calendar, at(from));
    assert_eq!(due.rfc3339(), at(expected).rfc3339(), "{text} after {from}");
}

#[test]
fn r_pv_04_one_business_day_is_the_same_time_on_the_next_business_day() {
    let berlin = calendar("Europe/Berlin", &[]);
    due(
        &berlin,
        "1 business day",
        "2026-11-23T10:00:00+01:00",
        "2026-11-24T10:00:00+01:00",
    );
    due(
        &berlin,
        "1 business day",
        "2026-11-27T16:00:00+01:00",
        "2026-11-30T16:00:00+01:00",
    );
}

#[test]
fn what_comes_on_a_weekend_or_at_night_counts_from_the_next_opening() {
    let berlin = calendar("Europe/Berlin", &[]);
    for weekend in [
        "2026-11-27T17:00:00+01:00",
        "2026-11-28T03:00:00+01:00",
        "2026-11-30T08:59:00+01:00",
    ] {
        due(
            &berlin,
            "1 business day",
            weekend,
            "2026-12-01T09:00:00+01:00",
        );
        due(
            &berlin,
            "4 business hours",
            weekend,
            "2026-11-30T13:00:00+01:00",
        );
    }
}

#[test]
fn plain_hours_run_through_nights_weekends_and_clock_changes() {
    let berlin = calendar("Europe/Berlin", &["2026-10-26"]);
    due(
        &berlin,
        "24 hours",
        "2026-10-24T12:00:00+02:00",
        "2026-10-25T11:00:00+01:00",
    );
}

#[test]
fn business_hours_go_on_where_they_stopped() {
    let berlin = calendar("Europe/Berlin", &[]);
    due(
        &berlin,
        "8 business hours",
        "2026-11-26T15:00:00+01:00",
        "2026-11-27T15:00:00+01:00",
    );
    due(
        &berlin,
        "8 business hours",
        "2026-11-27T15:00:00+01:00",
        "2026-11-30T15:00:00+01:00",
    );
    due(
        &berlin,
        "2 business hours",
        "2026-11-27T15:00:00+01:00",
        "2026-11-27T17:00:00+01:00",
    );
    due(
        &berlin,
        "40 business hours",
        "2026-11-23T09:00:00+01:00",
        "2026-11-27T17:00:00+01:00",
    );
}

#[test]
fn a_holiday_is_no_business_day() {
    let berlin = calendar("Europe/Berlin", &["2026-11-24", "2026-11-25"]);
    due(
        &berlin,
        "1 business day",
        "2026-11-23T10:00:00+01:00",
        "2026-11-26T10:00:00+01:00",
    );
    due(
        &berlin,
        "1 business day",
        "2026-11-24T10:00:00+01:00",
        "2026-11-27T09:00:00+01:00",
    );
    due(
        &berlin,
        "8 business hours",
        "2026-11-23T16:00:00+01:00",
        "2026-11-26T16:00:00+01:00",
    );
}

#[test]
fn the_days_between_the_years_are_counted_over_new_year() {
    let berlin = calendar("Europe/Berlin", &["2026-12-25", "2027-01-01"]);
    due(
        &berlin,
        "2 business days",
        "2026-12-30T11:00:00+01:00",
        "2027-01-04T11:00:00+01:00",
    );
    due(
        &berlin,
        "1 business day",
        "2026-12-31T18:00:00+01:00",
        "2027-01-05T09:00:00+01:00",
    );
}

#[test]
fn the_wall_clock_counts_when_the_clocks_change() {
    let berlin = calendar("Europe/Berlin", &[]);
    // Back on Sunday 25 October 2026, forward on Sunday 28 March 2027.
    due(
        &berlin,
        "1 business day",
        "2026-10-23T10:00:00+02:00",
        "2026-10-26T10:00:00+01:00",
    );
    due(
        &berlin,
        "1 business day",
        "2027-03-26T10:00:00+01:00",
        "2027-03-29T10:00:00+02:00",
    );
    due(
        &berlin,
        "8 business hours",
        "2027-03-26T13:00:00+01:00",
        "2027-03-29T13:00:00+02:00",
    );
}

#[test]
fn a_night_shift_over_a_clock_change_has_the_hours_that_there_were() {
    let mut round_the_clock = calendar("America/New_York", &[]);
    round_the_clock.hours.sunday = opening("00:00", "24:00");
    // Sunday 8 March 2026 has 23 hours, Sunday 1 November 2026 has 25.
    due(
        &round_the_clock,
        "23 business hours",
        "2026-03-08T00:00:00-05:00",
        "2026-03-09T00:00:00-04:00",
    );
    due(
        &round_the_clock,
        "25 business hours",
        "2026-11-01T00:00:00-04:00",
        "2026-11-02T00:00:00-05:00",
    );
    let day = round_the_clock.business_time(
        at("2026-03-08T00:00:00-05:00"),
        at("2026-03-09T00:00:00-04:00"),
    );
    assert_eq!(day.as_secs(), 23 * 3600);
}

#[test]
fn an_opening_that_the_clocks_skip_is_shifted_or_falls_away() {
    let mut early = calendar("Europe/Berlin", &[]);
    // On 28 March 2027 the time from 02:00 to 03:00 does not exist.
    early.hours.sunday = opening("02:30", "04:00");
    due(
        &early,
        "1 business hour",
        "2027-03-28T00:00:00+01:00",
        "2027-03-29T09:30:00+02:00",
    );
    early.hours.sunday = opening("02:00", "02:30");
    due(
        &early,
        "1 business hour",
        "2027-03-28T00:00:00+01:00",
        "2027-03-29T09:30:00+02:00",
    );
    early.hours.sunday = opening("02:30", "03:00");
    due(
        &early,
        "1 business hour",
        "2027-03-28T00:00:00+01:00",
        "2027-03-29T10:00:00+02:00",
    );
}

#[test]
fn each_zone_has_its_own_monday() {
    for (zone, monday) in [
        ("Pacific/Auckland", "2026-11-23T09:00:00+13:00"),
        ("Asia/Kolkata", "2026-11-23T09:00:00+05:30"),
        ("America/St_Johns", "2026-11-23T09:00:00-03:30"),
        ("Pacific/Honolulu", "2026-11-23T09:00:00-10:00"),
    ] {
        let there = calendar(zone, &[]);
        let begins = there.after_business_days(at("2026-11-21T12:00:00Z"), 0);
        assert_eq!(begins.rfc3339(), at(monday).rfc3339(), "{zone}");
    }
}

#[test]
fn a_shorter_friday_ends_what_came_on_thursday_afternoon() {
    let mut short = calendar("Europe/Berlin", &[]);
    short.hours.friday = opening("09:00", "14:00");
    due(
        &short,
        "1 business day",
        "2026-11-26T16:00:00+01:00",
        "2026-11-27T14:00:00+01:00",
    );
    let mut late = calendar("Europe/Berlin", &[]);
    late.hours.friday = opening("12:00", "17:00");
    due(
        &late,
        "1 business day",
        "2026-11-26T10:00:00+01:00",
        "2026-11-27T12:00:00+01:00",
    );
}

#[test]
fn a_calendar_whose_every_day_is_a_holiday_gives_the_nearer_plain_hours() {
    let mut closed = calendar("Europe/Berlin", &[]);
    let first: jiff::civil::Date = "2026-01-01".parse().unwrap();
    closed.holidays = std::iter::successors(Some(first), |date| date.tomorrow().ok())
        .take(3 * 366)
        .map(|date| Holiday {
            date: day(&date.to_string()),
            name: "Closed".to_owned(),
        })
        .collect();
    due(
        &closed,
        "8 business hours",
        "2026-02-01T00:00:00Z",
        "2026-02-01T08:00:00Z",
    );
    due(
        &closed,
        "2 business days",
        "2026-02-01T00:00:00Z",
        "2026-02-03T00:00:00Z",
    );
}

#[test]
fn each_class_has_its_own_deadline_and_what_is_escalated_the_nearer_of_two() {
    let policy = usual();
    let from = at("2026-11-27T10:00:00Z");
    let due = |risk, escalated| policy.due(risk, escalated, from).rfc3339();
    assert_eq!(
        due(RiskClass::Safety, false),
        at("2026-11-28T10:00:00Z").rfc3339()
    );
    assert_eq!(
        due(RiskClass::Promotion, false),
        at("2026-11-30T10:00:00Z").rfc3339()
    );
    assert_eq!(
        due(RiskClass::Routine, false),
        at("2026-12-01T10:00:00Z").rfc3339()
    );
    assert_eq!(
        due(RiskClass::Safety, true),
        at("2026-11-27T12:00:00Z").rfc3339()
    );
    let mut slow = usual();
    slow.deadlines.escalated = term("90 hours");
    assert_eq!(
        slow.due(RiskClass::Safety, true, from).rfc3339(),
        at("2026-11-28T10:00:00Z").rfc3339()
    );
}

#[test]
fn a_calendar_that_makes_no_sense_is_refused_by_field() {
    let mut nonsense = calendar("Europe/Atlantis", &["2026-12-26", "2026-12-25"]);
    nonsense.hours.monday = opening("17:00", "09:00");
    let fields: Vec<String> = nonsense
        .faults()
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [
            "calendar.time_zone",
            "calendar.hours.monday",
            "calendar.holidays"
        ]
    );
    let mut closed = calendar("Europe/Berlin", &[]);
    closed.hours = Week::default();
    assert_eq!(closed.faults().len(), 1);
    for wrong in ["9:00", "24:01", "12:60", "-1:00", "12:5", "noon", "1２:00"] {
        assert!(TimeOfDay::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
    for wrong in ["2026-02-29", "26-01-01", "2026-1-1", "2026-01-01T00:00"] {
        assert!(Day::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
}

#[test]
fn a_term_is_written_and_read_in_words() {
    for text in [
        "1 hour",
        "24 hours",
        "8 business hours",
        "1 business day",
        "2 business days",
    ] {
        assert_eq!(term(text).to_string(), text);
    }
    for wrong in [
        "0 hours",
        "1 week",
        "hours",
        "-1 hours",
        "251 business days",
        "",
    ] {
        assert!(wrong.parse::<Term>().is_err(), "{wrong}");
    }
}
