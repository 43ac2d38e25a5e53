//! Answer a question that was put to one's field.

use sea_orm::sea_query::LockType;
use sea_orm::{DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::ReferralAnswer;
use super::field::{Field, Outcome};
use super::recall::give_back;
use super::store::asked;
use crate::audit::{Audit, Event, Tx, words_hash};
use crate::communities::Known;
use crate::communities::authority::{Adviser, Authority, Standing};
use crate::db::insert;
use crate::notices::{Notice, NoticeKind, tell};
use crate::posts::{ItemState, said};
use crate::review::ReviewItem;
use crate::review::actions::{Move, Refusal, check};
use crate::review::assessments::of_item;
use crate::review::claim::ClaimError;
use crate::review::conflict;
use crate::review::entity::review_item;
use crate::review::facts::facts;
use crate::review::scope::in_scope;

/// Why a question was not answered, or not taken back. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// No such question to this person.
    #[error("no such question")]
    Unknown,
    /// It is not open any more.
    #[error("this question is not open any more; it was answered, taken back, or the text is gone")]
    Closed,
    /// A conflict of interest.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The table of allowed moves does not have it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The answer is missing or cannot be kept as it is.
    #[error("{0}")]
    Words(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Answers the question. The last answer on an item gives it back to the desk.
pub async fn answer(
    audit: &Audit,
    known: &Known,
    adviser: &Adviser,
    id: Uuid,
    outcome: Outcome,
    words: &str,
) -> Result<(), AnswerError> {
    let missing = || AnswerError::Words("write your answer in a few words".to_owned());
    let words = said(Some(words)).map_err(AnswerError::Words)?;
    let words = words.ok_or_else(missing)?;
    let (tx, clock) = (audit.begin().await?, audit.clock());
    let who = &adviser.who;
    let (question, _) = asked(tx.conn(), id).await?.ok_or(AnswerError::Unknown)?;
    let item = item_to_change(&tx, adviser, question.item_id).await?;
    let item = item
        .filter(|item| item.author_id != who.account_id)
        .ok_or(AnswerError::Unknown)?;
    let seat = adviser
        .seat(item.community_id)
        .ok_or(AnswerError::Unknown)?;
    let field = Field::from_word(&question.field).ok_or(AnswerError::Unknown)?;
    // To everybody else there is nothing to be answered here.
    if !seat.roles.has(field.role()) {
        return Err(AnswerError::Unknown);
    }
    conflict::none_for(tx.conn(), who.account_id, &item).await?;
    // Read again under the lock: a colleague may have been quicker.
    if !is_still_open(&tx, &item, id).await? {
        return Err(AnswerError::Closed);
    }
    let in_force = known.policy_of(tx.conn(), item.community_id).await?;
    let before = of_item(tx.conn(), item.id).await?;
    let mut facts = facts(
        tx.conn(),
        &in_force.policy,
        &seat.roles,
        who.account_id,
        &item,
        &before,
    )
    .await?;
    // It is this question that is answered, whatever else they could answer.
    facts.questions.retain(|one| *one == field);
    if question.asked_by == who.account_id {
        facts.questions.clear();
    }
    let allowed = check(&facts, Move::AnswerReferral)?;
    let row = ReferralAnswer {
        id: clock.new_id(),
        referral_id: id,
        outcome: outcome.word().to_owned(),
        words: Some(words.to_owned()),
        answered_by: who.account_id,
        answered_by_commitment: who.name_commitment.clone(),
        role: allowed.role.word().to_owned(),
        answered_at: clock.now().micros(),
    };
    insert(tx.conn(), row.clone()).await?;
    let told = Notice::of(
        NoticeKind::ReferralAnswered,
        item.community_id,
        "review_item",
        item.id,
    );
    tell(&tx, clock, &[question.asked_by], &told).await?;
    let (old, new) = give_back(&tx, clock, item, question.asked_by, &before).await?;
    let event = Event::new(
        &who.actor(allowed.role.word()),
        "referral.answered",
        "referral",
        id,
    )
    .within(question.community_id)
    .change(json!({
        "answer": row.id,
        "answered_at": row.answered_at,
        "item": question.item_id,
        "outcome": row.outcome,
        "state": { "old": old.word(), "new": new.word() },
        "words_hash": words_hash(row.id, row.words.as_deref()),
    }));
    tx.commit(event).await?;
    Ok(())
}

/// The item of a question, in the communities where the person's standing holds, locked until the transaction ends.
pub(super) async fn item_to_change<S: Standing>(
    tx: &Tx,
    authority: &Authority<S>,
    id: Uuid,
) -> Result<Option<ReviewItem>, DbErr> {
    review_item::Entity::find_by_id(id)
        .filter(in_scope(authority))
        .lock(LockType::Update)
        .one(tx.conn())
        .await
}

/// Whether the question on this item, which is locked, is open.
pub(super) async fn is_still_open(tx: &Tx, item: &ReviewItem, id: Uuid) -> Result<bool, DbErr> {
    let end = asked(tx.conn(), id).await?.and_then(|(_, end)| end);
    Ok(end.is_none() && item.state == ItemState::Referred.word())
}
