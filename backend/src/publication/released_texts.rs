//! What stands released at some places, with the thread around it: a reply is read by the rules in the light of what it
//! answers, and many answer the same.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::publication;
use crate::audit::{Audit, Memory, Subject};
use crate::posts::entity::{post, revision, thread};

/// The released text of a post, and where it stands.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ReleasedText {
    /// The post.
    pub post_id: Uuid,
    /// Where it stands.
    pub community_id: Uuid,
    /// How many posts it is away from the first of its thread.
    pub depth: i64,
    /// The product its thread is about.
    pub product_id: Option<Uuid>,
    /// The title, for the first post of a thread.
    pub title: Option<String>,
    /// The text as written.
    pub body: String,
}

/// Most texts that are remembered at once.
const MOST: usize = 1_000;

/// Released texts, remembered for a moment. Clones share them.
#[derive(Clone)]
pub struct ReleasedTexts {
    audit: Audit,
    /// By thread and post.
    lately: Memory<(Uuid, Uuid), ReleasedText>,
}

impl ReleasedTexts {
    /// Remembers none yet.
    pub fn new(audit: Audit) -> Self {
        Self {
            lately: Memory::new(&audit, Subject::Released, MOST),
            audit,
        }
    }

    /// The released texts of those of these posts that are released in this thread of one of these communities.
    pub async fn of(
        &self,
        communities: &[Uuid],
        thread: Uuid,
        posts: &[Uuid],
    ) -> Result<Vec<ReleasedText>, DbErr> {
        let asked = self.lately.moment();
        let recalled = posts.iter().map(|post| {
            let text = self.lately.recall(&(thread, *post), asked)?;
            communities.contains(&text.community_id).then_some(text)
        });
        if let Some(all) = recalled.collect() {
            return Ok(all);
        }
        let found = released_texts(self.audit.db().read(), communities, thread, posts).await?;
        for text in &found {
            let place = (thread, text.post_id);
            self.lately.keep(place, text.clone(), asked);
        }
        Ok(found)
    }
}

async fn released_texts(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    thread: Uuid,
    posts: &[Uuid],
) -> Result<Vec<ReleasedText>, DbErr> {
    publication::Entity::find()
        .select_only()
        .columns([
            publication::Column::PostId,
            publication::Column::CommunityId,
        ])
        .column(post::Column::Depth)
        .column(thread::Column::ProductId)
        .columns([revision::Column::Title, revision::Column::Body])
        .join(
            JoinType::InnerJoin,
            publication::Entity::belongs_to(post::Entity)
                .from(publication::Column::PostId)
                .to(post::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            publication::Entity::belongs_to(thread::Entity)
                .from(publication::Column::ThreadId)
                .to(thread::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            publication::Entity::belongs_to(revision::Entity)
                .from(publication::Column::RevisionId)
                .to(revision::Column::Id)
                .into(),
        )
        .filter(publication::Column::CommunityId.is_in(communities.iter().copied()))
        .filter(publication::Column::ThreadId.eq(thread))
        .filter(publication::Column::PostId.is_in(posts.iter().copied()))
        .into_model()
        .all(on)
        .await
}
