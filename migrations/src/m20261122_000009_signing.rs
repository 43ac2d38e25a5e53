//! Second factors and electronic signatures (21 CFR 11.50, 11.70, 11.100, 11.200).

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, id, int, key, maybe_bytes, maybe_id, maybe_int, maybe_text, run, table, text,
};
use crate::immutable::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            ["ALTER TABLE session ADD COLUMN second_factor_at BIGINT"],
        )
        .await?;
        // The secrets are sealed under a key that is not in the database.
        table(
            manager,
            "second_factor",
            [
                key("account_id"),
                maybe_bytes("secret"),
                maybe_int("confirmed_at"),
                int("last_step"),
                maybe_bytes("pending"),
                maybe_int("pending_until"),
            ],
        )
        .await?;
        table(
            manager,
            "recovery_code",
            [
                key("id"),
                id("account_id"),
                bytes("hash"),
                int("made_at"),
                maybe_int("used_at"),
            ],
        )
        .await?;
        table(
            manager,
            "second_factor_reset",
            [
                key("account_id"),
                bytes("token_hash"),
                int("made_at"),
                int("expires_at"),
            ],
        )
        .await?;
        // Whose signature counts: the statement they accepted, and who verified their identity.
        table(
            manager,
            "signer",
            [
                key("account_id"),
                maybe_text("statement_hash"),
                maybe_int("accepted_at"),
                maybe_text("evidence"),
                maybe_int("verified_at"),
                maybe_id("verified_by"),
                maybe_id("reset_by"),
            ],
        )
        .await?;
        table(
            manager,
            "signing_series",
            [
                key("session_id"),
                id("account_id"),
                int("began_at"),
                int("signed_at"),
                text("place"),
            ],
        )
        .await?;
        table(
            manager,
            "signature",
            [
                key("id"),
                id("account_id"),
                id("community_id"),
                text("object_kind"),
                id("object_id"),
                maybe_id("revision_id"),
                int("signed_at"),
                text("meaning"),
                text("manifest"),
                text("manifest_hash"),
            ],
        )
        .await?;
        table(
            manager,
            "signing_certification",
            [
                key("id"),
                text("sent_on"),
                text("recipient"),
                text("reference"),
                id("recorded_by"),
                int("recorded_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE INDEX recovery_code_of_account ON recovery_code (account_id)",
                "CREATE INDEX signing_series_of_account ON signing_series (account_id)",
                "CREATE UNIQUE INDEX signature_once ON signature (object_kind, object_id, account_id)",
                "CREATE INDEX signature_of_revision ON signature (revision_id)",
            ],
        )
        .await?;
        guard(manager, ["signature", "signing_certification"]).await
    }
}
