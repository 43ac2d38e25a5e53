//! Where a server keeps its data: a folder of its own and, on PostgreSQL, a database of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult,
    Statement,
};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// Which database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The one inside the binary.
    Sqlite,
    /// The server that `HORTUS_TEST_POSTGRES` names.
    Postgres,
}

impl Engine {
    /// Whether tests can run on it here.
    pub fn is_there(self) -> bool {
        self == Self::Sqlite || postgres_server().is_some()
    }
}

/// The address of the PostgreSQL server for tests, with a database that one may connect to.
pub(crate) fn postgres_server() -> Option<String> {
    std::env::var("HORTUS_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The address of another database on the server for tests.
fn postgres_url(database: &str) -> String {
    let server = postgres_server().expect("HORTUS_TEST_POSTGRES");
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{database}")
}

/// Runs a statement on the server for tests, outside any transaction.
pub(crate) async fn on_postgres_server(statement: &str) {
    let server = postgres_server().expect("HORTUS_TEST_POSTGRES");
    let connection = connect(&server).await;
    connection
        .execute_unprepared(statement)
        .await
        .unwrap_or_else(|cause| panic!("{statement}: {cause}"));
    connection.close().await.expect("close");
}

/// Whether the server for tests has this database.
pub(crate) async fn postgres_has(database: &str) -> bool {
    let rows = Rows(connect(&postgres_server().expect("HORTUS_TEST_POSTGRES")).await);
    let query = format!("SELECT COUNT(*) AS n FROM pg_database WHERE datname = '{database}'");
    let there = rows.count(&query).await == 1;
    rows.close().await;
    there
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .unwrap_or_else(|cause| panic!("{url}: {cause}"))
}

/// The folder and database of one server, removed with this.
pub struct Store {
    folder: TempDir,
    database: Option<String>,
}

impl Store {
    /// An empty one.
    pub async fn empty(engine: Engine) -> Self {
        let store = Self::unmade(engine);
        if let Some(name) = &store.database {
            on_postgres_server(&format!("CREATE DATABASE {name}")).await;
        }
        store
    }

    /// One with these files and, on PostgreSQL, a copy of this database.
    pub(crate) async fn copied(engine: Engine, files: &Path, database: &str) -> Self {
        let store = Self::unmade(engine);
        for file in std::fs::read_dir(files).expect("the template's folder") {
            let file = file.expect("a file");
            std::fs::copy(file.path(), store.folder().join(file.file_name())).expect("a copy");
        }
        if let Some(name) = &store.database {
            on_postgres_server(&format!("CREATE DATABASE {name} TEMPLATE {database}")).await;
        }
        store
    }

    fn unmade(engine: Engine) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            folder: tempfile::Builder::new()
                .prefix("hortus-")
                .tempdir()
                .expect("a temporary folder"),
            database: (engine == Engine::Postgres)
                .then(|| format!("hortus_test_{}_{number}", std::process::id())),
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Which engine it is on.
    pub fn engine(&self) -> Engine {
        if self.database.is_some() {
            Engine::Postgres
        } else {
            Engine::Sqlite
        }
    }

    /// The name of the PostgreSQL database.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The flags that lead a command to this store.
    pub fn flags(&self) -> Vec<String> {
        let folder = PathBuf::from(self.folder()).display().to_string();
        let mut flags = vec!["--data".to_owned(), folder];
        if let Some(name) = &self.database {
            flags.extend(["--database".to_owned(), postgres_url(name)]);
        }
        flags
    }

    /// A connection past the server, as a database administrator would have.
    pub async fn open(&self) -> Rows {
        let url = match &self.database {
            Some(name) => postgres_url(name),
            None => format!("sqlite:{}", self.folder().join("hortus.db").display()),
        };
        Rows(connect(&url).await)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let Some(name) = self.database.take() else {
            return;
        };
        // A story may end in the middle of a runtime, so the database is dropped on a thread of its own.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map(|runtime| {
                    runtime.block_on(on_postgres_server(&format!(
                        "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                    )));
                })
        });
        if dropped.join().is_err() {
            eprintln!("a test database could not be dropped");
        }
    }
}

/// The rows of a store.
pub struct Rows(DatabaseConnection);

impl Rows {
    /// The rows that a query finds, as JSON objects: numbers, texts, and identifiers as text. Bytes that are no
    /// identifier are hex.
    pub async fn find(&self, query: &str) -> Vec<Value> {
        let statement = Statement::from_string(self.0.get_database_backend(), query);
        let rows = self.0.query_all_raw(statement).await;
        rows.unwrap_or_else(|cause| panic!("{query}: {cause}"))
            .iter()
            .map(object)
            .collect()
    }

    /// The one number that a query finds.
    pub async fn count(&self, query: &str) -> i64 {
        let rows = self.find(query).await;
        let row = rows.first().and_then(Value::as_object).expect("one row");
        let value = row.values().next().expect("one column");
        value.as_i64().unwrap_or_else(|| panic!("{query}: {value}"))
    }

    /// Runs a statement, or says why the database refused it.
    pub async fn run(&self, statement: &str) -> Result<u64, String> {
        let done = self.0.execute_unprepared(statement).await;
        done.map(|done| done.rows_affected())
            .map_err(|cause| cause.to_string())
    }

    /// An identifier as a literal of this engine.
    pub fn id(&self, id: &str) -> String {
        match self.0.get_database_backend() {
            DbBackend::Sqlite => format!("X'{}'", id.replace('-', "")),
            _ => format!("'{id}'"),
        }
    }

    /// Lets go of the database.
    pub async fn close(self) {
        self.0.close().await.expect("close");
    }
}

fn object(row: &QueryResult) -> Value {
    let columns = row.column_names();
    let field = |name: String| {
        let value = value(row, &name);
        (name, value)
    };
    Value::Object(columns.into_iter().map(field).collect())
}

/// The engines type their columns differently, and expressions hardly at all: the first kind that fits is taken.
fn value(row: &QueryResult, name: &str) -> Value {
    if let Ok(number) = row.try_get::<Option<i64>>("", name) {
        return number.into();
    }
    if let Ok(text) = row.try_get::<Option<String>>("", name) {
        return text.into();
    }
    if let Ok(id) = row.try_get::<Option<Uuid>>("", name) {
        return id.map(|id| id.to_string()).into();
    }
    let bytes = row.try_get::<Option<Vec<u8>>>("", name);
    let bytes = bytes.unwrap_or_else(|cause| panic!("the column {name}: {cause}"));
    bytes.map(hex::encode).into()
}
