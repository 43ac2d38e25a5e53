//! Adds rows without reading them back.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, QueryTrait, Statement, Value, Values,
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
    let mut insertions = Insertions::on(tx);
    insertions.add(rows);
    insertions.execute(tx).await
}

/// Up to so many rows go in one statement, whatever their number.
const FEW: usize = 32;
/// Most rows in one statement.
const MOST: usize = 256;

/// Rows for several tables, to be added in the order in which they were given.
pub struct Insertions {
    engine: DbBackend,
    list: Vec<Insertion>,
}

struct Insertion {
    rows: usize,
    statement: Statement,
}

impl Insertions {
    /// None yet, for this transaction.
    pub fn on(tx: &DatabaseTransaction) -> Self {
        Self {
            engine: tx.get_database_backend(),
            list: Vec::new(),
        }
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
            self.list.push(Insertion {
                rows: now,
                statement: <A::Entity as EntityTrait>::insert_many(rows).build(self.engine),
            });
            rows = rest;
        }
    }

    /// These rows, and then those.
    pub fn then(mut self, others: Self) -> Self {
        self.list.extend(others.list);
        self
    }

    /// Adds them.
    ///
    /// On SQLite, statements of as many rows that follow each other go as one: each crossing to the thread of the
    /// connection and back costs more than a small statement. A group of submissions has a row in most tables for each,
    /// so these are few different texts, too.
    pub async fn execute(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let mut insertions = self.list.into_iter().peekable();
        while let Some(Insertion {
            rows,
            mut statement,
        }) = insertions.next()
        {
            let follows = |next: &Insertion| self.engine == DbBackend::Sqlite && next.rows == rows;
            while let Some(next) = insertions.next_if(follows) {
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
}
