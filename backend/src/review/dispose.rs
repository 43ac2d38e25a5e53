//! Record at the desk whether a text reports an adverse event.

use uuid::Uuid;

use super::actions::Refusal;
use super::claim::{ClaimError, held, to_decide};
use super::not_waiting::not_waiting;
use super::store::item_to_change;
use crate::audit::Audit;
use crate::communities::authority::Moderator;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::safety::{self, Disposal, DispositionError};

/// Why a disposition at the desk was refused.
#[derive(Debug, thiserror::Error)]
pub enum DisposeError {
    /// The claim does not hold.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The item has no effect, on a case neither.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disposition itself is not complete.
    #[error(transparent)]
    Disposition(#[from] DispositionError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
}

/// Records the disposition of the case behind a claimed item; returns the case.
pub async fn dispose(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
    disposal: &Disposal,
) -> Result<Uuid, DisposeError> {
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let now = audit.clock().now();
    if !to_decide(&item) {
        return Err(ClaimError::from(not_waiting(tx.conn(), &item).await?).into());
    }
    if !item.has_effect() {
        return Err(Refusal::NotForThis.into());
    }
    held(&item, moderator.who.account_id, fence, now)?;
    let actor = moderator.actor(item.community_id);
    let (case, event) = safety::dispose(&tx, &actor, item.revision_id, disposal, now).await?;
    let signal = Signal::QueueChanged {
        community: item.community_id,
        items: vec![id],
    };
    enqueue(&tx, audit.clock(), [signal.into()]).await?;
    tx.commit(event).await?;
    Ok(case)
}
