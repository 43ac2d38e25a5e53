//! Golden texts: decided texts of which somebody says what is right to decide on them. They come to the desk again now and
//! then, to see whether it decides so.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    SqlErr,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::golden_text;
use super::figures::Person;
use super::rate::Rate;
use super::store::{GoldenText, golden_samples, golden_texts};
use crate::audit::{Audit, Event, words_hash};
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::{Examiner, Seat};
use crate::db::insert;
use crate::identity::printed_names;
use crate::posts::{Action, said};
use crate::review::{Origin, judged_items, repeatable};

/// What shall be right to decide on a text.
#[derive(Debug, Clone)]
pub struct Golden {
    /// The item that the text came to the desk with.
    pub item: Uuid,
    /// The right decision.
    pub action: Action,
    /// Its reason, where it is no release.
    pub reason: Option<String>,
    /// Why it is right.
    pub words: String,
}

/// Why a golden text was not kept or not ended.
#[derive(Debug, thiserror::Error)]
pub enum GoldenError {
    /// There is no such item or golden text.
    #[error("no such item")]
    Unknown,
    /// It was not submitted, is not decided, or its decision cannot be made again.
    #[error("choose a text that was submitted and is released, sent back or rejected")]
    NotDecided,
    /// This can be decided on no text that is submitted.
    #[error("choose release, release_with_balance, request_changes or reject")]
    NotForTexts,
    /// The reason is missing, or is none of the policy.
    #[error("choose one of the reasons of the policy of this community")]
    Reason,
    /// The words are missing or cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// It is a golden text already.
    #[error("this is a golden text already; end it first to say otherwise")]
    KeptAlready,
    /// It was ended already.
    #[error("this golden text was ended already")]
    EndedAlready,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Keeps a decided text with what is right to decide on it.
pub async fn keep(
    audit: &Audit,
    known: &Known,
    by: &Examiner,
    seat: &Seat,
    golden: Golden,
) -> Result<GoldenText, GoldenError> {
    if !Origin::Golden.allows(golden.action) {
        return Err(GoldenError::NotForTexts);
    }
    let words = said(Some(&golden.words)).map_err(GoldenError::Words)?;
    let missing = || GoldenError::Words("say why this is right to decide".to_owned());
    let words = words.ok_or_else(missing)?.to_owned();
    let policy = known.policy(seat).await?;
    let reason = golden.reason.filter(|_| !golden.action.is_public());
    let has_reason = reason
        .as_deref()
        .is_some_and(|code| policy.policy.knows_reason(code));
    if !golden.action.is_public() && !has_reason {
        return Err(GoldenError::Reason);
    }
    let tx = audit.begin().await?;
    let items = judged_items(tx.conn(), &[golden.item]).await?;
    let own = seat.compartment();
    let seen = items.iter().any(|(item, _)| {
        let organisation = item.organisation.as_deref();
        let in_sight = own.is_none() || organisation.is_none() || organisation == own;
        item.community_id == seat.community_id && in_sight
    });
    if !seen {
        return Err(GoldenError::Unknown);
    }
    let text = repeatable(tx.conn(), seat.community_id, golden.item).await?;
    let text = text.ok_or(GoldenError::NotDecided)?;
    let clock = audit.clock();
    let actor = by.actor(seat.community_id);
    let row = GoldenText {
        id: clock.new_id(),
        community_id: seat.community_id,
        item_id: text.item.id,
        revision_id: text.item.revision_id,
        action: golden.action.word().to_owned(),
        reason_code: reason,
        words,
        kept_by: by.who.account_id,
        kept_by_commitment: by.who.name_commitment.clone(),
        role: actor.role.clone(),
        kept_at: clock.now().micros(),
        ended_by: None,
        ended_at: None,
    };
    let event = Event::new(&actor, "golden_text.kept", "golden_text", row.id)
        .within(seat.community_id)
        .change(json!({
            "action": row.action,
            "item": row.item_id,
            "kept_at": row.kept_at,
            "revision": row.revision_id,
            "words_hash": words_hash(row.id, Some(&row.words)),
        }))
        .why(row.reason_code.clone());
    insert(tx.conn(), row.clone())
        .await
        .map_err(|cause| match cause.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => GoldenError::KeptAlready,
            _ => cause.into(),
        })?;
    tx.commit(event).await?;
    Ok(row)
}

/// Ends a golden text: it comes to the desk no more. How it was judged so far still counts.
pub async fn end(audit: &Audit, by: &Examiner, seat: &Seat, id: Uuid) -> Result<(), GoldenError> {
    let tx = audit.begin().await?;
    let row = golden_text::Entity::find_by_id(id)
        .filter(golden_text::Column::CommunityId.eq(seat.community_id))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?
        .ok_or(GoldenError::Unknown)?;
    if row.ended_at.is_some() {
        return Err(GoldenError::EndedAlready);
    }
    let now = audit.clock().now().micros();
    let mut row: golden_text::ActiveModel = row.into();
    row.ended_by = Set(Some(by.who.account_id));
    row.ended_at = Set(Some(now));
    row.update(tx.conn()).await?;
    let actor = by.actor(seat.community_id);
    let event = Event::new(&actor, "golden_text.ended", "golden_text", id)
        .within(seat.community_id)
        .change(json!({ "ended_at": now }));
    tx.commit(event).await?;
    Ok(())
}

/// A golden text, and how it was judged.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = GoldenText)]
pub struct GoldenView {
    /// The golden text.
    pub id: Uuid,
    /// The item that the text came to the desk with.
    pub item: Uuid,
    /// What is right to decide.
    pub action: Action,
    /// Its reason, where it is no release.
    pub reason_code: Option<String>,
    /// Why it is right.
    pub words: String,
    /// Who said so. They do not judge it.
    pub kept_by: Person,
    /// When.
    pub kept_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// How often it came to the desk.
    pub opened: u64,
    /// How often it was judged as is right, of the times that it was judged.
    pub as_set: Rate,
}

/// The golden texts of a community, the newest first.
pub async fn list(on: &impl ConnectionTrait, community: Uuid) -> Result<Vec<GoldenView>, DbErr> {
    let texts = golden_texts(on, &[community]).await?;
    let rounds = golden_samples(on, community).await?;
    let items: Vec<Uuid> = rounds.iter().map(|row| row.item_id).collect();
    let judged: HashMap<Uuid, String> = judged_items(on, &items)
        .await?
        .into_iter()
        .filter_map(|(item, decision)| Some((item.id, decision?.action)))
        .collect();
    let names = printed_names(on, texts.iter().map(|text| text.kept_by)).await?;
    let view = |text: GoldenText| {
        let of = rounds.iter().filter(|row| row.golden_id == Some(text.id));
        let said = of.clone().filter_map(|row| judged.get(&row.item_id));
        let right = said.clone().filter(|action| **action == text.action);
        Some(GoldenView {
            action: Action::from_word(&text.action)?,
            as_set: Rate::of(count(right), count(said)),
            opened: count(of),
            id: text.id,
            item: text.item_id,
            reason_code: text.reason_code,
            words: text.words,
            kept_by: Person {
                id: text.kept_by,
                name: names.get(&text.kept_by).cloned().unwrap_or_default(),
            },
            kept_at: Timestamp::from_micros(text.kept_at),
            ended_at: text.ended_at.map(Timestamp::from_micros),
        })
    };
    Ok(texts.into_iter().rev().filter_map(view).collect())
}

fn count<T>(of: impl Iterator<Item = T>) -> u64 {
    u64::try_from(of.count()).unwrap_or(u64::MAX)
}
