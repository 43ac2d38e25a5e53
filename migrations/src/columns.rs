//! The few column kinds that the schema is made of, so that each table reads as a list of names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
}

/// A UUID that is there in every row.
pub fn id(name: &'static str) -> ColumnDef {
    column(name).uuid().not_null().take()
}

/// The UUID that names the row.
pub fn key(name: &'static str) -> ColumnDef {
    column(name).uuid().not_null().primary_key().take()
}

/// A UUID that may be missing.
pub fn maybe_id(name: &'static str) -> ColumnDef {
    column(name).uuid().null().take()
}

/// Text that is there in every row.
pub fn text(name: &'static str) -> ColumnDef {
    column(name).text().not_null().take()
}

/// Text that names the row.
pub fn text_key(name: &'static str) -> ColumnDef {
    column(name).text().not_null().primary_key().take()
}

/// Text that may be missing.
pub fn maybe_text(name: &'static str) -> ColumnDef {
    column(name).text().null().take()
}

/// A whole number or a time in microseconds.
pub fn int(name: &'static str) -> ColumnDef {
    column(name).big_integer().not_null().take()
}

/// A whole number that names the row.
pub fn int_key(name: &'static str) -> ColumnDef {
    column(name).big_integer().not_null().primary_key().take()
}

/// A whole number or a time that may be missing.
pub fn maybe_int(name: &'static str) -> ColumnDef {
    column(name).big_integer().null().take()
}

/// Yes or no.
pub fn flag(name: &'static str) -> ColumnDef {
    column(name).boolean().not_null().take()
}

/// Bytes, such as a hash.
pub fn bytes(name: &'static str) -> ColumnDef {
    column(name).blob().not_null().take()
}

/// Bytes that may be missing.
pub fn maybe_bytes(name: &'static str) -> ColumnDef {
    column(name).blob().null().take()
}

/// Creates a table of these columns.
pub async fn table<const N: usize>(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: [ColumnDef; N],
) -> Result<(), DbErr> {
    manager.create_table(definition(name, columns)).await
}

/// Creates a table of small rows, which SQLite is to keep in the order of their key: beside such a table it needs no
/// second tree that finds a row by its key, and each commit writes fewer pages. Rows of more than about 1 KB would go to
/// pages of their own (<https://sqlite.org/withoutrowid.html>).
pub async fn small_table<const N: usize>(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: [ColumnDef; N],
) -> Result<(), DbErr> {
    small(manager, definition(name, columns)).await
}

/// Creates such a table of pairs, each of which is there once.
pub async fn pairs(
    manager: &SchemaManager<'_>,
    name: &'static str,
    (left, right): (ColumnDef, ColumnDef),
) -> Result<(), DbErr> {
    let mut both = Index::create();
    for column in [&left, &right] {
        both.col(Alias::new(column.get_column_name()));
    }
    let mut create = definition(name, [left, right]);
    create.primary_key(&mut both);
    small(manager, create).await
}

async fn small(manager: &SchemaManager<'_>, mut create: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        create.extra("WITHOUT ROWID");
    }
    manager.create_table(create).await
}

fn definition<const N: usize>(name: &'static str, columns: [ColumnDef; N]) -> TableCreateStatement {
    let mut create = Table::create().table(Alias::new(name)).take();
    for mut column in columns {
        create.col(&mut column);
    }
    create
}

/// Runs statements that are the same on both engines.
pub async fn run<const N: usize>(
    manager: &SchemaManager<'_>,
    statements: [&str; N],
) -> Result<(), DbErr> {
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}
