//! Time and identifiers come from here, and from nowhere else: tests and the demo move the clock, nothing sleeps.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::{ContextV7, Uuid};

/// Microseconds since 1970-01-01 UTC: how every time is stored and compared. In JSON it is RFC 3339 with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time that a stored column holds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// What a column stores.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This much later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(span)))
    }

    /// This much earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(span)))
    }

    /// The smallest identifier that can have been given at this time: identifiers begin with theirs, in milliseconds.
    pub fn first_id(self) -> Uuid {
        let milliseconds = u128::try_from(self.0 / 1_000).unwrap_or(0);
        Uuid::from_u128(milliseconds << 80)
    }

    /// RFC 3339 in UTC with six digits of a second.
    pub fn rfc3339(self) -> String {
        let parts = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000);
        match parts {
            Ok(at) => format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
                at.year(),
                u8::from(at.month()),
                at.day(),
                at.hour(),
                at.minute(),
                at.second(),
                at.microsecond()
            ),
            Err(_) => format!("{} microseconds after 1970", self.0),
        }
    }

    /// The day in UTC, as `2026-11-22`.
    pub fn day(self) -> String {
        self.rfc3339().chars().take_while(|c| *c != 'T').collect()
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos() / 1000)
            .ok()
            .map(Self)
    }
}

fn micros_of(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("a time must be RFC 3339, for example 2026-11-22T10:15:00Z")
        })
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Timestamp {}

/// The server's clock. Clones share it.
#[derive(Clone)]
pub struct Clock {
    shift: Arc<AtomicI64>,
    ids: Arc<Mutex<ContextV7>>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self {
            shift: Arc::new(AtomicI64::new(0)),
            ids: Arc::new(Mutex::new(ContextV7::new())),
        }
    }

    /// Now, to the microsecond.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
    pub fn now(&self) -> Timestamp {
        let system = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(micros_of(system).saturating_add(self.shift.load(Ordering::Relaxed)))
    }

    /// Lets the clock stand at this time and run on from there. Used by the demo, whose story happened over weeks.
    pub fn set(&self, at: Timestamp) {
        let shift = at.0.saturating_sub(self.now().0);
        self.shift.fetch_add(shift, Ordering::Relaxed);
    }

    /// Back to the machine's own time.
    pub fn follow_machine(&self) {
        self.shift.store(0, Ordering::Relaxed);
    }

    /// A new identifier (UUID v7): it sorts by the time it was made, also within a millisecond.
    pub fn new_id(&self) -> Uuid {
        let micros = u64::try_from(self.now().0).unwrap_or_default();
        let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(
            &*self.ids,
            micros / 1_000_000,
            nanos,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_and_read_back_to_the_microsecond() {
        let at = Timestamp::from_micros(1_795_314_900_000_001);
        assert_eq!(Timestamp::parse(&at.rfc3339()), Some(at));
        assert!(at.rfc3339().ends_with(".000001Z"));
    }

    #[test]
    fn the_day_of_a_time_is_the_one_in_utc() {
        let at = Timestamp::parse("2026-11-22T00:30:00+01:00").unwrap();
        assert_eq!(at.day(), "2026-11-21");
    }

    #[test]
    fn identifiers_made_in_one_microsecond_still_sort_in_the_order_of_making() {
        let clock = Clock::system();
        let ids: Vec<_> = (0..5_000).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_clock_that_was_set_runs_on_from_there_and_can_return() {
        let clock = Clock::system();
        let past = clock.now().minus(Duration::from_secs(86_400));
        clock.set(past);
        assert!(clock.now() >= past && clock.now() < past.plus(Duration::from_secs(60)));
        clock.follow_machine();
        assert!(clock.now() > past.plus(Duration::from_secs(80_000)));
    }
}
