//! Take a question back that needs no answer any more.

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::ReferralAnswer;
use super::answer::{AnswerError, is_still_open, item_to_change};
use super::field::RECALLED;
use super::store::{asked, open_on};
use crate::audit::{Audit, Event, Tx};
use crate::clock::Clock;
use crate::communities::Known;
use crate::communities::authority::Moderator;
use crate::db::insert;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::ItemState;
use crate::review::actions::{Move, Refusal, check};
use crate::review::assessments::{of_item, standing, state_with};
use crate::review::entity::review_item;
use crate::review::facts::facts;
use crate::review::{Assessment, ReviewItem};

/// Takes the question back: whoever asked may, and a lead.
pub async fn recall(
    audit: &Audit,
    known: &Known,
    moderator: &Moderator,
    id: Uuid,
) -> Result<(), AnswerError> {
    let (tx, clock) = (audit.begin().await?, audit.clock());
    let who = &moderator.who;
    let (question, _) = asked(tx.conn(), id).await?.ok_or(AnswerError::Unknown)?;
    let item = item_to_change(&tx, moderator, question.item_id).await?;
    let item = item
        .filter(|item| item.author_id != who.account_id)
        .ok_or(AnswerError::Unknown)?;
    let seat = moderator
        .seat(item.community_id)
        .ok_or(AnswerError::Unknown)?;
    if !is_still_open(&tx, &item, id).await? {
        return Err(AnswerError::Closed);
    }
    let in_force = known.policy_of(tx.conn(), item.community_id).await?;
    let before = of_item(tx.conn(), item.id).await?;
    let facts = facts(
        tx.conn(),
        &in_force.policy,
        &seat.roles,
        who.account_id,
        &item,
        &before,
    )
    .await?;
    let allowed = match check(&facts, Move::RecallReferral) {
        // To everybody else there is nothing to be done here.
        Err(Refusal::NotYoursToRecall) => return Err(AnswerError::Unknown),
        checked => checked?,
    };
    let row = ReferralAnswer {
        id: clock.new_id(),
        referral_id: id,
        outcome: RECALLED.to_owned(),
        words: None,
        answered_by: who.account_id,
        answered_by_commitment: who.name_commitment.clone(),
        role: allowed.role.word().to_owned(),
        answered_at: clock.now().micros(),
    };
    insert(tx.conn(), row.clone()).await?;
    let (old, new) = give_back(&tx, clock, item, question.asked_by, &before).await?;
    let event = Event::new(
        &who.actor(allowed.role.word()),
        "referral.recalled",
        "referral",
        id,
    )
    .within(question.community_id)
    .change(json!({
        "answer": row.id,
        "answered_at": row.answered_at,
        "item": question.item_id,
        "state": { "old": old.word(), "new": new.word() },
    }));
    tx.commit(event).await?;
    Ok(())
}

/// Gives the item back to the desk if no question on it is open any more: in the state that the judgements make, and to
/// whoever asked first. Says what it was and what it is.
pub(super) async fn give_back(
    tx: &Tx,
    clock: &Clock,
    item: ReviewItem,
    asked_by: Uuid,
    assessments: &[Assessment],
) -> Result<(ItemState, ItemState), DbErr> {
    let changed = Signal::QueueChanged {
        community: item.community_id,
        items: vec![item.id],
    };
    enqueue(tx, clock, [changed.into()]).await?;
    if !open_on(tx.conn(), &item).await?.is_empty() {
        return Ok((ItemState::Referred, ItemState::Referred));
    }
    let back = state_with(standing(assessments).len());
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(back.word().to_owned());
    // Held by nobody, and last by whoever asked: `next` gives it to them first.
    row.claimed_by = Set(Some(asked_by));
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;
    Ok((ItemState::Referred, back))
}
