//! Names and numbers of streams, and what is released.

use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::Publication;
use super::entity::{publication, stream, stream_event};
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::db::insert;
use crate::jobs::Job;
use crate::live::Signal;

/// The stream of a thread's posts.
pub fn thread_stream(thread: Uuid) -> String {
    format!("thread:{thread}")
}

/// The stream of a community's threads.
pub fn community_stream(community: Uuid) -> String {
    format!("community:{community}")
}

/// The next number of a stream. The row stays locked until the commit, so numbers commit in order, without gaps.
pub(super) async fn next_number(tx: &Tx, name: &str) -> Result<i64, DbErr> {
    let row = stream::ActiveModel {
        name: Set(name.to_owned()),
        last_seq: Set(1),
    };
    let grown = stream::Entity::insert(row)
        .on_conflict(
            OnConflict::column(stream::Column::Name)
                .value(
                    stream::Column::LastSeq,
                    Expr::col((stream::Entity, stream::Column::LastSeq)).add(1_i64),
                )
                .to_owned(),
        )
        .exec_with_returning(tx.conn())
        .await?;
    Ok(grown.last_seq)
}

/// The last number of a stream; zero when nothing happened yet.
pub(super) async fn last_number(on: &impl ConnectionTrait, name: &str) -> Result<i64, DbErr> {
    Ok(stream::Entity::find_by_id(name.to_owned())
        .one(on)
        .await?
        .map_or(0, |row| row.last_seq))
}

/// Writes the event with this number of this stream; gives what tells the sockets.
pub(super) async fn add_event(
    tx: &Tx,
    (stream, seq): (String, i64),
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

/// The publication of a post, if it is released, locked until the transaction ends.
pub async fn publication_to_change(tx: &Tx, post: Uuid) -> Result<Option<Publication>, DbErr> {
    publication::Entity::find_by_id(post)
        .lock(LockType::Update)
        .one(tx.conn())
        .await
}

/// The publication of a post, if it is released.
pub async fn released_revision(
    on: &impl ConnectionTrait,
    post: Uuid,
) -> Result<Option<Publication>, DbErr> {
    publication::Entity::find_by_id(post).one(on).await
}

/// The publications of those of these posts that are released.
pub async fn released_of(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<Vec<Publication>, DbErr> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    publication::Entity::find()
        .filter(publication::Column::PostId.is_in(posts.iter().copied()))
        .all(on)
        .await
}

/// What was released after this moment and post, the oldest first: until `horizon`, and this many at most.
pub async fn released_after(
    on: &impl ConnectionTrait,
    from: (i64, Option<Uuid>),
    horizon: Timestamp,
    limit: u64,
) -> Result<Vec<Publication>, DbErr> {
    publication::Entity::find()
        .filter(after(from))
        .filter(publication::Column::ReleasedAt.lte(horizon.micros()))
        .order_by_asc(publication::Column::ReleasedAt)
        .order_by_asc(publication::Column::PostId)
        .limit(limit)
        .all(on)
        .await
}

/// How many that are.
pub async fn count_released_after(
    on: &impl ConnectionTrait,
    from: (i64, Option<Uuid>),
) -> Result<u64, DbErr> {
    publication::Entity::find()
        .filter(after(from))
        .count(on)
        .await
}

fn after((at, post): (i64, Option<Uuid>)) -> Condition {
    let later = Condition::any().add(publication::Column::ReleasedAt.gt(at));
    match post {
        None => later,
        Some(post) => later.add(
            Condition::all()
                .add(publication::Column::ReleasedAt.eq(at))
                .add(publication::Column::PostId.gt(post)),
        ),
    }
}
