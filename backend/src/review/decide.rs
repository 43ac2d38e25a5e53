//! Decide on a revision: release, ask for changes, or reject.

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DbErr, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::Decision;
use super::claim::{ClaimError, held};
use super::entity::{decision, review_item};
use super::store::item_to_change;
use crate::audit::{Audit, Event, words_hash};
use crate::communities::authority::Moderator;
use crate::db::insert;
use crate::jobs::enqueue;
use crate::live::{Hub, Signal};
use crate::posts::{Action, ItemState, ReasonCode, said, store as posts};
use crate::publication::{publish, thread_stream};
use crate::safety;

/// What a reviewer decides, on what.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// The fence of the claim.
    pub fence: i64,
    /// The revision that was read.
    pub revision_hash: String,
    /// The rules whose findings were read.
    pub rule_set_hash: String,
    /// The decision.
    pub action: Action,
    /// Needed unless it is a release.
    pub reason: Option<ReasonCode>,
    /// To the author; needed unless it is a release.
    pub words: Option<String>,
}

/// Why a decision was refused. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The claim does not hold.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// There is a decision already.
    #[error("this item was decided already; take the next one")]
    AlreadyDecided,
    /// The text or the rules are not those that were read.
    #[error("the text or the rules changed since you read them; open the newest revision")]
    Stale,
    /// The possible adverse event has no disposition.
    #[error("say first whether this is an adverse event; then decide on the text")]
    DispositionNeeded,
    /// No reason or no words.
    #[error("a reason code and words to the author are needed, so that they know what to do")]
    ReasonNeeded,
    /// The words cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Decides. A release makes the revision visible in the same transaction.
pub async fn decide(
    audit: &Audit,
    live: &Hub,
    moderator: &Moderator,
    id: Uuid,
    ruling: Ruling,
) -> Result<Decision, DecideError> {
    let words = said(ruling.words.as_deref()).map_err(DecideError::Words)?;
    let explained = ruling.reason.is_some() && words.is_some();
    if ruling.action != Action::Release && !explained {
        return Err(DecideError::ReasonNeeded);
    }
    let tx = audit.begin().await?;
    let now = audit.clock().now();
    let item = item_to_change(&tx, &moderator.communities(), id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let who = moderator.who.account_id;
    if item.author_id == who {
        return Err(ClaimError::OwnText.into());
    }
    match ItemState::from_word(&item.state) {
        Some(ItemState::Waiting) => {}
        Some(ItemState::Decided) => return Err(DecideError::AlreadyDecided),
        _ => return Err(DecideError::Stale),
    }
    held(&item, who, ruling.fence, now)?;
    let revision = posts::revisions(tx.conn(), &[item.revision_id])
        .await?
        .pop();
    let post = posts::posts(tx.conn(), &[item.post_id]).await?.pop();
    let (Some(revision), Some(post)) = (revision, post) else {
        return Err(ClaimError::Unknown.into());
    };
    if revision.hash != ruling.revision_hash || item.rule_set_hash != ruling.rule_set_hash {
        return Err(DecideError::Stale);
    }
    let cases = safety::cases_of(tx.conn(), &[revision.id]).await?;
    if cases.iter().any(|case| case.disposition.is_none()) {
        return Err(DecideError::DispositionNeeded);
    }

    let community = item.community_id;
    let actor = moderator.actor(community);
    let decision = decision::Model {
        id: audit.clock().new_id(),
        item_id: item.id,
        revision_id: revision.id,
        revision_hash: revision.hash.clone(),
        rule_set_hash: item.rule_set_hash.clone(),
        action: ruling.action.word().to_owned(),
        reason_code: ruling.reason.map(|reason| reason.word().to_owned()),
        words: words.map(str::to_owned),
        decided_by: who,
        decided_by_commitment: moderator.who.name_commitment.clone(),
        role: actor.role.clone(),
        decided_at: now.micros(),
    };
    insert(tx.conn(), decision.clone())
        .await
        .map_err(|cause| match cause.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => DecideError::AlreadyDecided,
            _ => DecideError::Database(cause),
        })?;
    let author = item.author_id;
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(ItemState::Decided.word().to_owned());
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;

    let mut jobs = vec![
        Signal::QueueChanged { community }.into(),
        Signal::SubmissionChanged {
            account: author,
            submission: revision.id,
        }
        .into(),
    ];
    let mut events = Vec::new();
    if ruling.action == Action::Release {
        jobs.extend(publish::publish(&tx, &post, revision.id, decision.id, now).await?);
        events.push(
            Event::new(&actor, "revision.published", "post", post.id)
                .within(community)
                .change(json!({
                    "decision": decision.id,
                    "released_at": now.micros(),
                    "revision": revision.id,
                    "revision_hash": revision.hash,
                })),
        );
    }
    enqueue(&tx, audit.clock(), jobs).await?;
    let event = Event::new(&actor, "decision.made", "decision", decision.id)
        .within(community)
        .change(json!({
            "action": ruling.action.word(),
            "decided_at": decision.decided_at,
            "item": id,
            "revision": revision.id,
            "revision_hash": revision.hash,
            "rule_set_hash": decision.rule_set_hash,
            "state": { "old": ItemState::Waiting.word(), "new": ItemState::Decided.word() },
            "words_hash": words_hash(decision.id, decision.words.as_deref()),
        }))
        .why(ruling.reason.map(ReasonCode::word));
    tx.commit_all(event, events).await?;
    if ruling.action == Action::Release
        && let Some(thread) = post.thread_id
    {
        // Readers of this process need not wait for the job, which stays as the net.
        live.signal(&Signal::StreamGrew {
            stream: thread_stream(thread),
        });
    }
    Ok(decision)
}
