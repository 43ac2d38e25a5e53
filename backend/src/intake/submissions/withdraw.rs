//! Take one's own text back before anybody has decided. Its safety case stays (R-PV-01).

use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{Audit, Event};
use crate::communities::authority::Member;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::{ItemState, store as posts};
use crate::review::withdraw_item;

/// Why a text could not be taken back.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// It is not one of the person's texts.
    #[error("no such submission")]
    Unknown,
    /// There is a decision, or a newer revision.
    #[error("this text waits for no decision any more, so it cannot be taken back")]
    NotWaiting,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Takes the text from the queue.
pub async fn withdraw(audit: &Audit, member: &Member, id: Uuid) -> Result<(), WithdrawError> {
    let author = member.who.account_id;
    let tx = audit.begin().await?;
    let revision = posts::own_revision(tx.conn(), author, id)
        .await?
        .ok_or(WithdrawError::Unknown)?;
    let post = posts::post(tx.conn(), &member.communities(), revision.post_id)
        .await?
        .ok_or(WithdrawError::Unknown)?;
    let (item, old) = withdraw_item(&tx, author, id)
        .await?
        .ok_or(WithdrawError::NotWaiting)?;
    let community = post.community_id;
    let signals = [
        Signal::QueueChanged {
            community,
            items: vec![item],
        }
        .into(),
        Signal::SubmissionChanged {
            account: author,
            submission: id,
        }
        .into(),
    ];
    enqueue(&tx, audit.clock(), signals).await?;
    let event = Event::new(
        &member.actor(community),
        "submission.withdrawn",
        "revision",
        id,
    )
    .within(community)
    .change(json!({
        "revision_hash": revision.hash,
        "state": { "old": old.word(), "new": ItemState::Withdrawn.word() },
    }));
    tx.commit(event).await?;
    Ok(())
}
