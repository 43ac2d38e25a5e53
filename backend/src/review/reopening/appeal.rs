//! Appeals of authors against the rejection of a text: one level, decided by somebody else.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Appeal;
use super::entity::appeal;
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::db::insert;
use crate::posts::{Action, store as posts};
use crate::review::store::{decisions_on, items};

/// Keeps an appeal. A second one against the same decision is refused by the database.
pub async fn keep_appeal(tx: &Tx, row: Appeal) -> Result<(), DbErr> {
    insert(tx.conn(), row).await
}

/// The appeal against this decision.
pub async fn appeal_against(
    on: &impl ConnectionTrait,
    decision: Uuid,
) -> Result<Option<Appeal>, DbErr> {
    appeal::Entity::find()
        .filter(appeal::Column::DecisionId.eq(decision))
        .one(on)
        .await
}

/// The appeals that these items are about.
pub(super) async fn on_items(
    on: &impl ConnectionTrait,
    items: &[Uuid],
) -> Result<Vec<Appeal>, DbErr> {
    appeal::Entity::find()
        .filter(appeal::Column::ItemId.is_in(items.iter().copied()))
        .all(on)
        .await
}

/// All appeals against rejections of these revisions.
pub async fn appeals_in(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Appeal>, DbErr> {
    appeal::Entity::find()
        .filter(appeal::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(appeal::Column::Id)
        .all(on)
        .await
}

/// An appeal as its author sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outcome {
    /// The author's words.
    pub words: String,
    /// When it was made.
    pub appealed_at: Timestamp,
    /// When a decision is due, or was.
    pub expected_by: Timestamp,
    /// What was decided: `uphold` or `overturn`; nothing yet.
    pub action: Option<Action>,
    /// What the one who decided says to the author.
    pub outcome: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// The appeals against the rejections of these revisions, by revision, as their author sees them.
pub async fn appeals_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Outcome>, DbErr> {
    if revisions.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = appeal::Entity::find()
        .filter(appeal::Column::RevisionId.is_in(revisions.iter().copied()))
        .all(on)
        .await?;
    let at: Vec<Uuid> = rows.iter().map(|row| row.item_id).collect();
    let due: HashMap<Uuid, i64> = items(on, &at)
        .await?
        .into_iter()
        .map(|item| (item.id, item.due_at))
        .collect();
    let mut decisions = decisions_on(on, &at).await?;
    let said: Vec<Uuid> = rows.iter().map(|row| row.words_revision_id).collect();
    let said: HashMap<Uuid, String> = posts::revisions(on, &said)
        .await?
        .into_iter()
        .map(|revision| (revision.id, revision.body))
        .collect();
    let told = |row: Appeal| {
        let decision = decisions.remove(&row.item_id);
        let outcome = Outcome {
            words: said.get(&row.words_revision_id).cloned()?,
            appealed_at: Timestamp::from_micros(row.appealed_at),
            expected_by: Timestamp::from_micros(*due.get(&row.item_id)?),
            action: decision
                .as_ref()
                .and_then(|decision| Action::from_word(&decision.action)),
            decided_at: decision
                .as_ref()
                .map(|decision| Timestamp::from_micros(decision.decided_at)),
            outcome: decision.and_then(|decision| decision.words),
        };
        Some((row.revision_id, outcome))
    };
    Ok(rows.into_iter().filter_map(told).collect())
}
