//! Makes a revision visible: the one place that writes `publication`.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait};
use uuid::Uuid;

use super::entity::{publication, stream_event};
use super::streams::{community_stream, next_number, thread_stream};
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::db::insert;
use crate::jobs::Job;
use crate::live::Signal;
use crate::posts::{Post, Surface};

/// Makes `revision` what readers see at `post`, by this decision; numbers the event in its stream and returns the
/// jobs that tell the sockets.
pub async fn publish(
    tx: &Tx,
    post: &Post,
    revision: Uuid,
    decision: Uuid,
    now: Timestamp,
) -> Result<Vec<Job>, DbErr> {
    let before = publication::Entity::find_by_id(post.id)
        .one(tx.conn())
        .await?;
    let mut jobs = Vec::new();
    let mut seq = 0;
    if let Some(thread) = post.thread_id {
        let stream = thread_stream(thread);
        seq = next_number(tx, &stream).await?;
        let kind = if before.is_some() {
            "post_edited"
        } else {
            "post_released"
        };
        jobs.push(add_event(tx, stream, seq, kind, post.id, revision, now).await?);
        if before.is_none() && post.surface == Surface::Thread.word() {
            let stream = community_stream(post.community_id);
            let number = next_number(tx, &stream).await?;
            jobs.push(
                add_event(
                    tx,
                    stream,
                    number,
                    "thread_released",
                    post.id,
                    revision,
                    now,
                )
                .await?,
            );
        }
    }
    let at = now.micros();
    match before {
        None => {
            insert(
                tx.conn(),
                publication::Model {
                    post_id: post.id,
                    revision_id: revision,
                    decision_id: decision,
                    community_id: post.community_id,
                    thread_id: post.thread_id,
                    seq,
                    first_released_at: at,
                    released_at: at,
                },
            )
            .await?;
        }
        Some(row) => {
            let mut row: publication::ActiveModel = row.into();
            row.revision_id = Set(revision);
            row.decision_id = Set(decision);
            row.seq = Set(seq);
            row.released_at = Set(at);
            row.update(tx.conn()).await?;
        }
    }
    Ok(jobs)
}

async fn add_event(
    tx: &Tx,
    stream: String,
    seq: i64,
    kind: &str,
    post: Uuid,
    revision: Uuid,
    now: Timestamp,
) -> Result<Job, DbErr> {
    let row = stream_event::Model {
        stream: stream.clone(),
        seq,
        kind: kind.to_owned(),
        post_id: post,
        revision_id: revision,
        at: now.micros(),
    };
    insert(tx.conn(), row).await?;
    Ok(Signal::StreamGrew { stream }.into())
}
