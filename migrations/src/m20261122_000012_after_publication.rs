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
        run(
            manager,
            ["CREATE INDEX retraction_of_post ON retraction (post_id, id)"],
        )
        .await?;
        guard(manager, ["retraction"]).await
    }
}
