//! The review queue at 100,000 items of which 2,000 are open, beside the same rows asked for by their keys on the same
//! database, and decisions of fifty reviewers at once.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use hortus_tests::store::Rows;
use hortus_tests::story::CLINICIANS;
use hortus_tests::{Engine, Person, Story};
use serde_json::Value;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::figures::{median, milliseconds};
use crate::samples::BODY;

/// Items altogether.
const ITEMS: usize = 100_000;
/// Every so many is open.
const ONE_OPEN_IN: usize = 50;
/// Items in one statement while the store is filled.
const AT_ONCE: usize = 500;
/// How often each question is asked.
const ASKED: usize = 40;
/// Reviewers who decide at once, and how many decisions each makes.
const REVIEWERS: usize = 50;
const DECISIONS: usize = 8;
/// Who sits at the desk.
const DESK: [&str; 3] = ["moderator", "deputy", "medical_reviewer"];

/// Columns of an item that its copies have from it.
const COPIED: &str = "community_id, author_id, screening_id, rule_set_hash, verdict, priority, families, risk, severity, \
product_id, language, speaker, organisation, submitted_at, fence, origin";

/// Measures one engine and prints its lines; nothing where the engine is not there.
pub async fn measure(engine: Engine) -> anyhow::Result<()> {
    let Some(story) = Story::open(engine).await else {
        return Ok(());
    };
    let texts = REVIEWERS * DECISIONS + ASKED * 2;
    for number in 0..texts {
        let title = format!("Appointments {number}");
        story
            .clinician()
            .starts_thread(CLINICIANS, &title, BODY)
            .await;
    }
    let rows = story.rows().await;
    fill(&rows, engine, ITEMS - texts).await?;
    let desk = story.moderator();
    let cards = desk.get("/api/review/items").await.is(200);
    let open = cards["counts"]["waiting"].clone();
    let ids: Vec<&str> = cards["items"]
        .as_array()
        .context("items")?
        .iter()
        .filter_map(|card| card["id"].as_str())
        .collect();
    let named = format!("/api/review/items?ids={}", ids.join(","));
    let counts = asked(&desk, "/api/review/counts").await;
    let page = asked(&desk, "/api/review/items").await - counts;
    let by_key = asked(&desk, &named).await - counts;
    println!("{engine:?}: {ITEMS} items, {open} open");
    line("page of 50, ms", page, by_key);
    let (counted, counted_by_key) = counted(&rows).await?;
    line("counts in the database, ms", counted, counted_by_key);
    println!("| counts over HTTP, ms | {counts:.2} | | |");
    let search = asked(&desk, "/api/review/items?q=nowhere+waiting+room").await;
    println!("| search that reads every open text, ms | {search:.2} | | |");
    rows.close().await;
    let (next, claim) = claims(&desk).await?;
    line("next item, ms", next, claim);
    println!(
        "| decisions a second of {REVIEWERS} reviewers | {:.0} | | |",
        decisions(&story).await?
    );
    Ok(())
}

fn line(what: &str, ours: f64, by_key: f64) {
    println!(
        "| {what} | {ours:.2} | {by_key:.2} | {:.2} |",
        ours / by_key
    );
}

/// Median time of an answer, in milliseconds.
async fn asked(who: &Person, path: &str) -> f64 {
    let mut times = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let begun = Instant::now();
        who.get(path).await.is(200);
        times.push(milliseconds(begun.elapsed()));
    }
    median(&times)
}

/// Copies one item with its text and its place until there are so many more.
#[expect(
    clippy::disallowed_methods,
    reason = "the copies are as old as the machine says; no server's clock is asked"
)]
async fn fill(rows: &Rows, engine: Engine, more: usize) -> anyhow::Result<()> {
    let key = |id: Uuid| match engine {
        Engine::Sqlite => rows.id(&id.to_string()),
        Engine::Postgres => format!("CAST({} AS uuid)", rows.id(&id.to_string())),
    };
    let template = "SELECT MIN(due_at) AS due, COUNT(*) AS n FROM review_item";
    let found = rows.find(template).await;
    let due = found
        .first()
        .and_then(|row| row["due"].as_i64())
        .context("a deadline")?;
    for begin in (0..more).step_by(AT_ONCE) {
        let values: Vec<String> = (begin..more.min(begin + AT_ONCE))
            .map(|number| {
                let [item, revision, post] = std::array::from_fn(|_| key(Uuid::now_v7()));
                let state = if number % ONE_OPEN_IN == 0 {
                    "waiting"
                } else {
                    "decided"
                };
                let due = due + i64::try_from(number).unwrap_or(0) * 1_000;
                format!("({item}, {revision}, {post}, {due}, '{state}')")
            })
            .collect();
        let values = values.join(", ");
        let one = "(SELECT * FROM review_item ORDER BY id LIMIT 1) AS i";
        let statements = [
            format!(
                "INSERT INTO post (id, community_id, thread_id, parent_id, depth, surface, author_id, created_at) \
                 SELECT v.column3, p.community_id, p.thread_id, p.parent_id, p.depth, p.surface, p.author_id, p.created_at \
                 FROM (VALUES {values}) AS v, {one} JOIN post p ON p.id = i.post_id"
            ),
            format!(
                "INSERT INTO revision (id, post_id, number, author_id, title, body, salt, hash, submitted_at) \
                 SELECT v.column2, v.column3, 1, r.author_id, r.title, r.body, r.salt, r.hash, r.submitted_at \
                 FROM (VALUES {values}) AS v, {one} JOIN revision r ON r.id = i.revision_id"
            ),
            format!(
                "INSERT INTO review_item (id, revision_id, post_id, due_at, state, {COPIED}) \
                 SELECT v.column1, v.column2, v.column3, v.column4, v.column5, {} FROM (VALUES {values}) AS v, {one}",
                COPIED
                    .split(", ")
                    .map(|column| format!("i.{column}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ];
        for statement in statements {
            rows.run(&statement).await.map_err(anyhow::Error::msg)?;
        }
    }
    rows.run("ANALYZE").await.map_err(anyhow::Error::msg)?;
    Ok(())
}

/// Median times of counting the open items in one walk, and of counting the same items named by their keys.
async fn counted(rows: &Rows) -> anyhow::Result<(f64, f64)> {
    let columns = [
        "open",
        "waiting",
        "mine",
        "unclaimed",
        "late",
        "urgent",
        "ae",
        "conduct",
        "balance",
        "label",
        "privacy",
    ]
    .iter()
    .zip([
        "state IN ('waiting', 'second_review', 'lead_review')",
        "state = 'waiting'",
        "claimed_until > 1",
        "claimed_until IS NULL OR claimed_until <= 1",
        "due_at < 1",
        "verdict = 'escalate' OR state = 'lead_review'",
        "families LIKE '%,adverse_event,%'",
        "families LIKE '%,conduct,%'",
        "families LIKE '%,fair_balance,%'",
        "families LIKE '%,off_label,%'",
        "families LIKE '%,privacy,%'",
    ])
    .map(|(name, condition)| format!("COUNT(CASE WHEN {condition} THEN 1 END) AS n_{name}"))
    .collect::<Vec<_>>()
    .join(", ");
    let open = "state NOT IN ('decided', 'withdrawn', 'superseded')";
    let ids = rows
        .find(&format!("SELECT id FROM review_item WHERE {open}"))
        .await;
    let keys: Vec<String> = ids
        .iter()
        .filter_map(|row| row["id"].as_str())
        .map(|id| rows.id(id))
        .collect();
    let walk = format!("SELECT {columns} FROM review_item WHERE {open}");
    let by_key = format!(
        "SELECT {columns} FROM review_item WHERE id IN ({})",
        keys.join(", ")
    );
    let (mut walked, mut named) = (Vec::new(), Vec::new());
    for _ in 0..ASKED {
        for (statement, times) in [(&walk, &mut walked), (&by_key, &mut named)] {
            let begun = Instant::now();
            let found = rows.find(statement).await;
            times.push(milliseconds(begun.elapsed()));
            anyhow::ensure!(found.len() == 1, "counts are one row");
        }
    }
    Ok((median(&walked), median(&named)))
}

/// Median times of asking for the next item, and of claiming an item by its key.
async fn claims(desk: &Person) -> anyhow::Result<(f64, f64)> {
    let (mut next, mut by_key) = (Vec::new(), Vec::new());
    for _ in 0..ASKED {
        let begun = Instant::now();
        let given = desk.ask("/api/review/next").await.is(200);
        next.push(milliseconds(begun.elapsed()));
        give_back(desk, &given["item"], &given["lease"]).await;
        let id = given["item"]["id"].as_str().context("an item")?;
        let begun = Instant::now();
        let lease = desk
            .ask(&format!("/api/review/items/{id}/claim"))
            .await
            .is(200);
        by_key.push(milliseconds(begun.elapsed()));
        give_back(desk, &given["item"], &lease).await;
    }
    Ok((median(&next), median(&by_key)))
}

async fn give_back(desk: &Person, item: &Value, lease: &Value) {
    let id = item["id"].as_str().unwrap_or_default();
    let fence = serde_json::json!({ "fence": lease["fence"] });
    desk.post(&format!("/api/review/items/{id}/unclaim"), &fence)
        .await
        .is(204);
}

/// Reviewers who each take the next item and reject it, again and again: decisions a second of all of them.
async fn decisions(story: &Story) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut desks = JoinSet::new();
    for number in 0..REVIEWERS {
        let desk = story.person(DESK.iter().cycle().nth(number).unwrap_or(&"moderator"));
        desks.spawn(async move {
            for _ in 0..DECISIONS {
                let given = desk.ask("/api/review/next?order=due").await.is(200);
                let id = given["item"]["id"].as_str().unwrap_or_default().to_owned();
                let view = desk.get(&format!("/api/review/items/{id}")).await.is(200);
                let ruling = serde_json::json!({
                    "fence": given["lease"]["fence"],
                    "revision_hash": view["revision"]["hash"],
                    "rule_set_hash": view["rule_set_hash"],
                    "action": "reject", "reason_code": "off_topic", "words": "This belongs elsewhere.",
                });
                desk.post(&format!("/api/review/items/{id}/decision"), &ruling).await.is(200);
            }
        });
    }
    desks.join_all().await;
    let took: Duration = begun.elapsed();
    Ok((REVIEWERS * DECISIONS) as f64 / took.as_secs_f64())
}
