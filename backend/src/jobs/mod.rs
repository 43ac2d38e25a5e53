//! Durable work: written in the transaction of the change that causes it, done at least once, retried until it is done.
//!
//! INVARIANT: what was committed is done, also after `kill -9`: a job whose process died is claimed again when its
//! claim runs out. So every job may run twice and must not mind.

mod entity;
mod run;

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use crate::audit::{Additions, Tx};
use crate::clock::{Clock, Timestamp};
use crate::db::{Db, insert_all};
use entity::job;

pub use run::{Handler, NumberedHandler, Runner};

/// A piece of work to be done after the commit.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which handler does it.
    pub kind: &'static str,
    /// What the handler needs: identifiers, never a member's words.
    pub payload: Value,
}

/// Writes the jobs with the change that causes them.
pub async fn enqueue(
    tx: &Tx,
    clock: &Clock,
    jobs: impl IntoIterator<Item = Job>,
) -> Result<(), DbErr> {
    let now = clock.now();
    enqueue_at(tx, clock, jobs.into_iter().map(|work| (now, work))).await
}

/// Writes jobs that are done at their time or, when nothing else is to be done then, within a second of it.
pub async fn enqueue_at(
    tx: &Tx,
    clock: &Clock,
    jobs: impl IntoIterator<Item = (Timestamp, Job)>,
) -> Result<(), DbErr> {
    let rows = rows(clock, jobs);
    if !rows.is_empty() {
        tx.has_jobs();
    }
    insert_all(tx.conn(), rows).await
}

/// The same, with changes that are known beforehand.
pub fn add_at(
    with: &mut Additions,
    clock: &Clock,
    jobs: impl IntoIterator<Item = (Timestamp, Job)>,
) {
    let rows = rows(clock, jobs);
    if !rows.is_empty() {
        with.has_jobs();
    }
    with.add(rows);
}

fn rows(clock: &Clock, jobs: impl IntoIterator<Item = (Timestamp, Job)>) -> Vec<job::Model> {
    let now = clock.now();
    jobs.into_iter()
        .map(|(run_at, work)| job::Model {
            id: clock.new_id(),
            kind: work.kind.to_owned(),
            payload: work.payload.to_string(),
            created_at: now.micros(),
            run_at: run_at.micros(),
            attempts: 0,
            claimed_until: 0,
            done_at: None,
            last_error: None,
        })
        .collect()
}

/// Jobs of a kind that were written since and are due, with what they are about; the oldest first. For who wants to know
/// of what another process does.
pub async fn written_since(
    db: &Db,
    kind: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    job::Entity::find()
        .select_only()
        .columns([job::Column::Id, job::Column::Payload])
        .filter(job::Column::Id.gte(since.first_id()))
        .filter(job::Column::Kind.eq(kind))
        .filter(job::Column::RunAt.lte(now.micros()))
        .order_by_asc(job::Column::Id)
        .into_tuple()
        .all(db.read())
        .await
}

/// How many jobs are not done yet.
pub async fn open(db: &Db) -> Result<u64, DbErr> {
    job::Entity::find()
        .filter(job::Column::DoneAt.is_null())
        .count(db.read())
        .await
}
