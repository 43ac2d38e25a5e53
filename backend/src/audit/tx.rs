//! The audited transaction: the only road to a change, and it cannot be committed without saying what happened.

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
}

/// A transaction of changes. Dropping it undoes them; [`Tx::commit`] records and keeps them.
#[must_use = "a transaction that is not committed changes nothing"]
pub struct Tx {
    inner: DatabaseTransaction,
    clock: Clock,
    unsealed: Bell,
    committed: Bell,
}

impl Audit {
    /// Audited writing on this database.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            unsealed: Bell::default(),
            committed: Bell::default(),
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

    /// Begins a change.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx {
            inner: self.db.begin().await?,
            clock: self.clock.clone(),
            unsealed: self.unsealed.clone(),
            committed: self.committed.clone(),
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
        let records = std::iter::once(first)
            .chain(more)
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
