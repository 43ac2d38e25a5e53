//! Creates a community. Whoever creates it is its first administrator.

use sea_orm::{DbErr, SqlErr};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::authority::ServerAdministrator;
use super::entity::{community, membership};
use super::roles::{Audience, Role, SpeakerClass};
use super::slug::Slug;
use crate::audit::{Audit, Event};
use crate::db::insert;
use crate::identity::PrintedName;

/// A community that does not exist yet.
pub struct NewCommunity {
    /// Its name in addresses, for ever.
    pub slug: Slug,
    /// Its printed name.
    pub name: PrintedName,
    /// Who reads there.
    pub audience: Audience,
}

/// Why there is no new community.
#[derive(Debug, Error)]
pub enum CreateError {
    /// Another community has this name in addresses.
    #[error("another community has this address name; choose another")]
    SlugTaken,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Creates the community and gives its identifier.
pub async fn create(
    audit: &Audit,
    by: &ServerAdministrator,
    new: &NewCommunity,
) -> Result<Uuid, CreateError> {
    let (id, now) = (audit.clock().new_id(), audit.clock().now().micros());
    let tx = audit.begin().await?;
    insert(
        tx.conn(),
        community::Model {
            id,
            slug: new.slug.as_str().to_owned(),
            name: new.name.as_str().to_owned(),
            audience: new.audience.word().to_owned(),
            created_at: now,
            policy_version: 0,
        },
    )
    .await
    .map_err(|cause| match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => CreateError::SlugTaken,
        _ => CreateError::Database(cause),
    })?;
    let first = membership::Model {
        id: audit.clock().new_id(),
        community_id: id,
        account_id: by.who.account_id,
        roles: Role::Administrator.word().to_owned(),
        speaker: SpeakerClass::Company.word().to_owned(),
        organisation: None,
        joined_at: now,
        ended_at: None,
    };
    insert(tx.conn(), first.clone()).await?;
    let actor = by.actor();
    let created = Event::new(&actor, "community.created", "community", id)
        .within(id)
        .change(json!({ "audience": new.audience, "slug": new.slug.as_str() }));
    let began = Event::new(&actor, "membership.began", "membership", first.id)
        .within(id)
        .change(json!({
            "account": first.account_id,
            "roles": first.roles,
            "speaker": first.speaker,
        }));
    tx.commit_all(created, [began]).await?;
    Ok(id)
}
