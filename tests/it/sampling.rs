//! SAMPLING: decisions are drawn by a seed that was committed to, judged again blind, and change nothing.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Person, Story, eventually, node, stories};
use serde_json::{Value, json};

/// Every decision is drawn, within a second.
const ALL: [(&str, &str); 2] = [
    ("POLICY__QUALITY_SHARE_PERCENT", "100"),
    ("QUALITY__LOOK_SECONDS", "1"),
];
const NUMBER: &str = "You can reach the ward at 030 901 820, ask for the journal club.";

async fn count(story: &Story, query: &str) -> i64 {
    let rows = story.rows().await;
    let count = rows.count(query).await;
    rows.close().await;
    count
}

/// Begins to draw decisions, once the seed is there.
async fn begins_to_draw(story: &mut Story) {
    story.node.restart_with(&ALL).await;
    eventually("a seed is drawn in each community", async || {
        let drawn = count(story, "SELECT COUNT(*) AS n FROM sample_seed").await;
        (drawn == 3).then_some(())
    })
    .await;
}

async fn a_text(story: &Story, body: &str) -> Accepted {
    let clinician = story.clinician();
    clinician
        .starts_thread(CLINICIANS, "Journal club", body)
        .await
}

/// The items at this person's desk that look at the desk itself.
async fn looks(who: &Person) -> Vec<Value> {
    let list = who.get("/api/review/items?limit=200").await.is(200);
    let cards = list["items"].as_array().unwrap().iter();
    cards
        .filter(|card| card["origin"] == "sample")
        .cloned()
        .collect()
}

/// So many of them, once they are there.
async fn opened(who: &Person, many: usize) -> Vec<String> {
    let id = |card: &Value| card["id"].as_str().unwrap().to_owned();
    eventually("what was drawn comes to the desk", async || {
        let found = looks(who).await;
        (found.len() == many).then(|| found.iter().map(id).collect())
    })
    .await
}

fn offered(view: &Value) -> Vec<(&str, Vec<&str>)> {
    let actions = view["actions"].as_array().unwrap().iter();
    actions
        .map(|one| {
            let needs = one["needs"].as_array().unwrap().iter();
            let needs = needs.map(|need| need.as_str().unwrap()).collect();
            (one["action"].as_str().unwrap(), needs)
        })
        .collect()
}

async fn figures(story: &Story) -> Value {
    let path = format!("/api/communities/{CLINICIANS}/quality");
    story.person("lead").get(&path).await.is(200)
}

/// Decides as asked, with a reason where one is needed.
async fn judges(who: &Person, item: &str, action: &str) -> Value {
    let claimed = who.claims_item(item).await;
    let mut ruling = claimed.ruling(action);
    if action != "release" {
        ruling["reason_code"] = "privacy".into();
    }
    who.decides(&claimed, &ruling).await.is(200)
}

async fn a_drawn_decision_is_judged_again_blind_and_nothing_comes_of_it(story: &mut Story) {
    begins_to_draw(story).await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let text = a_text(story, NUMBER).await;
    moderator
        .rejects(&text, "privacy", "Please take the number out.")
        .await;
    let told = story.clinician().submission(&text).await;
    let item = opened(&deputy, 1).await.remove(0);

    let path = format!("/api/review/items/{item}");
    moderator
        .ask(&format!("{path}/claim"))
        .await
        .refused(403, "barred");
    let next = moderator.post("/api/review/next", &json!({})).await;
    assert_eq!(next.status, 204, "{next}");
    let view = deputy.get(&path).await.is(200);
    assert_eq!(
        (&view["decision"], &view["assessments"], &view["origin"]),
        (&Value::Null, &json!([]), &json!("sample"))
    );
    assert!(!view.to_string().contains(&moderator.who.name), "{view}");
    assert_eq!(
        offered(&view),
        [
            ("release", vec![]),
            ("release_with_balance", vec!["balance_text"]),
            ("request_changes", vec!["reason"]),
            ("reject", vec!["reason"]),
        ]
    );
    let done = judges(&deputy, &item, "release").await;
    assert_eq!(done["state"], "decided");
    assert_eq!(story.clinician().submission(&text).await, told);
    let thread = format!("/api/threads/{}", text.thread);
    story.colleague().get(&thread).await.is(404);
    let published = count(story, "SELECT COUNT(*) AS n FROM publication").await;
    assert_eq!(published, 0);

    let told = figures(story).await;
    assert_eq!(told["samples"], json!({ "opened": 1, "judged": 1 }));
    assert_eq!(
        (
            &told["decided"],
            &told["agreement"]["pairs"],
            &told["agreement"]["agreed"]
        ),
        (&json!(1), &json!(1), &json!(0))
    );
    let mine = &told["reviewers"][0];
    assert_eq!(
        (&mine["overturned"]["count"], &mine["by_kind"][0]["kind"]),
        (&json!(1), &json!("sample"))
    );
    assert_eq!(
        told["rules"][0]["precision"]["count"], 1,
        "what has no effect is not the last word"
    );
}

/// R-PV-30: a look at the desk touches no safety case, and does not tell how it was disposed of.
async fn a_second_look_at_a_possible_adverse_event_leaves_its_case_alone(story: &mut Story) {
    begins_to_draw(story).await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let text = a_text(story, ADVERSE_EVENT).await;
    moderator.releases(&text).await;
    let item = opened(&deputy, 1).await.remove(0);
    let claimed = deputy.claims_item(&item).await;
    assert_eq!(claimed.view["safety_case"], Value::Null);
    assert_eq!(claimed.view["risk"], "routine");
    assert!(claimed.view["adverse_event"].is_object());
    deputy
        .disposes(&claimed, "not_adverse_event")
        .await
        .refused(409, "not_for_this_item");
    judges(&deputy, &item, "reject").await;
    let case = "SELECT COUNT(*) AS n FROM safety_case WHERE disposition = 'adverse_event'";
    assert_eq!(count(story, case).await, 1);
    story.colleague().reads(&text.thread).await;
    let waits = "SELECT COUNT(*) AS n FROM review_item WHERE origin = 'sample'";
    assert_eq!(count(story, waits).await, 1, "a look is not looked at");
}

async fn what_was_decided_before_the_seed_is_not_drawn_and_what_nobody_looked_at_is(
    story: &mut Story,
) {
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    moderator.releases(&a_text(story, HARMLESS).await).await;
    begins_to_draw(story).await;
    // Nobody looks for an hour; then the process is killed.
    let slowly = ("QUALITY__LOOK_SECONDS", "3600");
    story.node.restart_with(&[slowly]).await;
    moderator.releases(&a_text(story, HARMLESS).await).await;
    moderator.releases(&a_text(story, NUMBER).await).await;
    story.node.kill().await;
    story.node.restart_with(&ALL).await;
    let both = opened(&deputy, 2).await;
    assert_eq!(both.len(), 2);
    let inspector = story.person("inspector");
    let drawn = inspector
        .get("/api/audit/records?action=sample.drawn")
        .await
        .is(200);
    assert_eq!(drawn["items"].as_array().unwrap().len(), 2);
}

async fn a_seed_is_committed_to_at_once_and_revealed_after_its_month(story: &mut Story) {
    begins_to_draw(story).await;
    let path = format!("/api/communities/{CLINICIANS}/quality/seeds");
    let inspector = story.person("inspector");
    let seeds = inspector.get(&path).await.is(200);
    let seed = &seeds["items"][0];
    assert_eq!(
        (&seed["share_percent"], &seed["seed"]),
        (&json!(100), &Value::Null)
    );
    let records = inspector
        .get("/api/audit/records?action=sample_seed.drawn")
        .await
        .is(200);
    let records = records.to_string();
    assert!(records.contains(seed["commitment"].as_str().unwrap()));

    // Two seeds of long ago, as a server would have them that was asleep since.
    let rows = story.rows().await;
    let community = rows.id(story.community(CLINICIANS));
    for (number, month) in [(1, "2020-01"), (2, "2020-02")] {
        let id = rows.id(&format!("01570000-0000-7000-8000-00000000000{number}"));
        let secret = match story.store.engine() {
            hortus_tests::Engine::Sqlite => format!("X'0{number}'"),
            hortus_tests::Engine::Postgres => format!("'\\x0{number}'"),
        };
        let statement = format!(
            "INSERT INTO sample_seed (id, community_id, month, share_percent, seed, commitment, drawn_at) \
             VALUES ({id}, {community}, '{month}', 0, {secret}, 'of old', {number})"
        );
        rows.run(&statement).await.unwrap();
    }
    rows.close().await;
    let revealed = eventually("the older one is revealed", async || {
        let seeds = inspector.get(&path).await.is(200);
        let seeds = seeds["items"].as_array().unwrap().clone();
        let shown: Vec<Value> = seeds
            .into_iter()
            .filter(|seed| seed["seed"].is_string())
            .collect();
        (!shown.is_empty()).then_some(shown)
    })
    .await;
    assert_eq!(revealed.len(), 1);
    assert_eq!(
        (&revealed[0]["month"], &revealed[0]["seed"]),
        (&json!("2020-01"), &json!("01"))
    );
    let rows = story.rows().await;
    for change in [
        "UPDATE sample_seed SET share_percent = 1",
        "DELETE FROM sample_seed",
        "UPDATE golden_text SET action = 'reject'",
    ] {
        let done = rows.run(change).await;
        let nothing = change.contains("golden_text") && done == Ok(0);
        assert!(done.is_err() || nothing, "{change}");
    }
    rows.close().await;
}

async fn a_golden_text_comes_to_the_desk_as_any_look_does_and_is_compared(story: &mut Story) {
    let (moderator, deputy, lead) = (
        story.moderator(),
        story.person("deputy"),
        story.person("lead"),
    );
    let golden = a_text(story, NUMBER).await;
    moderator
        .rejects(&golden, "privacy", "Please take the number out.")
        .await;
    let item = moderator.item_of(&golden).await;
    let path = format!("/api/communities/{CLINICIANS}/golden");
    let body = |action: &str, reason: Value| json!({ "item": item, "action": action, "reason_code": reason, "words": "It is a private number." });
    lead.post(&path, &body("keep", Value::Null))
        .await
        .refused(422, "invalid");
    lead.post(&path, &body("reject", json!("no_such_reason")))
        .await
        .refused(422, "invalid");
    let waiting = a_text(story, HARMLESS).await;
    let mut undecided = body("release", Value::Null);
    undecided["item"] = moderator.item_of(&waiting).await.into();
    lead.post(&path, &undecided)
        .await
        .refused(409, "not_decided");
    let right = body("reject", json!("privacy"));
    let kept = lead.post(&path, &right).await.is(201);
    lead.post(&path, &right).await.refused(409, "kept_already");

    begins_to_draw(story).await;
    moderator.releases(&waiting).await;
    let both = opened(&deputy, 2).await;
    let revision = |item: &Value| item["revision"]["id"] == golden.submission.as_str();
    let mut found = None;
    for item in &both {
        let view = deputy
            .get(&format!("/api/review/items/{item}"))
            .await
            .is(200);
        assert_eq!(view["origin"], "sample", "nothing tells which it is");
        if revision(&view) {
            found = Some(item.clone());
        }
    }
    let item = found.expect("the golden text");
    let claim = format!("/api/review/items/{item}/claim");
    lead.ask(&claim).await.refused(403, "declared_conflict");
    moderator.ask(&claim).await.refused(403, "barred");
    judges(&deputy, &item, "reject").await;
    let view = deputy
        .get(&format!("/api/review/items/{item}"))
        .await
        .is(200);
    assert_eq!(view["origin"], "golden");
    let told = figures(story).await;
    assert_eq!(told["golden"], json!({ "opened": 1, "judged": 1 }));
    assert_eq!(
        (&told["golden_as_set"]["count"], &told["agreement"]["pairs"]),
        (&json!(1), &json!(0))
    );
    let list = lead.get(&path).await.is(200);
    assert_eq!(
        (
            &list["items"][0]["opened"],
            &list["items"][0]["as_set"]["count"]
        ),
        (&json!(1), &json!(1))
    );
    let end = format!("{path}/{}", kept["id"].as_str().unwrap());
    lead.delete(&end).await.is(204);
    lead.delete(&end).await.refused(409, "ended_already");

    let flags = story.store.flags();
    let mut words = vec!["audit", "verify"];
    words.extend(flags.iter().map(String::as_str));
    let verified = node::run(&words).await;
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    for line in [
        "2 samples and golden texts were drawn as the log says",
        "1 golden texts have their record",
    ] {
        assert!(verified.out.contains(line), "{}", verified.out);
    }
}

async fn those_who_answer_for_a_rule_are_told_once_that_the_desk_overturned_it(story: &mut Story) {
    let at_once = [("QUALITY__TELL_HOURS", "0"), ("QUALITY__LOOK_SECONDS", "1")];
    story.node.restart_with(&at_once).await;
    let moderator = story.moderator();
    moderator.releases(&a_text(story, NUMBER).await).await;
    let steward = story.person("steward");
    let notices = async |who: &Person| -> Vec<Value> {
        let found = who.get("/api/notices").await.is(200);
        let found = found["items"].as_array().unwrap().clone();
        let of = |one: &Value| one["kind"] == "findings_overturned";
        found.into_iter().filter(of).collect()
    };
    eventually("the privacy office is told", async || {
        (notices(&steward).await.len() == 1).then_some(())
    })
    .await;
    moderator.releases(&a_text(story, NUMBER).await).await;
    eventually("the second one is told of", async || {
        (notices(&steward).await.len() == 2).then_some(())
    })
    .await;
    for one in notices(&steward).await {
        assert_eq!(one["count"], 1, "each is told once");
    }
    assert_eq!(
        notices(&story.person("safety_officer")).await,
        [] as [Value; 0]
    );
    let told = "SELECT COUNT(*) AS n FROM audit_record WHERE action = 'findings.told'";
    assert_eq!(count(story, told).await, 2);
}

stories![
    a_drawn_decision_is_judged_again_blind_and_nothing_comes_of_it,
    a_second_look_at_a_possible_adverse_event_leaves_its_case_alone,
    what_was_decided_before_the_seed_is_not_drawn_and_what_nobody_looked_at_is,
    a_seed_is_committed_to_at_once_and_revealed_after_its_month,
    a_golden_text_comes_to_the_desk_as_any_look_does_and_is_compared,
    those_who_answer_for_a_rule_are_told_once_that_the_desk_overturned_it,
];
