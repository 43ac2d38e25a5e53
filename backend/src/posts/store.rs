//! Queries on threads, posts and revisions. None of them says what readers may see: that is `publication`'s.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use super::entity::{post, revision, thread};
use super::{Derivation, Post, Revision, Surface, Thread};
use crate::audit::{Additions, Tx};
use crate::db::insert;

/// Adds threads, posts and revisions with the commit.
pub fn add(with: &mut Additions, threads: Vec<Thread>, posts: Vec<Post>, revisions: Vec<Revision>) {
    with.add(threads);
    with.add(posts);
    with.add(revisions);
}

/// Stores words to the desk: a place of their own and its one revision.
pub async fn keep(tx: &Tx, place: Post, revision: Revision) -> Result<(), DbErr> {
    insert(tx.conn(), place).await?;
    insert(tx.conn(), revision).await
}

/// Stores a text that a decision made from another, with the place that is made for it.
pub async fn keep_derived(
    tx: &Tx,
    thread: Option<Thread>,
    place: Option<Post>,
    revision: Revision,
    derivation: Derivation,
) -> Result<(), DbErr> {
    if let Some(thread) = thread {
        insert(tx.conn(), thread).await?;
    }
    if let Some(place) = place {
        insert(tx.conn(), place).await?;
    }
    insert(tx.conn(), revision).await?;
    insert(tx.conn(), derivation).await
}

/// Revisions as anybody may read them: of a sealed one neither title nor body.
fn readable() -> Select<revision::Entity> {
    const SEALED: &str = "EXISTS (SELECT 1 FROM derivation \
         WHERE derivation.original_id = revision.id AND derivation.kind = 'redacted')";
    let unless_sealed = |column: &str, sealed: &str| {
        Expr::cust(format!(
            "CASE WHEN {SEALED} THEN {sealed} ELSE revision.{column} END"
        ))
    };
    revision::Entity::find()
        .select_only()
        .columns([
            revision::Column::Id,
            revision::Column::PostId,
            revision::Column::Number,
            revision::Column::AuthorId,
            revision::Column::Salt,
            revision::Column::Hash,
            revision::Column::SubmittedAt,
            revision::Column::IdempotencyKey,
        ])
        .expr_as(unless_sealed("title", "NULL"), "title")
        .expr_as(unless_sealed("body", "''"), "body")
}

/// A thread in one of these communities.
pub async fn thread(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    id: Uuid,
) -> Result<Option<Thread>, DbErr> {
    thread::Entity::find_by_id(id)
        .filter(thread::Column::CommunityId.is_in(communities.iter().copied()))
        .one(on)
        .await
}

/// A post in one of these communities.
pub async fn post(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    id: Uuid,
) -> Result<Option<Post>, DbErr> {
    post::Entity::find_by_id(id)
        .filter(post::Column::CommunityId.is_in(communities.iter().copied()))
        .one(on)
        .await
}

/// The posts with these identifiers, which the caller was allowed to learn.
pub async fn posts(on: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Post>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    post::Entity::find()
        .filter(post::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await
}

/// The threads with these identifiers, which the caller was allowed to learn.
pub async fn threads(on: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Thread>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    thread::Entity::find()
        .filter(thread::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await
}

/// The revisions with these identifiers, which the caller was allowed to learn; sealed ones without their words.
pub async fn revisions(on: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Revision>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    readable()
        .filter(revision::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await
}

/// The newest revision of a post. It is not sealed: the text with words taken out of it is newer.
pub async fn newest_revision(
    on: &impl ConnectionTrait,
    post: Uuid,
) -> Result<Option<Revision>, DbErr> {
    revision::Entity::find()
        .filter(revision::Column::PostId.eq(post))
        .order_by_desc(revision::Column::Number)
        .one(on)
        .await
}

/// Finds the revisions of a post beside this one.
pub fn older_revisions(post: Uuid, newer: Uuid) -> SelectStatement {
    revision::Entity::find()
        .select_only()
        .column(revision::Column::Id)
        .filter(revision::Column::PostId.eq(post))
        .filter(revision::Column::Id.ne(newer))
        .into_query()
}

/// A revision of this author; a sealed one without its words.
pub async fn own_revision(
    on: &impl ConnectionTrait,
    author: Uuid,
    id: Uuid,
) -> Result<Option<Revision>, DbErr> {
    readable()
        .filter(revision::Column::Id.eq(id))
        .filter(revision::Column::AuthorId.eq(author))
        .one(on)
        .await
}

/// The author's revision that was submitted under this idempotency key.
pub async fn by_idempotency_key(
    on: &impl ConnectionTrait,
    author: Uuid,
    key: &str,
) -> Result<Option<Revision>, DbErr> {
    revision::Entity::find()
        .filter(revision::Column::AuthorId.eq(author))
        .filter(revision::Column::IdempotencyKey.eq(key))
        .one(on)
        .await
}

/// The place of a text of which there is one in a community: a person's profile line, or the description.
pub async fn only_post(
    on: &impl ConnectionTrait,
    community: Uuid,
    surface: Surface,
    author: Option<Uuid>,
) -> Result<Option<Post>, DbErr> {
    let mut query = post::Entity::find()
        .filter(post::Column::ThreadId.is_null())
        .filter(post::Column::CommunityId.eq(community))
        .filter(post::Column::Surface.eq(surface.word()));
    if let Some(author) = author {
        query = query.filter(post::Column::AuthorId.eq(author));
    }
    query.order_by_asc(post::Column::Id).one(on).await
}

/// The places of all profile lines of a community.
pub async fn profile_posts(on: &impl ConnectionTrait, community: Uuid) -> Result<Vec<Post>, DbErr> {
    post::Entity::find()
        .filter(post::Column::ThreadId.is_null())
        .filter(post::Column::CommunityId.eq(community))
        .filter(post::Column::Surface.eq(Surface::ProfileLine.word()))
        .all(on)
        .await
}

/// The number of the newest revision of each of these posts.
pub async fn newest_numbers(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let rows: Vec<(Uuid, i64)> = revision::Entity::find()
        .select_only()
        .column(revision::Column::PostId)
        .column_as(revision::Column::Number.max(), "newest")
        .filter(revision::Column::PostId.is_in(posts.iter().copied()))
        .group_by(revision::Column::PostId)
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows.into_iter().collect())
}

/// One page of all posts of these communities, released or not, oldest first.
pub async fn all_posts(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Post>, DbErr> {
    let mut query =
        post::Entity::find().filter(post::Column::CommunityId.is_in(communities.iter().copied()));
    if let Some(after) = after {
        query = query.filter(post::Column::Id.gt(after));
    }
    query
        .order_by_asc(post::Column::Id)
        .limit(limit)
        .all(on)
        .await
}

/// All revisions of these posts, released or not, sealed or not, oldest first: for the inspection bundle.
pub async fn revisions_of(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<Vec<Revision>, DbErr> {
    revision::Entity::find()
        .filter(revision::Column::PostId.is_in(posts.iter().copied()))
        .order_by_asc(revision::Column::Id)
        .all(on)
        .await
}
