//! Accounts, sessions, sign-in failures, and the printed names that audit records commit to.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, flag, id, int, key, maybe_int, run, table, text, text_key};

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
            "account",
            [
                key("id"),
                text("email"),
                text("name"),
                text("name_commitment"),
                text("password_hash"),
                flag("administrator"),
                int("created_at"),
                maybe_int("disabled_at"),
            ],
        )
        .await?;
        table(
            manager,
            "session",
            [
                key("id"),
                bytes("token_hash"),
                id("account_id"),
                int("created_at"),
                int("last_seen_at"),
                int("expires_at"),
                maybe_int("ended_at"),
                text("user_agent"),
                text("address"),
            ],
        )
        .await?;
        table(
            manager,
            "sign_in_failure",
            [
                text_key("subject"),
                int("failures"),
                int("last_at"),
                int("locked_until"),
            ],
        )
        .await?;
        // The key of a person seals that person's names; destroying it erases them without touching a proof.
        table(
            manager,
            "person_key",
            [key("account_id"), bytes("secret"), int("created_at")],
        )
        .await?;
        table(
            manager,
            "person_name",
            [
                text_key("commitment"),
                id("account_id"),
                bytes("sealed"),
                int("created_at"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX account_email_key ON account (email)",
                "CREATE UNIQUE INDEX session_token_key ON session (token_hash)",
                "CREATE INDEX session_of_account ON session (account_id)",
                "CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL",
                "CREATE INDEX person_name_of_account ON person_name (account_id)",
            ],
        )
        .await
    }
}
