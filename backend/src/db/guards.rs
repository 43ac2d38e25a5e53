//! Whether the triggers that guard evidence are all there, as the migrations made them.

use std::collections::HashMap;

use hortus_migrations::{REFUSAL, guards};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Db;

impl Db {
    /// The first trigger that is missing, switched off or another one than the migrations made, as `trigger on table`.
    pub async fn missing_guard(&self) -> Result<Option<String>, DbErr> {
        let engine = self.reader.get_database_backend();
        let query = match engine {
            DbBackend::Postgres => {
                "SELECT t.tgname::text AS name, pg_get_triggerdef(t.oid, true) AS definition, p.prosrc AS body \
                 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
                 WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
            }
            _ => {
                "SELECT name, sql AS definition, '' AS body FROM sqlite_master WHERE type = 'trigger'"
            }
        };
        let body = match engine {
            DbBackend::Postgres => REFUSAL,
            _ => "",
        };
        let mut there = HashMap::new();
        let rows = self
            .reader
            .query_all_raw(Statement::from_string(engine, query))
            .await?;
        for row in rows {
            let name: String = row.try_get("", "name")?;
            let made: (String, String) = (row.try_get("", "definition")?, row.try_get("", "body")?);
            there.insert(name, made);
        }
        let missing = guards(engine).into_iter().find(|guard| {
            there
                .get(&guard.name)
                .is_none_or(|(definition, runs)| *definition != guard.sql || runs != body)
        });
        Ok(missing.map(|guard| format!("{} on {}", guard.name, guard.table)))
    }
}
