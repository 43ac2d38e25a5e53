//! A released post as its readers see it.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Publication;
use super::retraction::{Tombstone, tombstones};
use crate::clock::Timestamp;
use crate::communities::{Author, authors};
use crate::posts::{Post, Revision, markdown, store};

/// What the company says under a post.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Appended)]
pub struct Appended {
    /// The text as safe HTML.
    pub body_html: String,
}

/// A released post.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Post)]
pub struct PostView {
    /// The post.
    pub id: Uuid,
    /// Its thread.
    pub thread_id: Option<Uuid>,
    /// The post it answers.
    pub parent_id: Option<Uuid>,
    /// Who wrote it.
    pub author: Author,
    /// The thread's title, for its first post.
    pub title: Option<String>,
    /// The text as safe HTML; empty where it was retracted.
    pub body_html: String,
    /// What stands there instead, where the text was retracted.
    pub tombstone: Option<Tombstone>,
    /// The text as written (Markdown), for its author alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// A text of the company under it, so that benefit and risk are in balance: not its author's words.
    pub appended: Option<Appended>,
    /// Whether it was edited after its first release.
    pub edited: bool,
    /// When it was first released.
    pub released_at: Timestamp,
    /// Its number in the thread's stream.
    pub seq: i64,
    /// Which revision of the text it is, where there is one to see.
    pub revision_number: Option<i64>,
    /// Whether the person who asks may edit it.
    pub can_edit: bool,
}

/// The posts behind these publications, in the order given, as this person sees them (nobody: as everybody does).
pub async fn post_views(
    on: &impl ConnectionTrait,
    publications: &[Publication],
    viewer: Option<Uuid>,
) -> Result<Vec<PostView>, DbErr> {
    let post_ids: Vec<Uuid> = publications.iter().map(|p| p.post_id).collect();
    let revision_ids: Vec<Uuid> = publications.iter().filter_map(|p| p.revision_id).collect();
    let mut stones = tombstones(on, publications).await?;
    let posts: HashMap<Uuid, Post> = store::posts(on, &post_ids)
        .await?
        .into_iter()
        .map(|post| (post.id, post))
        .collect();
    let revisions: HashMap<Uuid, Revision> = store::revisions(on, &revision_ids)
        .await?
        .into_iter()
        .map(|r| (r.id, r))
        .collect();
    let people = authors(
        on,
        posts
            .values()
            .map(|post| (post.community_id, post.author_id)),
    )
    .await?;
    Ok(publications
        .iter()
        .filter_map(|publication| {
            let post = posts.get(&publication.post_id)?;
            let revision = publication.revision_id.map(|id| revisions.get(&id));
            let tombstone = stones.remove(&post.id);
            let revision = match (revision, &tombstone) {
                (Some(revision), _) => Some(revision?),
                (None, Some(_)) => None,
                // INVARIANT: whatever is unclear is unseen.
                (None, None) => return None,
            };
            let author = people.get(&(post.community_id, post.author_id))?.clone();
            let own = viewer == Some(post.author_id);
            Some(PostView {
                id: post.id,
                thread_id: post.thread_id,
                parent_id: post.parent_id,
                author,
                title: revision.and_then(|revision| revision.title.clone()),
                body_html: revision
                    .map(|revision| markdown::to_html(&revision.body))
                    .unwrap_or_default(),
                tombstone,
                body: revision
                    .filter(|_| own)
                    .map(|revision| revision.body.clone()),
                appended: publication
                    .appended
                    .as_deref()
                    .filter(|_| revision.is_some())
                    .map(|text| Appended {
                        body_html: markdown::to_html(text),
                    }),
                edited: publication.released_at != publication.first_released_at,
                released_at: Timestamp::from_micros(publication.first_released_at),
                seq: publication.seq,
                revision_number: revision.map(|revision| revision.number),
                can_edit: own && revision.is_some(),
            })
        })
        .collect())
}
