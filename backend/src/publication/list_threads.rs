//! The threads of a community that are released, latest activity first.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Publication;
use super::entity::publication;
use super::post_view::post_views;
use super::retraction::Tombstone;
use crate::clock::Timestamp;
use crate::communities::authority::Seat;
use crate::communities::{Author, product_names};
use crate::posts::{markdown, store};

/// A product by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductName {
    /// The product.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A thread in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadCard {
    /// The thread.
    pub id: Uuid,
    /// Its title; empty where its first post was retracted.
    pub title: String,
    /// What stands in the place of its first post, where that was retracted.
    pub tombstone: Option<Tombstone>,
    /// Who started it.
    pub author: Author,
    /// What it is about, where a product was named.
    pub product: Option<ProductName>,
    /// Released posts beside the first.
    pub reply_count: i64,
    /// When the last post was first released.
    pub last_activity_at: Timestamp,
    /// When the first post was released.
    pub started_at: Timestamp,
    /// The first words.
    pub excerpt: String,
}

/// Where the next page begins.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// The last activity of the last thread of this page.
    pub last_activity: i64,
    /// That thread.
    pub thread: Uuid,
}

#[derive(FromQueryResult)]
struct Activity {
    thread_id: Uuid,
    released: i64,
    last: i64,
}

/// One page of threads in the community of this seat.
pub async fn list_threads(
    on: &impl ConnectionTrait,
    seat: &Seat,
    before: Option<Before>,
    limit: u64,
) -> Result<Vec<ThreadCard>, DbErr> {
    let last = || Expr::expr(Func::max(Expr::col(publication::Column::FirstReleasedAt)));
    let mut query = publication::Entity::find()
        .select_only()
        .column(publication::Column::ThreadId)
        .column_as(publication::Column::PostId.count(), "released")
        .column_as(publication::Column::FirstReleasedAt.max(), "last")
        .filter(publication::Column::CommunityId.eq(seat.community_id))
        .filter(publication::Column::ThreadId.is_not_null())
        .group_by(publication::Column::ThreadId);
    if let Some(Before {
        last_activity,
        thread,
    }) = before
    {
        query = query.having(
            last().lt(last_activity).or(last()
                .eq(last_activity)
                .and(Expr::col(publication::Column::ThreadId).lt(thread))),
        );
    }
    let activities: Vec<Activity> = query
        .order_by_desc(Expr::col(Alias::new("last")))
        .order_by_desc(publication::Column::ThreadId)
        .limit(limit)
        .into_model()
        .all(on)
        .await?;
    cards(on, seat.community_id, &activities).await
}

/// One thread, for the event that announces it.
pub async fn thread_card(
    on: &impl ConnectionTrait,
    first: &Publication,
) -> Result<Option<ThreadCard>, DbErr> {
    let alone = Activity {
        thread_id: first.post_id,
        released: 1,
        last: first.first_released_at,
    };
    Ok(cards(on, first.community_id, &[alone])
        .await?
        .into_iter()
        .next())
}

async fn cards(
    on: &impl ConnectionTrait,
    community: Uuid,
    activities: &[Activity],
) -> Result<Vec<ThreadCard>, DbErr> {
    // A thread and its first post have the same identifier.
    let ids: Vec<Uuid> = activities.iter().map(|a| a.thread_id).collect();
    let firsts = super::released_of(on, &ids).await?;
    let bodies: HashMap<Uuid, String> = {
        let revisions: Vec<Uuid> = firsts
            .iter()
            .filter_map(|first| first.revision_id)
            .collect();
        let revisions = store::revisions(on, &revisions).await?;
        revisions
            .into_iter()
            .map(|revision| (revision.post_id, revision.body))
            .collect()
    };
    let started: HashMap<Uuid, _> = post_views(on, &firsts, None)
        .await?
        .into_iter()
        .map(|post| (post.id, post))
        .collect();
    let threads: HashMap<Uuid, _> = store::threads(on, &ids)
        .await?
        .into_iter()
        .map(|thread| (thread.id, thread))
        .collect();
    let products = product_names(on, community).await?;
    Ok(activities
        .iter()
        .filter_map(|activity| {
            let first = started.get(&activity.thread_id)?;
            let product_id = threads
                .get(&activity.thread_id)
                .and_then(|thread| thread.product_id);
            Some(ThreadCard {
                id: activity.thread_id,
                title: first.title.clone().unwrap_or_default(),
                tombstone: first.tombstone.clone(),
                author: first.author.clone(),
                product: product_id.and_then(|id| {
                    products.get(&id).map(|name| ProductName {
                        id,
                        name: name.clone(),
                    })
                }),
                reply_count: activity.released - 1,
                last_activity_at: Timestamp::from_micros(activity.last),
                started_at: first.released_at,
                excerpt: bodies
                    .get(&activity.thread_id)
                    .map(|body| markdown::excerpt(body, 180))
                    .unwrap_or_default(),
            })
        })
        .collect())
}
