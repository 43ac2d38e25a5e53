//! Notes of reviewers to each other on an item. They are kept for good, and the author of the text never sees them.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReviewItem;
use super::entity::review_note;
use super::queue::Person;
use super::store::{item, item_to_change};
use crate::audit::{Audit, Event, words_hash};
use crate::clock::Timestamp;
use crate::communities::authority::{Moderator, Reviewing, Standing};
use crate::communities::holders;
use crate::db::insert;
use crate::identity::printed_names;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::notices::{Notice, NoticeKind, tell};
use crate::posts::{ItemState, said};

/// A note as its readers see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
pub struct NoteView {
    /// The note.
    pub id: Uuid,
    /// Who wrote it.
    pub by: Person,
    /// In which role.
    pub role: String,
    /// What it says, as plain text.
    pub words: String,
    /// The colleagues whom it calls.
    pub mentions: Vec<Person>,
    /// When.
    pub written_at: Timestamp,
}

/// The notes on an item, and whom one may call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notes {
    /// The oldest first. While somebody must judge without knowing another's judgement, only one's own.
    pub items: Vec<NoteView>,
    /// Who reviews in this community, but for the author of the text and the person who asks.
    pub colleagues: Vec<Person>,
}

/// Why there are no notes, or none was written.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// No such item in the communities where the person reviews.
    #[error("no such item")]
    Unknown,
    /// It is the person's own text.
    #[error("nobody reads or writes notes on their own text")]
    OwnText,
    /// There are no words, or they cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// Somebody is called who does not review here.
    #[error("only colleagues who review in this community can be called")]
    Mentions,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The notes on this item.
pub async fn notes(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    id: Uuid,
) -> Result<Notes, NoteError> {
    let item = item(on, moderator, id).await?.ok_or(NoteError::Unknown)?;
    let who = moderator.who.account_id;
    if item.author_id == who {
        return Err(NoteError::OwnText);
    }
    let rows = review_note::Entity::find()
        .filter(review_note::Column::ItemId.eq(id))
        .order_by_asc(review_note::Column::Id)
        .all(on)
        .await?;
    // The second judges without knowing what the first thinks.
    let blind = ItemState::from_word(&item.state) == Some(ItemState::SecondReview);
    let seen = rows
        .into_iter()
        .filter(|note| !blind || note.written_by == who)
        .collect();
    let called = whom_one_may_call(on, &item, who).await?;
    Ok(Notes {
        items: views(on, seen).await?,
        colleagues: people(on, called.into_iter().collect()).await?,
    })
}

/// Writes a note and calls these colleagues.
pub async fn write_note(
    audit: &Audit,
    moderator: &Moderator,
    id: Uuid,
    words: &str,
    mentions: &[Uuid],
) -> Result<NoteView, NoteError> {
    let words = said(Some(words))
        .map_err(NoteError::Words)?
        .ok_or_else(|| NoteError::Words("say something; nothing was written".to_owned()))?;
    let tx = audit.begin().await?;
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(NoteError::Unknown)?;
    let who = moderator.who.account_id;
    if item.author_id == who {
        return Err(NoteError::OwnText);
    }
    let colleagues = whom_one_may_call(tx.conn(), &item, who).await?;
    let mut called: Vec<Uuid> = mentions.to_vec();
    called.sort_unstable();
    called.dedup();
    if !called.iter().all(|one| colleagues.contains(one)) {
        return Err(NoteError::Mentions);
    }
    let community = item.community_id;
    let actor = moderator.actor(community);
    let note = review_note::Model {
        id: audit.clock().new_id(),
        item_id: id,
        community_id: community,
        written_by: who,
        written_by_commitment: moderator.who.name_commitment.clone(),
        role: actor.role.clone(),
        words: words.to_owned(),
        mentions: called.iter().map(|one| format!("{one},")).collect(),
        written_at: audit.clock().now().micros(),
    };
    insert(tx.conn(), note.clone()).await?;
    let changed = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, audit.clock(), [changed.into()]).await?;
    let mention = Notice::of(NoticeKind::Mention, community, "review_item", id);
    tell(&tx, audit.clock(), &called, &mention).await?;
    let view = views(tx.conn(), vec![note]).await?.pop();
    let view = view.ok_or_else(|| DbErr::Custom("a note lost its writer".to_owned()))?;
    let event = Event::new(&actor, "note.written", "review_note", view.id)
        .within(community)
        .change(json!({
            "item": id,
            "mentions": called,
            "words_hash": words_hash(view.id, Some(words)),
        }));
    tx.commit(event).await?;
    Ok(view)
}

/// Who reviews in the community of the item, but for its author and the person who calls.
async fn whom_one_may_call(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    who: Uuid,
) -> Result<HashSet<Uuid>, DbErr> {
    let reviewers = holders(on, item.community_id, Reviewing::ROLES).await?;
    Ok(reviewers
        .into_iter()
        .filter(|one| *one != item.author_id && *one != who)
        .collect())
}

async fn views(
    on: &impl ConnectionTrait,
    rows: Vec<review_note::Model>,
) -> Result<Vec<NoteView>, DbErr> {
    let called = |note: &review_note::Model| -> Vec<Uuid> {
        let ids = note.mentions.split(',');
        ids.filter_map(|id| Uuid::parse_str(id).ok()).collect()
    };
    let everybody = rows
        .iter()
        .flat_map(|note| called(note).into_iter().chain([note.written_by]));
    let names = printed_names(on, everybody.collect::<HashSet<_>>()).await?;
    let person = |id: Uuid| {
        names.get(&id).map(|name| Person {
            id,
            name: name.clone(),
        })
    };
    let view = |note: review_note::Model| {
        Some(NoteView {
            mentions: called(&note).into_iter().filter_map(person).collect(),
            by: person(note.written_by)?,
            id: note.id,
            role: note.role,
            words: note.words,
            written_at: Timestamp::from_micros(note.written_at),
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// These people by name.
async fn people(on: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Person>, DbErr> {
    let names = printed_names(on, ids).await?;
    let mut people: Vec<Person> = names
        .into_iter()
        .map(|(id, name)| Person { id, name })
        .collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(people)
}
