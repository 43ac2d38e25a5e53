//! Makes a revision visible: with `retraction`, the only places that write `publication`.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr};
use uuid::Uuid;

use super::entity::publication;
use super::streams::{
    add_event, community_stream, next_number, publication_to_change, thread_stream,
};
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::db::insert;
use crate::jobs::Job;
use crate::posts::{Post, Surface};

/// Makes `revision` what readers see at `post`, by this decision, with a text of the company under it if one was
/// appended; numbers the event in its stream and returns the jobs that tell the sockets.
pub async fn publish(
    tx: &Tx,
    post: &Post,
    revision: Uuid,
    decision: Uuid,
    appended: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Job>, DbErr> {
    let before = publication_to_change(tx, post.id).await?;
    // A newer text takes the place of a retracted one: readers see words there again.
    let retracted = before
        .as_ref()
        .is_some_and(|row| row.retraction_id.is_some());
    let mut jobs = Vec::new();
    let mut seq = 0;
    if let Some(thread) = post.thread_id {
        let stream = thread_stream(thread);
        seq = next_number(tx, &stream).await?;
        let (kind, of_thread) = match &before {
            None => ("post_released", Some("thread_released")),
            Some(_) if retracted => ("post_restored", Some("thread_restored")),
            Some(_) => ("post_edited", None),
        };
        jobs.push(add_event(tx, (stream, seq), kind, post.id, revision, now).await?);
        if let Some(kind) = of_thread
            && post.surface == Surface::Thread.word()
        {
            let stream = community_stream(post.community_id);
            let number = next_number(tx, &stream).await?;
            jobs.push(add_event(tx, (stream, number), kind, post.id, revision, now).await?);
        }
    }
    let at = now.micros();
    match before {
        None => {
            insert(
                tx.conn(),
                publication::Model {
                    post_id: post.id,
                    revision_id: Some(revision),
                    retraction_id: None,
                    decision_id: decision,
                    community_id: post.community_id,
                    thread_id: post.thread_id,
                    seq,
                    first_released_at: at,
                    released_at: at,
                    appended: appended.map(str::to_owned),
                },
            )
            .await?;
        }
        Some(row) => {
            let mut row: publication::ActiveModel = row.into();
            row.revision_id = Set(Some(revision));
            row.retraction_id = Set(None);
            row.decision_id = Set(decision);
            row.seq = Set(seq);
            row.released_at = Set(at);
            row.appended = Set(appended.map(str::to_owned));
            row.update(tx.conn()).await?;
        }
    }
    Ok(jobs)
}
