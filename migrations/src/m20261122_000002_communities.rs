//! Walled communities: memberships with roles, invitations, products.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, id, int, key, maybe_id, maybe_int, maybe_text, run, table, text};

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
            "community",
            [
                key("id"),
                text("slug"),
                text("name"),
                text("audience"),
                int("created_at"),
            ],
        )
        .await?;
        table(
            manager,
            "membership",
            [
                key("id"),
                id("community_id"),
                id("account_id"),
                text("roles"),
                text("speaker"),
                maybe_text("organisation"),
                int("joined_at"),
                maybe_int("ended_at"),
            ],
        )
        .await?;
        table(
            manager,
            "invitation",
            [
                key("id"),
                bytes("token_hash"),
                maybe_id("community_id"),
                text("email"),
                text("name"),
                text("roles"),
                text("speaker"),
                maybe_text("organisation"),
                maybe_id("invited_by"),
                int("created_at"),
                int("expires_at"),
                maybe_int("accepted_at"),
                maybe_id("accepted_by"),
                maybe_int("revoked_at"),
            ],
        )
        .await?;
        table(
            manager,
            "product",
            [
                key("id"),
                id("community_id"),
                text("name"),
                maybe_text("established_name"),
                text("status"),
                text("indication"),
                maybe_text("boxed_warning"),
                text("aliases"),
                maybe_int("min_age_years"),
            ],
        )
        .await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX community_slug_key ON community (slug)",
                "CREATE UNIQUE INDEX membership_once ON membership (community_id, account_id) WHERE ended_at IS NULL",
                "CREATE INDEX membership_of_account ON membership (account_id)",
                "CREATE INDEX membership_ended ON membership (ended_at) WHERE ended_at IS NOT NULL",
                "CREATE UNIQUE INDEX invitation_token_key ON invitation (token_hash)",
                "CREATE INDEX invitation_of_community ON invitation (community_id)",
                "CREATE INDEX product_of_community ON product (community_id)",
            ],
        )
        .await
    }
}
