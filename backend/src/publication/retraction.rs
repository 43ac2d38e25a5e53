//! What is kept of a retraction or a restoration, and what readers see in the place of retracted words.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Publication;
use super::entity::{publication, retraction};
use super::streams::{add_event, community_stream, next_number, thread_stream};
use crate::audit::{Actor, Event, Tx, words_hash};
use crate::clock::{Clock, Timestamp};
use crate::communities::roles::stored_words;
use crate::db::insert;
use crate::jobs::Job;
use crate::live::Signal;
use crate::posts::{Post, Surface, store};

/// A retraction or a restoration as it is kept.
pub type Retraction = retraction::Model;

/// What was done to a released text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// Readers see the public text in its place.
    Retract,
    /// Readers see it again.
    Restore,
}

stored_words!(Withdrawal {
    Retract => "retract",
    Restore => "restore",
});

/// What readers see where words were retracted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tombstone {
    /// What the company says of it.
    pub text: String,
    /// When it was retracted.
    pub at: Timestamp,
}

/// Why, on whose decision, in which words.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// The reason code.
    pub reason: &'a str,
    /// To the author.
    pub words: &'a str,
    /// The decision at the desk, where there is one.
    pub decision: Option<Uuid>,
}

/// A retraction or restoration that is not committed yet: commit it with the event, and signal the streams then.
pub struct Change {
    /// What is kept.
    pub retraction: Retraction,
    /// What tells the sockets.
    pub jobs: Vec<Job>,
    /// What the log says.
    pub event: Event,
    /// The streams that grew.
    pub streams: Vec<String>,
}

/// The change of a publication, and its events in the streams. `shown` is what readers see from now on: nothing where
/// the text is retracted, so that no query can find its words by way of the publication.
pub(super) struct Turn<'a> {
    pub what: Withdrawal,
    pub revision: Uuid,
    pub tombstone: Option<&'a str>,
    pub cause: Cause<'a>,
}

pub(super) async fn turn(
    tx: &Tx,
    clock: &Clock,
    actor: &Actor,
    post: &Post,
    shown: Publication,
    turn: Turn<'_>,
) -> Result<Change, DbErr> {
    let missing = |what: &str| DbErr::Custom(format!("a retraction without {what}"));
    let revision = store::revisions(tx.conn(), &[turn.revision]).await?.pop();
    let revision = revision.ok_or_else(|| missing("its text"))?;
    let (Some(by), Some(commitment)) = (actor.id, actor.name_commitment.clone()) else {
        return Err(missing("a person"));
    };
    let now = clock.now();
    let row = retraction::Model {
        id: clock.new_id(),
        community_id: post.community_id,
        post_id: post.id,
        revision_id: revision.id,
        revision_hash: revision.hash,
        action: turn.what.word().to_owned(),
        decision_id: turn.cause.decision,
        reason_code: turn.cause.reason.to_owned(),
        words: turn.cause.words.to_owned(),
        tombstone: turn.tombstone.map(str::to_owned),
        done_by: by,
        done_by_commitment: commitment,
        role: actor.role.clone(),
        done_at: now.micros(),
    };
    insert(tx.conn(), row.clone()).await?;

    let (of_post, of_thread, action) = match turn.what {
        Withdrawal::Retract => ("post_retracted", "thread_retracted", "post.retracted"),
        Withdrawal::Restore => ("post_restored", "thread_restored", "post.restored"),
    };
    let mut jobs = vec![
        Signal::SubmissionChanged {
            account: revision.author_id,
            submission: revision.id,
        }
        .into(),
    ];
    let mut streams = Vec::new();
    let mut seq = shown.seq;
    if let Some(thread) = post.thread_id {
        let stream = thread_stream(thread);
        seq = next_number(tx, &stream).await?;
        let named = (stream.clone(), seq);
        jobs.push(add_event(tx, named, of_post, post.id, revision.id, now).await?);
        streams.push(stream);
        if post.surface == Surface::Thread.word() {
            let stream = community_stream(post.community_id);
            let named = (stream.clone(), next_number(tx, &stream).await?);
            jobs.push(add_event(tx, named, of_thread, post.id, revision.id, now).await?);
            streams.push(stream);
        }
    }
    let mut publication: publication::ActiveModel = shown.into();
    match turn.what {
        Withdrawal::Retract => {
            publication.revision_id = Set(None);
            publication.retraction_id = Set(Some(row.id));
        }
        Withdrawal::Restore => {
            publication.revision_id = Set(Some(revision.id));
            publication.retraction_id = Set(None);
        }
    }
    publication.seq = Set(seq);
    publication.update(tx.conn()).await?;

    let event = Event::new(actor, action, "post", post.id)
        .within(post.community_id)
        .change(json!({
            "decision": row.decision_id,
            "done_at": row.done_at,
            "retraction": row.id,
            "revision": row.revision_id,
            "revision_hash": row.revision_hash,
            "tombstone_hash": words_hash(row.id, row.tombstone.as_deref()),
            "words_hash": words_hash(row.id, Some(&row.words)),
        }))
        .why(Some(row.reason_code.as_str()));
    Ok(Change {
        retraction: row,
        jobs,
        event,
        streams,
    })
}

/// The retractions and restorations with these identifiers.
pub async fn retractions(
    on: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Retraction>, DbErr> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = retraction::Entity::find()
        .filter(retraction::Column::Id.is_in(ids))
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// All retractions and restorations of these posts, oldest first.
pub async fn retractions_of(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<Vec<Retraction>, DbErr> {
    retraction::Entity::find()
        .filter(retraction::Column::PostId.is_in(posts.iter().copied()))
        .order_by_asc(retraction::Column::Id)
        .all(on)
        .await
}

/// What readers see in the place of each of these posts that is retracted.
pub(super) async fn tombstones(
    on: &impl ConnectionTrait,
    publications: &[Publication],
) -> Result<HashMap<Uuid, Tombstone>, DbErr> {
    let ids = publications.iter().filter_map(|p| p.retraction_id);
    let rows = retractions(on, ids).await?;
    Ok(rows
        .into_values()
        .map(|row| (row.post_id, row.tombstone()))
        .collect())
}

impl Retraction {
    /// What readers see.
    pub fn tombstone(&self) -> Tombstone {
        Tombstone {
            text: self.tombstone.clone().unwrap_or_default(),
            at: Timestamp::from_micros(self.done_at),
        }
    }
}
