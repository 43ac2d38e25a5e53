//! Claim an item: a lease with an end, a heartbeat and a fence.

use std::time::Duration;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReviewItem;
use super::entity::review_item;
use super::store::{item, item_to_change};
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::ItemState;

/// A lease on an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Lease {
    /// Name it in the heartbeat and the decision.
    pub fence: i64,
    /// When it runs out without a heartbeat.
    pub until: Timestamp,
}

/// Why a claim was refused.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// No such item in the communities where the person reviews.
    #[error("no such item")]
    Unknown,
    /// It is the person's own text.
    #[error("nobody reviews their own text; leave it to a colleague")]
    OwnText,
    /// Somebody else holds it.
    #[error("a colleague holds this item until {}", until.rfc3339())]
    ClaimedByOther {
        /// When their lease runs out.
        until: Timestamp,
    },
    /// It waits no more.
    #[error("this item waits for no decision any more; take the next one")]
    NotWaiting,
    /// The lease ran out or went to somebody else.
    #[error("your claim on this item has run out; claim it again and look at it afresh")]
    LeaseLost,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Checks that this person holds the item under this fence, now.
pub(super) fn held(
    item: &ReviewItem,
    who: Uuid,
    fence: i64,
    now: Timestamp,
) -> Result<(), ClaimError> {
    let running = item.claimed_until.is_some_and(|until| until > now.micros());
    if item.claimed_by == Some(who) && item.fence == fence && running {
        Ok(())
    } else {
        Err(ClaimError::LeaseLost)
    }
}

/// Whether somebody at the desk may take the item.
pub(super) fn to_decide(item: &ReviewItem) -> bool {
    ItemState::from_word(&item.state).is_some_and(|state| ItemState::TO_DECIDE.contains(&state))
}

/// Claims the item, or prolongs the claim that the person already has.
pub async fn claim(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    lease: Duration,
) -> Result<Lease, ClaimError> {
    let who = moderator.who.account_id;
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, &moderator.communities(), id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let now = audit.clock().now();
    if item.author_id == who {
        return Err(ClaimError::OwnText);
    }
    if !to_decide(&item) {
        return Err(ClaimError::NotWaiting);
    }
    let running = item.claimed_until.filter(|until| *until > now.micros());
    if let (Some(until), Some(holder)) = (running, item.claimed_by)
        && holder != who
    {
        return Err(ClaimError::ClaimedByOther {
            until: Timestamp::from_micros(until),
        });
    }
    let still_mine = running.is_some();
    let taken_over_from = item.claimed_by.filter(|holder| *holder != who);
    let fence = if still_mine {
        item.fence
    } else {
        item.fence + 1
    };
    let until = now.plus(lease);
    let (community, old_fence) = (item.community_id, item.fence);
    let mut row: review_item::ActiveModel = item.into();
    row.claimed_by = Set(Some(who));
    row.claimed_until = Set(Some(until.micros()));
    row.fence = Set(fence);
    row.update(tx.conn()).await?;
    enqueue(
        &tx,
        audit.clock(),
        [Signal::QueueChanged { community }.into()],
    )
    .await?;
    let event = Event::new(
        &moderator.actor(community),
        "item.claimed",
        "review_item",
        id,
    )
    .within(community)
    .change(
        json!({ "fence": { "old": old_fence, "new": fence }, "taken_over_from": taken_over_from }),
    );
    tx.commit(event).await?;
    Ok(Lease { fence, until })
}

/// Prolongs a lease. It is upkeep, not a change of the record.
pub async fn heartbeat(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
    lease: Duration,
) -> Result<Lease, ClaimError> {
    let now = audit.clock().now();
    let until = now.plus(lease);
    let tx = audit.db().upkeep().await?;
    let done = review_item::Entity::update_many()
        .col_expr(
            review_item::Column::ClaimedUntil,
            Expr::value(until.micros()),
        )
        .filter(review_item::Column::Id.eq(id))
        .filter(review_item::Column::CommunityId.is_in(moderator.communities()))
        .filter(review_item::Column::ClaimedBy.eq(moderator.who.account_id))
        .filter(review_item::Column::Fence.eq(fence))
        .filter(review_item::Column::ClaimedUntil.gt(now.micros()))
        .filter(review_item::Column::State.is_in(ItemState::TO_DECIDE.map(ItemState::word)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    if done.rows_affected == 1 {
        return Ok(Lease { fence, until });
    }
    // What one may not review answers as if it did not exist, as it does to every other verb.
    let visible = item(audit.db().read(), &moderator.communities(), id).await?;
    Err(visible.map_or(ClaimError::Unknown, |_| ClaimError::LeaseLost))
}

/// Gives the item back.
pub async fn unclaim(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
) -> Result<(), ClaimError> {
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, &moderator.communities(), id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    held(&item, moderator.who.account_id, fence, audit.clock().now())?;
    let community = item.community_id;
    let mut row: review_item::ActiveModel = item.into();
    row.claimed_by = Set(None);
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;
    enqueue(
        &tx,
        audit.clock(),
        [Signal::QueueChanged { community }.into()],
    )
    .await?;
    let event = Event::new(
        &moderator.actor(community),
        "item.unclaimed",
        "review_item",
        id,
    )
    .within(community)
    .change(json!({ "fence": fence }));
    tx.commit(event).await?;
    Ok(())
}
