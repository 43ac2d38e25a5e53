//! An administrator verifies who somebody of the staff is, before they sign (21 CFR 11.100(b)).

use sea_orm::DbErr;
use thiserror::Error;
use uuid::Uuid;

use crate::audit::Audit;
use crate::communities::authority::Administrator;
use crate::communities::change_member::{MemberError, find};
use crate::identity::signing::{self, VerifyError};

const LONGEST_EVIDENCE: usize = 500;

/// Why an identity stays unverified.
#[derive(Debug, Error)]
pub enum VerifySignerError {
    /// No such member in a community that one administers.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// How it was verified must be said.
    #[error(
        "write in 3 to 500 characters how you verified who this is, for example which document you saw"
    )]
    Evidence,
    /// It cannot be verified so.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Notes that the administrator has verified who this member is.
pub(super) async fn verify(
    audit: &Audit,
    by: &Administrator,
    slug: &str,
    account: Uuid,
    evidence: &str,
) -> Result<(), VerifySignerError> {
    let community = by.seat_at(slug).ok_or(MemberError::NotFound)?.community_id;
    let evidence = evidence.trim();
    if !(3..=LONGEST_EVIDENCE).contains(&evidence.chars().count()) {
        return Err(VerifySignerError::Evidence);
    }
    let tx = audit.begin().await?;
    find(tx.conn(), community, account).await?;
    let actor = by.actor(community);
    let event = signing::verify_identity(&tx, audit.clock(), &actor, account, evidence).await?;
    tx.commit(event.within(community)).await?;
    Ok(())
}
