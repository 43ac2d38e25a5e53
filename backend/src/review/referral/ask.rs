//! Put questions to other desks. The item waits until all of them are answered.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::store::{asked_on, who_can_answer};
use super::{Field, Referral};
use crate::audit::{Actor, Audit, Event, words_hash};
use crate::communities::Known;
use crate::communities::authority::Moderator;
use crate::db::insert_all;
use crate::jobs::{Job, enqueue};
use crate::live::Signal;
use crate::posts::{ItemState, said, store as posts};
use crate::review::ReviewItem;
use crate::review::actions::{Move, Refusal, check};
use crate::review::assessments::of_item;
use crate::review::claim::{ClaimError, held, to_decide};
use crate::review::conflict;
use crate::review::entity::review_item;
use crate::review::facts::facts;
use crate::review::not_waiting::not_waiting;
use crate::review::store::item_to_change;

/// The kind of job that tells people of a question to them.
pub const REFERRED_JOB: &str = "review.referred";

/// A question before it is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it is put to.
    pub to: Field,
    /// What is asked.
    pub words: String,
}

/// Why nothing was asked. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ReferError {
    /// The claim does not hold.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The table of allowed moves does not have it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody, or somebody twice, would be asked.
    #[error("ask one to three questions, each of another field")]
    Fields,
    /// The question is missing or cannot be kept as it is.
    #[error("{0}")]
    Words(String),
    /// Nobody else holds the role.
    #[error("nobody in this community could answer: it takes another person with the role `{}`", .0.role().word())]
    NobodyToAnswer(Field),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Asks these questions on a claimed item, which waits from then on.
pub async fn refer(
    audit: &Audit,
    known: &Known,
    moderator: &Moderator,
    id: Uuid,
    fence: i64,
    questions: &[Question],
) -> Result<(), ReferError> {
    let questions = checked(questions)?;
    let (tx, clock) = (audit.begin().await?, audit.clock());
    let now = clock.now();
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let seat = moderator
        .seat(item.community_id)
        .ok_or(ClaimError::Unknown)?;
    if !to_decide(&item) {
        return Err(ClaimError::from(not_waiting(tx.conn(), &item).await?).into());
    }
    conflict::none(tx.conn(), moderator, &item).await?;
    let who = &moderator.who;
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
    let allowed = check(&facts, Move::Refer)?;
    held(&item, who.account_id, fence, now)?;
    let revision = posts::revisions(tx.conn(), &[item.revision_id])
        .await?
        .pop()
        .ok_or(ClaimError::Unknown)?;
    let mut number = asked_on(tx.conn(), id)
        .await?
        .last()
        .map_or(0, |(last, _)| last.number);
    let mut rows = Vec::with_capacity(questions.len());
    for (field, words) in questions {
        let people = who_can_answer(tx.conn(), &item, field, who.account_id).await?;
        if people.is_empty() {
            return Err(ReferError::NobodyToAnswer(field));
        }
        number += 1;
        rows.push(Referral {
            id: clock.new_id(),
            item_id: id,
            community_id: item.community_id,
            revision_id: item.revision_id,
            number,
            field: field.word().to_owned(),
            question: words.to_owned(),
            asked_by: who.account_id,
            asked_by_commitment: who.name_commitment.clone(),
            role: allowed.role.word().to_owned(),
            asked_at: now.micros(),
            due_at: in_force.policy.referral_due(now).micros(),
        });
    }
    insert_all(tx.conn(), rows.clone()).await?;
    let changed = Signal::QueueChanged {
        community: item.community_id,
        items: vec![id],
    };
    let mut jobs: Vec<Job> = vec![changed.into()];
    jobs.extend(rows.iter().map(referred_job));
    enqueue(&tx, clock, jobs).await?;
    let actor = who.actor(allowed.role.word());
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        events.push(asked_event(&actor, &item, row, &revision.hash));
    }
    let first = events.pop().ok_or(ReferError::Fields)?;
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(ItemState::Referred.word().to_owned());
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;
    tx.commit_all(first, events).await?;
    Ok(())
}

/// The job that tells people of this question.
fn referred_job(row: &Referral) -> Job {
    Job {
        kind: REFERRED_JOB,
        payload: json!({ "referral": row.id }),
    }
}

/// The questions with the fields that they are put to, if they can be asked so.
fn checked(questions: &[Question]) -> Result<Vec<(Field, &str)>, ReferError> {
    let fields: BTreeSet<Field> = questions.iter().map(|one| one.to).collect();
    if questions.is_empty() || fields.len() != questions.len() {
        return Err(ReferError::Fields);
    }
    let mut found = Vec::with_capacity(questions.len());
    for one in questions {
        let words = said(Some(&one.words)).map_err(ReferError::Words)?;
        let missing = || ReferError::Words("write what you want to know".to_owned());
        found.push((one.to, words.ok_or_else(missing)?));
    }
    Ok(found)
}

fn asked_event(actor: &Actor, item: &ReviewItem, row: &Referral, revision_hash: &str) -> Event {
    Event::new(actor, "referral.asked", "referral", row.id)
        .within(row.community_id)
        .change(json!({
            "asked_at": row.asked_at,
            "due_at": row.due_at,
            "field": row.field,
            "item": row.item_id,
            "number": row.number,
            "question_hash": words_hash(row.id, Some(&row.question)),
            "revision": row.revision_id,
            "revision_hash": revision_hash,
            "state": { "old": item.state, "new": ItemState::Referred.word() },
        }))
}
