//! Retract a released text: its words are gone from every reader at once, and a public text stands in their place.

use sea_orm::DbErr;
use uuid::Uuid;

use super::Publication;
use super::retraction::{Cause, Change, Retraction, Turn, Withdrawal, turn};
use super::streams::publication_to_change;
use crate::audit::{Actor, Audit, Tx};
use crate::clock::Clock;
use crate::communities::authority::Moderator;
use crate::jobs::enqueue;
use crate::live::{Hub, Signal};
use crate::posts::{Post, said, store};

/// Longest public text, in characters: it stands in the place of a post, it is none.
pub const LONGEST_TOMBSTONE: usize = 500;

/// Why something after publication was refused. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawalError {
    /// No such post is released in the communities where the person decides.
    #[error("no such post")]
    Unknown,
    /// It is the person's own text.
    #[error("nobody decides on their own text; leave it to a colleague")]
    OwnText,
    /// Readers do not see it now.
    #[error("this post is retracted already")]
    AlreadyRetracted,
    /// Readers see it now.
    #[error("this post is not retracted; readers see it")]
    NotRetracted,
    /// A field cannot be kept as it is.
    #[error("{1}")]
    Field(&'static str, String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// An order to retract.
#[derive(Debug, Clone)]
pub struct RetractOrder {
    /// The code of one of the policy's reasons.
    pub reason: String,
    /// To the author.
    pub words: String,
    /// To readers, in the place of the post.
    pub tombstone: String,
}

/// Retracts within a transaction, which the caller commits with the event that is returned.
pub async fn retract(
    tx: &Tx,
    clock: &Clock,
    actor: &Actor,
    post: &Post,
    shown: Publication,
    tombstone: &str,
    cause: Cause<'_>,
) -> Result<Change, WithdrawalError> {
    let revision = shown.revision_id.ok_or(WithdrawalError::AlreadyRetracted)?;
    let what = Turn {
        what: Withdrawal::Retract,
        revision,
        tombstone: Some(tombstone),
        cause,
    };
    Ok(turn(tx, clock, actor, post, shown, what).await?)
}

/// Retracts at once, on one person's word.
pub async fn retract_post(
    audit: &Audit,
    live: &Hub,
    moderator: &Moderator,
    id: Uuid,
    order: &RetractOrder,
) -> Result<Retraction, WithdrawalError> {
    let tx = audit.begin().await?;
    let (post, shown) = released(&tx, moderator, id).await?;
    let words = needed("words", &order.words)?;
    let tombstone = tombstone(&order.tombstone)?;
    let actor = moderator.actor(post.community_id);
    let cause = Cause {
        reason: &order.reason,
        words,
        decision: None,
    };
    let change = retract(&tx, audit.clock(), &actor, &post, shown, tombstone, cause).await?;
    keep(tx, audit.clock(), live, change).await
}

/// A released or retracted post of somebody else, locked until the transaction ends.
pub(super) async fn released(
    tx: &Tx,
    moderator: &Moderator,
    id: Uuid,
) -> Result<(Post, Publication), WithdrawalError> {
    let post = store::post(tx.conn(), &moderator.communities(), id)
        .await?
        .ok_or(WithdrawalError::Unknown)?;
    let shown = publication_to_change(tx, id)
        .await?
        .ok_or(WithdrawalError::Unknown)?;
    if post.author_id == moderator.who.account_id {
        return Err(WithdrawalError::OwnText);
    }
    Ok((post, shown))
}

/// Commits the change and tells the readers of this process, who need not wait for the job.
pub(super) async fn keep(
    tx: Tx,
    clock: &Clock,
    live: &Hub,
    change: Change,
) -> Result<Retraction, WithdrawalError> {
    enqueue(&tx, clock, change.jobs).await?;
    tx.commit(change.event).await?;
    for stream in change.streams {
        live.signal(&Signal::StreamGrew { stream });
    }
    Ok(change.retraction)
}

/// Words that must be there.
pub(super) fn needed<'a>(field: &'static str, words: &'a str) -> Result<&'a str, WithdrawalError> {
    said(Some(words))
        .map_err(|fault| WithdrawalError::Field(field, fault))?
        .ok_or_else(|| WithdrawalError::Field(field, "say why".to_owned()))
}

/// The public text as it may be kept.
///
/// # Errors
/// If there is none, or it is too long.
pub fn tombstone(text: &str) -> Result<&str, WithdrawalError> {
    let text = needed("tombstone", text)?;
    let length = text.chars().count();
    if length > LONGEST_TOMBSTONE {
        let fault = format!("{length} characters are too many; {LONGEST_TOMBSTONE} are allowed");
        return Err(WithdrawalError::Field("tombstone", fault));
    }
    Ok(text)
}
