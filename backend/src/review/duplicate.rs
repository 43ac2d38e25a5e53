//! The post that a text repeats.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::ReviewItem;
use super::entity::review_item;
use super::particulars::Misfit;
use super::scope::{in_scope, open};
use crate::communities::authority::Moderator;
use crate::posts::{Surface, store as posts};
use crate::publication::released_revision;

/// Why a post cannot be named.
pub(super) fn unknown() -> Misfit {
    let what =
        "name a post of this community that is released, or another text of this author that waits";
    Misfit("duplicate_of", what.to_owned())
}

/// Whether this text can be called a repetition of that post: one of the same community that readers see, or another text
/// of the same author that waits for a decision.
pub(super) async fn can_be_named(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    item: &ReviewItem,
    other: Uuid,
) -> Result<bool, DbErr> {
    let post = posts::post(on, &[item.community_id], other).await?;
    let surface = post.and_then(|post| Surface::from_word(&post.surface));
    if other == item.post_id || surface.is_none_or(Surface::is_to_staff) {
        return Ok(false);
    }
    if let Some(shown) = released_revision(on, other).await? {
        return Ok(shown.revision_id.is_some());
    }
    let waits: Option<Uuid> = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::Id)
        .filter(review_item::Column::AuthorId.eq(item.author_id))
        .filter(review_item::Column::PostId.eq(other))
        .filter(open())
        .filter(in_scope(moderator))
        .into_tuple()
        .one(on)
        .await?;
    Ok(waits.is_some())
}
