//! Adds rows without reading them back.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, Iterable, QueryTrait, Statement, Value, Values,
};

/// Adds one row.
pub async fn insert<M, A>(tx: &DatabaseTransaction, row: M) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    <A::Entity as EntityTrait>::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Adds all of these rows, or does nothing when there are none.
pub async fn insert_all<M, A>(
    tx: &DatabaseTransaction,
    rows: impl IntoIterator<Item = M>,
) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let mut statements = Statements::on(tx);
    statements.add(rows);
    statements.execute(tx).await
}

/// Up to so many rows go in one statement, whatever their number.
const FEW: usize = 32;
/// Most rows in one statement.
const MOST: usize = 256;

/// Statements that run one after the other: rows for several tables, mostly.
pub struct Statements {
    engine: DbBackend,
    list: Vec<Part>,
}

struct Part {
    /// How many rows it adds; 0 for a change of rows that are there.
    rows: usize,
    statement: Statement,
}

impl Statements {
    /// None yet, for this transaction.
    pub fn on(tx: &DatabaseTransaction) -> Self {
        Self::of(tx.get_database_backend())
    }

    /// None yet, for this engine.
    pub(super) fn of(engine: DbBackend) -> Self {
        Self {
            engine,
            list: Vec::new(),
        }
    }

    /// A change of rows that are there.
    pub fn change(&mut self, change: &impl QueryTrait) {
        self.list.push(Part {
            rows: 0,
            statement: change.build(self.engine),
        });
    }

    /// Rows of one table.
    ///
    /// More than a few go in statements of powers of two: few different ones, so that they are prepared once and used
    /// again.
    pub fn add<M, A>(&mut self, rows: impl IntoIterator<Item = M>)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        let mut rows: Vec<A> = rows
            .into_iter()
            .map(IntoActiveModel::into_active_model)
            .collect();
        while let Some(bits) = rows.len().checked_ilog2() {
            let now = if rows.len() <= FEW {
                rows.len()
            } else {
                MOST.min(1 << bits)
            };
            let rest = rows.split_off(now);
            self.list.push(Part {
                rows: now,
                statement: statement(self.engine, rows),
            });
            rows = rest;
        }
    }

    /// Runs them.
    ///
    /// On SQLite, statements of as many rows that follow each other go as one: each crossing to the thread of the
    /// connection and back costs more than a small statement. A group of submissions has a row in most tables for each,
    /// so these are few different texts, too.
    pub async fn execute(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let mut statements = self.list.into_iter().peekable();
        while let Some(Part {
            rows,
            mut statement,
        }) = statements.next()
        {
            let follows = |next: &Part| self.engine == DbBackend::Sqlite && next.rows == rows;
            while let Some(next) = statements.next_if(follows) {
                statement.sql.push_str("; ");
                statement.sql.push_str(&next.statement.sql);
                let mut values: Vec<Value> = statement.values.map_or_else(Vec::new, |v| v.0);
                values.extend(next.statement.values.into_iter().flat_map(|v| v.0));
                statement.values = Some(Values(values));
            }
            tx.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// For SQLite: one text from BEGIN to COMMIT, and its values.
    pub(super) fn into_one_transaction(self) -> (String, Vec<Value>) {
        let mut sql = "BEGIN IMMEDIATE".to_owned();
        let mut values = Vec::new();
        for Part { statement, .. } in self.list {
            sql.push_str("; ");
            sql.push_str(&statement.sql);
            values.extend(statement.values.into_iter().flat_map(|v| v.0));
        }
        sql.push_str("; COMMIT");
        (sql, values)
    }
}

/// The text of a statement is known by its table, whether it is for SQLite, its rows and the columns that it fills.
type Kind = (TypeId, bool, usize, u64);

/// The texts of the statements that were made so far. What this saves was not measured apart.
static TEXTS: LazyLock<RwLock<HashMap<Kind, String>>> = LazyLock::new(RwLock::default);

/// The statement that adds these rows.
fn statement<A: ActiveModelTrait>(engine: DbBackend, mut rows: Vec<A>) -> Statement {
    let filled = columns_of(rows.first());
    if rows.iter().any(|row| columns_of(Some(row)) != filled) {
        return <A::Entity as EntityTrait>::insert_many(rows).build(engine);
    }
    let kind = (
        TypeId::of::<A::Entity>(),
        engine == DbBackend::Sqlite,
        rows.len(),
        filled,
    );
    let known = TEXTS
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&kind)
        .cloned();
    let sql = known.unwrap_or_else(|| {
        let made = <A::Entity as EntityTrait>::insert_many(rows.iter().cloned()).build(engine);
        TEXTS
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(kind, made.sql.clone());
        made.sql
    });
    let values = rows
        .iter_mut()
        .flat_map(|row| Columns::<A>::iter().filter_map(|column| row.take(column).into_value()))
        .collect();
    Statement {
        sql,
        values: Some(Values(values)),
        db_backend: engine,
    }
}

type Columns<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// Which columns a row fills, as bits in their order.
fn columns_of<A: ActiveModelTrait>(row: Option<&A>) -> u64 {
    let columns = Columns::<A>::iter().enumerate();
    columns.fold(0, |bits, (place, column)| {
        let fills = row.is_some_and(|row| !row.is_not_set(column));
        bits | u64::from(fills) << place
    })
}
