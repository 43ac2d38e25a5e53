//! Items that look at how the desk decides. They have no effect, and until somebody has decided nothing on them tells what
//! was decided before; nor do they tell which of them have an outcome that is known.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::entity::assessment;
use super::{Origin, ReviewItem};
use crate::posts::ItemState;

impl ReviewItem {
    /// Whether a decision on it changes anything beside the record.
    pub fn has_effect(&self) -> bool {
        Origin::from_word(&self.origin).is_none_or(Origin::has_effect)
    }
}

/// Whether the person who reads this item must not learn what was decided on its text.
pub(super) fn is_blind(item: &ReviewItem) -> bool {
    !item.has_effect() && item.state != ItemState::Decided.word()
}

/// What brought it to the desk, as the desk may know.
pub(super) fn shown_origin(item: &ReviewItem) -> Option<Origin> {
    let origin = Origin::from_word(&item.origin)?;
    Some(if is_blind(item) {
        Origin::Sample
    } else {
        origin
    })
}

/// Those of these items whose text this person has judged on another item.
pub(super) async fn judged_before(
    on: &impl ConnectionTrait,
    items: &[&ReviewItem],
    who: Uuid,
) -> Result<HashSet<Uuid>, DbErr> {
    let rows: Vec<(Uuid, Uuid)> = assessment::Entity::find()
        .select_only()
        .columns([assessment::Column::RevisionId, assessment::Column::ItemId])
        .filter(assessment::Column::RevisionId.is_in(items.iter().map(|item| item.revision_id)))
        .filter(assessment::Column::AssessedBy.eq(who))
        .into_tuple()
        .all(on)
        .await?;
    let judged = |item: &&&ReviewItem| {
        let other = |row: &(Uuid, Uuid)| row.0 == item.revision_id && row.1 != item.id;
        rows.iter().any(other)
    };
    let judged = items.iter().filter(judged);
    Ok(judged.map(|item| item.id).collect())
}
