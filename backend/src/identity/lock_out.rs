//! How sign-in defends itself: failures lock an account name for longer and longer, and one address may try only so
//! often in a minute (21 CFR 11.300(d), R-ER-07).
//!
//! INVARIANT: many guesses at once count as many, and a guess that comes out after the name was locked is not told
//! whether it was right: however many come at once, as many are told as if they had come one by one. Names without an
//! account are counted like the others, and so tell nothing.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use sha2::{Digest, Sha256};

use super::entity::sign_in_failure;
use crate::clock::Timestamp;

/// Failures older than this no longer count.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);
/// After how many attempts addresses that have been quiet are dropped from memory.
const SWEEP_EVERY: u32 = 1024;

/// When an account name is locked, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct LockOut {
    /// The failure that locks it.
    pub failures_before_lock: i64,
    /// How long the first time; each further failure doubles it.
    pub first_lock: Duration,
    /// How long at most.
    pub longest_lock: Duration,
}

/// What became of a failure.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The name was locked meanwhile, until then: nothing more is counted, and nothing is told.
    Locked(Timestamp),
    /// It counts; if it was one too many, the name is locked until then.
    Counted(Option<Timestamp>),
}

/// What the table knows an account name as: its hash, for people also type passwords into the wrong field.
pub(super) fn subject(folded_email: &str) -> String {
    hex::encode(Sha256::digest(folded_email.as_bytes()))
}

impl LockOut {
    /// Counts a failure, unless the name is locked.
    pub(super) async fn count(
        &self,
        tx: &DatabaseTransaction,
        subject: &str,
        now: Timestamp,
    ) -> Result<Failure, DbErr> {
        let fresh = sign_in_failure::Model {
            subject: subject.to_owned(),
            failures: 0,
            last_at: now.micros(),
            locked_until: 0,
        };
        let added = sign_in_failure::Entity::insert(fresh.clone().into_active_model())
            .on_conflict(
                OnConflict::column(sign_in_failure::Column::Subject)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        if added > 0 {
            drop_forgotten(tx, now).await?;
        }
        let before = sign_in_failure::Entity::find_by_id(subject)
            .lock_exclusive()
            .one(tx)
            .await?
            .unwrap_or(fresh);
        if before.locked_until > now.micros() {
            return Ok(Failure::Locked(Timestamp::from_micros(before.locked_until)));
        }
        let forgotten = before.last_at < now.minus(FORGOTTEN_AFTER).micros();
        let failures = if forgotten { 1 } else { before.failures + 1 };
        let lock = self.lock_after(failures).map(|span| now.plus(span));
        sign_in_failure::Entity::update(sign_in_failure::ActiveModel {
            subject: Set(subject.to_owned()),
            failures: Set(failures),
            last_at: Set(now.micros()),
            locked_until: Set(lock.map_or(0, Timestamp::micros)),
        })
        .exec(tx)
        .await?;
        Ok(Failure::Counted(lock))
    }

    fn lock_after(&self, failures: i64) -> Option<Duration> {
        let further = u32::try_from(failures - self.failures_before_lock).ok()?;
        let span = self
            .first_lock
            .saturating_mul(2_u32.saturating_pow(further));
        Some(span.min(self.longest_lock))
    }
}

/// Until when this name is locked, if it is.
pub(super) async fn locked_until(
    on: &impl ConnectionTrait,
    subject: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    let row = sign_in_failure::Entity::find_by_id(subject).one(on).await?;
    Ok(row
        .map(|row| Timestamp::from_micros(row.locked_until))
        .filter(|until| *until > now))
}

/// The name signed in: its failures no longer count.
pub(super) async fn forgive(tx: &DatabaseTransaction, subject: &str) -> Result<(), DbErr> {
    sign_in_failure::Entity::delete_by_id(subject)
        .exec(tx)
        .await?;
    Ok(())
}

async fn drop_forgotten(tx: &DatabaseTransaction, now: Timestamp) -> Result<(), DbErr> {
    sign_in_failure::Entity::delete_many()
        .filter(sign_in_failure::Column::LastAt.lt(now.minus(FORGOTTEN_AFTER).micros()))
        .filter(sign_in_failure::Column::LockedUntil.lt(now.micros()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How often one address may try.
pub struct AddressLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    checks: AtomicU32,
}

impl AddressLimit {
    /// So many attempts a minute, all at once if need be. Zero counts as one.
    pub fn per_minute(attempts: u32) -> Self {
        let attempts = NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN);
        Self {
            limiter: RateLimiter::keyed(Quota::per_minute(attempts)),
            checks: AtomicU32::new(0),
        }
    }

    /// Counts an attempt; when there were too many, says how long to wait.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(&network_of(address))
            .map_err(|refused| refused.wait_time_from(self.limiter.clock().now()))
    }
}

/// A household or an office has a whole IPv6 network of 64 bits, but one IPv4 address.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK_OUT: LockOut = LockOut {
        failures_before_lock: 5,
        first_lock: Duration::from_secs(30),
        longest_lock: Duration::from_secs(3600),
    };

    #[test]
    fn each_failure_after_the_fifth_doubles_the_lock_up_to_the_longest() {
        let seconds: Vec<_> = [4, 5, 6, 7, 11, 12, 100, i64::MAX]
            .into_iter()
            .map(|failures| LOCK_OUT.lock_after(failures).map(|span| span.as_secs()))
            .collect();
        let expected = [None, Some(30), Some(60), Some(120), Some(1920), Some(3600)];
        assert_eq!(seconds.get(..6), Some(expected.as_slice()));
        assert_eq!(seconds.get(6), Some(&Some(3600)));
    }

    #[test]
    fn an_address_that_tried_too_often_waits_and_its_neighbour_does_not() {
        let limit = AddressLimit::per_minute(2);
        let [one, two] = [1, 2].map(|last| IpAddr::from([192, 0, 2, last]));
        assert!(limit.check(one).is_ok() && limit.check(one).is_ok());
        assert!(
            limit
                .check(one)
                .is_err_and(|wait| wait <= Duration::from_secs(60))
        );
        assert!(limit.check(two).is_ok());
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let limit = AddressLimit::per_minute(1);
        let [one, same, other] = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]
            .map(|text| text.parse().unwrap_or(IpAddr::V6(Ipv6Addr::LOCALHOST)));
        assert!(limit.check(one).is_ok());
        assert!(limit.check(same).is_err());
        assert!(limit.check(other).is_ok());
    }
}
