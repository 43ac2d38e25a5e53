//! Proves that a record is in the log: the path from its leaf to the root that the last checkpoint signs.

use sea_orm::{ConnectionTrait, DbErr};

use super::merkle::{Hash, ProofError, ProofPlan};
use super::store::{Checkpoint, last_checkpoint, nodes_at};

/// A path from a leaf to a signed root.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The siblings on the way up.
    pub hashes: Vec<Hash>,
    /// The checkpoint that signs the root.
    pub checkpoint: Checkpoint,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// Nothing was sealed yet, or not this leaf.
    #[error("no checkpoint covers this record yet")]
    NotSealed,
    /// The stored tree is not whole.
    #[error(transparent)]
    Tree(#[from] ProofError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The path from this leaf to the root of the newest checkpoint.
///
/// # Errors
/// [`ProveError`].
pub async fn prove(on: &impl ConnectionTrait, leaf_index: u64) -> Result<Proof, ProveError> {
    let checkpoint = last_checkpoint(on).await?.ok_or(ProveError::NotSealed)?;
    if leaf_index >= checkpoint.size {
        return Err(ProveError::NotSealed);
    }
    let plan = ProofPlan::inclusion(leaf_index, checkpoint.size)?;
    let nodes = nodes_at(on, &plan.places()).await?;
    let hashes = plan.hashes(|place| nodes.get(&place).copied())?;
    Ok(Proof { hashes, checkpoint })
}
