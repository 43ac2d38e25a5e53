//! Pass an item over, with a reason: it comes no more when the same person asks for the next one.

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReviewItem;
use super::claim::{ClaimError, give_back, held_by};
use super::entity::review_skip;
use super::queue::Person;
use super::store::item_to_change;
use crate::audit::{Audit, Event, Tx, words_hash};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::communities::roles::{Role, stored_words};
use crate::db::insert;
use crate::identity::printed_names;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::said;

/// Why an item is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It needs knowledge that the person lacks.
    NotMyField,
    /// It is in a language that the person does not read.
    NotMyLanguage,
    /// The person is not impartial. From then on they cannot take the item.
    ConflictOfInterest,
    /// The person had better not read it.
    TooDistressing,
    /// The words say why.
    Other,
}

stored_words!(SkipReason {
    NotMyField => "not_my_field",
    NotMyLanguage => "not_my_language",
    ConflictOfInterest => "conflict_of_interest",
    TooDistressing => "too_distressing",
    Other => "other",
});

/// Why an item was not passed over.
#[derive(Debug, thiserror::Error)]
pub enum SkipError {
    /// The item cannot be taken anyway.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The words are missing or cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// An item that somebody passed over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Skip {
    /// Who.
    pub by: Person,
    /// Why.
    pub reason: SkipReason,
    /// In their words.
    pub words: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Bars a person from an item, as if they had declared a conflict of interest: they know what others must not.
pub async fn bar(tx: &Tx, id: Uuid, item: Uuid, who: Uuid, now: Timestamp) -> Result<(), DbErr> {
    let row = review_skip::Model {
        id,
        item_id: item,
        account_id: who,
        reason: SkipReason::ConflictOfInterest.word().to_owned(),
        words: None,
        skipped_at: now.micros(),
        lifted_at: None,
    };
    insert(tx.conn(), row).await
}

/// Passes the item over, and gives it back if the person holds it.
pub async fn skip(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    reason: SkipReason,
    words: Option<&str>,
) -> Result<(), SkipError> {
    let words = said(words).map_err(SkipError::Words)?;
    if reason == SkipReason::Other && words.is_none() {
        let missing = "say in a few words why you pass this item over".to_owned();
        return Err(SkipError::Words(missing));
    }
    let who = moderator.who.account_id;
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let (community, now) = (item.community_id, audit.clock().now());
    if let Some(before) = standing(&tx, who, id).await? {
        // A declaration stays: who was not impartial does not become so by another reason.
        if before.reason == SkipReason::ConflictOfInterest.word() {
            return Err(ClaimError::Declared.into());
        }
        lift(&tx, before, now).await?;
    }
    let row = review_skip::Model {
        id: audit.clock().new_id(),
        item_id: id,
        account_id: who,
        reason: reason.word().to_owned(),
        words: words.map(str::to_owned),
        skipped_at: now.micros(),
        lifted_at: None,
    };
    insert(tx.conn(), row.clone()).await?;
    let fence = item.fence;
    let gives_back = held_by(&item, who, now);
    if gives_back {
        give_back(&tx, item).await?;
        let signal = Signal::QueueChanged {
            community,
            items: vec![id],
        };
        enqueue(&tx, audit.clock(), [signal.into()]).await?;
    }
    let event = Event::new(
        &moderator.actor(community),
        "item.skipped",
        "review_item",
        id,
    )
    .within(community)
    .change(json!({
        "gave_back": gives_back.then_some(fence),
        "skip": row.id,
        "words_hash": words_hash(row.id, row.words.as_deref()),
    }))
    .why(Some(reason.word()));
    tx.commit(event).await?;
    Ok(())
}

/// Takes it back: the item comes again when the person asks for the next one.
pub async fn unskip(audit: &Audit, moderator: &Moderator, id: Uuid) -> Result<(), ClaimError> {
    let who = moderator.who.account_id;
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let Some(before) = standing(&tx, who, id).await? else {
        return Ok(());
    };
    if before.reason == SkipReason::ConflictOfInterest.word() {
        return Err(ClaimError::Declared);
    }
    let (skip, community) = (before.id, item.community_id);
    lift(&tx, before, audit.clock().now()).await?;
    let event = Event::new(
        &moderator.actor(community),
        "item.skip_lifted",
        "review_item",
        id,
    )
    .within(community)
    .change(json!({ "skip": skip }));
    tx.commit(event).await?;
    Ok(())
}

async fn standing(tx: &Tx, who: Uuid, item: Uuid) -> Result<Option<review_skip::Model>, DbErr> {
    review_skip::Entity::find()
        .filter(review_skip::Column::ItemId.eq(item))
        .filter(review_skip::Column::AccountId.eq(who))
        .filter(review_skip::Column::LiftedAt.is_null())
        .one(tx.conn())
        .await
}

async fn lift(tx: &Tx, skip: review_skip::Model, now: Timestamp) -> Result<(), DbErr> {
    let row = review_skip::ActiveModel {
        id: Unchanged(skip.id),
        lifted_at: Set(Some(now.micros())),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Who claims what they had passed over has thought better of it.
pub(super) async fn lift_own(
    tx: &Tx,
    who: Uuid,
    item: Uuid,
    now: Timestamp,
) -> Result<Option<Uuid>, DbErr> {
    let Some(skip) = standing(tx, who, item).await? else {
        return Ok(None);
    };
    let id = skip.id;
    lift(tx, skip, now).await?;
    Ok(Some(id))
}

/// Who passed the item over, as this person may know: a lead sees all, others what they said themselves.
pub(super) async fn skips(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    item: &ReviewItem,
) -> Result<Vec<Skip>, DbErr> {
    let leads = moderator
        .seat(item.community_id)
        .is_some_and(|seat| seat.roles.has(Role::Lead));
    let rows = review_skip::Entity::find()
        .filter(review_skip::Column::ItemId.eq(item.id))
        .filter(review_skip::Column::LiftedAt.is_null())
        .order_by_asc(review_skip::Column::Id)
        .all(on)
        .await?;
    let seen: Vec<review_skip::Model> = rows
        .into_iter()
        .filter(|skip| leads || skip.account_id == moderator.who.account_id)
        .collect();
    let names = printed_names(on, seen.iter().map(|skip| skip.account_id)).await?;
    let view = |skip: review_skip::Model| {
        Some(Skip {
            by: Person {
                id: skip.account_id,
                name: names.get(&skip.account_id)?.clone(),
            },
            reason: SkipReason::from_word(&skip.reason)?,
            words: skip.words,
            at: Timestamp::from_micros(skip.skipped_at),
        })
    };
    Ok(seen.into_iter().filter_map(view).collect())
}
