//! Takes an open invitation back.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};
use thiserror::Error;
use uuid::Uuid;

use super::state::InvitationState;
use crate::audit::{Audit, Event};
use crate::communities::authority::Administrator;
use crate::communities::entity::invitation;

/// Why an invitation stays as it is.
#[derive(Debug, Error)]
pub enum RevokeError {
    /// Not in a community that one administers.
    #[error("there is no such invitation")]
    NotFound,
    /// It was accepted or revoked, or has expired.
    #[error("this invitation is not open any more; end the membership if it was accepted")]
    Closed,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The link works no more.
pub async fn revoke(
    audit: &Audit,
    by: &Administrator,
    slug: &str,
    id: Uuid,
) -> Result<(), RevokeError> {
    let community = by.seat_at(slug).ok_or(RevokeError::NotFound)?.community_id;
    let now = audit.clock().now();
    let tx = audit.begin().await?;
    let row = invitation::Entity::find_by_id(id)
        .filter(invitation::Column::CommunityId.eq(community))
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .ok_or(RevokeError::NotFound)?;
    if row.state(now) != InvitationState::Open {
        return Err(RevokeError::Closed);
    }
    invitation::Entity::update(invitation::ActiveModel {
        id: Unchanged(id),
        revoked_at: Set(Some(now.micros())),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    let actor = by.actor(community);
    tx.commit(Event::new(&actor, "invitation.revoked", "invitation", id).within(community))
        .await?;
    Ok(())
}
