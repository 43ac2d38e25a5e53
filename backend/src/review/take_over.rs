//! Take an item over from a colleague who holds it: a lead may, and says why.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::claim::{ClaimError, Lease, begin_lease, free_or_why};
use super::conflict;
use super::store::item_to_change;
use crate::audit::{Audit, Event};
use crate::communities::authority::Moderator;
use crate::communities::roles::Role;
use crate::jobs::enqueue;
use crate::live::Signal;

/// Why a lead takes an item over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakeOverReason {
    /// The colleague went away with the item open.
    HolderAbsent,
    /// The deadline is too near.
    Deadline,
    /// It needs knowledge that the colleague lacks.
    Expertise,
    /// The colleague is not impartial.
    ConflictOfInterest,
    /// Something else.
    Other,
}

impl TakeOverReason {
    /// The word that stands in the record.
    const fn word(self) -> &'static str {
        match self {
            Self::HolderAbsent => "holder_absent",
            Self::Deadline => "deadline",
            Self::Expertise => "expertise",
            Self::ConflictOfInterest => "conflict_of_interest",
            Self::Other => "other",
        }
    }
}

/// Takes the item over, whoever holds it. The fence grows, so that nothing counts that the former holder still sends;
/// they are told at once.
pub async fn take_over(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    reason: TakeOverReason,
    lease: Duration,
) -> Result<Lease, ClaimError> {
    let who = moderator.who.account_id;
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let community = item.community_id;
    let leads = moderator
        .seat(community)
        .is_some_and(|seat| seat.roles.has(Role::Lead));
    // To everybody else there is nothing to be done here.
    if !leads {
        return Err(ClaimError::Unknown);
    }
    conflict::none(tx.conn(), moderator, &item).await?;
    let now = audit.clock().now();
    let from = match free_or_why(tx.conn(), &item, who, now).await {
        Ok(()) => None,
        Err(ClaimError::ClaimedByOther { holder, .. }) => Some(holder.id),
        Err(refused) => return Err(refused),
    };
    let old_fence = item.fence;
    let lease = begin_lease(&tx, item, who, now, now.plus(lease)).await?;
    let told = from.map(|account| Signal::ClaimLost { account, item: id }.into());
    let changed = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, audit.clock(), told.into_iter().chain([changed.into()])).await?;
    let event = Event::new(
        &moderator.actor(community),
        "item.taken_over",
        "review_item",
        id,
    )
    .within(community)
    .change(json!({
        "fence": { "old": old_fence, "new": lease.fence },
        "taken_over_from": from,
    }))
    .why(Some(reason.word()));
    tx.commit(event).await?;
    Ok(lease)
}
