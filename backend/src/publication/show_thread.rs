//! A thread with its released posts, and what its reader has waiting in it.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::publication;
use super::list_threads::ProductName;
use super::post_view::{PostView, post_views};
use super::streams::{last_number, thread_stream};
use crate::communities::authority::Reader;
use crate::communities::product_names;
use crate::communities::roles::Audience;
use crate::posts::store;

/// A community by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommunityName {
    /// The community.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its printed name.
    pub name: String,
    /// Who reads there.
    pub audience: Audience,
}

/// A thread as a reader sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThreadView {
    /// The thread.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub community: CommunityName,
    /// What it is about, where a product was named.
    pub product: Option<ProductName>,
    /// The stream to subscribe to.
    pub stream: String,
    /// Subscribe after this number: everything up to it is in `posts`.
    pub seq: i64,
    /// The released posts, in the order of their first release.
    pub posts: Vec<PostView>,
}

/// The thread, if this reader may see it and its first post is released.
pub async fn show_thread(
    on: &impl ConnectionTrait,
    reader: &Reader,
    id: Uuid,
) -> Result<Option<ThreadView>, DbErr> {
    let Some(thread) = store::thread(on, &reader.communities(), id).await? else {
        return Ok(None);
    };
    let Some(seat) = reader.seat(thread.community_id) else {
        return Ok(None);
    };
    let stream = thread_stream(id);
    // The number first: a post released in between comes twice rather than never, and sockets drop the second.
    let seq = last_number(on, &stream).await?;
    let publications = publication::Entity::find()
        .filter(publication::Column::ThreadId.eq(id))
        .order_by_asc(publication::Column::FirstReleasedAt)
        .order_by_asc(publication::Column::PostId)
        .all(on)
        .await?;
    let posts = post_views(on, &publications, Some(reader.who.account_id)).await?;
    let Some(title) = posts
        .iter()
        .find(|post| post.id == id)
        .map(|post| post.title.clone())
    else {
        return Ok(None);
    };
    let products = product_names(on, thread.community_id).await?;
    Ok(Some(ThreadView {
        id,
        title: title.unwrap_or_default(),
        community: CommunityName {
            id: seat.community_id,
            slug: seat.slug.clone(),
            name: seat.community_name.clone(),
            audience: seat.audience,
        },
        product: thread.product_id.and_then(|product| {
            products.get(&product).map(|name| ProductName {
                id: product,
                name: name.clone(),
            })
        }),
        stream,
        seq,
        posts,
    }))
}

/// The last few released posts of a thread, oldest first, as context for a reviewer.
pub async fn last_posts(
    on: &impl ConnectionTrait,
    thread: Uuid,
    count: u64,
) -> Result<Vec<PostView>, DbErr> {
    let mut publications = publication::Entity::find()
        .filter(publication::Column::ThreadId.eq(thread))
        .order_by_desc(publication::Column::FirstReleasedAt)
        .limit(count)
        .all(on)
        .await?;
    publications.reverse();
    post_views(on, &publications, None).await
}
