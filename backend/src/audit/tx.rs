//! The audited transaction: the only road to a change, and it cannot be committed without saying what happened.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, IntoActiveModel, QueryTrait};

use super::changes::{Change, Changes, Subject};
use super::entity::audit_unsealed;
use super::event::Event;
use crate::clock::Clock;
use crate::db::wake::Bell;
use crate::db::{self, Db, Statements};

/// Begins audited transactions. Clones share one database, clock and bell.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
    unsealed: Bell,
    jobs: Bell,
    changes: Changes,
}

/// A transaction of changes. Dropping it undoes them; [`Tx::commit`] records and keeps them.
#[must_use = "a transaction that is not committed changes nothing"]
pub struct Tx {
    inner: DatabaseTransaction,
    has_jobs: AtomicBool,
    audit: Audit,
}

/// A transaction of changes that are known beforehand, and of which none needs to see another. Dropping it changes
/// nothing; [`Additions::commit_all`] records and makes them.
#[must_use = "additions that are not committed change nothing"]
pub struct Additions {
    turn: db::Additions,
    statements: Statements,
    has_jobs: bool,
    audit: Audit,
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

    /// Counts the commits of this process that may have changed this. What was read before the count grew may be out of
    /// date.
    pub fn changes(&self, subject: Subject) -> u64 {
        self.changes.of(subject)
    }

    /// Begins a change.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx {
            inner: self.db.begin().await?,
            has_jobs: AtomicBool::new(false),
            audit: self.clone(),
        })
    }

    /// Waits for the turn to make changes that are known beforehand.
    pub async fn begin_additions(&self) -> Result<Additions, DbErr> {
        let turn = self.db.begin_additions().await?;
        Ok(Additions {
            statements: turn.statements(),
            turn,
            has_jobs: false,
            audit: self.clone(),
        })
    }

    /// Adds the records of these events; the change that is returned counts when it is dropped.
    fn record_in(&self, statements: &mut Statements, events: Vec<Event>) -> Result<Change, DbErr> {
        let change = self.changes.by(&events);
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
        statements.add(records);
        statements.add(unsealed);
        Ok(change)
    }

    /// Tells who waits for what was committed.
    fn committed(&self, change: Change, has_jobs: bool) {
        drop(change);
        self.unsealed.ring();
        if has_jobs {
            self.jobs.ring();
        }
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
        let events = std::iter::once(first).chain(more).collect();
        let mut records = Statements::on(&self.inner);
        let change = self.audit.record_in(&mut records, events)?;
        records.execute(&self.inner).await?;
        self.inner.commit().await?;
        self.audit.committed(change, self.has_jobs.into_inner());
        Ok(())
    }
}

impl Additions {
    /// Adds rows.
    pub fn add<M, A>(&mut self, rows: impl IntoIterator<Item = M>)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        self.statements.add(rows);
    }

    /// Changes rows that are there.
    pub fn change(&mut self, change: &impl QueryTrait) {
        self.statements.change(change);
    }

    /// There are jobs to run after the commit.
    pub fn has_jobs(&mut self) {
        self.has_jobs = true;
    }

    /// Makes the changes together with their records, or none of them.
    pub async fn commit_all(mut self, events: Vec<Event>) -> Result<(), DbErr> {
        let change = self.audit.record_in(&mut self.statements, events)?;
        self.turn.commit(self.statements).await?;
        self.audit.committed(change, self.has_jobs);
        Ok(())
    }
}
