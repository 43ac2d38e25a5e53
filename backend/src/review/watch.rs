//! How the queue stands, for those who watch it from outside the desk.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::review_item;
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::posts::ItemState;

/// An item whose decision is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueItem {
    /// The item.
    pub id: Uuid,
    /// When it is due.
    pub due_at: Timestamp,
    /// What is at stake.
    pub risk: RiskClass,
}

/// What waits in a community.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Since when, and how many, by what is at stake.
    pub by_risk: BTreeMap<RiskClass, (Timestamp, u64)>,
    /// Whether somebody holds one of them.
    pub held: bool,
}

/// Items of a community that wait for a decision or an answer and are due by then, the nearest deadline first.
pub async fn due_by(
    on: &impl ConnectionTrait,
    community: Uuid,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<DueItem>, DbErr> {
    let open = ItemState::TO_DECIDE
        .into_iter()
        .chain([ItemState::Referred]);
    let rows: Vec<(Uuid, i64, String)> = review_item::Entity::find()
        .select_only()
        .columns([
            review_item::Column::Id,
            review_item::Column::DueAt,
            review_item::Column::Risk,
        ])
        .filter(review_item::Column::CommunityId.eq(community))
        .filter(super::scope::open())
        // Nobody waits for a look at the desk itself.
        .filter(super::scope::with_effect())
        .filter(review_item::Column::State.is_in(open.map(ItemState::word)))
        .filter(review_item::Column::DueAt.lte(until.micros()))
        .order_by_asc(review_item::Column::DueAt)
        .order_by_asc(review_item::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(on)
        .await?;
    let due = |(id, due_at, risk): (Uuid, i64, String)| {
        let risk = RiskClass::from_word(&risk)?;
        let due_at = Timestamp::from_micros(due_at);
        Some(DueItem { id, due_at, risk })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

/// What waits for a reviewer in a community.
pub async fn waiting(
    on: &impl ConnectionTrait,
    community: Uuid,
    now: Timestamp,
) -> Result<Waiting, DbErr> {
    let rows: Vec<(String, i64, i64, Option<i64>)> = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::Risk)
        .column_as(review_item::Column::SubmittedAt.min(), "since")
        .column_as(review_item::Column::Id.count(), "items")
        .column_as(review_item::Column::ClaimedUntil.max(), "held_until")
        .filter(review_item::Column::CommunityId.eq(community))
        .filter(super::scope::open())
        // Nobody waits for a look at the desk itself.
        .filter(super::scope::with_effect())
        .filter(review_item::Column::State.is_in(ItemState::TO_DECIDE.map(ItemState::word)))
        .group_by(review_item::Column::Risk)
        .into_tuple()
        .all(on)
        .await?;
    let mut waiting = Waiting::default();
    for (risk, since, items, held_until) in rows {
        waiting.held |= held_until.is_some_and(|until| until > now.micros());
        if let Some(risk) = RiskClass::from_word(&risk) {
            let items = u64::try_from(items).unwrap_or(0);
            let since = Timestamp::from_micros(since);
            waiting.by_risk.insert(risk, (since, items));
        }
    }
    Ok(waiting)
}
