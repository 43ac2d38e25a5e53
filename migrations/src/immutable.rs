//! Triggers that refuse `UPDATE` and `DELETE` (and `TRUNCATE`) on a table whose rows are evidence (21 CFR 11.10(e)).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Makes each of these tables append-only for every user of the database.
pub async fn guard<const N: usize>(
    manager: &SchemaManager<'_>,
    tables: [&str; N],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for table in tables {
        if manager.get_database_backend() == DbBackend::Postgres {
            connection
                .execute_unprepared(
                    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
                     BEGIN RAISE EXCEPTION 'rows of % are evidence and are never changed', TG_TABLE_NAME; END
                     $$ LANGUAGE plpgsql",
                )
                .await?;
            for statement in [
                format!(
                    "CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                ),
                format!(
                    "CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
                ),
            ] {
                connection.execute_unprepared(&statement).await?;
            }
        } else {
            for verb in ["UPDATE", "DELETE"] {
                let statement = format!(
                    "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table}
                     BEGIN SELECT RAISE(ABORT, 'rows of {table} are evidence and are never changed'); END",
                    verb.to_lowercase()
                );
                connection.execute_unprepared(&statement).await?;
            }
        }
    }
    Ok(())
}
