//! Notes of reviewers to each other.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, run, table, text};
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
            "review_note",
            [
                key("id"),
                id("item_id"),
                id("community_id"),
                id("written_by"),
                text("written_by_commitment"),
                text("role"),
                text("words"),
                text("mentions"),
                int("written_at"),
            ],
        )
        .await?;
        run(
            manager,
            ["CREATE INDEX review_note_of_item ON review_note (item_id, id)"],
        )
        .await?;
        guard(manager, ["review_note"]).await
    }
}
