//! POLICY: what a community's policy says, who changes it, and what follows for deadlines.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Answer, Person, Story, stories, world};
use serde_json::{Value, json};

fn at(path: &str) -> String {
    format!("/api/communities/{CLINICIANS}/policy{path}")
}

/// The policy in force with this edited, as a request.
async fn edited(by: &Person, edit: impl FnOnce(&mut Value)) -> Value {
    let found = by.get(&at("")).await.is(200);
    let mut policy = found["policy"].clone();
    edit(&mut policy);
    json!({ "base": found["number"], "policy": policy, "words": "The quality board asked for it." })
}

async fn proposes(by: &Person, edit: impl FnOnce(&mut Value)) -> Answer {
    let request = edited(by, edit).await;
    by.post(&at("/proposals"), &request).await
}

async fn answers(by: &Person, proposal: &Value, body: Value) -> Answer {
    let id = proposal["id"].as_str().unwrap();
    by.post(&at(&format!("/proposals/{id}/answer")), &body)
        .await
}

fn hours(unit: &str, count: u32) -> Value {
    json!({ "unit": unit, "count": count })
}

async fn a_community_begins_with_the_policy_of_the_settings(story: &mut Story) {
    let found = story.moderator().get(&at("")).await.is(200);
    assert_eq!(found["number"], 0);
    assert_eq!(found["in_force_since"], Value::Null);
    assert_eq!(found["proposal"], Value::Null);
    assert_eq!(found["policy"]["moderation"], "pre_moderation");
    assert_eq!(found["policy"]["deadlines"]["safety"], hours("hours", 24));
    story
        .clinician()
        .get(&at(""))
        .await
        .refused(404, "not_found");
}

async fn what_weakens_nothing_holds_at_once_and_for_the_next_text(story: &mut Story) {
    let steward = story.person("steward");
    let made = proposes(&steward, |policy| {
        policy["deadlines"]["safety"] = hours("hours", 3);
        policy["deadlines"]["escalated"] = hours("hours", 1);
    });
    let made = made.await.is(201);
    assert_eq!(
        (&made["state"], &made["number"]),
        (&json!("in_force"), &json!(1))
    );
    assert_eq!(made["weakens"], json!([]));
    assert_eq!(
        made["changes"],
        json!([
            { "path": "deadlines.escalated", "old": hours("hours", 2), "new": hours("hours", 1) },
            { "path": "deadlines.safety", "old": hours("hours", 24), "new": hours("hours", 3) },
        ])
    );
    let clinician = story.clinician();
    let told = clinician
        .starts_thread(CLINICIANS, "A question", ADVERSE_EVENT)
        .await;
    let told = clinician.submission(&told).await;
    let items = story.moderator().get("/api/review/items").await.is(200);
    let item = &items["items"][0];
    let minutes = minutes_between(&item["submitted_at"], &item["due_at"]);
    assert!(minutes == 60 || minutes == 180, "{item}");
    assert_eq!(told["expected_by"], item["due_at"]);
}

/// Whole minutes from one time of a day to another, on the same day or the next.
fn minutes_between(from: &Value, to: &Value) -> i64 {
    let minutes = |at: &Value| {
        let text = at.as_str().unwrap();
        let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
        number(8..10) * 1440 + number(11..13) * 60 + number(14..16)
    };
    (minutes(to) - minutes(from)).rem_euclid(1440)
}

async fn what_weakens_a_control_waits_for_a_second_person(story: &mut Story) {
    let (steward, founder) = (story.person("steward"), story.person("founder"));
    let request = edited(&steward, |policy| {
        policy["deadlines"]["safety"] = hours("business_days", 1);
        policy["undo_seconds"] = json!(60);
    })
    .await;
    let shown = steward.post(&at("/preview"), &request).await.is(200);
    assert_eq!(shown["weakens"][0]["control"], "deadline");
    let made = steward.post(&at("/proposals"), &request).await.is(201);
    assert_eq!(made["state"], "proposed");
    assert_eq!(made["weakens"], shown["weakens"]);
    assert_eq!(made["changes"], shown["changes"]);
    assert_eq!(made["number"], Value::Null);
    let found = story.moderator().get(&at("")).await.is(200);
    assert_eq!(found["number"], 0, "nothing holds yet");
    assert_eq!(found["proposal"]["id"], made["id"]);

    let approve = json!({ "answer": "approve" });
    answers(&steward, &made, approve.clone())
        .await
        .refused(403, "own_proposal");
    proposes(&founder, |policy| {
        policy["alarms"]["near_minutes"] = json!(0)
    })
    .await
    .refused(409, "proposal_open");
    answers(&story.person("lead"), &made, approve.clone())
        .await
        .refused(404, "not_found");
    let done = answers(&founder, &made, approve.clone()).await.is(200);
    assert_eq!(
        (&done["state"], &done["number"]),
        (&json!("in_force"), &json!(1))
    );
    assert_eq!(done["decided_by"]["name"], founder.who.name);
    answers(&founder, &made, approve.clone())
        .await
        .refused(409, "proposal_closed");
    let found = steward.get(&at("")).await.is(200);
    assert_eq!(found["policy"]["undo_seconds"], 60);
    assert_eq!(found["in_force_since"], done["decided_at"]);

    let records = story
        .person("inspector")
        .get("/api/audit/records?action=policy.in_force")
        .await
        .is(200);
    let change = &records["items"][0]["record"]["change"];
    let change = if change.is_null() {
        &records["items"][0]["change"]
    } else {
        change
    };
    assert_eq!(
        change["fields"]["deadlines.safety"],
        json!({ "old": hours("hours", 24), "new": hours("business_days", 1) }),
        "{records}"
    );
    assert_eq!(change["weakens"], json!(["deadline:safety"]));
}

async fn a_proposal_is_refused_with_a_reason_or_taken_back(story: &mut Story) {
    let (steward, founder) = (story.person("steward"), story.person("founder"));
    let weaker = |policy: &mut Value| policy["second_review"] = json!([]);
    // The settings of test servers ask for no second reviewers: first they are asked for.
    proposes(&steward, |policy| {
        policy["second_review"] = json!(["retraction"])
    })
    .await
    .is(201);
    let made = proposes(&steward, weaker).await.is(201);
    answers(&founder, &made, json!({ "answer": "refuse" }))
        .await
        .refused(422, "invalid");
    answers(&founder, &made, json!({ "answer": "withdraw" }))
        .await
        .refused(403, "not_yours");
    let words = "Two pairs of eyes stay.";
    let refused = answers(
        &founder,
        &made,
        json!({ "answer": "refuse", "words": words }),
    );
    let refused = refused.await.is(200);
    assert_eq!(
        (&refused["state"], &refused["decision_words"]),
        (&json!("refused"), &json!(words))
    );
    let again = proposes(&steward, weaker).await.is(201);
    let back = answers(&steward, &again, json!({ "answer": "withdraw" }));
    assert_eq!(back.await.is(200)["state"], "withdrawn");
    let listed = steward.get(&at("/versions")).await.is(200);
    assert_eq!(
        world::column(listed["items"].as_array().unwrap(), "state"),
        ["withdrawn", "refused", "in_force"]
    );
    let page = steward.get(&at("/versions?limit=1")).await.is(200);
    let next = page["next"].as_str().unwrap();
    let next = steward
        .get(&at(&format!("/versions?limit=1&cursor={next}")))
        .await
        .is(200);
    assert_eq!(next["items"][0]["id"], made["id"]);
}

async fn a_policy_that_was_read_before_another_came_into_force_is_not_put_over_it(
    story: &mut Story,
) {
    let (steward, founder) = (story.person("steward"), story.person("founder"));
    let old = edited(&founder, |policy| policy["undo_seconds"] = json!(100)).await;
    let waits = proposes(&founder, |policy| {
        policy["alarms"]["near_minutes"] = json!(0)
    });
    let waits = waits.await.is(201);
    proposes(&steward, |policy| policy["undo_seconds"] = json!(90))
        .await
        .is(201);
    founder
        .post(&at("/proposals"), &old)
        .await
        .refused(409, "policy_changed");
    founder
        .post(&at("/preview"), &old)
        .await
        .refused(409, "policy_changed");
    answers(&steward, &waits, json!({ "answer": "approve" }))
        .await
        .refused(409, "proposal_closed");
    let listed = steward.get(&at("/versions")).await.is(200);
    assert_eq!(listed["items"][1]["state"], "outdated");
    proposes(&steward, |_| {})
        .await
        .refused(409, "nothing_changed");
}

async fn balance_texts_need_a_second_person_and_are_numbered_by_the_policy_that_brought_them(
    story: &mut Story,
) {
    let (steward, founder) = (story.person("steward"), story.person("founder"));
    let product = story.product(CLINICIANS, "Velmora").to_owned();
    let text = |words: &str| json!([{ "key": "warning-us", "product": product, "market": "US", "language": "en", "text": words }]);
    let made = proposes(&steward, |policy| {
        policy["balance_texts"] = text("See the boxed warning.")
    });
    let made = made.await.is(201);
    assert_eq!(made["weakens"][0]["control"], "balance_text");
    answers(&founder, &made, json!({ "answer": "approve" }))
        .await
        .is(200);
    let version = async || {
        let found = steward.get(&at("")).await.is(200);
        found["policy"]["balance_texts"][0]["version"].clone()
    };
    assert_eq!(version().await, 1);
    proposes(&steward, |policy| policy["undo_seconds"] = json!(200))
        .await
        .is(201);
    assert_eq!(version().await, 1, "it says the same");
    // The approver of medical, legal and regulatory affairs is a second person, too.
    let other = proposes(&founder, |policy| {
        policy["balance_texts"] = text("Read the label first.")
    });
    answers(
        &story.person("mlr_approver"),
        &other.await.is(201),
        json!({ "answer": "approve" }),
    )
    .await
    .is(200);
    assert_eq!(version().await, 3);
}

async fn a_policy_that_makes_no_sense_is_refused_by_field(story: &mut Story) {
    let steward = story.person("steward");
    let refused = proposes(&steward, |policy| {
        policy["calendar"]["time_zone"] = json!("Mars/Olympus");
        policy["deadlines"]["safety"] = hours("hours", 0);
        policy["alarms"]["webhook"] = json!("http://169.254.169.254/latest");
        policy["balance_texts"] = json!([{ "key": "x", "product": "01930000-0000-7000-8000-00000000dead",
            "market": "US", "language": "en", "text": "Another company's product." }]);
    });
    let refused = refused.await.refused(422, "invalid");
    assert_eq!(
        world::column(refused["errors"].as_array().unwrap(), "field"),
        [
            "calendar.time_zone",
            "deadlines.safety",
            "balance_texts.0.product",
            "alarms.webhook"
        ]
    );
    let mut request = edited(&steward, |_| {}).await;
    request["policy"]["post_moderation"] = json!(true);
    steward
        .post(&at("/proposals"), &request)
        .await
        .refused(422, "unreadable_body");
    request["policy"] = Value::Null;
    steward
        .post(&at("/proposals"), &request)
        .await
        .refused(422, "unreadable_body");
}

async fn each_community_has_its_own_policy(story: &mut Story) {
    proposes(&story.person("steward"), |policy| {
        policy["undo_seconds"] = json!(120)
    })
    .await
    .is(201);
    let elsewhere = format!("/api/communities/{PATIENTS}/policy");
    let found = story.person("founder").get(&elsewhere).await.is(200);
    assert_eq!(found["number"], 0);
    story
        .person("steward")
        .get(&elsewhere)
        .await
        .refused(404, "not_found");
}

async fn what_was_proposed_is_never_changed_in_the_database(story: &mut Story) {
    proposes(&story.person("steward"), |policy| {
        policy["quality"]["share_percent"] = json!(50)
    })
    .await
    .is(201);
    let rows = story.rows().await;
    for change in [
        "UPDATE policy_version SET content = '{}'",
        "UPDATE policy_version SET weakens = '[]'",
        "DELETE FROM policy_version",
    ] {
        assert!(rows.run(change).await.is_err(), "{change}");
    }
    rows.close().await;
    let text = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    story.moderator().releases(&text).await;
}

stories![
    a_community_begins_with_the_policy_of_the_settings,
    what_weakens_nothing_holds_at_once_and_for_the_next_text,
    what_weakens_a_control_waits_for_a_second_person,
    a_proposal_is_refused_with_a_reason_or_taken_back,
    a_policy_that_was_read_before_another_came_into_force_is_not_put_over_it,
    balance_texts_need_a_second_person_and_are_numbered_by_the_policy_that_brought_them,
    a_policy_that_makes_no_sense_is_refused_by_field,
    each_community_has_its_own_policy,
    what_was_proposed_is_never_changed_in_the_database,
];
