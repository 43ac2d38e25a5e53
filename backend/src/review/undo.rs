//! Take back one's own judgement before it takes effect.

use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::Assessment;
use super::actions::{Move, check};
use super::assessments::{Made, UNDO, of_item, record, standing, state_with};
use super::claim::ClaimError;
use super::decide::{DecideError, Desk};
use super::entity::review_item;
use super::facts::facts;
use super::store::item_to_change;
use crate::communities::authority::Moderator;
use crate::db::insert;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::ItemState;

/// Takes back the judgement that waits for its window to pass; says how the item stands then. What was said stays in the
/// record, and so does that it was taken back.
pub async fn undo(
    desk: Desk<'_>,
    moderator: &Moderator,
    id: Uuid,
) -> Result<ItemState, DecideError> {
    let (tx, clock) = (desk.audit.begin().await?, desk.audit.clock());
    let now = clock.now();
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let seat = moderator
        .seat(item.community_id)
        .ok_or(ClaimError::Unknown)?;
    let in_force = desk.known.policy_of(tx.conn(), item.community_id).await?;
    let who = &moderator.who;
    let all = of_item(tx.conn(), item.id).await?;
    let facts = facts(
        tx.conn(),
        &in_force.policy,
        &seat.roles,
        who.account_id,
        &item,
        &all,
    )
    .await?;
    let allowed = check(&facts, Move::Undo)?;
    let mut standing = standing(&all);
    let judged = standing.pop().ok_or(DecideError::UndoOver)?;
    if judged.settles_at.is_none_or(|at| at <= now.micros()) {
        return Err(DecideError::UndoOver);
    }
    let back = state_with(standing.len());
    let taken_back = Assessment {
        id: clock.new_id(),
        number: all.last().map_or(1, |last| last.number + 1),
        action: UNDO.to_owned(),
        reason_code: None,
        words: None,
        balance_key: None,
        balance_version: None,
        balance_text: None,
        tombstone: None,
        particulars: None,
        signature_id: None,
        role: allowed.role.word().to_owned(),
        assessed_at: now.micros(),
        settles_at: None,
        ..judged.clone()
    };
    let community = item.community_id;
    let actor = who.actor(allowed.role.word());
    let event = record(&item, &taken_back, back, &actor, Made::Undoes(judged.id));
    insert(tx.conn(), taken_back).await?;
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(back.word().to_owned());
    row.update(tx.conn()).await?;
    let changed = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, clock, [changed.into()]).await?;
    tx.commit(event).await?;
    Ok(back)
}
