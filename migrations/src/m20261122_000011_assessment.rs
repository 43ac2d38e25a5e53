//! What each reviewer said of an item before there was a decision.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_id, maybe_int, maybe_text, run, table, text};
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
            "assessment",
            [
                key("id"),
                id("item_id"),
                int("number"),
                id("revision_id"),
                text("revision_hash"),
                text("rule_set_hash"),
                text("action"),
                maybe_text("reason_code"),
                maybe_text("words"),
                maybe_text("balance_key"),
                maybe_int("balance_version"),
                maybe_text("balance_text"),
                maybe_text("tombstone"),
                maybe_id("signature_id"),
                id("assessed_by"),
                text("assessed_by_commitment"),
                text("role"),
                int("assessed_at"),
                maybe_int("settles_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX assessment_item_key ON assessment (item_id, number)",
                "CREATE INDEX assessment_of_revision ON assessment (revision_id)",
            ],
        )
        .await?;
        guard(manager, ["assessment"]).await
    }
}
