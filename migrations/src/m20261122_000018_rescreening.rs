//! How far released texts were screened again after a change of the rules.

use sea_orm_migration::prelude::*;

use crate::columns::{int, key, maybe_id, maybe_int, run, table, text};

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
            "rescreening",
            [
                key("id"),
                text("rule_set_hash"),
                text("state"),
                int("reached_at"),
                maybe_id("reached_post"),
                int("looked_at"),
                int("items"),
                int("cases"),
                int("started_at"),
                maybe_int("finished_at"),
                maybe_id("held_by"),
                int("held_until"),
            ],
        )
        .await?;
        run(
            manager,
            ["CREATE INDEX publication_by_release ON publication (released_at, post_id)"],
        )
        .await
    }
}
