//! Rule sets in force, screenings, the review queue and its decisions.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, int, key, maybe_id, maybe_int, maybe_text, run, small_table, table, text, text_key,
};
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
            "rule_set",
            [text_key("hash"), text("packs"), int("first_used_at")],
        )
        .await?;
        table(
            manager,
            "screening",
            [
                key("id"),
                id("revision_id"),
                text("rule_set_hash"),
                text("verdict"),
                int("priority"),
                text("context"),
                text("result"),
                maybe_text("technical_reason"),
                int("screened_at"),
            ],
        )
        .await?;
        small_table(
            manager,
            "review_item",
            [
                key("id"),
                id("revision_id"),
                text("origin"),
                id("post_id"),
                id("community_id"),
                id("author_id"),
                id("screening_id"),
                text("rule_set_hash"),
                text("verdict"),
                int("priority"),
                text("families"),
                text("risk"),
                maybe_text("severity"),
                maybe_id("product_id"),
                text("language"),
                text("speaker"),
                maybe_text("organisation"),
                int("submitted_at"),
                int("due_at"),
                text("state"),
                maybe_id("claimed_by"),
                maybe_int("claimed_until"),
                int("fence"),
            ],
        )
        .await?;
        table(
            manager,
            "decision",
            [
                key("id"),
                id("item_id"),
                id("assessment_id"),
                id("revision_id"),
                text("revision_hash"),
                text("rule_set_hash"),
                text("action"),
                maybe_text("reason_code"),
                maybe_text("words"),
                id("decided_by"),
                text("decided_by_commitment"),
                text("role"),
                int("decided_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX review_item_revision_key ON review_item (revision_id, origin) WHERE origin IN ('submission', 'appeal')",
                "CREATE INDEX review_item_rescreened ON review_item (revision_id) WHERE origin = 'rescreen'",
                // One open item collects all reports of a post, and one all that today's rules find.
                "CREATE UNIQUE INDEX review_item_reopened ON review_item (post_id, origin) WHERE origin IN ('report', 'rescreen') AND state NOT IN ('decided', 'withdrawn', 'superseded')",
                "CREATE INDEX review_item_open ON review_item (due_at, id) WHERE state NOT IN ('decided', 'withdrawn', 'superseded')",
                "CREATE INDEX review_item_of_author ON review_item (author_id)",
                "CREATE UNIQUE INDEX decision_item_key ON decision (item_id)",
                "CREATE INDEX decision_of_revision ON decision (revision_id)",
            ],
        )
        .await?;
        guard(manager, ["rule_set", "screening", "decision"]).await
    }
}
