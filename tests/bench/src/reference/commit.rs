//! Six rows with a chained record on PostgreSQL: one transaction a post, the head of the chain locked in it.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgPool, Row as _};

use super::rows::{INSERTS, Rows, TABLES, link};
use crate::samples::BODY;

/// Makes the tables, commits for this long, says how many posts a second became durable.
pub async fn run(url: &str, clients: usize, seconds: f64) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(u32::try_from(clients)?)
        .connect(url)
        .await?;
    pool.execute("DROP SCHEMA IF EXISTS reference CASCADE")
        .await?;
    pool.execute("CREATE SCHEMA reference").await?;
    for table in TABLES {
        let table = table
            .replace("BYTES", "BYTEA")
            .replace("BIG", "BIGINT")
            .replace("TABLE ", "TABLE reference.")
            .replace(" ON ", " ON reference.");
        pool.execute(sqlx::AssertSqlSafe(table)).await?;
    }
    pool.execute("INSERT INTO reference.head VALUES (1, 0, decode(repeat('00', 32), 'hex'))")
        .await?;
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let begun = Instant::now();
    let work: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(client(pool.clone(), until)))
        .collect();
    let mut posts = 0;
    for client in work {
        posts += client.await??;
    }
    let took = begun.elapsed().as_secs_f64();
    println!("{}", json!({ "per_second": f64::from(posts) / took }));
    Ok(())
}

async fn client(pool: PgPool, until: Instant) -> anyhow::Result<u32> {
    let mut connection = pool.acquire().await?;
    let mut posts = 0;
    while Instant::now() < until {
        post(&mut connection).await?;
        posts += 1;
    }
    Ok(posts)
}

async fn post(connection: &mut PgConnection) -> sqlx::Result<()> {
    let Rows { ids, at, record } = Rows::new(0);
    let [post, revision, item, finding, job] = &ids;
    let [a, b, c, d, e, f] = INSERTS.map(|insert| {
        sqlx::query(sqlx::AssertSqlSafe(
            insert.replace("INTO ", "INTO reference.").replace('?', "$"),
        ))
    });
    let mut tx = connection.begin().await?;
    a.bind(post)
        .bind("clinic")
        .bind(17_i64)
        .bind(at)
        .execute(&mut *tx)
        .await?;
    b.bind(revision)
        .bind(post)
        .bind(1_i64)
        .bind(BODY)
        .execute(&mut *tx)
        .await?;
    c.bind(item)
        .bind(post)
        .bind("waiting")
        .bind(at + 1)
        .execute(&mut *tx)
        .await?;
    d.bind(finding)
        .bind(post)
        .bind("FB-001")
        .bind("the best there is")
        .execute(&mut *tx)
        .await?;
    e.bind(job)
        .bind("live.signal")
        .bind(&record)
        .execute(&mut *tx)
        .await?;
    let head = sqlx::query("SELECT number, hash FROM reference.head WHERE id = 1 FOR UPDATE")
        .fetch_one(&mut *tx)
        .await?;
    let number = head.try_get::<i64, _>("number")? + 1;
    let hash = link(head.try_get("hash")?, number, &record);
    f.bind(number)
        .bind(&record)
        .bind(&hash)
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE reference.head SET number = $1, hash = $2 WHERE id = 1")
        .bind(number)
        .bind(&hash)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
