//! Durable work, written in the transaction of the change that causes it.

use sea_orm_migration::prelude::*;

use crate::columns::{int, key, maybe_int, maybe_text, run, table, text};

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
            "job",
            [
                key("id"),
                text("kind"),
                text("payload"),
                int("created_at"),
                int("run_at"),
                int("attempts"),
                int("claimed_until"),
                maybe_int("done_at"),
                maybe_text("last_error"),
            ],
        )
        .await?;
        run(
            manager,
            ["CREATE INDEX job_open ON job (run_at, id) WHERE done_at IS NULL"],
        )
        .await
    }
}
