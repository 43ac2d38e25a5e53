//! The audited transaction: the only road to a change, and it cannot be committed without saying what happened.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, IntoActiveModel};

use super::entity::audit_unsealed;
use super::event::Event;
use crate::clock::Clock;
use crate::db::wake::Bell;
use crate::db::{Db, Insertions};

/// Begins audited transactions. Clones share one database, clock and bell.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
    unsealed: Bell,
    jobs: Bell,
    changes: Changes,
}

/// Counts changes that are not about texts. Clones share the count.
#[derive(Clone, Default)]
struct Changes(Arc<AtomicU64>);

/// Counts one when it is dropped: after the commit, also if nobody waits for its outcome any more.
struct Change(Changes);

impl Drop for Change {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// A transaction of changes. Dropping it undoes them; [`Tx::commit`] records and keeps them.
#[must_use = "a transaction that is not committed changes nothing"]
pub struct Tx {
    inner: DatabaseTransaction,
    rows: Mutex<Insertions>,
    has_jobs: AtomicBool,
    clock: Clock,
    unsealed: Bell,
    jobs: Bell,
    changes: Changes,
}

impl Audit {
    /// Audited writing on this database.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            unsealed: Bell::default(),
            jobs: Bell::default(),
            changes: Changes::default(),
        }
    }

    /// The clock that times the records.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The database that is written to.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Rings when there are records to seal.
    pub fn unsealed(&self) -> &Bell {
        &self.unsealed
    }

    /// Rings when there are jobs to run.
    pub fn jobs(&self) -> &Bell {
        &self.jobs
    }

    /// Counts the commits of this process that may have changed who people are or what they may do: all but those
    /// about texts. What was read before the count grew may be out of date.
    pub fn changes(&self) -> u64 {
        self.changes.0.load(Ordering::Acquire)
    }

    /// Begins a change.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        let inner = self.db.begin().await?;
        Ok(Tx {
            rows: Mutex::new(Insertions::on(&inner)),
            inner,
            has_jobs: AtomicBool::new(false),
            clock: self.clock.clone(),
            unsealed: self.unsealed.clone(),
            jobs: self.jobs.clone(),
            changes: self.changes.clone(),
        })
    }

    /// Records something that changed nothing: a reading, a search, an export. Do this before the answer is given.
    pub async fn record(&self, event: Event) -> Result<(), DbErr> {
        self.begin().await?.commit(event).await
    }
}

impl Tx {
    /// Where statements of this change go.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Adds these rows together with the record, when the change is committed; no statement of this change sees them.
    pub fn add<M, A>(&self, rows: impl IntoIterator<Item = M>)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        let mut known = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        known.add(rows);
    }

    /// There are jobs to run after the commit.
    pub fn has_jobs(&self) {
        self.has_jobs.store(true, Ordering::Release);
    }

    /// Keeps the change together with its record, or neither.
    pub async fn commit(self, event: Event) -> Result<(), DbErr> {
        self.commit_all(event, std::iter::empty()).await
    }

    /// Keeps a change that consists of several events.
    pub async fn commit_all(
        self,
        first: Event,
        more: impl IntoIterator<Item = Event>,
    ) -> Result<(), DbErr> {
        let events: Vec<Event> = std::iter::once(first).chain(more).collect();
        let about_texts = events.iter().all(Event::is_about_a_text);
        let _change = (!about_texts).then(|| Change(self.changes.clone()));
        let records = events
            .into_iter()
            .map(|event| event.record(&self.clock))
            .collect::<Result<Vec<_>, _>>()?;
        let unsealed: Vec<_> = records
            .iter()
            .map(|record| audit_unsealed::Model {
                record_id: record.id,
            })
            .collect();
        let mut rows = Insertions::on(&self.inner);
        rows.add(records);
        rows.add(unsealed);
        let added = self
            .rows
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        rows.then(added).execute(&self.inner).await?;
        self.inner.commit().await?;
        self.unsealed.ring();
        if self.has_jobs.into_inner() {
            self.jobs.ring();
        }
        Ok(())
    }
}
