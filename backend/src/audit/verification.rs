//! Verifies the log of a running server, from its first record to its last checkpoint.
//!
//! The hashing, the tree and the signatures are checked by [`crate::verify`], which shares no code with the sealer;
//! here the rows are only fetched, and the columns that a search looks at are compared with what was sealed.

use std::borrow::Cow;

use sea_orm::{ColumnTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use super::entity::{audit_checkpoint, audit_leaf, audit_record, audit_unsealed};
use super::merkle::Frontier;
use super::store::{last_checkpoint, nodes_at, signed, unsigned};
use crate::db::Db;
use crate::verify::RunningLog;

/// Leaves that are checked at a time; the next ones are fetched meanwhile.
const PAGE: u64 = 5_000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Sealed records that were checked.
    pub records: u64,
    /// Size of the last checkpoint that was checked.
    pub checkpoint_size: u64,
    /// The first thing that is wrong, with its place.
    pub fault: Option<String>,
}

/// A leaf with its record, as stored.
type Row = (
    i64,
    Vec<u8>,
    Uuid,
    Option<String>,
    Option<i64>,
    Option<Uuid>,
    Option<Uuid>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Checks every sealed record against its leaf and its columns, and every checkpoint against the leaves up to it.
///
/// Records that are committed meanwhile do not disturb it.
///
/// # Errors
/// If the database fails. What is wrong with the log is in [`Verification::fault`].
pub async fn verify_log(db: &Db, vkey: &str) -> Result<Verification, DbErr> {
    let mut log = match RunningLog::new(vkey) {
        Ok(log) => log,
        Err(fault) => {
            return Ok(Verification {
                records: 0,
                checkpoint_size: 0,
                fault: Some(fault),
            });
        }
    };
    let checkpoints = audit_checkpoint::Entity::find()
        .order_by_asc(audit_checkpoint::Column::Size)
        .all(db.read())
        .await?;
    let end = checkpoints
        .last()
        .map_or(Ok(0), |last| unsigned(last.size))?;
    let mut due = checkpoints.into_iter().peekable();
    let mut checkpoint_size = 0;
    let mut rows = page(db, 0, end).await?;
    while !rows.is_empty() {
        let next = log.size() + rows.len() as u64;
        let check = tokio::task::spawn_blocking(move || {
            let fault = check(&mut log, rows, &mut due, &mut checkpoint_size).err();
            (log, due, checkpoint_size, fault)
        });
        let (checked, fetched) = tokio::join!(check, page(db, next, end));
        let fault;
        (log, due, checkpoint_size, fault) =
            checked.map_err(|cause| DbErr::Custom(cause.to_string()))?;
        if fault.is_some() {
            return Ok(Verification {
                records: log.size(),
                checkpoint_size,
                fault,
            });
        }
        rows = fetched?;
    }
    let fault = if log.size() < end {
        Some(format!(
            "the leaf {} is missing, but the last checkpoint covers {end} records",
            log.size()
        ))
    } else {
        strays(db).await?
    };
    Ok(Verification {
        records: log.size(),
        checkpoint_size,
        fault,
    })
}

async fn page(db: &Db, from: u64, end: u64) -> Result<Vec<Row>, DbErr> {
    let of_record = audit_leaf::Entity::belongs_to(audit_record::Entity)
        .from(audit_leaf::Column::RecordId)
        .to(audit_record::Column::Id)
        .into();
    audit_leaf::Entity::find()
        .select_only()
        .columns([
            audit_leaf::Column::LeafIndex,
            audit_leaf::Column::LeafHash,
            audit_leaf::Column::RecordId,
        ])
        .columns([
            audit_record::Column::Body,
            audit_record::Column::At,
            audit_record::Column::CommunityId,
            audit_record::Column::ActorId,
            audit_record::Column::Action,
            audit_record::Column::ObjectKind,
            audit_record::Column::ObjectId,
        ])
        .join(JoinType::LeftJoin, of_record)
        .filter(audit_leaf::Column::LeafIndex.gte(signed(from)?))
        .filter(audit_leaf::Column::LeafIndex.lt(signed(end.min(from + PAGE))?))
        .order_by_asc(audit_leaf::Column::LeafIndex)
        .into_tuple()
        .all(db.read())
        .await
}

fn check(
    log: &mut RunningLog,
    rows: Vec<Row>,
    due: &mut std::iter::Peekable<std::vec::IntoIter<audit_checkpoint::Model>>,
    checkpoint_size: &mut u64,
) -> Result<(), String> {
    for (index, leaf_hash, id, body, at, community, actor, action, kind, object) in rows {
        if u64::try_from(index) != Ok(log.size()) {
            return Err(format!("the leaf {} is missing", log.size()));
        }
        let body = body.ok_or_else(|| format!("the record `{id}` of leaf {index} is missing"))?;
        log.record(&body, &leaf_hash)?;
        let sealed: Sealed<'_> = serde_json::from_str(&body).map_err(|cause| {
            format!("the record `{id}` of leaf {index} cannot be read: {cause}")
        })?;
        let same = sealed.id == id
            && Some(sealed.at) == at
            && sealed.community == community
            && sealed.actor.id == actor
            && Some(&*sealed.action) == action.as_deref()
            && Some(&*sealed.object.kind) == kind.as_deref()
            && Some(&*sealed.object.id) == object.as_deref();
        if !same {
            return Err(format!(
                "the columns of the record `{id}` of leaf {index} do not say what was sealed"
            ));
        }
        while let Some(checkpoint) =
            due.next_if(|checkpoint| u64::try_from(checkpoint.size) == Ok(log.size()))
        {
            log.checkpoint(&checkpoint.note, log.size(), &checkpoint.root)?;
            *checkpoint_size = log.size();
        }
    }
    Ok(())
}

/// Records that were neither sealed nor wait to be, and leaves that no checkpoint covers.
async fn strays(db: &Db) -> Result<Option<String>, DbErr> {
    let unknown = audit_record::Entity::find()
        .select_only()
        .column(audit_record::Column::Id)
        .join(
            JoinType::LeftJoin,
            audit_record::Entity::belongs_to(audit_leaf::Entity)
                .from(audit_record::Column::Id)
                .to(audit_leaf::Column::RecordId)
                .into(),
        )
        .join(
            JoinType::LeftJoin,
            audit_record::Entity::belongs_to(audit_unsealed::Entity)
                .from(audit_record::Column::Id)
                .to(audit_unsealed::Column::RecordId)
                .into(),
        )
        .filter(audit_leaf::Column::RecordId.is_null())
        .filter(audit_unsealed::Column::RecordId.is_null())
        .into_tuple::<Uuid>()
        .one(db.read())
        .await?;
    if let Some(id) = unknown {
        return Ok(Some(format!(
            "the record `{id}` was put in past the log: it has no leaf and does not wait for one"
        )));
    }
    // First the leaf, then the checkpoint: the sealer writes both at once, so the later reading covers the earlier.
    let last = audit_leaf::Entity::find()
        .order_by_desc(audit_leaf::Column::LeafIndex)
        .one(db.read())
        .await?;
    let newest = last_checkpoint(db.read()).await?;
    let covered = newest.as_ref().map_or(0, |newest| newest.size);
    let uncovered =
        last.filter(|leaf| u64::try_from(leaf.leaf_index).is_ok_and(|index| index >= covered));
    if let Some(leaf) = uncovered {
        return Ok(Some(format!(
            "the leaf {} is covered by no checkpoint",
            leaf.leaf_index
        )));
    }
    let Some(newest) = newest else {
        return Ok(None);
    };
    let nodes = nodes_at(db.read(), &Frontier::places(newest.size)).await?;
    let edge = Frontier::restore(newest.size, |place| nodes.get(&place).copied());
    let whole = edge.is_ok_and(|edge| edge.root() == newest.root);
    Ok((!whole).then(|| {
        "the inner nodes that are stored do not lead to the root of the last checkpoint".to_owned()
    }))
}

/// What the columns beside a record repeat of it.
#[derive(Deserialize)]
struct Sealed<'a> {
    id: Uuid,
    at: i64,
    #[serde(borrow)]
    action: Cow<'a, str>,
    actor: SealedActor,
    community: Option<Uuid>,
    #[serde(borrow)]
    object: SealedObject<'a>,
}

#[derive(Deserialize)]
struct SealedActor {
    id: Option<Uuid>,
}

#[derive(Deserialize)]
struct SealedObject<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
}
