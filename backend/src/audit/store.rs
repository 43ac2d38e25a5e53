//! Queries on the sealed log: its tree and its checkpoints.

use std::collections::HashMap;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::{audit_checkpoint, audit_leaf, audit_node, audit_record, audit_unsealed};
use super::merkle::{Hash, Place};

/// A checkpoint as stored.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Records in the log.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
    /// When it was signed, in microseconds.
    pub signed_at: i64,
}

/// A record at its place in the log.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// SHA-256(0x00, body).
    pub leaf_hash: Hash,
    /// Where it happened; in no community for sign-ins and the server itself.
    pub community: Option<Uuid>,
    /// Canonical JSON.
    pub body: String,
}

/// The newest checkpoint; none before the first record was sealed.
///
/// # Errors
/// If the database fails.
pub async fn last_checkpoint(on: &impl ConnectionTrait) -> Result<Option<Checkpoint>, DbErr> {
    audit_checkpoint::Entity::find()
        .order_by_desc(audit_checkpoint::Column::Size)
        .one(on)
        .await?
        .map(checkpoint)
        .transpose()
}

/// The next checkpoints after this size, this many at most.
///
/// # Errors
/// If the database fails.
pub async fn checkpoints(
    on: &impl ConnectionTrait,
    after: u64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    audit_checkpoint::Entity::find()
        .filter(audit_checkpoint::Column::Size.gt(signed(after)?))
        .order_by_asc(audit_checkpoint::Column::Size)
        .limit(limit)
        .all(on)
        .await?
        .into_iter()
        .map(checkpoint)
        .collect()
}

fn checkpoint(row: audit_checkpoint::Model) -> Result<Checkpoint, DbErr> {
    Ok(Checkpoint {
        size: unsigned(row.size)?,
        root: hash(&row.root)?,
        note: row.note,
        signed_at: row.signed_at,
    })
}

/// The next records of the log from this leaf on, this many at most.
///
/// # Errors
/// If the database fails.
pub async fn sealed_from(
    on: &impl ConnectionTrait,
    leaf: u64,
    limit: u64,
) -> Result<Vec<Sealed>, DbErr> {
    let record = audit_leaf::Entity::belongs_to(audit_record::Entity)
        .from(audit_leaf::Column::RecordId)
        .to(audit_record::Column::Id)
        .into();
    let rows: Vec<(Vec<u8>, Option<Uuid>, String)> = audit_leaf::Entity::find()
        .select_only()
        .column(audit_leaf::Column::LeafHash)
        .columns([
            audit_record::Column::CommunityId,
            audit_record::Column::Body,
        ])
        .join(JoinType::InnerJoin, record)
        .filter(audit_leaf::Column::LeafIndex.gte(signed(leaf)?))
        .order_by_asc(audit_leaf::Column::LeafIndex)
        .limit(limit)
        .into_tuple()
        .all(on)
        .await?;
    rows.into_iter()
        .map(|(leaf_hash, community, body)| {
            Ok(Sealed {
                leaf_hash: hash(&leaf_hash)?,
                community,
                body,
            })
        })
        .collect()
}

/// Whether every record has its place.
///
/// # Errors
/// If the database fails.
pub async fn all_sealed(on: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(audit_unsealed::Entity::find().one(on).await?.is_none())
}

/// The stored nodes at these places; leaves are nodes of level 0.
pub async fn nodes_at(
    on: &impl ConnectionTrait,
    places: &[Place],
) -> Result<HashMap<Place, Hash>, DbErr> {
    let mut found = HashMap::with_capacity(places.len());
    let (leaves, inner): (Vec<Place>, Vec<Place>) =
        places.iter().partition(|place| place.level == 0);
    if !leaves.is_empty() {
        let indexes = leaves
            .iter()
            .map(|place| signed(place.index))
            .collect::<Result<Vec<_>, _>>()?;
        let rows = audit_leaf::Entity::find()
            .filter(audit_leaf::Column::LeafIndex.is_in(indexes))
            .all(on)
            .await?;
        for row in rows {
            found.insert(
                Place {
                    level: 0,
                    index: unsigned(row.leaf_index)?,
                },
                hash(&row.leaf_hash)?,
            );
        }
    }
    if !inner.is_empty() {
        let mut any = Condition::any();
        for place in inner {
            any = any.add(
                audit_node::Column::Level
                    .eq(i64::from(place.level))
                    .and(audit_node::Column::NodeIndex.eq(signed(place.index)?)),
            );
        }
        for row in audit_node::Entity::find().filter(any).all(on).await? {
            let level = u8::try_from(row.level).map_err(|_| damaged("a level"))?;
            found.insert(
                Place {
                    level,
                    index: unsigned(row.node_index)?,
                },
                hash(&row.hash)?,
            );
        }
    }
    Ok(found)
}

/// A hash from a binary column.
pub fn hash(bytes: &[u8]) -> Result<Hash, DbErr> {
    bytes.try_into().map_err(|_| damaged("a hash"))
}

/// A size or an index from a column.
pub fn unsigned(number: i64) -> Result<u64, DbErr> {
    u64::try_from(number).map_err(|_| damaged("a size"))
}

/// A size or an index for a column.
pub fn signed(number: u64) -> Result<i64, DbErr> {
    i64::try_from(number).map_err(|_| damaged("a size"))
}

fn damaged(what: &str) -> DbErr {
    DbErr::Custom(format!(
        "the audit log is damaged: {what} in it is none; run `hortus audit verify`"
    ))
}
