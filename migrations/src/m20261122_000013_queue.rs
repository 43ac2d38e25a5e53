//! The queue: what reviewers passed over, and the views they keep.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_int, maybe_text, run, table, text};

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
            "review_skip",
            [
                key("id"),
                id("item_id"),
                id("account_id"),
                text("reason"),
                maybe_text("words"),
                int("skipped_at"),
                maybe_int("lifted_at"),
            ],
        )
        .await?;
        table(
            manager,
            "saved_view",
            [
                key("id"),
                id("account_id"),
                text("name"),
                text("query"),
                int("created_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX review_skip_once ON review_skip (item_id, account_id) WHERE lifted_at IS NULL",
                "CREATE UNIQUE INDEX saved_view_name ON saved_view (account_id, name)",
            ],
        )
        .await
    }
}
