//! Invites a person into a community.

use std::time::Duration;

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::state::InvitationState;
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;
use crate::communities::authority::Administrator;
use crate::communities::entity::{invitation, membership};
use crate::communities::roles::{Roles, SpeakerClass};
use crate::db::insert;
use crate::identity::{Email, PrintedName, Token, account_of};

/// Whom to invite as what.
pub struct NewInvitation {
    /// The address that the account will have, or has.
    pub email: Email,
    /// The printed name to begin with.
    pub name: PrintedName,
    /// As whom they will speak.
    pub speaker: SpeakerClass,
    /// The alliance partner that employs them, for partners.
    pub organisation: Option<PrintedName>,
    /// What they will be allowed to do.
    pub roles: Roles,
}

/// An invitation that was just made.
pub struct Invited {
    /// The invitation.
    pub id: Uuid,
    /// For the link, once.
    pub token: Token,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Why nobody was invited.
#[derive(Debug, Error)]
pub enum InviteError {
    /// Not a community that one administers.
    #[error("there is no such community")]
    NotFound,
    /// The person is in the community.
    #[error("this person is a member already")]
    AlreadyMember,
    /// Only alliance partners have an organisation that keeps its texts to itself.
    #[error("only partners have an organisation; leave it out, or invite them as a partner")]
    NoPartner,
    /// There is an open invitation for this address; its link was shown then.
    #[error("this address is invited already; take that invitation back to make a new link")]
    AlreadyInvited,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Makes an invitation that works for `lifetime`.
pub async fn invite(
    audit: &Audit,
    by: &Administrator,
    slug: &str,
    new: &NewInvitation,
    lifetime: Duration,
) -> Result<Invited, InviteError> {
    let community = by.seat_at(slug).ok_or(InviteError::NotFound)?.community_id;
    let organisation = new.organisation.as_ref().map(PrintedName::as_str);
    if organisation.is_some() && new.speaker != SpeakerClass::Partner {
        return Err(InviteError::NoPartner);
    }
    let (token, id, now) = (Token::random(), audit.clock().new_id(), audit.clock().now());
    let expires_at = now.plus(lifetime);
    let tx = audit.begin().await?;
    if let Some(account) = account_of(tx.conn(), &new.email).await? {
        let member = membership::Entity::find()
            .filter(membership::Column::CommunityId.eq(community))
            .filter(membership::Column::AccountId.eq(account))
            .filter(membership::Column::EndedAt.is_null())
            .one(tx.conn())
            .await?;
        if member.is_some() {
            return Err(InviteError::AlreadyMember);
        }
    }
    let earlier = invitation::Entity::find()
        .filter(invitation::Column::CommunityId.eq(community))
        .filter(invitation::Column::Email.eq(new.email.as_str()))
        .all(tx.conn())
        .await?;
    if earlier
        .iter()
        .any(|row| row.state(now) == InvitationState::Open)
    {
        return Err(InviteError::AlreadyInvited);
    }
    insert(
        tx.conn(),
        invitation::Model {
            id,
            token_hash: token.hash(),
            community_id: Some(community),
            email: new.email.as_str().to_owned(),
            name: new.name.as_str().to_owned(),
            roles: new.roles.stored(),
            speaker: new.speaker.word().to_owned(),
            organisation: organisation.map(str::to_owned),
            invited_by: Some(by.who.account_id),
            created_at: now.micros(),
            expires_at: expires_at.micros(),
            accepted_at: None,
            accepted_by: None,
            revoked_at: None,
        },
    )
    .await?;
    let event = Event::new(&by.actor(community), "invitation.created", "invitation", id)
        .within(community)
        .change(json!({
            "roles": new.roles.stored(),
            "speaker": new.speaker,
            "organisation": organisation,
            "expires_at": expires_at.rfc3339(),
        }));
    tx.commit(event).await?;
    Ok(Invited {
        id,
        token,
        expires_at,
    })
}

/// The link to hand over.
pub fn link(public_url: &str, token: &Token) -> String {
    format!(
        "{}/join/{}",
        public_url.trim_end_matches('/'),
        token.reveal()
    )
}
