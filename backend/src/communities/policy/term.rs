//! How long something may take: plain hours, business hours, or business days.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar::Calendar;
use crate::clock::Timestamp;

/// What a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours, whoever is at work.
    Hours,
    /// Hours of the calendar's business time.
    BusinessHours,
    /// The same time of day on a later business day.
    BusinessDays,
}

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What is counted.
    pub unit: Unit,
    /// How many, 1 or more.
    pub count: u32,
}

impl Term {
    /// The shortest.
    pub const HOUR: Self = Self {
        unit: Unit::Hours,
        count: 1,
    };
    /// The longest that may be set: about a year.
    const MOST: [(Unit, u32); 3] = [
        (Unit::Hours, 366 * 24),
        (Unit::BusinessHours, 2000),
        (Unit::BusinessDays, 250),
    ];

    /// When what began then is due.
    pub fn after(self, calendar: &Calendar, from: Timestamp) -> Timestamp {
        match self.unit {
            Unit::Hours => calendar.after_hours(from, self.count),
            Unit::BusinessHours => calendar.after_business_hours(from, self.count),
            Unit::BusinessDays => calendar.after_business_days(from, self.count),
        }
    }

    /// Whether it follows the calendar.
    pub fn is_business(self) -> bool {
        self.unit != Unit::Hours
    }

    /// What is wrong with it.
    pub fn fault(self) -> Option<String> {
        let most = Self::MOST.iter().find(|(unit, _)| *unit == self.unit)?.1;
        (!(1..=most).contains(&self.count)).then(|| format!("write a number from 1 to {most}"))
    }

    /// Whether there may be a moment at which this term ends later than the other, on the same calendar. Said of more
    /// pairs than there are: where units differ it asks for a person who looks.
    pub fn may_end_later_than(self, other: Self) -> bool {
        match (self.unit, other.unit) {
            (a, b) if a == b => self.count > other.count,
            (Unit::Hours, Unit::BusinessHours) => self.count > other.count,
            _ => true,
        }
    }
}

/// As in `24 hours`, `8 business hours`, `1 business day`.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Hours => "hour",
            Unit::BusinessHours => "business hour",
            Unit::BusinessDays => "business day",
        };
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {unit}{plural}", self.count)
    }
}

impl std::str::FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!("`{text}` is no term; write it as 24 hours, 8 business hours or 1 business day")
        };
        let (count, unit) = text.trim().split_once(' ').ok_or_else(refused)?;
        let unit = match unit.trim_end_matches('s') {
            "hour" => Unit::Hours,
            "business hour" => Unit::BusinessHours,
            "business day" => Unit::BusinessDays,
            _ => return Err(refused()),
        };
        let count = count.parse().map_err(|_| refused())?;
        let term = Self { unit, count };
        term.fault().map_or(Ok(term), Err)
    }
}
