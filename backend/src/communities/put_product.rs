//! Adds a product to a community, or replaces what is said about it. Rules depend on it (R-FB-01).

use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::json;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use super::authority::Administrator;
use super::entity::product;
use super::roles::ProductStatus;
use crate::audit::{Audit, Event, canonical};
use crate::db::insert;
use crate::identity::PrintedName;

/// What is said about a product.
pub struct NewProduct {
    /// Its brand, or its code name.
    pub name: PrintedName,
    /// Its established (non-proprietary) name.
    pub established_name: Option<PrintedName>,
    /// How it stands with the authorities.
    pub status: ProductStatus,
    /// What it is authorised or studied for.
    pub indication: String,
    /// The boxed warning of its label: there if and only if the status says so.
    pub boxed_warning: Option<String>,
    /// Other names it goes by; without a list, those that were there stay.
    pub aliases: Option<Vec<PrintedName>>,
    /// Youngest age on the label, in years; if it is not named, the one that was there stays.
    pub min_age_years: Option<i64>,
}

/// Why the product stays as it is.
#[derive(Debug, Error)]
pub enum PutProductError {
    /// Not in a community that one administers.
    #[error("there is no such product")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Adds or replaces the product with this identifier.
pub async fn put_product(
    audit: &Audit,
    by: &Administrator,
    slug: &str,
    id: Uuid,
    new: NewProduct,
) -> Result<(), PutProductError> {
    let community = by
        .seat_at(slug)
        .ok_or(PutProductError::NotFound)?
        .community_id;
    let tx = audit.begin().await?;
    let before = product::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    if before
        .as_ref()
        .is_some_and(|row| row.community_id != community)
    {
        return Err(PutProductError::NotFound);
    }
    let aliases = match (&new.aliases, &before) {
        (Some(aliases), _) => {
            let names: Vec<&str> = aliases.iter().map(PrintedName::as_str).collect();
            json!(names).to_string()
        }
        (None, Some(before)) => before.aliases.clone(),
        (None, None) => "[]".to_owned(),
    };
    let after = product::Model {
        id,
        community_id: community,
        name: new.name.as_str().to_owned(),
        established_name: new.established_name.map(|name| name.as_str().to_owned()),
        status: new.status.word().to_owned(),
        indication: new.indication,
        boxed_warning: new.boxed_warning,
        aliases,
        min_age_years: new
            .min_age_years
            .or_else(|| before.as_ref().and_then(|row| row.min_age_years)),
    };
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    let action = match &before {
        Some(_) => {
            let row = after.clone().into_active_model().reset_all();
            product::Entity::update(row).exec(tx.conn()).await?;
            "product.changed"
        }
        None => {
            insert(tx.conn(), after.clone()).await?;
            "product.added"
        }
    };
    let old = before.as_ref();
    let event = Event::new(&by.actor(community), action, "product", id)
        .within(community)
        .change(json!({
            "status": { "old": old.map(|row| row.status.clone()), "new": after.status },
            "content": { "old": old.map(content_hash).transpose()?, "new": content_hash(&after)? },
        }));
    tx.commit(event).await?;
    Ok(())
}

/// SHA-256 of the canonical JSON of all that is said about the product, in hex.
fn content_hash(row: &product::Model) -> Result<String, DbErr> {
    let content = canonical::to_canonical(&json!({
        "aliases": row.aliases,
        "boxed_warning": row.boxed_warning,
        "established_name": row.established_name,
        "indication": row.indication,
        "min_age_years": row.min_age_years,
        "name": row.name,
        "status": row.status,
    }))
    .map_err(|cause| DbErr::Custom(format!("a product cannot be hashed: {cause}")))?;
    Ok(hex::encode(Sha256::digest(content.as_bytes())))
}
