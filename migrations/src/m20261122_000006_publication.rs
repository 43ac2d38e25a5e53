//! What readers may see now, and the numbered streams that tell them so.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_id, maybe_text, run, table, text, text_key};
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
            "publication",
            [
                key("post_id"),
                // Nothing where the post is retracted: whoever looks for its words by way of this row finds none.
                maybe_id("revision_id"),
                maybe_id("retraction_id"),
                id("decision_id"),
                id("community_id"),
                maybe_id("thread_id"),
                int("seq"),
                int("first_released_at"),
                int("released_at"),
                maybe_text("appended"),
            ],
        )
        .await?;
        table(manager, "stream", [text_key("name"), int("last_seq")]).await?;
        table(
            manager,
            "stream_event",
            [
                text("stream"),
                int("seq"),
                text("kind"),
                id("post_id"),
                id("revision_id"),
                int("at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX publication_of_thread ON publication (thread_id, first_released_at)",
                "CREATE INDEX publication_of_community ON publication (community_id, first_released_at)",
                "CREATE UNIQUE INDEX stream_event_key ON stream_event (stream, seq)",
            ],
        )
        .await?;
        guard(manager, ["publication"]).await
    }
}
