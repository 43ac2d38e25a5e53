//! Decides on a proposed policy: a second person (another administrator, or the approver of medical, legal and
//! regulatory affairs) approves or refuses it; whoever proposed it may take it back.

use sea_orm::DbErr;
use serde_json::{Value, json};
use thiserror::Error;
use uuid::Uuid;

use super::changes::changes;
use super::in_force::parsed;
use super::propose::{ProposeError, base};
use super::state::VersionState;
use super::store::{self, Decided, Version};
use super::weakens::Weakening;
use crate::audit::{Audit, Event, words_hash};
use crate::communities::Known;
use crate::communities::authority::Approver;

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It holds from now on.
    Approve,
    /// It does not.
    Refuse,
    /// It was taken back.
    Withdraw,
}

/// Why the proposal stays as it is.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// There is no such proposal.
    #[error("there is no such proposal")]
    NotFound,
    /// Nobody approves or refuses their own.
    #[error("a second person decides on a proposal; you may withdraw your own")]
    Own,
    /// Only whoever proposed takes it back.
    #[error("only whoever proposed it may withdraw it; you may refuse it")]
    NotOwn,
    /// It was decided.
    #[error("this proposal was decided already")]
    Closed,
    /// Another policy came into force in between.
    #[error("the policy was changed after this was proposed; propose it again")]
    Changed,
    /// The words cannot be kept as they are.
    #[error("say why, in at most 1000 characters")]
    Words,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Approves, refuses or withdraws the proposal.
pub async fn answer(
    audit: &Audit,
    known: &Known,
    by: &Approver,
    (slug, id): (&str, Uuid),
    answer: Answer,
    words: Option<&str>,
) -> Result<Version, AnswerError> {
    let community = by.seat_at(slug).ok_or(AnswerError::NotFound)?.community_id;
    let words = words.map(str::trim).filter(|words| !words.is_empty());
    let too_long = words.is_some_and(|words| words.chars().count() > 1000);
    if too_long || (answer == Answer::Refuse && words.is_none()) {
        return Err(AnswerError::Words);
    }
    let tx = audit.begin().await?;
    store::locked(&tx, community).await?;
    let version = store::version(tx.conn(), community, id)
        .await?
        .ok_or(AnswerError::NotFound)?;
    let own = version.proposed_by == by.who.account_id;
    match answer {
        Answer::Approve | Answer::Refuse if own => return Err(AnswerError::Own),
        Answer::Withdraw if !own => return Err(AnswerError::NotOwn),
        _ => {}
    }
    if version.state != VersionState::Proposed.word() {
        return Err(AnswerError::Closed);
    }
    let (state, action) = match answer {
        Answer::Approve => (VersionState::InForce, "policy.in_force"),
        Answer::Refuse => (VersionState::Refused, "policy.refused"),
        Answer::Withdraw => (VersionState::Withdrawn, "policy.withdrawn"),
    };
    let mut change = match answer {
        Answer::Approve => {
            let before = base(&tx, &known.policies, community, version.base).await?;
            let weakened: Vec<Weakening> =
                serde_json::from_str(&version.weakens).unwrap_or_default();
            store::in_record(&version, &changes(&before, &parsed(&version)?), &weakened)
        }
        _ => json!({ "base": version.base, "content_hash": version.content_hash }),
    };
    if let Value::Object(change) = &mut change {
        change.insert("proposed_by".to_owned(), json!(version.proposed_by));
        change.insert("words_hash".to_owned(), json!(words_hash(id, words)));
    }
    let decided = Decided {
        by: by.who.account_id,
        at: audit.clock().now(),
        words,
    };
    store::decided(&tx, id, state, &decided).await?;
    if answer == Answer::Approve {
        store::put_in_force(&tx, &version).await?;
    }
    let event = Event::new(&by.actor(community), action, "policy", id)
        .within(community)
        .change(change);
    tx.commit(event).await?;
    let stored = store::version(audit.db().read(), community, id).await?;
    stored.ok_or(AnswerError::NotFound)
}

impl From<ProposeError> for AnswerError {
    fn from(error: ProposeError) -> Self {
        match error {
            ProposeError::Changed => Self::Changed,
            ProposeError::Database(cause) => Self::Database(cause),
            _ => Self::NotFound,
        }
    }
}
