//! RE-SCREENING: when the rules change, what is released is screened again; people decide on what they find.

use std::path::Path;

use hortus_tests::story::{ADVERSE_EVENT, Accepted, CLINICIANS};
use hortus_tests::{Person, Story, eventually, node, stories};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::redaction::redacting;
use crate::rules::{pack, word};

const FRUIT: &str = "I had a mango and a kiwi at the congress.";

/// Packs that find these fruits and nothing else.
fn finding(fruits: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, fruit) in fruits.iter().enumerate() {
        let text = pack("a mango", "a pear")
            // No example stands for two fruits.
            .replace("kiwi", "plum")
            .replace("mango", fruit)
            .replace("\"fruit\"", &format!("\"fruit-{fruit}\""))
            .replace("CO-900", &format!("CO-90{number}"));
        std::fs::write(folder.path().join(format!("{fruit}.toml")), text).unwrap();
    }
    folder
}

/// Starts the server with these packs, which are others than before, and waits until it knows.
async fn begins_with(story: &mut Story, packs: &str) {
    let before = runs(story).await[0]["id"].clone();
    let packs = ("RULES__PACKS_FOLDER", packs);
    story.node.restart_with(&[packs]).await;
    eventually("re-screening begins", async || {
        (runs(story).await[0]["id"] != before).then_some(())
    })
    .await;
}

async fn runs(story: &Story) -> Value {
    let founder = story.person("founder");
    founder.get("/api/admin/rescreening").await.is(200)["items"].clone()
}

/// Waits until all that is released was screened again under the rules that began last.
async fn all_is_screened(story: &Story) -> Value {
    eventually("what is released is screened again", async || {
        let run = runs(story).await[0].clone();
        (run["state"] == "done").then_some(run)
    })
    .await
}

/// The items that wait because the rules changed.
async fn reopened(by: &Person) -> Vec<Value> {
    let list = by.get("/api/review/items?limit=200").await.is(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["origin"] == "rescreen")
        .cloned()
        .collect()
}

async fn is_released(story: &Story, body: &str) -> Accepted {
    let clinician = story.clinician();
    let text = clinician
        .starts_thread(CLINICIANS, "At the congress", body)
        .await;
    story.moderator().releases(&text).await;
    text
}

fn nothing() -> TempDir {
    finding(&["papaya"])
}

/// R-PV-15: an adverse event that nobody noticed is noticed when the rules learn of it; a person says what it is.
async fn what_later_rules_find_comes_to_the_desk_and_opens_a_case(story: &mut Story) {
    let packs = nothing();
    begins_with(story, word(packs.path())).await;
    let text = is_released(story, ADVERSE_EVENT).await;
    is_released(story, "Who brings the slides on Tuesday?").await;
    let before = all_is_screened(story).await;
    assert_eq!((&before["items"], &before["left"]), (&json!(0), &json!(0)));

    begins_with(story, "").await;
    let run = all_is_screened(story).await;
    assert_eq!(
        (&run["looked_at"], &run["items"], &run["cases"]),
        (&json!(2), &json!(1), &json!(1)),
        "{run}"
    );
    let moderator = story.moderator();
    let items = reopened(&moderator).await;
    assert_eq!(items.len(), 1, "{items:?}");
    assert_eq!(items[0]["needs_disposition"], true);
    let claimed = moderator
        .claims_item(items[0]["id"].as_str().unwrap())
        .await;
    let why = &claimed.view["rescreened"];
    assert_eq!(why["decision"]["action"], "release", "{why}");
    assert!(!why["new_rules"].as_array().unwrap().is_empty(), "{why}");
    let cases = story
        .person("safety_officer")
        .get("/api/safety/cases")
        .await
        .is(200);
    assert_eq!(cases["items"].as_array().unwrap().len(), 1, "{cases}");
    assert_eq!(story.colleague().texts_in(&text.thread).await.len(), 1);

    let keep = claimed.ruling("keep");
    let early = moderator.decides(&claimed, &keep).await;
    early.refused(409, "disposition_needed");
    moderator.disposes(&claimed, "adverse_event").await.is(200);
    moderator.decides(&claimed, &keep).await.is(200);
    assert_eq!(story.colleague().texts_in(&text.thread).await.len(), 1);

    // The same rules once more find nothing that was not seen.
    story.node.restart().await;
    assert_eq!(runs(story).await[0]["id"], run["id"]);
    assert!(reopened(&story.moderator()).await.is_empty());
}

/// R-ER-24, R-PV-02: also of a text that readers see without some words; day 0 is when the author wrote the whole.
async fn a_bundle_tells_what_later_rules_found_and_verifies(story: &mut Story) {
    let packs = nothing();
    begins_with(story, word(packs.path())).await;
    is_released(story, ADVERSE_EVENT).await;
    let names = format!("Grüße from Meier, who says: {ADVERSE_EVENT}");
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "From the clinic", &names)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let ruling = redacting(&claimed, "Meier");
    moderator.decides(&claimed, &ruling).await.is(200);

    begins_with(story, "").await;
    let run = all_is_screened(story).await;
    assert_eq!(
        (&run["items"], &run["cases"]),
        (&json!(2), &json!(2)),
        "{run}"
    );
    let rows = story.rows().await;
    let early = "SELECT COUNT(*) AS n FROM safety_case JOIN revision ON revision.post_id = safety_case.post_id \
                 WHERE revision.number = 1 AND day_zero = revision.submitted_at";
    assert_eq!(rows.count(early).await, 2);
    rows.close().await;
    let inspector = story.person("inspector");
    let answer = inspector.post("/api/exports", &json!({})).await;
    answer.is(200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, &answer.body).unwrap();
    let ran = node::run(&["audit", "verify", word(&path)]).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("2 safety cases"), "{}", ran.out);
}

async fn rules_that_find_still_more_replace_what_waits_and_what_was_decided_stays_decided(
    story: &mut Story,
) {
    let packs = nothing();
    begins_with(story, word(packs.path())).await;
    let text = is_released(story, FRUIT).await;
    let mango = finding(&["mango"]);
    begins_with(story, word(mango.path())).await;
    all_is_screened(story).await;
    let first = reopened(&story.moderator()).await;
    assert_eq!(first.len(), 1, "{first:?}");

    let both = finding(&["mango", "kiwi"]);
    begins_with(story, word(both.path())).await;
    all_is_screened(story).await;
    let moderator = story.moderator();
    let second = reopened(&moderator).await;
    assert_eq!(second.len(), 1, "{second:?}");
    assert_ne!(first[0]["id"], second[0]["id"]);
    let path = format!("/api/review/items/{}", first[0]["id"].as_str().unwrap());
    assert_eq!(moderator.get(&path).await.is(200)["state"], "superseded");
    let claimed = moderator
        .claims_item(second[0]["id"].as_str().unwrap())
        .await;
    assert_eq!(claimed.view["findings"].as_array().unwrap().len(), 2);
    assert_eq!(claimed.view["rescreened"]["new_rules"], json!(["CO-901"]));
    let mut retract = claimed.refusal("retract", "conduct", "No fruit, please.");
    retract["tombstone"] = "The moderators removed this post.".into();
    moderator.decides(&claimed, &retract).await.is(200);
    let seen = story.colleague().texts_in(&text.thread).await;
    assert!(!seen[0].contains("kiwi"), "{seen:?}");

    // Rules that were there before, and a text that readers see no more.
    begins_with(story, word(mango.path())).await;
    all_is_screened(story).await;
    assert!(reopened(&story.moderator()).await.is_empty());
}

/// Whatever ended the process: what was opened is opened once, and the rest is looked at.
async fn it_goes_on_where_it_was_when_the_process_was_killed(story: &mut Story) {
    let packs = nothing();
    begins_with(story, word(packs.path())).await;
    for _ in 0..2 {
        is_released(story, FRUIT).await;
    }
    let mango = finding(&["mango"]);
    begins_with(story, word(mango.path())).await;
    all_is_screened(story).await;
    story.node.kill().await;
    // As if it had been killed before it noted how far it came, and had not got to the second text.
    let rows = story.rows().await;
    rows.run("UPDATE rescreening SET state = 'running', reached_at = 0, reached_post = NULL WHERE state = 'done' AND items = 2")
        .await
        .unwrap();
    rows.close().await;
    story.node.restart().await;
    let run = all_is_screened(story).await;
    assert_eq!(run["items"], 2, "{run}");
    assert_eq!(reopened(&story.moderator()).await.len(), 2);
}

async fn a_text_that_waited_under_former_rules_is_looked_at_when_it_is_released(story: &mut Story) {
    let packs = nothing();
    begins_with(story, word(packs.path())).await;
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "At the congress", FRUIT)
        .await;
    let mango = finding(&["mango"]);
    let look = ("RESCREENING__LOOK_SECONDS", "1");
    let packs = ("RULES__PACKS_FOLDER", word(mango.path()));
    let before = runs(story).await[0]["id"].clone();
    story.node.restart_with(&[packs, look]).await;
    eventually("re-screening begins", async || {
        (runs(story).await[0]["id"] != before).then_some(())
    })
    .await;
    all_is_screened(story).await;
    let moderator = story.moderator();
    moderator.releases(&held).await;
    let items = eventually("the rules of today are asked", async || {
        let items = reopened(&moderator).await;
        (!items.is_empty()).then_some(items)
    })
    .await;
    assert_eq!(items.len(), 1, "{items:?}");
}

async fn rules_that_cannot_be_read_bring_nothing_back(story: &mut Story) {
    is_released(story, FRUIT).await;
    let before = runs(story).await;
    let broken = tempfile::tempdir().unwrap();
    std::fs::write(
        Path::join(broken.path(), "broken.toml"),
        "this is = not a [pack",
    )
    .unwrap();
    let packs = ("RULES__PACKS_FOLDER", word(broken.path()));
    story.node.restart_with(&[packs]).await;
    assert_eq!(runs(story).await[0]["id"], before[0]["id"]);
    assert!(reopened(&story.moderator()).await.is_empty());
}

stories![
    what_later_rules_find_comes_to_the_desk_and_opens_a_case,
    a_bundle_tells_what_later_rules_found_and_verifies,
    rules_that_find_still_more_replace_what_waits_and_what_was_decided_stays_decided,
    it_goes_on_where_it_was_when_the_process_was_killed,
    a_text_that_waited_under_former_rules_is_looked_at_when_it_is_released,
    rules_that_cannot_be_read_bring_nothing_back,
];
