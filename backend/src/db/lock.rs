//! Locks that hold between processes. PostgreSQL has advisory locks; on SQLite the one writer is the lock.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};

/// What one process at a time may do. Held until the transaction ends.
#[derive(Debug, Clone, Copy)]
pub enum Lock {
    /// Bring the schema up to date.
    Migration,
    /// Give audit records their place in the log.
    Sealer,
    /// Create what exists once: the log's key, the first administrator's invitation.
    FirstStart,
    /// Raise an alarm.
    Alarms,
    /// Draw decisions for a second review.
    Quality,
    /// Begin to screen released texts again.
    Rescreening,
}

impl Lock {
    const fn number(self) -> i64 {
        match self {
            Self::Migration => 4_720_001,
            Self::Sealer => 4_720_002,
            Self::FirstStart => 4_720_003,
            Self::Alarms => 4_720_004,
            Self::Quality => 4_720_005,
            Self::Rescreening => 4_720_006,
        }
    }

    /// Waits until the lock is ours.
    pub async fn wait(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_advisory_xact_lock($1)",
                [self.number().into()],
            ))
            .await?;
        }
        Ok(())
    }

    /// Takes the lock if it is free; says whether it is ours.
    pub async fn try_take(self, tx: &DatabaseTransaction) -> Result<bool, DbErr> {
        if tx.get_database_backend() == DbBackend::Sqlite {
            return Ok(true);
        }
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_try_advisory_xact_lock($1) AS taken",
                [self.number().into()],
            ))
            .await?;
        row.map_or(Ok(false), |row| row.try_get("", "taken"))
    }
}
