//! Questions of the desk to safety, medical, or legal and regulatory, and how they ended.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_text, run, table, text};
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
            "referral",
            [
                key("id"),
                id("item_id"),
                id("community_id"),
                id("revision_id"),
                int("number"),
                text("field"),
                text("question"),
                id("asked_by"),
                text("asked_by_commitment"),
                text("role"),
                int("asked_at"),
                int("due_at"),
            ],
        )
        .await?;
        table(
            manager,
            "referral_answer",
            [
                key("id"),
                id("referral_id"),
                text("outcome"),
                maybe_text("words"),
                id("answered_by"),
                text("answered_by_commitment"),
                text("role"),
                int("answered_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX referral_item_key ON referral (item_id, number)",
                "CREATE INDEX referral_of_revision ON referral (revision_id)",
                "CREATE INDEX referral_of_community ON referral (community_id, id)",
                // What came back to whoever asked: none of the rows that new texts add.
                "CREATE INDEX review_item_came_back ON review_item (claimed_by) WHERE claimed_by IS NOT NULL AND claimed_until IS NULL AND state NOT IN ('decided', 'withdrawn', 'superseded')",
                // A question ends once: by one answer, or by being taken back.
                "CREATE UNIQUE INDEX referral_answer_key ON referral_answer (referral_id)",
            ],
        )
        .await?;
        guard(manager, ["referral", "referral_answer"]).await
    }
}
