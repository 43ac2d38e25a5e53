//! Why an item can be taken no more, and whose doing it is.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::ReviewItem;
use super::entity::{decision, review_item};
use crate::clock::Timestamp;
use crate::identity::printed_names;
use crate::posts::{ItemState, store as posts};

/// Who decided, what, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedBy {
    /// The account.
    pub by: Uuid,
    /// The printed name.
    pub name: String,
    /// What was decided.
    pub action: String,
    /// When.
    pub at: Timestamp,
}

/// Why nobody can take an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWaiting {
    /// There is a decision.
    #[error("{} decided on this item already; take the next one", by.as_ref().map_or("a colleague", |by| &by.name))]
    Decided {
        /// Whose.
        by: Option<DecidedBy>,
    },
    /// The author took the text back.
    #[error("the author took this text back; take the next one")]
    Withdrawn,
    /// The author sent a newer revision.
    #[error("the author sent a newer revision of this text; read that one")]
    Superseded {
        /// The item of the newest revision.
        newest: Option<Uuid>,
    },
    /// A question was put to another desk.
    #[error("this item waits for an answer from another desk; take the next one")]
    Referred,
    /// It is judged, and can be undone for a moment yet.
    #[error("a colleague has just judged this item; take the next one")]
    Settling,
}

/// Why this item, which is not to be decided, cannot be taken.
pub(super) async fn not_waiting(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
) -> Result<NotWaiting, DbErr> {
    Ok(match ItemState::from_word(&item.state) {
        Some(ItemState::Withdrawn) => NotWaiting::Withdrawn,
        Some(ItemState::Superseded) => NotWaiting::Superseded {
            newest: newest_item(on, item.post_id).await?,
        },
        Some(ItemState::Referred) => NotWaiting::Referred,
        Some(ItemState::Settling) => NotWaiting::Settling,
        _ => NotWaiting::Decided {
            by: decided_by(on, item.id).await?,
        },
    })
}

/// The decision on this item, by name.
pub(super) async fn decided_by(
    on: &impl ConnectionTrait,
    item: Uuid,
) -> Result<Option<DecidedBy>, DbErr> {
    let made = decision::Entity::find()
        .filter(decision::Column::ItemId.eq(item))
        .one(on)
        .await?;
    let Some(made) = made else {
        return Ok(None);
    };
    let mut names = printed_names(on, [made.decided_by]).await?;
    Ok(Some(DecidedBy {
        by: made.decided_by,
        name: names.remove(&made.decided_by).unwrap_or_default(),
        action: made.action,
        at: Timestamp::from_micros(made.decided_at),
    }))
}

async fn newest_item(on: &impl ConnectionTrait, post: Uuid) -> Result<Option<Uuid>, DbErr> {
    let Some(newest) = posts::newest_revision(on, post).await? else {
        return Ok(None);
    };
    let item = review_item::Entity::find()
        .filter(review_item::Column::RevisionId.eq(newest.id))
        .filter(super::store::submitted())
        .one(on)
        .await?;
    Ok(item.map(|item| item.id))
}
