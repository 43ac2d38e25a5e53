//! The audit log: records, their leaves in the Merkle tree, its nodes, its signed checkpoints.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, id, int, int_key, key, maybe_id, pairs, run, small_table, table, text, text_key,
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
        table(
            manager,
            "audit_record",
            [
                key("id"),
                int("at"),
                maybe_id("community_id"),
                maybe_id("actor_id"),
                text("action"),
                text("object_kind"),
                text("object_id"),
                text("body"),
            ],
        )
        .await?;
        // Records that have no leaf yet. The sealer empties it; it is no evidence.
        small_table(manager, "audit_unsealed", [key("record_id")]).await?;
        // What sealed records are found by. The sealer fills it; it is no evidence.
        pairs(manager, "audit_index", (text("term"), id("record_id"))).await?;
        table(
            manager,
            "audit_leaf",
            [int_key("leaf_index"), id("record_id"), bytes("leaf_hash")],
        )
        .await?;
        table(
            manager,
            "audit_node",
            [int("level"), int("node_index"), bytes("hash")],
        )
        .await?;
        table(
            manager,
            "audit_checkpoint",
            [
                int_key("size"),
                bytes("root"),
                text("note"),
                int("signed_at"),
            ],
        )
        .await?;
        table(manager, "audit_key", [text_key("vkey"), int("created_at")]).await?;
        run(
            manager,
            [
                "CREATE UNIQUE INDEX audit_leaf_record_key ON audit_leaf (record_id)",
                "CREATE UNIQUE INDEX audit_node_key ON audit_node (level, node_index)",
            ],
        )
        .await?;
        guard(
            manager,
            [
                "audit_record",
                "audit_leaf",
                "audit_node",
                "audit_checkpoint",
                "audit_key",
            ],
        )
        .await
    }
}
