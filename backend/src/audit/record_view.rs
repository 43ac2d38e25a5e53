//! A record as an inspector reads it.

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::search::Found;
use super::store::unsigned;
use crate::clock::Timestamp;

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
struct RecordActor {
    /// The account; none where the server itself acted, or a visitor.
    id: Option<Uuid>,
    /// The printed name at that time; none where it was erased.
    name: Option<String>,
    /// The role in which they acted.
    role: Option<String>,
}

/// What it was done to.
#[derive(Debug, Serialize, ToSchema)]
struct RecordObject {
    kind: String,
    id: String,
}

/// Where it happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordCommunity {
    pub slug: String,
    pub name: String,
}

/// One record of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRecord {
    id: Uuid,
    at: Timestamp,
    actor: RecordActor,
    action: String,
    object: RecordObject,
    community: Option<RecordCommunity>,
    /// Old and new values: identifiers, hashes, codes and numbers.
    change: Value,
    why: Option<String>,
    /// The session or command it came from.
    from: String,
    /// Its place in the log; none in the moment before it is sealed.
    leaf_index: Option<u64>,
    /// The record itself, as it was hashed: canonical JSON.
    body: String,
    /// SHA-256(0x00, body), in hex.
    leaf_hash: Option<String>,
}

/// What a record's body holds.
#[derive(Deserialize)]
struct Body {
    action: String,
    actor: BodyActor,
    at: i64,
    change: Value,
    community: Option<Uuid>,
    from: String,
    object: BodyObject,
    why: Option<String>,
}

#[derive(Deserialize)]
struct BodyActor {
    id: Option<Uuid>,
    name_commitment: Option<String>,
    role: Option<String>,
}

#[derive(Deserialize)]
struct BodyObject {
    id: String,
    kind: String,
}

/// A record whose body was read, before the name of its actor is known.
pub struct Read {
    found: Found,
    body: Body,
}

impl Read {
    /// Reads the body of a record.
    pub fn new(found: Found) -> Result<Self, DbErr> {
        let body = serde_json::from_str(&found.body)
            .map_err(|cause| DbErr::Custom(format!("an audit record cannot be read: {cause}")))?;
        Ok(Self { found, body })
    }

    /// What the record holds in place of its actor's name.
    pub fn commitment(&self) -> Option<&String> {
        self.body.actor.name_commitment.as_ref()
    }

    /// The community it happened in.
    pub fn community(&self) -> Option<Uuid> {
        self.body.community
    }

    /// The record with the name and the community that these are.
    pub fn view(
        self,
        name: Option<String>,
        community: Option<RecordCommunity>,
    ) -> Result<AuditRecord, DbErr> {
        let Self { found, body } = self;
        Ok(AuditRecord {
            id: found.id,
            at: Timestamp::from_micros(body.at),
            actor: RecordActor {
                id: body.actor.id,
                name,
                role: body.actor.role,
            },
            action: body.action,
            object: RecordObject {
                kind: body.object.kind,
                id: body.object.id,
            },
            community,
            change: body.change,
            why: body.why,
            from: body.from,
            leaf_index: found
                .leaf
                .as_ref()
                .map(|(index, _)| unsigned(*index))
                .transpose()?,
            body: found.body,
            leaf_hash: found.leaf.map(|(_, hash)| hex::encode(hash)),
        })
    }
}
