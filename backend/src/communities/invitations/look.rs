//! What the holder of a link may know before accepting.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::state::open_invitation;
use crate::clock::Timestamp;
use crate::communities::entity::community;
use crate::communities::roles::{Audience, Roles, SpeakerClass};
use crate::identity::{Email, Token, account_of};

/// Into what one is invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationKind {
    /// Into a community.
    Community,
    /// To set up this server.
    ServerAdministrator,
}

/// An invitation, as its holder sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationView {
    /// Into what.
    pub kind: InvitationKind,
    /// Which community, if it is one.
    pub community: Option<InvitingCommunity>,
    /// The address of the account. The first administrator names their own: then it is null.
    pub email: Option<String>,
    /// The printed name that was proposed.
    pub name: String,
    /// As whom one will speak.
    pub speaker: SpeakerClass,
    /// What one will be allowed to do.
    pub roles: Roles,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// Whether there is an account under this address: then its own password is asked for.
    pub has_account: bool,
}

/// The community that invites.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitingCommunity {
    /// Its printed name.
    pub name: String,
    /// Who reads there.
    pub audience: Audience,
}

/// What this token opens, if anything.
pub async fn look(
    on: &impl ConnectionTrait,
    token: &Token,
    now: Timestamp,
) -> Result<Option<InvitationView>, DbErr> {
    let Some(row) = open_invitation(on, token, now).await? else {
        return Ok(None);
    };
    let community = match row.community_id {
        Some(id) => community::Entity::find_by_id(id).one(on).await?,
        None => None,
    };
    let has_account = match Email::parse(&row.email) {
        Ok(email) => account_of(on, &email).await?.is_some(),
        Err(_) => false,
    };
    let Some(speaker) = SpeakerClass::from_word(&row.speaker) else {
        return Ok(None);
    };
    Ok(Some(InvitationView {
        kind: match row.community_id {
            Some(_) => InvitationKind::Community,
            None => InvitationKind::ServerAdministrator,
        },
        community: community.and_then(|place| {
            Some(InvitingCommunity {
                audience: Audience::from_word(&place.audience)?,
                name: place.name,
            })
        }),
        email: (!row.email.is_empty()).then_some(row.email),
        name: row.name,
        speaker,
        roles: Roles::from_stored(&row.roles),
        expires_at: Timestamp::from_micros(row.expires_at),
        has_account,
    }))
}
