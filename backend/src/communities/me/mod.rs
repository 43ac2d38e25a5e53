//! Who I am here: the account and its memberships.

pub(super) mod routes;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::authority::{Seat, seats_of};
use super::roles::{Audience, Roles, SpeakerClass};
use crate::clock::Timestamp;
use crate::identity::SignedIn;

/// The person who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub account: MyAccount,
    /// Whether this person may create communities.
    pub administrator: bool,
    /// The communities, by name.
    pub memberships: Vec<MyMembership>,
    /// When this session ends by itself.
    pub expires_at: Timestamp,
    /// Whether the second factor was proven in this session.
    pub second_factor: bool,
}

/// My own account, as only I see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyAccount {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
}

/// A community that I am in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyMembership {
    /// The community.
    pub community: CommunityName,
    /// What I may do there.
    pub roles: Roles,
    /// As whom I speak there.
    pub speaker: SpeakerClass,
}

/// A community by its names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommunityName {
    /// The community.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its printed name.
    pub name: String,
    /// Who reads there.
    pub audience: Audience,
}

/// What this person is told about themselves.
pub async fn me(on: &impl ConnectionTrait, who: &SignedIn) -> Result<Me, DbErr> {
    let membership = |seat: Seat| MyMembership {
        community: CommunityName {
            id: seat.community_id,
            slug: seat.slug,
            name: seat.community_name,
            audience: seat.audience,
        },
        roles: seat.roles,
        speaker: seat.speaker,
    };
    let seats = seats_of(on, who.account_id).await?;
    Ok(Me {
        account: MyAccount {
            id: who.account_id,
            name: who.name.clone(),
            email: who.email.clone(),
        },
        administrator: who.administrator,
        memberships: seats.into_iter().map(membership).collect(),
        expires_at: who.expires_at,
        second_factor: who.second_factor,
    })
}
