//! Invites an administrator of the server from its own machine: for when nobody who may do so can sign in any more.

use std::time::Duration;

use sea_orm::DbErr;
use serde_json::json;

use crate::audit::{Actor, Audit, Event};
use crate::communities::entity::invitation;
use crate::communities::roles::{Role, SpeakerClass};
use crate::db::insert;
use crate::identity::{Email, Token};

/// An invitation that makes the account with this address, new or not, an administrator of the server.
pub async fn invite_administrator(
    audit: &Audit,
    by: &Actor,
    email: &Email,
    lifetime: Duration,
) -> Result<Token, DbErr> {
    let (token, id, now) = (Token::random(), audit.clock().new_id(), audit.clock().now());
    let expires_at = now.plus(lifetime);
    let tx = audit.begin().await?;
    insert(
        tx.conn(),
        invitation::Model {
            id,
            token_hash: token.hash(),
            community_id: None,
            email: email.as_str().to_owned(),
            name: String::new(),
            roles: Role::Administrator.word().to_owned(),
            speaker: SpeakerClass::Company.word().to_owned(),
            organisation: None,
            invited_by: None,
            created_at: now.micros(),
            expires_at: expires_at.micros(),
            accepted_at: None,
            accepted_by: None,
            revoked_at: None,
        },
    )
    .await?;
    let event = Event::new(by, "invitation.created", "invitation", id)
        .change(json!({ "roles": "server_administrator", "expires_at": expires_at.rfc3339() }));
    tx.commit(event).await?;
    Ok(token)
}
