//! The database, and everything in which SQLite and PostgreSQL differ. No other folder asks which engine it is on.
//!
//! Writing goes through [`crate::audit::Audit::begin`]; [`Db::upkeep`] is for what is no change of the record
//! (leases running on, jobs, the sealer, sign-in counters) and a test lists who may call it.

mod additions;
mod connect;
mod guards;
mod insert;
mod lock;
pub mod wake;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

pub use additions::Additions;
pub use insert::{Statements, insert, insert_all};
pub use lock::Lock;

/// The two roads to the data: one for reading, one for writing. Clones share them.
#[derive(Clone)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Db {
    /// For reading. On SQLite a write through it fails; on PostgreSQL it is the one pool.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A transaction that may write from its first statement on.
    ///
    /// SQLite begins IMMEDIATE: a deferred transaction that reads and then writes fails at once when another writes.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await
    }

    /// A transaction for upkeep, which changes nothing that the record speaks of.
    pub(crate) async fn upkeep(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin().await
    }

    /// A view of the data for reading that stays as it is now, however long the reading takes.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation = match self.reader.get_database_backend() {
            // On SQLite every transaction sees one state, that of its first statement.
            DbBackend::Sqlite => None,
            _ => Some(IsolationLevel::RepeatableRead),
        };
        self.reader
            .begin_with_options(TransactionOptions {
                isolation_level: isolation,
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            })
            .await
    }

    /// How many groups of submissions may be on their way at once: one is stored (on PostgreSQL) or waits for the one
    /// writer (on SQLite) while the next gathers; more would only make the groups smaller.
    pub const PARALLEL_WRITERS: usize = 2;

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await?;
        self.writer.ping().await
    }

    /// Closes both roads when nothing is on them any more.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close_by_ref().await?;
        self.writer.close_by_ref().await
    }
}
