//! Notices to people, alarms that were raised, and what leaves the server by mail and webhook.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_int, maybe_text, run, small_table, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        small_table(
            manager,
            "notice",
            [
                key("id"),
                id("account_id"),
                id("community_id"),
                text("kind"),
                text("subject_kind"),
                id("subject_id"),
                int("count"),
                int("raised_at"),
                maybe_int("read_at"),
            ],
        )
        .await?;
        small_table(
            manager,
            "alarm",
            [
                key("id"),
                id("community_id"),
                text("kind"),
                id("subject_id"),
                int("threshold"),
                int("raised_at"),
            ],
        )
        .await?;
        table(
            manager,
            "delivery",
            [
                key("id"),
                id("community_id"),
                text("channel"),
                text("kind"),
                text("target"),
                text("content"),
                int("created_at"),
                int("attempts"),
                maybe_int("delivered_at"),
                maybe_int("gave_up_at"),
                maybe_text("last_answer"),
            ],
        )
        .await?;
        table(
            manager,
            "webhook_secret",
            [
                key("id"),
                id("community_id"),
                text("secret"),
                int("created_at"),
                maybe_int("ends_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX notice_of_account ON notice (account_id, id)",
                "CREATE INDEX notice_unread ON notice (account_id) WHERE read_at IS NULL",
                // An alarm is raised once for an item and a threshold, whichever node sees it first.
                "CREATE UNIQUE INDEX alarm_once_key ON alarm (kind, subject_id, threshold)",
                "CREATE INDEX delivery_of_community ON delivery (community_id, id)",
                "CREATE INDEX webhook_secret_of_community ON webhook_secret (community_id, id)",
            ],
        )
        .await
    }
}
