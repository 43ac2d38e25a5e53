//! What happens to a text after its release: retractions and restorations.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_id, maybe_text, run, table, text};
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
            "retraction",
            [
                key("id"),
                id("community_id"),
                id("post_id"),
                id("revision_id"),
                text("revision_hash"),
                text("action"),
                maybe_id("decision_id"),
                text("reason_code"),
                text("words"),
                maybe_text("tombstone"),
                id("done_by"),
                text("done_by_commitment"),
                text("role"),
                int("done_at"),
            ],
        )
        .await?;
        table(
            manager,
            "member_report",
            [
                key("id"),
                id("community_id"),
                id("item_id"),
                id("post_id"),
                id("revision_id"),
                text("reason"),
                maybe_id("words_revision_id"),
                maybe_id("screening_id"),
                id("reporter_id"),
                int("reported_at"),
            ],
        )
        .await?;
        table(
            manager,
            "appeal",
            [
                key("id"),
                id("community_id"),
                id("item_id"),
                id("decision_id"),
                id("revision_id"),
                id("author_id"),
                id("words_revision_id"),
                id("screening_id"),
                int("appealed_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX retraction_of_post ON retraction (post_id, id)",
                "CREATE UNIQUE INDEX member_report_once ON member_report (item_id, reporter_id)",
                "CREATE INDEX member_report_of_reporter ON member_report (reporter_id, id)",
                "CREATE INDEX member_report_of_post ON member_report (post_id)",
                "CREATE UNIQUE INDEX member_report_words ON member_report (words_revision_id) WHERE words_revision_id IS NOT NULL",
                "CREATE UNIQUE INDEX appeal_once ON appeal (decision_id)",
                "CREATE UNIQUE INDEX appeal_item ON appeal (item_id)",
                "CREATE INDEX appeal_of_revision ON appeal (revision_id)",
                "CREATE UNIQUE INDEX appeal_words ON appeal (words_revision_id)",
            ],
        )
        .await?;
        guard(manager, ["retraction", "member_report", "appeal"]).await
    }
}
