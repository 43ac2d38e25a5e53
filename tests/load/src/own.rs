//! Feeds a server of its own, and looks afterwards whether everything that was accepted is there and can be proven.

use anyhow::{Context as _, ensure};
use hortus_tests::story::PATIENTS;
use hortus_tests::{Caller, Engine, Person, Story, node, world};
use serde_json::json;

use crate::feed::{self, Fed, Place};
use crate::tally::Queue;
use crate::texts::Text;

/// Members who are invited for the feed.
const MEMBERS: usize = 6;

/// Feeds it, prints what became of the texts, and checks.
pub async fn feed(
    engine: Engine,
    texts: &[Text],
    threads: bool,
    at_once: usize,
) -> anyhow::Result<()> {
    let story = Story::open(engine)
        .await
        .context("HORTUS_TEST_POSTGRES names no server")?;
    let members = invited(&story).await?;
    let reviewer = story.person("neighbour");
    let place = if threads {
        Place::Community(PATIENTS.to_owned())
    } else {
        let patient = story.person("patient");
        let body = "Shall we keep one thread for how the week went?";
        let thread = patient.starts_thread(PATIENTS, "Our week", body).await;
        reviewer.releases(&thread).await;
        Place::Thread(thread.thread)
    };
    let queue = Queue::now(&reviewer).await;
    let recorded = records(&reviewer).await?;

    let fed = feed::feed(texts, members.clone(), place, at_once).await;
    print!("{}", fed.report());
    ensure!(fed.refused.is_empty(), "some texts were refused");
    let tally = queue.added(&reviewer).await;
    println!("{tally}");

    let count = fed.taken.len();
    ensure!(
        tally.items == count,
        "{} items for {count} texts",
        tally.items
    );
    stands_as_written(&members, texts, &fed).await?;
    let recorded = records(&reviewer).await? - recorded;
    ensure!(recorded == count, "{recorded} records for {count} texts");
    println!("audited {recorded}; every text stands as it was written");
    let bundle = bundle_verifies(&reviewer).await?;
    println!("the bundle of {bundle} bytes verifies");
    world::holds(story).await;
    println!("every invariant holds");
    Ok(())
}

/// Members who come in through the door that everybody comes in through.
async fn invited(story: &Story) -> anyhow::Result<Vec<Caller>> {
    let founder = story.person("founder");
    let visitor = story.visitor();
    let mut members = Vec::new();
    for number in 1..=MEMBERS {
        let body = json!({
            "email": format!("reader-{number}@garden.example"),
            "name": format!("Reader {number}"),
            "speaker": "patient",
            "roles": ["member"],
        });
        let path = format!("/api/communities/{PATIENTS}/invitations");
        let invited = founder.post(&path, &body).await.is(201);
        let link = invited["link"].as_str().context("a link")?;
        let token = link.rsplit('/').next().context("a token")?;
        let body = json!({ "name": body["name"], "password": "seven orchids on a quiet tram" });
        let path = format!("/api/invitations/{token}/accept");
        let answer = visitor.post(&path, &body).await;
        answer.is(200);
        let session = answer.session().context("a session")?;
        members.push(visitor.with_session(&session));
    }
    Ok(members)
}

/// Every text is there for its author, waiting, letter by letter.
async fn stands_as_written(members: &[Caller], texts: &[Text], fed: &Fed) -> anyhow::Result<()> {
    for taken in &fed.taken {
        let member = members.get(taken.member).context("a member")?;
        let text = texts.get(taken.text).context("a text")?;
        let path = format!("/api/submissions/{}", taken.submission);
        let found = member.get(&path).await.is(200);
        ensure!(found["state"] == "in_review", "line {}: {found}", text.line);
        ensure!(
            found["body"] == text.body.as_str(),
            "line {}: {found}",
            text.line
        );
    }
    Ok(())
}

/// How many records of submissions an inspector finds.
async fn records(inspector: &Person) -> anyhow::Result<usize> {
    let mut count = 0;
    let mut cursor = String::new();
    loop {
        let path = format!("/api/audit/records?action=revision.submitted&limit=200{cursor}");
        let page = inspector.get(&path).await.is(200);
        count += page["items"].as_array().context("items")?.len();
        let Some(next) = page["next"].as_str() else {
            return Ok(count);
        };
        cursor = format!("&cursor={next}");
    }
}

/// Takes the bundle home and verifies it offline; its size.
async fn bundle_verifies(inspector: &Person) -> anyhow::Result<usize> {
    let answer = inspector.post("/api/exports", &json!({})).await;
    ensure!(answer.status == 200, "no bundle: {answer}");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bundle.zip");
    std::fs::write(&file, &answer.body)?;
    let file = file.display().to_string();
    let ran = node::run(&["audit", "verify", &file]).await;
    ensure!(
        ran.code == Some(0),
        "the bundle does not verify: {}{}",
        ran.out,
        ran.err
    );
    Ok(answer.body.len())
}
