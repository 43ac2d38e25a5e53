//! The audited transaction: the only road to a change, and it cannot be committed without saying what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{DatabaseTransaction, DbErr};

use super::entity::audit_unsealed;
use super::event::Event;
use crate::clock::Clock;
use crate::db::wake::Bell;
use crate::db::{Db, insert_all};

/// Begins audited transactions. Clones share one database, clock and bell.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
    unsealed: Bell,
    committed: Bell,
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
    clock: Clock,
    unsealed: Bell,
    committed: Bell,
    changes: Changes,
}

impl Audit {
    /// Audited writing on this database.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            unsealed: Bell::default(),
            committed: Bell::default(),
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

    /// Rings when there may be jobs to run.
    pub fn committed(&self) -> &Bell {
        &self.committed
    }

    /// Counts the commits of this process that may have changed who people are or what they may do: all but those
    /// about texts. What was read before the count grew may be out of date.
    pub fn changes(&self) -> u64 {
        self.changes.0.load(Ordering::Acquire)
    }

    /// Begins a change.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx {
            inner: self.db.begin().await?,
            clock: self.clock.clone(),
            unsealed: self.unsealed.clone(),
            committed: self.committed.clone(),
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
        insert_all(&self.inner, records).await?;
        insert_all(&self.inner, unsealed).await?;
        self.inner.commit().await?;
        self.unsealed.ring();
        self.committed.ring();
        Ok(())
    }
}
