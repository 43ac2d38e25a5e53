//! Texts that decisions made from the texts of authors, and what is sealed because of it.
//!
//! Where words were taken out of a text, the text as it was written is sealed: [`super::store`] gives neither its title
//! nor its body, and [`sealed_text`] is the one way to read them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::entity::{derivation, revision};
use super::{Derivation, Revision};
use crate::communities::roles::stored_words;

/// How a text was made from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words were taken out; the text as it was written is sealed.
    Redacted,
    /// It is one of several parts.
    Part,
}

stored_words!(Kind {
    Redacted => "redacted",
    Part => "part",
});

/// What was made from these texts, part by part.
pub async fn derived_from(
    on: &impl ConnectionTrait,
    originals: &[Uuid],
) -> Result<Vec<Derivation>, DbErr> {
    if originals.is_empty() {
        return Ok(Vec::new());
    }
    derivation::Entity::find()
        .filter(derivation::Column::OriginalId.is_in(originals.iter().copied()))
        .order_by_asc(derivation::Column::OriginalId)
        .order_by_asc(derivation::Column::Part)
        .all(on)
        .await
}

/// From what those of these texts were made that a decision made, by text.
pub async fn origins_of(
    on: &impl ConnectionTrait,
    texts: &[Uuid],
) -> Result<HashMap<Uuid, Derivation>, DbErr> {
    if texts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = derivation::Entity::find()
        .filter(derivation::Column::RevisionId.is_in(texts.iter().copied()))
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| (row.revision_id, row)).collect())
}

/// What readers may see of those of these texts that are sealed, by text.
pub async fn redactions_of(
    on: &impl ConnectionTrait,
    originals: &[Uuid],
) -> Result<HashMap<Uuid, Derivation>, DbErr> {
    let rows = derived_from(on, originals).await?.into_iter();
    Ok(rows
        .filter(|row| row.kind == Kind::Redacted.word())
        .map(|row| (row.original_id, row))
        .collect())
}

/// A text as it was written, sealed or not. Whoever calls this records the reading first.
pub async fn sealed_text(on: &impl ConnectionTrait, id: Uuid) -> Result<Option<Revision>, DbErr> {
    revision::Entity::find_by_id(id).one(on).await
}
