//! Gives records their places in the log, and signs checkpoints.
//!
//! Writers never queue for the head of a chain: they leave their records unsealed, and one sealer at a time (a lock
//! between processes on PostgreSQL, the one writer on SQLite) takes them in batches in the order of their identifiers.
//!
//! INVARIANT: leaves, nodes and the checkpoint of a batch are one transaction: the log has no leaf that no checkpoint
//! covers, and a crash leaves the records unsealed, to be sealed after the start.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Audit;
use super::checkpoint::LogKey;
use super::entity::{audit_checkpoint, audit_leaf, audit_node, audit_record, audit_unsealed};
use super::index::terms_of;
use super::merkle::{Frontier, leaf_hash};
use super::store::{last_checkpoint, nodes_at, signed};
use crate::db::{Lock, insert, insert_all};

/// Records in one transaction: few enough that, on SQLite, a submission that comes meanwhile does not wait long.
const BATCH: u64 = 256;

/// Why nothing was sealed. The records stay unsealed and the next attempt takes them.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// What is stored of the tree does not have the root that was signed last: somebody changed the database.
    #[error(
        "the stored tree of the audit log does not have the root of its last checkpoint; nothing is sealed before this is cleared up: run `hortus audit verify`"
    )]
    Damaged,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Seals the records of a database. Clones share the key.
#[derive(Clone)]
pub struct Sealer {
    audit: Audit,
    key: Arc<LogKey>,
}

impl Sealer {
    /// A sealer that signs with the key of the log.
    pub fn new(audit: Audit, key: LogKey) -> Self {
        Self {
            audit,
            key: Arc::new(key),
        }
    }

    /// The key of the log; its secret half stays inside.
    pub fn key(&self) -> &LogKey {
        &self.key
    }

    /// Seals until stopped: each record at most `within` (and the time of one batch) after it was committed here, and
    /// within a second more if another process committed it.
    pub async fn run(self, within: Duration, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = self.audit.unsealed().heard_or_a_second() => {}
                () = stop.cancelled() => break,
            }
            // Records of the same moment share a checkpoint.
            tokio::select! {
                () = tokio::time::sleep(within) => {}
                () = stop.cancelled() => {}
            }
            if let Err(cause) = self.seal_if_leader().await {
                tracing::error!(cause = %cause, "audit records cannot be sealed; trying again in a second");
            }
        }
        // What was committed before the end is sealed before the end.
        if let Err(cause) = self.seal_now().await {
            tracing::error!(cause = %cause, "audit records stay unsealed until the next start");
        }
    }

    /// Seals everything that was committed before the call; returns when it has its place.
    ///
    /// # Errors
    /// [`SealError`], and then records stay unsealed.
    pub async fn seal_now(&self) -> Result<(), SealError> {
        while self.anything_unsealed().await? {
            let tx = self.audit.db().upkeep().await?;
            Lock::Sealer.wait(&tx).await?;
            self.seal_batch(tx).await?;
        }
        Ok(())
    }

    /// How many records wait for their place.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn unsealed(&self) -> Result<u64, DbErr> {
        audit_unsealed::Entity::find()
            .count(self.audit.db().read())
            .await
    }

    async fn anything_unsealed(&self) -> Result<bool, DbErr> {
        Ok(audit_unsealed::Entity::find()
            .one(self.audit.db().read())
            .await?
            .is_some())
    }

    /// Seals what there is, unless another process is at it.
    async fn seal_if_leader(&self) -> Result<(), SealError> {
        while self.anything_unsealed().await? {
            let tx = self.audit.db().upkeep().await?;
            if !Lock::Sealer.try_take(&tx).await? {
                return Ok(());
            }
            self.seal_batch(tx).await?;
        }
        Ok(())
    }

    async fn seal_batch(&self, tx: DatabaseTransaction) -> Result<(), SealError> {
        let waiting: Vec<Uuid> = audit_unsealed::Entity::find()
            .select_only()
            .column(audit_unsealed::Column::RecordId)
            .order_by_asc(audit_unsealed::Column::RecordId)
            .limit(BATCH)
            .into_tuple()
            .all(&tx)
            .await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let records = audit_record::Entity::find()
            .filter(audit_record::Column::Id.is_in(waiting.iter().copied()))
            .order_by_asc(audit_record::Column::Id)
            .all(&tx)
            .await?;
        if records.len() != waiting.len() {
            return Err(SealError::Damaged);
        }
        let mut tree = frontier(&tx).await?;
        let (mut leaves, mut nodes, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        for record in records {
            let record_id = record.id;
            let leaf_index = signed(tree.size())?;
            let mut completed = tree.append(leaf_hash(record.body.as_bytes())).into_iter();
            terms.extend(terms_of(record));
            if let Some(leaf) = completed.next() {
                leaves.push(audit_leaf::Model {
                    leaf_index,
                    record_id,
                    leaf_hash: leaf.hash.to_vec(),
                });
            }
            for node in completed {
                nodes.push(audit_node::Model {
                    level: i64::from(node.place.level),
                    node_index: signed(node.place.index)?,
                    hash: node.hash.to_vec(),
                });
            }
        }
        insert_all(&tx, leaves).await?;
        insert_all(&tx, nodes).await?;
        insert_all(&tx, terms).await?;
        let root = tree.root();
        insert(
            &tx,
            audit_checkpoint::Model {
                size: signed(tree.size())?,
                root: root.to_vec(),
                note: self.key.checkpoint(tree.size(), &root),
                signed_at: self.audit.clock().now().micros(),
            },
        )
        .await?;
        audit_unsealed::Entity::delete_many()
            .filter(audit_unsealed::Column::RecordId.is_in(waiting))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The right edge of the stored tree, which must be the one that was signed last.
async fn frontier(tx: &DatabaseTransaction) -> Result<Frontier, SealError> {
    let Some(last) = last_checkpoint(tx).await? else {
        return Ok(Frontier::default());
    };
    let nodes = nodes_at(tx, &Frontier::places(last.size)).await?;
    let tree = Frontier::restore(last.size, |place| nodes.get(&place).copied())
        .map_err(|_| SealError::Damaged)?;
    if tree.root() == last.root {
        Ok(tree)
    } else {
        Err(SealError::Damaged)
    }
}
