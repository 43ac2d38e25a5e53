//! The way in for the very first person: a link that the server prints when it starts and nobody has an account yet.

use std::time::Duration;

use sea_orm::DbErr;
use serde_json::json;

use crate::audit::{Actor, Audit, Event};
use crate::communities::entity::invitation;
use crate::communities::roles::{Role, SpeakerClass};
use crate::db::{Lock, insert};
use crate::identity::{Token, nobody_yet};

/// An invitation to become administrator of the server, as long as there is no account. Every start makes a fresh
/// one, because a link that was printed and lost cannot be shown again; the first account ends them all.
pub async fn first_administrator_link(
    audit: &Audit,
    lifetime: Duration,
) -> Result<Option<Token>, DbErr> {
    let tx = audit.begin().await?;
    Lock::FirstStart.wait(tx.conn()).await?;
    if !nobody_yet(tx.conn()).await? {
        return Ok(None);
    }
    let (token, id, now) = (Token::random(), audit.clock().new_id(), audit.clock().now());
    let expires_at = now.plus(lifetime);
    insert(
        tx.conn(),
        invitation::Model {
            id,
            token_hash: token.hash(),
            community_id: None,
            email: String::new(),
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
    let event = Event::new(&Actor::server(), "invitation.created", "invitation", id)
        .change(json!({ "roles": "server_administrator", "expires_at": expires_at.rfc3339() }));
    tx.commit(event).await?;
    Ok(Some(token))
}
