//! BULK: one judgement on several items, each checked and recorded as if it were judged alone.

use hortus_tests::story::{ADVERSE_EVENT, Accepted, CLINICIANS};
use hortus_tests::{Person, Story, stories, world};
use serde_json::{Value, json};

const HARMLESS: [&str; 3] = [
    "Who brings the slides on Tuesday?",
    "Room 14 has the better projector.",
    "See you all at the congress in spring.",
];
const RUDE: &str = "You are an idiot, shut up.";

/// What a reviewer names of the item of this text.
async fn read(by: &Person, text: &Accepted) -> Value {
    let item = by.item_of(text).await;
    let view = by.get(&format!("/api/review/items/{item}")).await.is(200);
    json!({
        "item": item, "revision_hash": view["revision"]["hash"], "rule_set_hash": view["rule_set_hash"],
    })
}

async fn judges(by: &Person, body: &Value) -> Vec<Value> {
    let told = by.post("/api/review/bulk", body).await.is(200);
    told["results"].as_array().unwrap().clone()
}

fn release(items: &[Value]) -> Value {
    json!({ "action": "release", "family": null, "items": items })
}

async fn each_is_judged_and_recorded_and_what_one_is_refused_for_does_not_hold_up_the_others(
    story: &mut Story,
) {
    let thread = story.a_released_thread().await;
    let (author, moderator) = (story.colleague(), story.moderator());
    let mut texts = Vec::new();
    for body in HARMLESS {
        texts.push(author.replies(&thread.thread, body).await);
    }
    let adverse = author.replies(&thread.thread, ADVERSE_EVENT).await;
    let rude = author.replies(&thread.thread, RUDE).await;
    let own = moderator
        .replies(&thread.thread, "My own words here.")
        .await;
    let mut items = Vec::new();
    for text in texts.iter().chain([&adverse, &rude]) {
        items.push(read(&moderator, text).await);
    }
    items.push(read(&story.person("deputy"), &own).await);
    items[1]["revision_hash"] = "0".repeat(64).into();
    story.person("deputy").claims(&texts[2]).await;
    let unknown = json!({
        "item": "01a203f8-9c66-7188-b154-91d2c0d317aa", "revision_hash": "", "rule_set_hash": "",
    });
    items.push(unknown);

    let results = judges(&moderator, &release(&items)).await;
    let told: Vec<&Value> = results
        .iter()
        .map(|one| match &one["problem"] {
            Value::Null => &one["state"],
            problem => &problem["code"],
        })
        .collect();
    assert_eq!(
        told,
        [
            "decided",
            "stale_revision",
            "claimed_by_other",
            "not_in_bulk",
            "not_in_bulk",
            "own_text",
            "not_found",
        ]
    );
    let why = results[3]["problem"]["detail"].as_str().unwrap();
    assert!(why.contains("adverse event"), "{why}");
    let why = results[4]["problem"]["detail"].as_str().unwrap();
    assert!(why.contains("another family"), "{why}");
    let seen = story.clinician().texts_in(&thread.thread).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[1].contains(HARMLESS[0]));

    items[1] = read(&moderator, &texts[1]).await;
    let again = judges(&moderator, &release(&items[..2])).await;
    assert_eq!(again[0]["problem"]["code"], "already_decided");
    assert_eq!(again[1]["state"], "decided");
}

async fn every_judgement_has_its_own_record_that_names_the_bulk(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let moderator = story.moderator();
    let mut items = Vec::new();
    let mut texts = Vec::new();
    for number in 0..2 {
        let text = story.colleague();
        let text = text
            .replies(&thread.thread, &format!("{RUDE} {number}"))
            .await;
        items.push(read(&moderator, &text).await);
        texts.push(text);
    }
    let card = &moderator.get("/api/review/items").await.is(200)["items"][0];
    assert_eq!(card["families"], json!(["conduct"]));
    let mut body = json!({ "action": "reject", "family": "conduct", "items": items });
    let lacking = judges(&moderator, &body).await;
    assert_eq!(lacking[1]["problem"]["code"], "reason_needed");
    body["reason_code"] = "conduct".into();
    body["words"] = "Please say it without insults.".into();
    for one in judges(&moderator, &body).await {
        assert_eq!(one["state"], "decided", "{one}");
    }
    for text in &texts {
        let told = story.colleague().submission(text).await;
        assert_eq!(told["state"], "rejected");
        assert_eq!(told["decision"]["words"], "Please say it without insults.");
    }
    let inspector = story.person("inspector");
    let path = "/api/audit/records?action=assessment.made&limit=10";
    let records = inspector.get(path).await.is(200)["items"].clone();
    let bulks: Vec<&Value> = records
        .as_array()
        .unwrap()
        .iter()
        .map(|record| &record["change"]["bulk"])
        .filter(|bulk| !bulk.is_null())
        .collect();
    assert!(bulks.len() == 2 && bulks[0] == bulks[1], "{records}");
}

async fn who_may_not_or_names_too_many_is_told_so(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let held = story.colleague().replies(&thread.thread, HARMLESS[0]).await;
    let moderator = story.moderator();
    let read = read(&moderator, &held).await;
    let twice = release(&[read.clone(), read.clone()]);
    let many = release(&vec![read.clone(); 51]);
    let mut retracts = release(std::slice::from_ref(&read));
    retracts["action"] = "retract".into();
    for wrong in [release(&[]), twice, many, retracts] {
        let refused = moderator.post("/api/review/bulk", &wrong).await;
        refused.refused(422, "invalid");
    }
    story
        .colleague()
        .post("/api/review/bulk", &release(std::slice::from_ref(&read)))
        .await
        .refused(404, "not_found");

    let steward = story.person("steward");
    let policy = format!("/api/communities/{CLINICIANS}/policy");
    let found = steward.get(&policy).await.is(200);
    let mut new = found["policy"].clone();
    new["may"]["decide_in_bulk"] = json!(["lead"]);
    let request = json!({ "base": 0, "policy": new, "words": "Only leads." });
    let path = format!("{policy}/proposals");
    let made = steward.post(&path, &request).await.is(201);
    assert_eq!(made["state"], "in_force", "{made}");
    let told = judges(&moderator, &release(std::slice::from_ref(&read))).await;
    assert_eq!(told[0]["problem"]["code"], "role_needed");
    let told = judges(&story.person("lead"), &release(&[read])).await;
    assert_eq!(told[0]["state"], "decided");
}

/// R-ER-08: a bulk takes nothing away from four eyes, signatures and the time in which a judgement can be undone.
async fn controls_of_the_policy_hold_in_bulk(story: &mut Story) {
    let eyes = ("POLICY__SECOND_REVIEW", "[\"company_speaker\"]");
    let undo = ("POLICY__UNDO_SECONDS", "60");
    story.node.restart_with(&[eyes, undo]).await;
    let thread = story.clinician();
    let thread = thread
        .starts_thread(CLINICIANS, "Journal club", HARMLESS[2])
        .await;
    let company = story.person("steward");
    let company = company
        .starts_thread(CLINICIANS, "Opening hours", HARMLESS[1])
        .await;
    let moderator = story.moderator();
    let items = [
        read(&moderator, &thread).await,
        read(&moderator, &company).await,
    ];
    let told = judges(&moderator, &release(&items)).await;
    assert_eq!(told[0]["state"], "settling");
    assert!(told[0]["undo_until"].is_string(), "{told:?}");
    assert_eq!(told[1]["state"], "second_review");
    let back = format!(
        "/api/review/items/{}/undo",
        items[0]["item"].as_str().unwrap()
    );
    assert_eq!(moderator.ask(&back).await.is(200)["state"], "waiting");
    let again = judges(&moderator, &release(&items)).await;
    assert_eq!(again[1]["problem"]["code"], "judged_already");
    assert_eq!(again[0]["state"], "settling");
    assert_eq!(moderator.ask(&back).await.is(200)["state"], "waiting");
    // The windows end; what was undone stays undone.
    let rows = story.rows().await;
    rows.run("UPDATE job SET run_at = 1 WHERE kind = 'review.settle'")
        .await
        .unwrap();
    world::work_is_done(&rows).await;
    rows.close().await;
    let told = story.clinician().submission(&thread).await;
    assert_eq!(told["state"], "in_review");
}

stories![
    each_is_judged_and_recorded_and_what_one_is_refused_for_does_not_hold_up_the_others,
    every_judgement_has_its_own_record_that_names_the_bulk,
    who_may_not_or_names_too_many_is_told_so,
    controls_of_the_policy_hold_in_bulk,
];
