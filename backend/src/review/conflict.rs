//! Conflicts of interest: who may not take an item, whatever their role.
//!
//! What another partner's people wrote is not a conflict but out of sight: see `scope`.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReviewItem;
use super::claim::ClaimError;
use super::entity::review_skip;
use super::reopening::{Barred, barred_among};
use super::skip::SkipReason;
use crate::communities::authority::Moderator;
use crate::posts::{Post, store as posts};

/// Why a person may not judge an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// They wrote the text.
    OwnText,
    /// They started the thread that it would join.
    OwnThread,
    /// They declared a conflict of interest.
    Declared,
    /// They reported it.
    Reporter,
    /// They made the decision that is appealed against.
    FirstDecider,
    /// They judged the text before, and it asks for somebody who does not know that.
    JudgedBefore,
}

impl From<Conflict> for ClaimError {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::OwnText => Self::OwnText,
            Conflict::OwnThread => Self::OwnThread,
            Conflict::Declared => Self::Declared,
            Conflict::Reporter => Self::Barred(Barred::Reporter),
            Conflict::FirstDecider => Self::Barred(Barred::FirstDecider),
            Conflict::JudgedBefore => Self::Barred(Barred::JudgedBefore),
        }
    }
}

impl From<Barred> for Conflict {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::Reporter => Self::Reporter,
            Barred::FirstDecider => Self::FirstDecider,
            Barred::JudgedBefore => Self::JudgedBefore,
        }
    }
}

/// The conflicts of this person with these items, which stand at these posts.
pub(super) async fn conflicts(
    on: &impl ConnectionTrait,
    who: Uuid,
    items: &[ReviewItem],
    places: &[Post],
) -> Result<HashMap<Uuid, Conflict>, DbErr> {
    let declared: HashSet<Uuid> = skips_of(on, who, items)
        .await?
        .into_iter()
        .filter(|skip| skip.reason == SkipReason::ConflictOfInterest.word())
        .map(|skip| skip.item_id)
        .collect();
    let threads: HashSet<Uuid> = places.iter().filter_map(|post| post.thread_id).collect();
    let threads: Vec<Uuid> = threads.into_iter().collect();
    let started: HashSet<Uuid> = posts::threads(on, &threads)
        .await?
        .into_iter()
        .filter(|thread| thread.started_by == who)
        .map(|thread| thread.id)
        .collect();
    let in_own_thread: HashSet<Uuid> = places
        .iter()
        .filter(|post| post.thread_id.is_some_and(|id| started.contains(&id)))
        .map(|post| post.id)
        .collect();
    let barred = barred_among(on, items, who).await?;
    let conflict = |item: &ReviewItem| {
        if item.author_id == who {
            Some(Conflict::OwnText)
        } else if in_own_thread.contains(&item.post_id) {
            Some(Conflict::OwnThread)
        } else if declared.contains(&item.id) {
            Some(Conflict::Declared)
        } else {
            barred.get(&item.id).copied().map(Conflict::from)
        }
    };
    Ok(items
        .iter()
        .filter_map(|item| Some((item.id, conflict(item)?)))
        .collect())
}

/// Refuses an item that this person must leave to a colleague.
pub(super) async fn none(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    item: &ReviewItem,
) -> Result<(), ClaimError> {
    none_for(on, moderator.who.account_id, item).await
}

/// The same for anybody who has a say on the item.
pub(super) async fn none_for(
    on: &impl ConnectionTrait,
    who: Uuid,
    item: &ReviewItem,
) -> Result<(), ClaimError> {
    let places = posts::posts(on, &[item.post_id]).await?;
    let found = conflicts(on, who, std::slice::from_ref(item), &places).await?;
    found
        .into_values()
        .next()
        .map_or(Ok(()), |conflict| Err(conflict.into()))
}

/// What this person has passed over of these items.
pub(super) async fn skips_of(
    on: &impl ConnectionTrait,
    who: Uuid,
    items: &[ReviewItem],
) -> Result<Vec<review_skip::Model>, DbErr> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    review_skip::Entity::find()
        .filter(review_skip::Column::ItemId.is_in(items.iter().map(|item| item.id)))
        .filter(review_skip::Column::AccountId.eq(who))
        .filter(review_skip::Column::LiftedAt.is_null())
        .all(on)
        .await
}
