//! Safety cases: one for each revision that may report an adverse event, kept whatever becomes of the post.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, id, int, maybe_id, maybe_int, maybe_text, run, table, text};
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
            "safety_case",
            [
                ColumnDef::new(Alias::new("number"))
                    .big_integer()
                    .not_null()
                    .auto_increment()
                    .primary_key()
                    .take(),
                id("id"),
                id("community_id"),
                id("post_id"),
                id("revision_id"),
                id("author_id"),
                id("screening_id"),
                int("day_zero"),
                text("evidence"),
                flag("valid_icsr"),
                flag("serious"),
                maybe_text("disposition"),
                maybe_text("reason_code"),
                maybe_text("words"),
                maybe_id("disposed_by"),
                maybe_int("disposed_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX safety_case_id_key ON safety_case (id)",
                "CREATE UNIQUE INDEX safety_case_revision_key ON safety_case (revision_id)",
                "CREATE INDEX safety_case_list ON safety_case (community_id, number)",
            ],
        )
        .await?;
        guard(manager, ["safety_case"]).await
    }
}
