//! Claims jobs in batches, runs them, and notes the outcome.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::entity::job;
use crate::audit::Audit;

const BATCH: u64 = 128;
/// Jobs that wait for others outside of the server, done side by side: together they must end within their claim.
const AT_ONCE: usize = 8;
const CLAIM: Duration = Duration::from_secs(30);
const KEEP_DONE: Duration = Duration::from_secs(24 * 3600);
const SWEEP: Duration = Duration::from_secs(600);

/// Does the work of one kind of job. The error says what went wrong, without a member's words.
pub type Handler =
    Box<dyn Fn(Value) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// The same, where it matters which job it is.
pub type NumberedHandler = Box<
    dyn Fn(Uuid, Value) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync,
>;

/// Runs the jobs of this process.
pub struct Runner {
    audit: Audit,
    handlers: HashMap<&'static str, NumberedHandler>,
    kinds: Kinds,
}

/// Which jobs a runner takes.
enum Kinds {
    /// All but these, which another runner does.
    AllBut(Vec<&'static str>),
    /// Those that it has handlers for, side by side.
    ItsOwn,
}

impl Runner {
    /// A runner without handlers. It takes every job, one after the other.
    pub fn new(audit: Audit) -> Self {
        Self {
            audit,
            handlers: HashMap::new(),
            kinds: Kinds::AllBut(Vec::new()),
        }
    }

    /// Leaves jobs of this kind to a runner [of their own](Self::apart).
    #[must_use]
    pub fn but(mut self, kind: &'static str) -> Self {
        if let Kinds::AllBut(others) = &mut self.kinds {
            others.push(kind);
        }
        self
    }

    /// Takes only jobs that it has handlers for, some side by side: what waits for others must not hold up the rest.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.kinds = Kinds::ItsOwn;
        self
    }

    /// Jobs of this kind go to this handler.
    #[must_use]
    pub fn on(self, kind: &'static str, handler: Handler) -> Self {
        self.on_numbered(kind, Box::new(move |_, payload| handler(payload)))
    }

    /// Jobs of this kind go to this handler, with their identifiers.
    #[must_use]
    pub fn on_numbered(mut self, kind: &'static str, handler: NumberedHandler) -> Self {
        self.handlers.insert(kind, handler);
        self
    }

    /// Works until stopped. Woken by every commit with jobs, and by itself once a second.
    pub async fn run(self, stop: CancellationToken) {
        let mut swept: Option<Instant> = None;
        while !stop.is_cancelled() {
            if swept.is_none_or(|last| last.elapsed() > SWEEP) {
                swept = Some(Instant::now());
                if let Err(cause) = self.sweep().await {
                    tracing::warn!(cause = %cause, "old jobs stay until later");
                }
            }
            match self.work_off().await {
                Ok(0) => {
                    tokio::select! {
                        () = self.audit.jobs().heard_or_a_second() => {}
                        () = stop.cancelled() => {}
                    }
                }
                Ok(_) => {}
                Err(cause) => {
                    tracing::error!(cause = %cause, "jobs cannot be read; trying again in a second");
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        () = stop.cancelled() => {}
                    }
                }
            }
        }
    }

    /// Runs what is due now; says how many jobs there were.
    pub async fn work_off(&self) -> Result<usize, DbErr> {
        let jobs = self.claim().await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let at_once = match self.kinds {
            Kinds::AllBut(_) => 1,
            Kinds::ItsOwn => AT_ONCE,
        };
        let mut done = Vec::with_capacity(jobs.len());
        let mut failed = Vec::new();
        let work: Vec<_> = jobs.iter().map(|work| self.handle(work)).collect();
        let outcomes: Vec<_> = stream::iter(work).buffered(at_once).collect().await;
        for (work, outcome) in jobs.iter().zip(outcomes) {
            match outcome {
                Ok(()) => done.push(work.id),
                Err(cause) => failed.push((work, cause)),
            }
        }
        self.note(done, failed).await?;
        Ok(jobs.len())
    }

    async fn handle(&self, work: &job::Model) -> Result<(), String> {
        let handler = self
            .handlers
            .get(work.kind.as_str())
            .ok_or_else(|| format!("nothing here handles jobs of kind `{}`", work.kind))?;
        let payload = serde_json::from_str(&work.payload).map_err(|cause| cause.to_string())?;
        handler(work.id, payload).await
    }

    async fn claim(&self) -> Result<Vec<job::Model>, DbErr> {
        let now = self.audit.clock().now();
        let (kinds, batch) = match &self.kinds {
            Kinds::AllBut(others) => (job::Column::Kind.is_not_in(others.iter().copied()), BATCH),
            Kinds::ItsOwn => (
                job::Column::Kind.is_in(self.handlers.keys().copied()),
                AT_ONCE as u64,
            ),
        };
        let due = || {
            job::Entity::find()
                .filter(job::Column::DoneAt.is_null())
                .filter(job::Column::RunAt.lte(now.micros()))
                .filter(job::Column::ClaimedUntil.lt(now.micros()))
                .filter(kinds.clone())
                .order_by_asc(job::Column::RunAt)
                .order_by_asc(job::Column::Id)
                .limit(batch)
        };
        if due().limit(1).one(self.audit.db().read()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.audit.db().upkeep().await?;
        let jobs = due()
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&tx)
            .await?;
        job::Entity::update_many()
            .col_expr(
                job::Column::ClaimedUntil,
                Expr::value(now.plus(CLAIM).micros()),
            )
            .filter(job::Column::Id.is_in(jobs.iter().map(|work| work.id)))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(jobs)
    }

    async fn note(&self, done: Vec<Uuid>, failed: Vec<(&job::Model, String)>) -> Result<(), DbErr> {
        let now = self.audit.clock().now();
        let tx = self.audit.db().upkeep().await?;
        if !done.is_empty() {
            job::Entity::update_many()
                .col_expr(job::Column::DoneAt, Expr::value(now.micros()))
                .filter(job::Column::Id.is_in(done))
                .exec(&tx)
                .await?;
        }
        for (work, cause) in failed {
            tracing::warn!(job = %work.id, kind = %work.kind, attempts = work.attempts + 1, cause, "a job failed and will be tried again");
            let wait = Duration::from_secs(
                2_u64.saturating_pow(u32::try_from(work.attempts).unwrap_or(8).min(8)),
            );
            job::Entity::update_many()
                .col_expr(job::Column::Attempts, Expr::value(work.attempts + 1))
                .col_expr(job::Column::RunAt, Expr::value(now.plus(wait).micros()))
                .col_expr(job::Column::ClaimedUntil, Expr::value(0_i64))
                .col_expr(job::Column::LastError, Expr::value(cause))
                .filter(job::Column::Id.eq(work.id))
                .exec(&tx)
                .await?;
        }
        tx.commit().await
    }

    /// Forgets jobs that were done long ago. It reads all of them, so it is not part of every round.
    async fn sweep(&self) -> Result<(), DbErr> {
        let long_ago = self.audit.clock().now().minus(KEEP_DONE);
        let tx = self.audit.db().upkeep().await?;
        job::Entity::delete_many()
            .filter(job::Column::DoneAt.lt(long_ago.micros()))
            .exec(&tx)
            .await?;
        tx.commit().await
    }
}
