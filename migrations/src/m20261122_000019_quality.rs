//! How quality is looked at: what was drawn for a blind second review, and texts whose outcome is known.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, id, int, key, maybe_id, maybe_int, maybe_text, run, table, text};
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
            "sample_seed",
            [
                key("id"),
                id("community_id"),
                text("month"),
                int("share_percent"),
                bytes("seed"),
                text("commitment"),
                int("drawn_at"),
                maybe_int("revealed_at"),
            ],
        )
        .await?;
        table(
            manager,
            "sample",
            [
                key("id"),
                id("community_id"),
                id("seed_id"),
                text("kind"),
                id("decision_id"),
                maybe_id("golden_id"),
                id("revision_id"),
                id("item_id"),
                int("drawn_at"),
            ],
        )
        .await?;
        table(
            manager,
            "golden_text",
            [
                key("id"),
                id("community_id"),
                id("item_id"),
                id("revision_id"),
                text("action"),
                maybe_text("reason_code"),
                text("words"),
                id("kept_by"),
                text("kept_by_commitment"),
                text("role"),
                int("kept_at"),
                maybe_id("ended_by"),
                maybe_int("ended_at"),
            ],
        )
        .await?;
        table(
            manager,
            "overturned_told",
            [
                key("id"),
                id("community_id"),
                int("told_from"),
                int("told_until"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX sample_seed_of_community ON sample_seed (community_id, id)",
                "CREATE UNIQUE INDEX sample_once ON sample (decision_id, kind)",
                "CREATE UNIQUE INDEX sample_item ON sample (item_id)",
                "CREATE INDEX sample_of_community ON sample (community_id, id)",
                "CREATE UNIQUE INDEX golden_text_once ON golden_text (revision_id) WHERE ended_at IS NULL",
                "CREATE UNIQUE INDEX overturned_told_once ON overturned_told (community_id, told_until)",
            ],
        )
        .await?;
        guard(
            manager,
            ["sample_seed", "sample", "golden_text", "overturned_told"],
        )
        .await
    }
}
