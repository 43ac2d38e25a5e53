//! Delivers mail and webhooks: tries again with growing pauses, and gives up after a day.

use std::time::Duration;

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{DbErr, EntityTrait};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::entity::delivery;
use super::mail::Post;
use super::secrets;
use super::webhook::Caller;
use crate::clock::{Clock, Timestamp};
use crate::db::Db;
use crate::jobs::{Handler, Job};

/// The kind of job that delivers.
pub const JOB: &str = "notices.deliver";
/// The channel of mail.
pub(super) const MAIL: &str = "mail";
/// The channel of webhooks.
pub(super) const WEBHOOK: &str = "webhook";
/// After this long it is not tried again: the alarm has reached people otherwise, or never will.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// Longest answer of the other side that is kept, in characters.
const LONGEST_ANSWER: usize = 200;

/// The job that delivers this.
pub(super) fn job(id: Uuid) -> Job {
    Job {
        kind: JOB,
        payload: json!({ "delivery": id }),
    }
}

/// Delivers. Clones share the connections.
#[derive(Clone)]
pub struct Deliverer {
    db: Db,
    clock: Clock,
    post: Post,
    caller: Caller,
}

#[derive(Deserialize)]
struct Letter {
    subject: String,
    body: String,
}

impl Deliverer {
    /// Delivers mail through this post office.
    ///
    /// # Errors
    /// If the client for webhooks cannot be made.
    pub fn new(db: Db, clock: Clock, post: Post) -> Result<Self, String> {
        let caller = Caller::new()?;
        Ok(Self {
            db,
            clock,
            post,
            caller,
        })
    }

    /// What does the jobs.
    pub fn handler(&self) -> Handler {
        let deliverer = self.clone();
        Box::new(move |payload| {
            let deliverer = deliverer.clone();
            Box::pin(async move {
                let id = payload
                    .get("delivery")
                    .and_then(|id| id.as_str()?.parse().ok());
                deliverer
                    .deliver(id.ok_or("this job names no delivery")?)
                    .await
            })
        })
    }

    async fn deliver(&self, id: Uuid) -> Result<(), String> {
        let found = delivery::Entity::find_by_id(id).one(self.db.read()).await;
        let Some(row) = found.map_err(|cause| cause.to_string())? else {
            return Ok(());
        };
        if row.delivered_at.is_some() || row.gave_up_at.is_some() {
            return Ok(());
        }
        let outcome = self.try_once(&row).await;
        let now = self.clock.now();
        let late = now >= Timestamp::from_micros(row.created_at).plus(PATIENCE);
        let (delivered, gave_up) = (outcome.is_ok(), outcome.is_err() && late);
        let answer = match &outcome {
            Ok(answer) | Err(answer) => answer.chars().take(LONGEST_ANSWER).collect::<String>(),
        };
        let after = delivery::ActiveModel {
            id: Unchanged(id),
            attempts: Set(row.attempts + 1),
            delivered_at: Set(delivered.then_some(now.micros())),
            gave_up_at: Set(gave_up.then_some(now.micros())),
            last_answer: Set(Some(answer)),
            ..Default::default()
        };
        self.note(after).await.map_err(|cause| cause.to_string())?;
        let told = if delivered {
            "delivered"
        } else if gave_up {
            "gave_up"
        } else {
            "failed"
        };
        metrics::counter!("deliveries_total", "channel" => if row.channel == MAIL { MAIL } else { WEBHOOK }, "outcome" => told)
            .increment(1);
        if gave_up {
            tracing::error!(delivery = %id, channel = row.channel, "a notice could not be delivered for a day and is given up");
            return Ok(());
        }
        outcome.map(drop)
    }

    async fn try_once(&self, row: &delivery::Model) -> Result<String, String> {
        if row.channel == MAIL {
            let letter: Letter =
                serde_json::from_str(&row.content).map_err(|cause| cause.to_string())?;
            return self
                .post
                .send(row.id, &row.target, &letter.subject, &letter.body)
                .await;
        }
        let now = self.clock.now();
        let known = secrets::valid(self.db.read(), row.community_id, now).await;
        let known = known.map_err(|cause| cause.to_string())?;
        if known.is_empty() {
            return Err("this community has no secret to sign with; make one".to_owned());
        }
        self.caller
            .call(row.id, &row.target, &row.content, &known, now)
            .await
    }

    async fn note(&self, after: delivery::ActiveModel) -> Result<(), DbErr> {
        let tx = self.db.upkeep().await?;
        delivery::Entity::update(after).exec(&tx).await?;
        tx.commit().await
    }
}
