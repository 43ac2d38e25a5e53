//! Signatures as they are read.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::manifest::hash;
use super::meaning::Meaning;
use crate::clock::Timestamp;
use crate::identity::entity::signature;

/// An electronic signature.
pub type Signature = signature::Model;

/// The signature with this identifier.
pub async fn signature(on: &impl ConnectionTrait, id: Uuid) -> Result<Option<Signature>, DbErr> {
    signature::Entity::find_by_id(id).one(on).await
}

/// The signatures on these revisions, whatever was signed, the oldest first.
pub async fn signatures_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Signature>>, DbErr> {
    let rows = signature::Entity::find()
        .filter(signature::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(signature::Column::Id)
        .all(on)
        .await?;
    let mut found: HashMap<Uuid, Vec<Signature>> = HashMap::new();
    for row in rows {
        if let Some(revision) = row.revision_id {
            found.entry(revision).or_default().push(row);
        }
    }
    Ok(found)
}

/// The signatures in these communities in the order of their identifiers, after this one, at most so many.
pub async fn signatures_in(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Signature>, DbErr> {
    let mut query = signature::Entity::find()
        .filter(signature::Column::CommunityId.is_in(communities.iter().copied()));
    if let Some(after) = after {
        query = query.filter(signature::Column::Id.gt(after));
    }
    query
        .order_by_asc(signature::Column::Id)
        .limit(limit)
        .all(on)
        .await
}

/// Who signed, as known then.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignatureSigner)]
pub struct By {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
}

/// What was signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignatureObject)]
pub struct Object {
    /// The kind of row.
    pub kind: String,
    /// The row.
    pub id: Uuid,
}

/// A signature with its manifestation: printed name, time and meaning (21 CFR 11.50).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Signature)]
pub struct SignatureView {
    /// The signature.
    pub id: Uuid,
    /// Who signed.
    pub signer: By,
    /// In which role.
    pub role: String,
    /// What it means.
    pub meaning: Meaning,
    /// The sentence that was read and signed.
    pub meaning_text: String,
    /// When, by the clock of the server.
    pub signed_at: Timestamp,
    /// What was done.
    pub action: String,
    /// The reason code.
    pub reason: Option<String>,
    /// What was signed.
    pub object: Object,
    /// The text that was read.
    pub revision_hash: Option<String>,
    /// The rules whose findings were read.
    pub rule_set_hash: Option<String>,
    /// SHA-256 of the signed bytes: it is in the audit record `signature.made`.
    pub manifest_hash: String,
    /// Whether the signed bytes have that hash, and say what the row says.
    pub intact: bool,
}

impl SignatureView {
    /// The signature as staff see it.
    ///
    /// # Errors
    /// If the signed bytes cannot be read.
    pub fn of(row: &Signature) -> Result<Self, DbErr> {
        let damaged = || DbErr::Custom(format!("the signature {} cannot be read", row.id));
        let manifest: Value = serde_json::from_str(&row.manifest).map_err(|_| damaged())?;
        let text = |name: &str| {
            manifest
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        Ok(Self {
            id: row.id,
            signer: By {
                id: row.account_id,
                name: text("signer_name").ok_or_else(damaged)?,
            },
            role: text("role").ok_or_else(damaged)?,
            meaning: Meaning::from_word(&row.meaning).ok_or_else(damaged)?,
            meaning_text: text("meaning_text").ok_or_else(damaged)?,
            signed_at: Timestamp::from_micros(row.signed_at),
            action: text("action").ok_or_else(damaged)?,
            reason: text("reason"),
            object: Object {
                kind: row.object_kind.clone(),
                id: row.object_id,
            },
            revision_hash: text("revision_hash"),
            rule_set_hash: text("rule_set_hash"),
            manifest_hash: row.manifest_hash.clone(),
            intact: is_intact(row, &manifest),
        })
    }
}

/// Whether the signed bytes have their hash, and are about what the row names: a row that was moved or changed is not.
fn is_intact(row: &Signature, manifest: &Value) -> bool {
    let says = |pointer: &str, text: String| {
        manifest.pointer(pointer).and_then(Value::as_str) == Some(&text)
    };
    let maybe = |pointer: &str, id: Option<Uuid>| {
        manifest.pointer(pointer).and_then(Value::as_str) == id.map(|id| id.to_string()).as_deref()
    };
    hash(&row.manifest) == row.manifest_hash
        && says("/id", row.id.to_string())
        && says("/signer", row.account_id.to_string())
        && says("/object/kind", row.object_kind.clone())
        && says("/object/id", row.object_id.to_string())
        && says("/meaning", row.meaning.clone())
        && maybe("/revision", row.revision_id)
        && says("/community", row.community_id.to_string())
        && manifest.pointer("/signed_at").and_then(Value::as_i64) == Some(row.signed_at)
}
