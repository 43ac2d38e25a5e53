//! The invitations of a community, as its administrators see them.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::state::InvitationState;
use crate::clock::Timestamp;
use crate::communities::authority::Seat;
use crate::communities::entity::invitation;
use crate::communities::roles::{Roles, SpeakerClass};
use crate::identity::printed_names;

/// An invitation that was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentInvitation {
    /// The invitation.
    pub id: Uuid,
    /// To whom.
    pub email: String,
    /// The printed name that was proposed.
    pub name: String,
    /// As whom they will speak.
    pub speaker: SpeakerClass,
    /// The alliance partner that employs them.
    pub organisation: Option<String>,
    /// What they will be allowed to do.
    pub roles: Roles,
    /// The printed name of the administrator.
    pub invited_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// How it stands.
    pub state: InvitationState,
}

/// One page of the invitations of the community of this seat, the newest first, and where the next page begins.
pub async fn list(
    on: &impl ConnectionTrait,
    seat: &Seat,
    before: Option<Uuid>,
    limit: u64,
    now: Timestamp,
) -> Result<(Vec<SentInvitation>, Option<Uuid>), DbErr> {
    let mut query = invitation::Entity::find()
        .filter(invitation::Column::CommunityId.eq(seat.community_id))
        .order_by_desc(invitation::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(invitation::Column::Id.lt(before));
    }
    let rows = query.all(on).await?;
    let next = (rows.len() as u64 == limit)
        .then(|| rows.last().map(|row| row.id))
        .flatten();
    let names = printed_names(on, rows.iter().filter_map(|row| row.invited_by)).await?;
    let sent = |row: invitation::Model| {
        let by = row.invited_by.and_then(|by| names.get(&by));
        Some(SentInvitation {
            id: row.id,
            speaker: SpeakerClass::from_word(&row.speaker)?,
            roles: Roles::from_stored(&row.roles),
            invited_by: by.cloned().unwrap_or_default(),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            state: row.state(now),
            organisation: row.organisation,
            email: row.email,
            name: row.name,
        })
    };
    Ok((rows.into_iter().filter_map(sent).collect(), next))
}
