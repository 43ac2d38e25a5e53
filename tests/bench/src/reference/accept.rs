//! The whole way of a post, bare. One thread writes: it takes what waits into one SQLite transaction (WAL, every
//! commit durable), and a post is answered after its commit.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::rows::{INSERTS, Rows, TABLES, link};
use super::screening::Screening;

/// Most posts that share a commit.
const GROUP: usize = 32;
/// Posts that may wait.
const WAITING: usize = 4_096;

#[derive(Deserialize)]
struct Draft {
    body: String,
}

struct Waiting {
    draft: Draft,
    found: usize,
    done: oneshot::Sender<i64>,
}

#[derive(Clone)]
struct Gate {
    screening: Arc<Screening>,
    waiting: SyncSender<Waiting>,
}

/// Its one route.
pub fn routes(folder: &Path) -> anyhow::Result<Router> {
    let (gate, waiting) = sync_channel(WAITING);
    let screening = Arc::new(Screening::new()?);
    let database = open(&folder.join("reference.db"))?;
    std::thread::spawn(move || {
        if let Err(cause) = write(&database, &waiting) {
            eprintln!("the reference program cannot write: {cause}");
        }
    });
    Ok(Router::new()
        .route("/posts", post(submit))
        .with_state(Gate {
            screening,
            waiting: gate,
        }))
}

async fn submit(State(gate): State<Gate>, Json(draft): Json<Draft>) -> (StatusCode, Json<Value>) {
    let found = gate.screening.count(&draft.body);
    let (done, answer) = oneshot::channel();
    let sent = gate.waiting.send(Waiting { draft, found, done });
    match (sent, answer.await) {
        (Ok(()), Ok(number)) => (
            StatusCode::ACCEPTED,
            Json(json!({ "number": number, "state": "in_review", "found": found })),
        ),
        _ => (StatusCode::SERVICE_UNAVAILABLE, Json(Value::Null)),
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(path)?;
    database.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full;")?;
    for table in TABLES {
        let table = table.replace("BYTES", "BLOB").replace("BIG", "INTEGER");
        database.execute_batch(&table)?;
    }
    database.execute_batch("INSERT INTO head VALUES (1, 0, zeroblob(32))")?;
    database.set_prepared_statement_cache_capacity(32);
    Ok(database)
}

fn write(database: &Connection, waiting: &Receiver<Waiting>) -> rusqlite::Result<()> {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(GROUP - 1));
        database.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let numbers = group
            .iter()
            .map(|one| store(database, one))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        database.prepare_cached("COMMIT")?.execute([])?;
        for (one, number) in group.into_iter().zip(numbers) {
            // Who has gone away needs no answer.
            let _ = one.done.send(number);
        }
    }
    Ok(())
}

fn store(database: &Connection, waiting: &Waiting) -> rusqlite::Result<i64> {
    let Rows { ids, at, record } = Rows::new(waiting.found);
    let [post, revision, item, finding, job] = &ids;
    let [a, b, c, d, e, f] = INSERTS.map(|insert| database.prepare_cached(insert));
    a?.execute(params![post, "clinic", 17, at])?;
    b?.execute(params![revision, post, 1, waiting.draft.body])?;
    c?.execute(params![item, post, "waiting", at + 1])?;
    d?.execute(params![finding, post, "FB-001", "the best there is"])?;
    e?.execute(params![job, "live.signal", record])?;
    let (last, before): (i64, Vec<u8>) = database
        .prepare_cached("SELECT number, hash FROM head WHERE id = 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let number = last + 1;
    let hash = link(&before, number, &record);
    f?.execute(params![number, record, hash])?;
    database
        .prepare_cached("UPDATE head SET number = ?1, hash = ?2 WHERE id = 1")?
        .execute(params![number, hash])?;
    Ok(number)
}
