//! Restore a retracted text: readers see again what they saw before.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Publication;
use super::retract::{WithdrawalError, keep, needed, released};
use super::retraction::{Cause, Change, Retraction, Turn, Withdrawal, retractions, turn};
use crate::audit::{Actor, Audit, Tx};
use crate::clock::Clock;
use crate::communities::authority::Moderator;
use crate::communities::roles::stored_words;
use crate::live::Hub;
use crate::posts::Post;

/// Why a retracted text is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestoreReason {
    /// It should not have been retracted.
    RetractedInError,
    /// What it was retracted for has passed.
    ReasonHasPassed,
    /// The words say why.
    Other,
}

stored_words!(RestoreReason {
    RetractedInError => "retracted_in_error",
    ReasonHasPassed => "reason_has_passed",
    Other => "other",
});

/// Restores within a transaction, which the caller commits with the event that is returned.
pub async fn restore(
    tx: &Tx,
    clock: &Clock,
    actor: &Actor,
    post: &Post,
    shown: Publication,
    cause: Cause<'_>,
) -> Result<Change, WithdrawalError> {
    let named = shown.retraction_id;
    let retraction = match named {
        Some(id) => retractions(tx.conn(), [id]).await?.remove(&id),
        None => None,
    };
    let retraction = retraction.ok_or(WithdrawalError::NotRetracted)?;
    let what = Turn {
        what: Withdrawal::Restore,
        revision: retraction.revision_id,
        tombstone: None,
        cause,
    };
    Ok(turn(tx, clock, actor, post, shown, what).await?)
}

/// Restores at once, on one person's word.
pub async fn restore_post(
    audit: &Audit,
    live: &Hub,
    moderator: &Moderator,
    id: Uuid,
    reason: RestoreReason,
    words: &str,
) -> Result<Retraction, WithdrawalError> {
    let tx = audit.begin().await?;
    let (post, shown) = released(&tx, moderator, id).await?;
    let words = needed("words", words)?;
    let actor = moderator.actor(post.community_id);
    let cause = Cause {
        reason: reason.word(),
        words,
        decision: None,
    };
    let change = restore(&tx, audit.clock(), &actor, &post, shown, cause).await?;
    keep(tx, audit.clock(), live, change).await
}
