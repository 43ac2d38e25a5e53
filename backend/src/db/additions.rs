//! A transaction that only runs statements which are known beforehand.

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{AssertSqlSafe, Sqlite, query_with, raw_sql};
use sea_orm::{DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Values};
use sea_query_sqlx::SqlxValues;

use super::{Db, Statements};

/// The turn to write, for statements of which none needs the outcome of another.
///
/// On SQLite they go to the thread of the connection together with their BEGIN and COMMIT, as one text: each crossing
/// to that thread costs more than a small statement, and sqlx crosses twice to begin and twice to commit.
#[must_use = "statements that are not committed change nothing"]
pub struct Additions(Road);

enum Road {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(DatabaseTransaction),
}

impl Db {
    /// Waits for the turn to write.
    pub(crate) async fn begin_additions(&self) -> Result<Additions, DbErr> {
        Ok(Additions(match self.writer.get_database_backend() {
            DbBackend::Sqlite => {
                let turn = self.writer.get_sqlite_connection_pool().acquire().await;
                Road::Sqlite(turn.map_err(failed)?)
            }
            _ => Road::Postgres(self.begin().await?),
        }))
    }
}

impl Additions {
    /// No statements yet.
    pub fn statements(&self) -> Statements {
        match &self.0 {
            Road::Sqlite(_) => Statements::of(DbBackend::Sqlite),
            Road::Postgres(tx) => Statements::on(tx),
        }
    }

    /// Runs all of them durably, or none.
    pub async fn commit(self, statements: Statements) -> Result<(), DbErr> {
        let mut turn = match self.0 {
            Road::Sqlite(turn) => turn,
            Road::Postgres(tx) => {
                statements.execute(&tx).await?;
                return tx.commit().await;
            }
        };
        let (sql, values) = statements.into_one_transaction();
        let done = query_with(AssertSqlSafe(sql), SqlxValues(Values(values)))
            .execute(&mut *turn)
            .await;
        let Err(cause) = done else {
            return Ok(());
        };
        // What was done before it failed is undone before anybody else has the connection. SQLite may have done that
        // itself, and says so with an error; such a connection is not used again.
        if raw_sql("ROLLBACK").execute(&mut *turn).await.is_err() {
            turn.close_on_drop();
        }
        Err(failed(cause))
    }
}

fn failed(cause: sea_orm::sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(cause.into()))
}
