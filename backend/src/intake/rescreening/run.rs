//! Goes through what is released, page by page.

use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::entity::rescreening;
use crate::audit::{Actor, Event, Tx};
use crate::clock::Timestamp;
use crate::config;
use crate::db::Lock;
use crate::intake::Intake;
use crate::publication::released_after;

/// Posts that are looked at together.
const PAGE: u64 = 50;
/// How long a process that works on it may be silent before another takes over.
const HOLD: Duration = Duration::from_secs(10);
/// What was released so lately may still be about to be committed: it is left for later.
const SETTLED: Duration = Duration::from_secs(2);
/// Between two looks while there is work.
const SOON: Duration = Duration::from_secs(1);

/// It goes on.
pub(super) const RUNNING: &str = "running";
/// All that was released has been looked at.
pub(super) const DONE: &str = "done";
/// The rules changed again before it was done.
pub(super) const SUPERSEDED: &str = "superseded";

/// Screens again what is released.
pub struct Rescreening {
    pub(super) intake: Intake,
    settings: config::Rescreening,
    /// Names this process.
    me: Uuid,
}

impl Rescreening {
    /// With the rules of this gate.
    pub fn new(intake: Intake, settings: config::Rescreening) -> Self {
        let me = intake.audit.clock().new_id();
        Self {
            intake,
            settings,
            me,
        }
    }

    /// Works until stopped.
    pub async fn run(self, stop: CancellationToken) {
        // Without rules everything would be held; nothing of what is released is in doubt because of that.
        if self.intake.rules.fault().is_some() || self.settings.posts_per_second == 0 {
            return;
        }
        let mut begun = false;
        loop {
            let done = match begun {
                false => self.begin().await.map(|()| Duration::ZERO),
                true => self.step().await,
            };
            let wait = match done {
                Ok(wait) => {
                    begun = true;
                    wait
                }
                Err(cause) => {
                    tracing::error!(cause = %cause, "released texts cannot be screened again now; trying again");
                    Duration::from_secs(self.settings.look_seconds)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Begins where the rules are not those of the last time.
    async fn begin(&self) -> Result<(), DbErr> {
        let audit = &self.intake.audit;
        let hash = self.intake.rules.hash();
        let same =
            |row: Option<rescreening::Model>| row.is_some_and(|row| row.rule_set_hash == hash);
        if same(latest(audit.db().read()).await?) {
            return Ok(());
        }
        let tx = audit.begin().await?;
        Lock::Rescreening.wait(tx.conn()).await?;
        if same(latest(tx.conn()).await?) {
            return Ok(());
        }
        rescreening::Entity::update_many()
            .col_expr(rescreening::Column::State, Expr::value(SUPERSEDED))
            .filter(rescreening::Column::State.eq(RUNNING))
            .exec(tx.conn())
            .await?;
        let row = rescreening::Model {
            id: audit.clock().new_id(),
            rule_set_hash: hash.to_owned(),
            state: RUNNING.to_owned(),
            reached_at: 0,
            reached_post: None,
            looked_at: 0,
            items: 0,
            cases: 0,
            started_at: audit.clock().now().micros(),
            finished_at: None,
            held_by: None,
            held_until: 0,
        };
        let event = Event::new(&Actor::server(), "rescreening.begun", "rescreening", row.id)
            .change(json!({ "rule_set_hash": row.rule_set_hash }));
        row.into_active_model().insert(tx.conn()).await?;
        tx.commit(event).await
    }

    /// Looks at one page; says how long to wait before the next.
    async fn step(&self) -> Result<Duration, DbErr> {
        let idle = Duration::from_secs(self.settings.look_seconds);
        let (db, now) = (self.intake.audit.db(), self.intake.audit.clock().now());
        let row = latest(db.read()).await?;
        // Another process may have other rules; those that came last count.
        let Some(row) = row.filter(|row| row.rule_set_hash == self.intake.rules.hash()) else {
            return Ok(idle);
        };
        let horizon = now.minus(SETTLED);
        let from = (row.reached_at, row.reached_post);
        let page = released_after(db.read(), from, horizon, PAGE).await?;
        let Some(last) = page.last() else {
            let running = row.state == RUNNING;
            if running && horizon.micros() > row.started_at {
                self.finish(&row, now).await?;
            }
            return Ok(if running { SOON } else { idle });
        };
        if !self.hold(&row, now).await? {
            return Ok(SOON);
        }
        let shown: Vec<_> = page
            .iter()
            .filter(|one| one.revision_id.is_some())
            .collect();
        self.look_at(row.id, &shown).await?;
        let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
        self.reached(&row, (last.released_at, last.post_id), count)
            .await?;
        metrics::counter!("rescreened_total").increment(shown.len() as u64);
        let seconds = page.len() as f64 / f64::from(self.settings.posts_per_second);
        Ok(Duration::from_secs_f64(seconds))
    }

    /// Takes the work, or goes on with it; says whether it is ours.
    async fn hold(&self, row: &rescreening::Model, now: Timestamp) -> Result<bool, DbErr> {
        let free = rescreening::Column::HeldBy
            .eq(self.me)
            .or(rescreening::Column::HeldUntil.lt(now.micros()));
        let tx = self.intake.audit.db().upkeep().await?;
        let taken = rescreening::Entity::update_many()
            .col_expr(rescreening::Column::HeldBy, Expr::value(self.me))
            .col_expr(
                rescreening::Column::HeldUntil,
                Expr::value(now.plus(HOLD).micros()),
            )
            .filter(rescreening::Column::Id.eq(row.id))
            .filter(rescreening::Column::ReachedAt.eq(row.reached_at))
            .filter(free)
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(taken.rows_affected == 1)
    }

    /// Notes how far it came.
    async fn reached(
        &self,
        row: &rescreening::Model,
        (at, post): (i64, Uuid),
        looked_at: i64,
    ) -> Result<(), DbErr> {
        use rescreening::Column;
        let tx = self.intake.audit.db().upkeep().await?;
        rescreening::Entity::update_many()
            .col_expr(Column::ReachedAt, Expr::value(at))
            .col_expr(Column::ReachedPost, Expr::value(post))
            .col_expr(Column::LookedAt, Expr::col(Column::LookedAt).add(looked_at))
            .filter(Column::Id.eq(row.id))
            .filter(Column::HeldBy.eq(self.me))
            .exec(&tx)
            .await?;
        tx.commit().await
    }

    async fn finish(&self, row: &rescreening::Model, now: Timestamp) -> Result<(), DbErr> {
        let tx = self.intake.audit.begin().await?;
        let ended = rescreening::Entity::update_many()
            .col_expr(rescreening::Column::State, Expr::value(DONE))
            .col_expr(rescreening::Column::FinishedAt, Expr::value(now.micros()))
            .filter(rescreening::Column::Id.eq(row.id))
            .filter(rescreening::Column::State.eq(RUNNING))
            .exec(tx.conn())
            .await?;
        if ended.rows_affected == 0 {
            return Ok(());
        }
        let event = Event::new(
            &Actor::server(),
            "rescreening.finished",
            "rescreening",
            row.id,
        )
        .change(json!({
            "cases": row.cases,
            "items": row.items,
            "looked_at": row.looked_at,
            "rule_set_hash": row.rule_set_hash,
        }));
        tx.commit(event).await
    }
}

/// The one that counts.
pub(super) async fn latest(on: &impl ConnectionTrait) -> Result<Option<rescreening::Model>, DbErr> {
    rescreening::Entity::find()
        .order_by_desc(rescreening::Column::Id)
        .one(on)
        .await
}

/// Counts an item, and the case that came with it, in the transaction that opens them: nothing is counted twice, and
/// nothing is forgotten.
pub(super) async fn count(tx: &Tx, id: Uuid, case: bool) -> Result<(), DbErr> {
    use rescreening::Column;
    rescreening::Entity::update_many()
        .col_expr(Column::Items, Expr::col(Column::Items).add(1_i64))
        .col_expr(Column::Cases, Expr::col(Column::Cases).add(i64::from(case)))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
