//! Business hours: when people are at their desks, in their own time zone, and when they are not.
//!
//! Times of day are wall-clock times. Where the clocks go forward, a time that does not exist is the same moment as
//! its successor after the gap; where they go back, a time that comes twice means the first.

use std::fmt;
use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp as Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;

/// A day is looked for no further ahead than this: a calendar that is closed for longer gives plain hours instead.
const FURTHEST_DAYS: usize = 800;

/// A time of day as `09:00`; `24:00` is the end of the day.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "09:00")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `00:00`.
    pub const MIDNIGHT: Self = Self(0);
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refused = || format!("`{text}` is no time of day; write it as 09:00, at most 24:00");
        let (hour, minute) = text.split_once(':').ok_or_else(refused)?;
        let two = |digits: &str| -> Option<u16> {
            let plain = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        match (two(hour), two(minute)) {
            (Some(hour), Some(minute)) if minute < 60 && hour * 60 + minute <= 24 * 60 => {
                Ok(Self(hour * 60 + minute))
            }
            _ => Err(refused()),
        }
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From when to when people work on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// When they begin.
    pub opens: TimeOfDay,
    /// When they end, later on the same day.
    pub closes: TimeOfDay,
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.opens, self.closes)
    }
}

/// The business hours of each weekday; a day without is closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names of the days say it")]
pub struct Week {
    pub monday: Option<Opening>,
    pub tuesday: Option<Opening>,
    pub wednesday: Option<Opening>,
    pub thursday: Option<Opening>,
    pub friday: Option<Opening>,
    pub saturday: Option<Opening>,
    pub sunday: Option<Opening>,
}

impl Week {
    /// The days by name, Monday first.
    pub fn days(&self) -> [(&'static str, Option<Opening>); 7] {
        [
            ("monday", self.monday),
            ("tuesday", self.tuesday),
            ("wednesday", self.wednesday),
            ("thursday", self.thursday),
            ("friday", self.friday),
            ("saturday", self.saturday),
            ("sunday", self.sunday),
        ]
    }

    const fn on(&self, day: Weekday) -> Option<Opening> {
        match day {
            Weekday::Monday => self.monday,
            Weekday::Tuesday => self.tuesday,
            Weekday::Wednesday => self.wednesday,
            Weekday::Thursday => self.thursday,
            Weekday::Friday => self.friday,
            Weekday::Saturday => self.saturday,
            Weekday::Sunday => self.sunday,
        }
    }
}

/// A day, as `2026-12-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = "date", example = "2026-12-25")]
pub struct Day(Date);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed: Result<Date, _> = text.parse();
        match parsed {
            // Only the plain form, so that one day has one spelling.
            Ok(date) if date.to_string() == text => Ok(Self(date)),
            _ => Err(format!("`{text}` is no day; write it as 2026-12-25")),
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A day on which nobody works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day, in the zone of the calendar.
    pub date: Day,
    /// What it is called.
    pub name: String,
}

/// When people are at their desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The time zone by its IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The business hours of each weekday.
    pub hours: Week,
    /// Days without business hours, in the order of their dates, each once.
    pub holidays: Vec<Holiday>,
}

/// A stretch of business hours.
struct Stretch {
    date: Date,
    from: Instant,
    to: Instant,
}

impl Calendar {
    /// What is wrong with it, as (field, reason).
    pub fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        if self.zone().is_none() {
            faults.push((
                "calendar.time_zone".to_owned(),
                "there is no such time zone; write an IANA name such as Europe/Berlin".to_owned(),
            ));
        }
        let days = self.hours.days();
        for (name, opening) in days {
            if opening.is_some_and(|opening| opening.opens >= opening.closes) {
                faults.push((
                    format!("calendar.hours.{name}"),
                    "the end must come after the beginning, on the same day".to_owned(),
                ));
            }
        }
        if days.iter().all(|(_, opening)| opening.is_none()) {
            faults.push((
                "calendar.hours".to_owned(),
                "at least one day of the week must have business hours".to_owned(),
            ));
        }
        if !self
            .holidays
            .iter()
            .map(|holiday| holiday.date)
            .is_sorted_by(|a, b| a < b)
        {
            faults.push((
                "calendar.holidays".to_owned(),
                "name each day once, in the order of their dates".to_owned(),
            ));
        }
        faults
    }

    /// This many hours later, whoever is at work.
    pub fn after_hours(&self, from: Timestamp, hours: u32) -> Timestamp {
        from.plus(Duration::from_secs(u64::from(hours) * 3600))
    }

    /// When so many business hours have passed.
    pub fn after_business_hours(&self, from: Timestamp, hours: u32) -> Timestamp {
        let wanted = SignedDuration::from_hours(i64::from(hours));
        let found = self.stretches(from).and_then(|stretches| {
            let mut left = wanted;
            for stretch in stretches {
                let room = stretch.from.duration_until(stretch.to);
                if left <= room {
                    return stretch.from.checked_add(left).ok();
                }
                left -= room;
            }
            None
        });
        // Nobody is ever there: plain hours are the nearer deadline.
        found.map_or_else(|| self.after_hours(from, hours), timestamp)
    }

    /// The same time of day so many business days later. What comes while nobody is at work counts as if it came
    /// when they begin; on a day on which they end sooner, it is due then.
    pub fn after_business_days(&self, from: Timestamp, days: u32) -> Timestamp {
        let found = self.zone().and_then(|zone| {
            let mut stretches = self.stretches(from)?;
            let begins = stretches.next()?;
            if days == 0 {
                return Some(begins.from);
            }
            let at = begins.from.to_zoned(zone.clone()).time();
            let last = stretches.nth(usize::try_from(days).ok()? - 1)?;
            let due = instant(&zone, last.date, at)?;
            Some(due.clamp(last.from, last.to))
        });
        found.map_or_else(
            || self.after_hours(from, days.saturating_mul(24)),
            timestamp,
        )
    }

    /// How much business time lies between the two.
    pub fn business_time(&self, from: Timestamp, to: Timestamp) -> Duration {
        let Some(end) = moment(to) else {
            return Duration::ZERO;
        };
        let stretches = self.stretches(from).into_iter().flatten();
        let within = stretches.take_while(|stretch| stretch.from < end);
        let sum: SignedDuration = within
            .map(|stretch| stretch.from.duration_until(stretch.to.min(end)))
            .sum();
        sum.try_into().unwrap_or_default()
    }

    fn zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.time_zone).ok()
    }

    /// Business hours from then on; the first begins no sooner.
    fn stretches(&self, from: Timestamp) -> Option<impl Iterator<Item = Stretch> + '_> {
        let (zone, from) = (self.zone()?, moment(from)?);
        let today = from.to_zoned(zone.clone()).date();
        let days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
        Some(days.take(FURTHEST_DAYS).filter_map(move |date| {
            let stretch = self.opening(&zone, date)?;
            (stretch.to > from).then(|| Stretch {
                from: stretch.from.max(from),
                ..stretch
            })
        }))
    }

    fn opening(&self, zone: &TimeZone, date: Date) -> Option<Stretch> {
        let opening = self.hours.on(date.weekday())?;
        let holiday = self
            .holidays
            .binary_search_by(|holiday| holiday.date.0.cmp(&date));
        if holiday.is_ok() {
            return None;
        }
        let at = |TimeOfDay(minutes): TimeOfDay| {
            let midnight = minutes >= 24 * 60;
            let date = if midnight {
                date.tomorrow().ok()?
            } else {
                date
            };
            let minutes = if midnight { 0 } else { minutes };
            let hour = i8::try_from(minutes / 60).ok()?;
            let minute = i8::try_from(minutes % 60).ok()?;
            instant(zone, date, Time::new(hour, minute, 0, 0).ok()?)
        };
        let (from, to) = (at(opening.opens)?, at(opening.closes)?);
        // The clocks may go forward over the whole of it.
        (from < to).then_some(Stretch { date, from, to })
    }
}

fn instant(zone: &TimeZone, date: Date, at: Time) -> Option<Instant> {
    let there = zone.to_ambiguous_timestamp(date.to_datetime(at));
    there.compatible().ok()
}

fn moment(at: Timestamp) -> Option<Instant> {
    Instant::from_microsecond(at.micros()).ok()
}

fn timestamp(at: Instant) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}
