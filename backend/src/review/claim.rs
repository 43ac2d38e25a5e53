//! Claim an item: a lease with an end, a heartbeat and a fence.

use std::time::Duration;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReviewItem;
use super::conflict;
use super::entity::review_item;
use super::not_waiting::{NotWaiting, not_waiting};
use super::queue::Person;
use super::reopening::Barred;
use super::scope::{in_scope, to_decide as waits};
use super::skip::lift_own;
use super::store::{item, item_to_change};
use crate::audit::{Audit, Event, Tx};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::identity::printed_names;
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
    /// The text would join a thread that the person started.
    #[error("nobody reviews in a thread that they started; leave it to a colleague")]
    OwnThread,
    /// The person declared a conflict of interest.
    #[error("you declared a conflict of interest in this item; leave it to a colleague")]
    Declared,
    /// They reported it, or made the decision that is appealed against.
    #[error(transparent)]
    Barred(Barred),
    /// Somebody else holds it.
    #[error("{} holds this item until {}", holder.name, until.rfc3339())]
    ClaimedByOther {
        /// Who.
        holder: Person,
        /// When their lease runs out.
        until: Timestamp,
    },
    /// It waits no more.
    #[error(transparent)]
    NotWaiting(#[from] NotWaiting),
    /// The lease ran out or went to somebody else.
    #[error("your claim on this item has ended; claim it again and look at it afresh")]
    LeaseLost,
    /// The fence is none that was ever given for this item.
    #[error("you do not hold this item; claim it first")]
    NeverHeld,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Whether this person holds the item now.
pub(super) fn held_by(item: &ReviewItem, who: Uuid, now: Timestamp) -> bool {
    let running = item.claimed_until.is_some_and(|until| until > now.micros());
    item.claimed_by == Some(who) && running
}

/// Checks that this person holds the item under this fence, now.
pub(super) fn held(
    item: &ReviewItem,
    who: Uuid,
    fence: i64,
    now: Timestamp,
) -> Result<(), ClaimError> {
    if held_by(item, who, now) && item.fence == fence {
        Ok(())
    } else if (1..=item.fence).contains(&fence) {
        Err(ClaimError::LeaseLost)
    } else {
        Err(ClaimError::NeverHeld)
    }
}

/// Whether somebody at the desk may take the item.
pub(super) fn to_decide(item: &ReviewItem) -> bool {
    ItemState::from_word(&item.state).is_some_and(|state| ItemState::TO_DECIDE.contains(&state))
}

/// Whether this person could hold the item now, or who stands against it, and since when.
pub(super) async fn free_or_why(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    who: Uuid,
    now: Timestamp,
) -> Result<(), ClaimError> {
    if !to_decide(item) {
        return Err(not_waiting(on, item).await?.into());
    }
    let running = item.claimed_until.filter(|until| *until > now.micros());
    if let (Some(until), Some(holder)) = (running, item.claimed_by)
        && holder != who
    {
        let mut names = printed_names(on, [holder]).await?;
        return Err(ClaimError::ClaimedByOther {
            holder: Person {
                id: holder,
                name: names.remove(&holder).unwrap_or_default(),
            },
            until: Timestamp::from_micros(until),
        });
    }
    Ok(())
}

/// Writes the lease. The fence grows, unless the person holds the item already.
pub(super) async fn begin_lease(
    tx: &Tx,
    item: ReviewItem,
    who: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Lease, DbErr> {
    let fence = if held_by(&item, who, now) {
        item.fence
    } else {
        item.fence + 1
    };
    let mut row: review_item::ActiveModel = item.into();
    row.claimed_by = Set(Some(who));
    row.claimed_until = Set(Some(until.micros()));
    row.fence = Set(fence);
    row.update(tx.conn()).await?;
    Ok(Lease { fence, until })
}

/// Ends the lease before its time.
pub(super) async fn give_back(tx: &Tx, item: ReviewItem) -> Result<(), DbErr> {
    let mut row: review_item::ActiveModel = item.into();
    row.claimed_by = Set(None);
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;
    Ok(())
}

/// Claims the item, or prolongs the claim that the person already has.
pub async fn claim(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    lease: Duration,
) -> Result<Lease, ClaimError> {
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    conflict::none(tx.conn(), moderator, &item).await?;
    let now = audit.clock().now();
    free_or_why(tx.conn(), &item, moderator.who.account_id, now).await?;
    take(audit, tx, moderator, item, now.plus(lease)).await
}

/// Takes an item that is free, or prolongs the claim, and commits.
pub(super) async fn take(
    audit: &Audit,
    tx: Tx,
    moderator: &Moderator,
    item: ReviewItem,
    until: Timestamp,
) -> Result<Lease, ClaimError> {
    let who = moderator.who.account_id;
    let now = audit.clock().now();
    let (id, community, old_fence) = (item.id, item.community_id, item.fence);
    let lapsed = item.claimed_until.and(item.claimed_by);
    let taken_over_from = lapsed.filter(|holder| *holder != who);
    let skip_lifted = lift_own(&tx, who, id, now).await?;
    let lease = begin_lease(&tx, item, who, now, until).await?;
    let signal = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, audit.clock(), [signal.into()]).await?;
    let event = Event::new(
        &moderator.actor(community),
        "item.claimed",
        "review_item",
        id,
    )
    .within(community)
    .change(json!({
        "fence": { "old": old_fence, "new": lease.fence },
        "skip_lifted": skip_lifted,
        "taken_over_from": taken_over_from,
    }));
    tx.commit(event).await?;
    Ok(lease)
}

/// Prolongs a lease. It is upkeep, not a change of the record.
pub async fn heartbeat(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
    lease: Duration,
) -> Result<Lease, ClaimError> {
    let who = moderator.who.account_id;
    let now = audit.clock().now();
    let until = now.plus(lease);
    let tx = audit.db().upkeep().await?;
    let done = review_item::Entity::update_many()
        .col_expr(
            review_item::Column::ClaimedUntil,
            Expr::value(until.micros()),
        )
        .filter(review_item::Column::Id.eq(id))
        .filter(in_scope(moderator))
        .filter(review_item::Column::ClaimedBy.eq(who))
        .filter(review_item::Column::Fence.eq(fence))
        .filter(review_item::Column::ClaimedUntil.gt(now.micros()))
        .filter(waits())
        .exec(&tx)
        .await?;
    tx.commit().await?;
    if done.rows_affected == 1 {
        return Ok(Lease { fence, until });
    }
    // What one may not review answers as if it did not exist, as it does to every other verb.
    let on = audit.db().read();
    let item = item(on, moderator, id).await?.ok_or(ClaimError::Unknown)?;
    if !to_decide(&item) {
        return Err(not_waiting(on, &item).await?.into());
    }
    Err(match held(&item, who, fence, now) {
        Err(why) => why,
        Ok(()) => ClaimError::LeaseLost,
    })
}

/// Gives the item back.
pub async fn unclaim(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
) -> Result<(), ClaimError> {
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    held(&item, moderator.who.account_id, fence, audit.clock().now())?;
    let community = item.community_id;
    give_back(&tx, item).await?;
    let signal = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, audit.clock(), [signal.into()]).await?;
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
