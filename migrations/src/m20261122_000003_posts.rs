//! Threads, posts and their immutable revisions.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_id, maybe_text, run, small_table, table, text};
use crate::immutable::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "thread",
            [
                key("id"),
                id("community_id"),
                maybe_id("product_id"),
                id("started_by"),
                int("created_at"),
            ],
        )
        .await?;
        small_table(
            manager,
            "post",
            [
                key("id"),
                id("community_id"),
                maybe_id("thread_id"),
                maybe_id("parent_id"),
                int("depth"),
                text("surface"),
                id("author_id"),
                int("created_at"),
            ],
        )
        .await?;
        table(
            manager,
            "revision",
            [
                key("id"),
                id("post_id"),
                int("number"),
                id("author_id"),
                maybe_text("title"),
                text("body"),
                text("salt"),
                text("hash"),
                int("submitted_at"),
                maybe_text("idempotency_key"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX thread_of_community ON thread (community_id)",
                "CREATE INDEX post_in_no_thread ON post (community_id, surface, author_id) WHERE thread_id IS NULL",
                "CREATE UNIQUE INDEX post_only_profile ON post (community_id, author_id) WHERE surface = 'profile_line'",
                "CREATE UNIQUE INDEX post_only_description ON post (community_id) WHERE surface = 'community_description'",
                "CREATE UNIQUE INDEX revision_number_key ON revision (post_id, number)",
                "CREATE UNIQUE INDEX revision_idempotency_key ON revision (author_id, idempotency_key)",
            ],
        )
        .await?;
        guard(manager, ["revision"]).await
    }
}
