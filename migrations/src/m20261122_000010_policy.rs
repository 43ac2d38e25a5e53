//! Policies of communities: what they say is kept for ever, and which one is in force stands with the community.

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
            "policy_version",
            [
                key("id"),
                id("community_id"),
                int("base"),
                maybe_int("number"),
                text("state"),
                text("content"),
                text("content_hash"),
                text("weakens"),
                text("words"),
                id("proposed_by"),
                int("proposed_at"),
                maybe_id("decided_by"),
                maybe_int("decided_at"),
                maybe_text("decision_words"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX policy_version_number_key ON policy_version (community_id, number)",
                "CREATE UNIQUE INDEX policy_version_open_key ON policy_version (community_id) WHERE state = 'proposed'",
                "CREATE INDEX policy_version_of_community ON policy_version (community_id, id)",
                // 0: what the settings say.
                "ALTER TABLE community ADD COLUMN policy_version bigint NOT NULL DEFAULT 0",
            ],
        )
        .await?;
        guard(manager, ["policy_version"]).await
    }
}
