//! An administrator takes a lost second factor away and gets the link with which its owner enrols anew.

use std::time::Duration;

use sea_orm::DbErr;
use thiserror::Error;
use uuid::Uuid;

use crate::audit::Audit;
use crate::communities::authority::Administrator;
use crate::communities::change_member::{MemberError, find};
use crate::identity::second_factor::{self, ResetError, ResetLink};
use crate::identity::{Revocations, Revoked};

/// Why it stays.
#[derive(Debug, Error)]
pub enum ResetSignerError {
    /// No such member in a community that one administers, or oneself.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// There is nothing to reset.
    #[error(transparent)]
    Reset(#[from] ResetError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Resets the second factor of this member; every session of theirs ends.
pub(super) async fn reset(
    audit: &Audit,
    revocations: &Revocations,
    by: &Administrator,
    slug: &str,
    account: Uuid,
    lifetime: Duration,
) -> Result<ResetLink, ResetSignerError> {
    let community = by.seat_at(slug).ok_or(MemberError::NotFound)?.community_id;
    let tx = audit.begin().await?;
    find(tx.conn(), community, account).await?;
    if account == by.who.account_id {
        return Err(MemberError::Own.into());
    }
    let actor = by.actor(community);
    let (link, event) = second_factor::reset(&tx, audit.clock(), &actor, account, lifetime).await?;
    tx.commit(event.within(community)).await?;
    revocations.announce(Revoked::Account(account));
    Ok(link)
}
