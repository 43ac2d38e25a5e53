//! Nothing that was acknowledged is lost, and nothing is done twice, whatever dies when.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use hortus_tests::story::{CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Engine, Node, Person, Store, Story, eventually, stories, world};
use reqwest::Method;
use serde_json::{Value, json};

/// How often the server is killed.
const KILLS: usize = 20;
/// Texts that are acknowledged between two kills.
const BETWEEN: usize = 4;

/// Sends a request until the server answers it with success; a server that is away or going away is asked again.
async fn until_answered(person: &Person, path: &str, key: &str, body: &Value) -> String {
    eventually("the submission is accepted", async || {
        let request = person.request(Method::POST, path);
        let answer = person
            .try_send(request.header("idempotency-key", key).json(body))
            .await
            .ok()?;
        match answer.status {
            202 => Some(answer.json()["submission_id"].as_str()?.to_owned()),
            500 | 503 => None,
            _ => panic!("{answer}"),
        }
    })
    .await
}

/// Takes whatever waits and releases it, and minds no error: its server dies all the time.
async fn releases_what_waits(moderator: &Person) -> Option<()> {
    let get = async |path: String| {
        let answer = moderator
            .try_send(moderator.request(Method::GET, &path))
            .await
            .ok()?;
        (answer.status == 200).then(|| answer.json())
    };
    let list = get("/api/review/items?limit=1".to_owned()).await?;
    let item = list["items"][0]["id"].as_str()?.to_owned();
    let claim = moderator.request(Method::POST, &format!("/api/review/items/{item}/claim"));
    let lease = moderator.try_send(claim).await.ok()?.json();
    let view = get(format!("/api/review/items/{item}")).await?;
    let ruling = json!({
        "fence": lease["fence"], "revision_hash": view["revision"]["hash"], "rule_set_hash": view["rule_set_hash"],
        "action": "release",
    });
    let decide = moderator.request(Method::POST, &format!("/api/review/items/{item}/decision"));
    moderator.try_send(decide.json(&ruling)).await.ok()?;
    Some(())
}

async fn what_was_acknowledged_survives_twenty_kills(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let replies = format!("/api/threads/{}/replies", thread.thread);
    let threads = format!("/api/communities/{CLINICIANS}/threads");
    let acknowledged: RefCell<Vec<(String, String)>> = RefCell::default();
    let over = Cell::new(false);
    let (clinician, colleague, moderator) =
        (story.clinician(), story.colleague(), story.moderator());
    let writes = async |who: &Person, name: &str| {
        let mut number = 0;
        while !over.get() {
            number += 1;
            let key = format!("{name}-{number}");
            let body = format!("The text number {number} that {name} sends while the server dies");
            let (path, draft) = if number % 5 == 0 {
                (
                    &threads,
                    json!({ "title": format!("Thread {key}"), "body": body }),
                )
            } else {
                (&replies, json!({ "body": body }))
            };
            let submission = until_answered(who, path, &key, &draft).await;
            acknowledged.borrow_mut().push((key, submission));
        }
    };
    let decides = async {
        while !over.get() {
            if releases_what_waits(&moderator).await.is_none() {
                tokio::task::yield_now().await;
            }
        }
    };
    let node = &mut story.node;
    let kills = async {
        for _ in 0..KILLS {
            let enough = acknowledged.borrow().len() + BETWEEN;
            eventually("texts are acknowledged", async || {
                (acknowledged.borrow().len() >= enough).then_some(())
            })
            .await;
            node.restart().await;
        }
        over.set(true);
    };
    tokio::join!(
        writes(&clinician, "one"),
        writes(&clinician, "two"),
        writes(&colleague, "three"),
        decides,
        kills
    );

    let acknowledged = acknowledged.take();
    assert!(acknowledged.len() >= KILLS * BETWEEN);
    let rows = story.rows().await;
    world::work_is_done(&rows).await;
    for (key, submission) in &acknowledged {
        let found = rows
            .find(&format!(
                "SELECT id FROM revision WHERE idempotency_key = '{key}'"
            ))
            .await;
        assert_eq!(
            world::column(&found, "id"),
            [&**submission],
            "{key} is there exactly once"
        );
        let id = rows.id(submission);
        for (what, query) in [
            (
                "screened",
                format!("SELECT COUNT(*) AS n FROM screening WHERE revision_id = {id}"),
            ),
            (
                "in the queue",
                format!("SELECT COUNT(*) AS n FROM review_item WHERE revision_id = {id}"),
            ),
            (
                "in the log",
                format!(
                    "SELECT COUNT(*) AS n FROM audit_record r JOIN audit_leaf l ON l.record_id = r.id \
                 WHERE r.object_id = '{submission}' AND r.action = 'revision.submitted'"
                ),
            ),
        ] {
            assert_eq!(rows.count(&query).await, 1, "{key} is {what} exactly once");
        }
    }
    let released = rows.count("SELECT COUNT(*) AS n FROM publication").await;
    let events = rows
        .count("SELECT COUNT(*) AS n FROM stream_event WHERE stream LIKE 'thread:%'")
        .await;
    assert_eq!(events, released, "each release is told once");
    assert!(released > 1, "something was released between the kills");
    world::streams_have_no_gaps(&rows).await;
    rows.close().await;
    let mut socket = colleague.goes_live().await;
    let (gap, last) = socket.follows(&thread.stream(), 0).await;
    let numbers: Vec<i64> = gap
        .iter()
        .map(|frame| frame["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(
        numbers,
        (1..=last).collect::<Vec<_>>(),
        "a reader gets every number once"
    );
}

async fn a_stop_signal_lets_open_requests_end_and_closes_sockets(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let mut socket = story.colleague().goes_live().await;
    socket.follows(&thread.stream(), 0).await;
    let clinician = story.clinician();
    let path = format!("/api/threads/{}/replies", thread.thread);
    let (asked, answered) = (Cell::new(0), RefCell::new(Vec::new()));
    let sends = async |n: usize| {
        asked.set(asked.get() + 1);
        let request = clinician.request(Method::POST, &path);
        let body = json!({ "body": format!("The reply number {n} while the server stops") });
        let sent = clinician
            .try_send(
                request
                    .header("idempotency-key", format!("stop-{n}"))
                    .json(&body),
            )
            .await;
        if let Ok(answer) = sent {
            assert_eq!(answer.status, 202, "{answer}");
            answered
                .borrow_mut()
                .push(Accepted::from(&answer).submission);
        }
    };
    let stops = async {
        eventually("some are answered", async || {
            (answered.borrow().len() >= 3).then_some(())
        })
        .await;
        story.node.terminate();
    };
    tokio::join!(futures_util::future::join_all((0..40).map(sends)), stops);
    assert_eq!(socket.close_code().await, Some(1001));
    let ended = story.node.ended().await;
    assert_eq!(ended.code(), Some(0));
    let log = story.node.log().join("\n");
    assert!(
        log.contains("\"stopped\"") && !log.contains("cut off"),
        "{log}"
    );
    story.node.restart().await;
    for submission in answered.take() {
        clinician
            .get(&format!("/api/submissions/{submission}"))
            .await
            .is(200);
    }
}

async fn a_server_says_when_it_is_ready(story: &mut Story) {
    let visitor = story.visitor();
    assert_eq!(visitor.get("/healthz").await.text(), "ok\n");
    let ready = visitor.get("/readyz").await.is(200);
    assert_eq!(
        ready,
        json!({ "ready": true, "database": true, "migrations": true, "rules": true, "running": true })
    );
}

stories![
    what_was_acknowledged_survives_twenty_kills,
    a_stop_signal_lets_open_requests_end_and_closes_sockets,
    a_server_says_when_it_is_ready,
];

/// Both start on an empty database at the same moment: one migrates, one founder comes in, one log is kept.
#[tokio::test]
async fn two_processes_start_together_on_one_empty_postgres() {
    if !Engine::Postgres.is_there() {
        eprintln!("left out: HORTUS_TEST_POSTGRES is not set");
        return;
    }
    let store = Store::empty(Engine::Postgres).await;
    let mut nodes: Vec<Node> = (0..3).map(|_| Node::starting(&store, &[])).collect();
    for node in &mut nodes {
        node.ready().await;
    }
    let mut tokens = BTreeSet::new();
    for node in &nodes {
        tokens.insert(node.administrator_link().await);
    }
    let body = json!({ "name": "Iris Falk", "password": "seven orchids on a quiet tram", "email": "iris@garden.example" });
    let paths: Vec<_> = tokens
        .iter()
        .map(|token| format!("/api/invitations/{token}/accept"))
        .collect();
    let visitors: Vec<_> = nodes.iter().map(Node::visitor).collect();
    let accepts = paths
        .iter()
        .zip(visitors.iter().cycle())
        .map(|(path, visitor)| visitor.post(path, &body));
    let answers = futures_util::future::join_all(accepts).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1,
        "one founder comes in"
    );
    let rows = store.open().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM account").await, 1);
    assert_eq!(
        rows.count("SELECT COUNT(*) AS n FROM audit_key").await,
        1,
        "one key signs the log"
    );
    world::work_is_done(&rows).await;
    rows.close().await;
    for node in &mut nodes {
        assert!(node.stop().await.success());
    }
}

/// What one process releases, the sockets of the other are told; both write into one log and one set of streams.
#[tokio::test]
async fn two_processes_on_one_postgres_serve_one_community() {
    let Some(mut story) = Story::open(Engine::Postgres).await else {
        eprintln!("left out: HORTUS_TEST_POSTGRES is not set");
        return;
    };
    let mut other = Node::start(&story.store, &[]).await;
    let thread = story.a_released_thread().await;
    let reader = Person::at(&story.colleague().who, &other.url());
    let mut socket = reader.goes_live().await;
    socket.follows(&thread.stream(), 0).await;
    let away = Person::at(&story.person("deputy").who, &other.url());
    let mut expected = 1;
    for n in 0..6 {
        let reply = story
            .clinician()
            .replies(
                &thread.thread,
                &format!("The reply number {n} through two doors"),
            )
            .await;
        let desk = if n % 2 == 0 {
            story.moderator()
        } else {
            away.clone()
        };
        desk.releases(&reply).await;
        expected += 1;
        assert_eq!(socket.next_event().await.0, expected);
    }
    // Both claim the same item: one holds it.
    let held = story.clinician().replies(&thread.thread, HARMLESS).await;
    let item = away.item_of(&held).await;
    let path = format!("/api/review/items/{item}/claim");
    let moderator = story.moderator();
    let (one, two) = tokio::join!(moderator.ask(&path), away.ask(&path));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    // What ends on one ends on the other, within a second or so.
    let phone = reader.signs_in().await;
    let mut far = phone.goes_live().await;
    far.follows(&thread.stream(), expected).await;
    let near = Person::at(&phone.who, &story.node.url());
    near.delete("/api/session").await.is(204);
    assert_eq!(far.close_code().await, Some(4401));
    eventually("the other process refuses the session", async || {
        (phone.get("/api/session").await.status == 401).then_some(())
    })
    .await;
    let colleague = &reader.who.account;
    let seat = format!("/api/communities/{CLINICIANS}/members/{colleague}");
    story.person("steward").delete(&seat).await.is(204);
    assert_eq!(socket.close_code().await, Some(4403));
    let path = format!("/api/threads/{}", thread.thread);
    eventually("the other process refuses the former member", async || {
        (reader.get(&path).await.status == 404).then_some(())
    })
    .await;
    // One dies; the other goes on.
    story.node.kill().await;
    let again = Person::at(&story.clinician().who, &other.url());
    again
        .replies(&thread.thread, "The other process still answers")
        .await;
    assert!(other.stop().await.success());
    story.node.restart().await;
    world::holds(story).await;
}
