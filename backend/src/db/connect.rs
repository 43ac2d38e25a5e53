//! Opens the database that a URL names and brings its schema up to date.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use hortus_migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, TransactionTrait};

use super::{Db, Lock};

/// How long a writer waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 8;
/// What the one writer keeps of the file, in KiB (negative: that is how SQLite tells KiB from pages). It never has to
/// read a page again that it wrote a moment ago.
const WRITER_CACHE: &str = "-8192";
/// Pages of the write-ahead log (4 KiB each) that are carried into the file at once. Most pages of a busy hour are
/// written again and again; the default of 1,000 carries each of them many times.
const WAL_PAGES: &str = "4000";
const POSTGRES_CONNECTIONS: u32 = 24;

impl Db {
    /// Opens `sqlite:PATH` (made if it is missing) or `postgres://…`. The schema is left as it is.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        if let Some(file) = url.strip_prefix("sqlite:") {
            for_the_owner_alone(Path::new(
                file.split('?')
                    .next()
                    .unwrap_or(file)
                    .trim_start_matches("//"),
            ))?;
            let writer = sqlite(url, 1, false).await?;
            let reader = sqlite(url, SQLITE_READERS, true).await?;
            Ok(Self { writer, reader })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let mut options = quiet(url);
            options
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(Duration::from_secs(10))
                .test_before_acquire(false);
            let pool = Database::connect(options).await?;
            Ok(Self {
                writer: pool.clone(),
                reader: pool,
            })
        } else {
            Err(DbErr::Custom(
                "the database URL must begin with `sqlite:` or `postgres:`".to_owned(),
            ))
        }
    }

    /// Opens the SQLite file `hortus.db` in this folder, which is made if it is missing.
    pub fn url_in(folder: &Path) -> String {
        format!("sqlite:{}", folder.join("hortus.db").display())
    }

    /// Runs the migrations that are missing. Processes that start together wait for each other.
    #[expect(
        clippy::disallowed_methods,
        reason = "on PostgreSQL only, to hold a lock: nothing is written through it"
    )]
    pub async fn migrate(&self) -> Result<(), DbErr> {
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            return Migrator::up(&self.writer, None).await;
        }
        // sea-orm takes no lock of its own: hold one on this connection while another migrates.
        let holder = self.writer.begin().await?;
        Lock::Migration.wait(&holder).await?;
        let done = Migrator::up(&self.writer, None).await;
        holder.commit().await?;
        done
    }

    /// The migrations that have not been run yet.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, DbErr> {
        let pending = Migrator::get_pending_migrations(&self.writer).await?;
        Ok(pending.iter().map(|m| m.name().to_owned()).collect())
    }
}

/// Makes the file if it is missing, so that nobody else on the machine may read it; SQLite gives the files beside it
/// the same rights.
fn for_the_owner_alone(file: &Path) -> Result<(), DbErr> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)
        .map(drop)
        .map_err(|cause| DbErr::Custom(format!("`{}` cannot be made: {cause}", file.display())))
}

fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    // Statements carry members' words: they never reach a log.
    options.sqlx_logging(false);
    options
}

async fn sqlite(url: &str, connections: u32, read_only: bool) -> Result<DatabaseConnection, DbErr> {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .busy_timeout(BUSY)
                .foreign_keys(true)
                .statement_cache_capacity(512)
                .read_only(read_only);
            if read_only {
                sqlite
            } else {
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("cache_size", WRITER_CACHE)
                    .pragma("wal_autocheckpoint", WAL_PAGES)
            }
        });
    Database::connect(options).await
}
