//! Texts that a decision made from the text of an author: with words taken out, or one of its parts; and who read the
//! words of a sealed text.

use sea_orm_migration::prelude::*;

use crate::columns::{id, int, key, maybe_text, run, small_table, table, text};
use crate::immutable::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Alias::new("assessment"))
                    .add_column(maybe_text("particulars"))
                    .take(),
            )
            .await?;
        small_table(
            manager,
            "derivation",
            [
                key("revision_id"),
                text("kind"),
                int("part"),
                id("original_id"),
                id("item_id"),
                id("decision_id"),
                id("community_id"),
                id("screening_id"),
                id("made_by"),
                text("made_by_commitment"),
                text("role"),
                int("made_at"),
            ],
        )
        .await?;
        table(
            manager,
            "sealed_reading",
            [
                key("id"),
                id("revision_id"),
                id("community_id"),
                text("words"),
                id("read_by"),
                text("read_by_commitment"),
                text("role"),
                int("read_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX derivation_part_key ON derivation (original_id, part)",
                "CREATE INDEX sealed_reading_of_revision ON sealed_reading (revision_id, id)",
            ],
        )
        .await?;
        guard(manager, ["derivation", "sealed_reading"]).await
    }
}
