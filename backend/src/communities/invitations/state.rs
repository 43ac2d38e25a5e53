//! How an invitation stands.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::communities::entity::invitation;
use crate::identity::{Token, nobody_yet};

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    /// It was.
    Accepted,
    /// Nobody accepted it in time.
    Expired,
    /// It was taken back.
    Revoked,
}

impl invitation::Model {
    /// How it stands at this time.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.accepted_at.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.expires_at <= now.micros() {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    /// Whether it is the one that a server prints at its first start, for whoever reads it: nobody is there yet.
    pub fn is_first(&self) -> bool {
        self.community_id.is_none() && self.email.is_empty()
    }
}

/// The invitation that this token opens. Unknown, used, revoked and expired ones are all alike: none.
pub async fn open_invitation(
    on: &impl ConnectionTrait,
    token: &Token,
    now: Timestamp,
) -> Result<Option<invitation::Model>, DbErr> {
    let found = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(token.hash()))
        .one(on)
        .await?;
    match found {
        Some(row) if row.state(now) != InvitationState::Open => Ok(None),
        // Once somebody is there, links of first starts that nobody used are worth nothing.
        Some(row) if row.is_first() && !nobody_yet(on).await? => Ok(None),
        other => Ok(other),
    }
}
