//! Triggers that refuse to change or remove rows that are evidence (21 CFR 11.10(e)).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables whose rows are never changed nor removed.
const FIXED: &[&str] = &[
    "assessment",
    "revision",
    "rule_set",
    "screening",
    "decision",
    "retraction",
    "review_note",
    "referral",
    "referral_answer",
    "member_report",
    "appeal",
    "sample",
    "overturned_told",
    "audit_record",
    "audit_leaf",
    "audit_node",
    "audit_checkpoint",
    "audit_key",
    "signature",
    "signing_certification",
    "derivation",
    "sealed_reading",
];

/// Tables whose rows are never removed, and the columns of them that are never changed.
const KEPT: [(&str, &str); 5] = [
    (
        "safety_case",
        "number, id, community_id, post_id, revision_id, author_id, screening_id, day_zero, evidence, valid_icsr, serious",
    ),
    (
        "publication",
        "post_id, community_id, thread_id, first_released_at",
    ),
    (
        "sample_seed",
        "id, community_id, month, share_percent, seed, commitment, drawn_at",
    ),
    (
        "golden_text",
        "id, community_id, item_id, revision_id, action, reason_code, words, kept_by, kept_by_commitment, role, kept_at",
    ),
    (
        "policy_version",
        "id, community_id, base, content, content_hash, weakens, words, proposed_by, proposed_at",
    ),
];

/// What the triggers run on PostgreSQL; SQLite has it in each trigger.
pub const REFUSAL: &str =
    " BEGIN RAISE EXCEPTION 'rows of % are evidence and are never changed', TG_TABLE_NAME; END ";

/// A trigger that guards evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The table that it guards.
    pub table: &'static str,
    /// Its name.
    pub name: String,
    /// The statement that makes it, spelled as the engine spells it when it is asked for the definition.
    pub sql: String,
}

/// Every trigger that guards evidence on this engine.
#[must_use]
pub fn guards(engine: DbBackend) -> Vec<Guard> {
    let fixed = FIXED.iter().map(|table| (*table, String::new()));
    let kept = KEPT
        .iter()
        .map(|(table, columns)| (*table, format!(" OF {columns}")));
    let mut all = Vec::new();
    for (table, columns) in fixed.chain(kept) {
        let mut guard = |name: String, sql: String| all.push(Guard { table, name, sql });
        if engine == DbBackend::Postgres {
            let name = format!("{table}_immutable");
            let sql = format!(
                "CREATE TRIGGER {name} BEFORE DELETE OR UPDATE{columns} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            );
            guard(name, sql);
            let name = format!("{table}_kept");
            let sql = format!(
                "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            );
            guard(name, sql);
        } else {
            for (verb, columns) in [("update", columns.as_str()), ("delete", "")] {
                let name = format!("{table}_no_{verb}");
                let sql = format!(
                    "CREATE TRIGGER {name} BEFORE {}{columns} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'rows of {table} are evidence and are never changed'); END",
                    verb.to_uppercase()
                );
                guard(name, sql);
            }
        }
    }
    all
}

/// Makes the guards of these tables.
pub async fn guard<const N: usize>(
    manager: &SchemaManager<'_>,
    tables: [&str; N],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let engine = manager.get_database_backend();
    if engine == DbBackend::Postgres {
        let function = format!(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $${REFUSAL}$$ LANGUAGE plpgsql"
        );
        connection.execute_unprepared(&function).await?;
    }
    for guard in guards(engine) {
        if tables.contains(&guard.table) {
            connection.execute_unprepared(&guard.sql).await?;
        }
    }
    Ok(())
}
