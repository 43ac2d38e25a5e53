//! REASON CODES: a decision takes the reasons of the policy in force, and keeps what they meant then.

use hortus_tests::story::{CLINICIANS, HARMLESS};
use hortus_tests::{Story, stories};
use serde_json::{Value, json};

const TOMBSTONE: &str = "This post was withdrawn by the company.";

fn policy(path: &str) -> String {
    format!("/api/communities/{CLINICIANS}/policy{path}")
}

fn reason(code: &str, name: &str, remedy: &str) -> Value {
    json!({ "code": code, "name": name, "remedy": remedy })
}

/// Puts a policy with these reasons and templates in force.
async fn has_reasons(story: &Story, reasons: Value, templates: Value) {
    let steward = story.person("steward");
    let found = steward.get(&policy("")).await.is(200);
    let mut new = found["policy"].clone();
    new["reasons"] = reasons;
    new["author_templates"] = templates;
    let request =
        json!({ "base": found["number"], "policy": new, "words": "The board asked for it." });
    let made = steward.post(&policy("/proposals"), &request).await.is(201);
    assert_eq!(made["state"], "in_force", "{made}");
}

fn prices() -> Value {
    json!([
        reason(
            "price",
            "Speaks of prices",
            "Leave the price out; your pharmacist knows it."
        ),
        reason("privacy", "Could identify a person", "Leave out names."),
    ])
}

async fn a_decision_takes_the_reasons_that_the_policy_in_force_names_and_no_others(
    story: &mut Story,
) {
    let template = json!([{
        "key": "price-1", "reason": "price", "language": "en", "words": "Prices differ; please leave yours out.",
    }]);
    has_reasons(story, prices(), template).await;
    let thread = story.a_released_thread().await;
    let held = story.clinician().replies(&thread.thread, HARMLESS).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    assert_eq!(claimed.view["reason_codes"], prices());
    let templates = &claimed.view["author_templates"];
    assert_eq!(
        templates[0]["words"],
        "Prices differ; please leave yours out."
    );

    for action in ["reject", "request_changes"] {
        let refused = claimed.refusal(action, "off_topic", "This belongs elsewhere.");
        let refused = moderator.decides(&claimed, &refused).await;
        let problem = refused.refused(422, "reason_unknown");
        assert_eq!(problem["errors"][0]["field"], "reason_code");
        let told = problem["errors"][0]["message"].as_str().unwrap();
        assert!(told.contains("price, privacy"), "{told}");
    }
    let path = format!("/api/posts/{}/retraction", thread.post);
    let order = |code: &str| json!({ "reason_code": code, "words": "It named a price.", "tombstone": TOMBSTONE });
    let refused = moderator.post(&path, &order("conduct")).await;
    refused.refused(422, "reason_unknown");

    let ruling = claimed.refusal("reject", "price", "It names a price.");
    let judged = moderator.decides(&claimed, &ruling).await.is(200);
    assert_eq!(judged["decision"]["reason"]["name"], "Speaks of prices");
    assert_eq!(judged["assessment"]["reason"]["name"], "Speaks of prices");
    moderator.post(&path, &order("price")).await.is(201);
    let told = story.clinician().submission(&held).await;
    assert_eq!(told["decision"]["reason_code"], "price");
    let remedy = "Leave the price out; your pharmacist knows it.";
    assert_eq!(told["decision"]["reason"]["remedy"], remedy);
    let told = story.clinician().submission(&thread).await;
    assert_eq!(told["retraction"]["reason"]["remedy"], remedy);
}

async fn what_a_reason_meant_when_it_was_given_stands_whatever_became_of_the_policy(
    story: &mut Story,
) {
    has_reasons(story, prices(), json!([])).await;
    let thread = story.a_released_thread().await;
    let (author, moderator) = (story.clinician(), story.moderator());
    let first = author.replies(&thread.thread, HARMLESS).await;
    moderator
        .rejects(&first, "price", "It names a price.")
        .await;
    let usual = author
        .replies(&thread.thread, "Which room do we meet in?")
        .await;
    moderator
        .rejects(&usual, "privacy", "It names a room.")
        .await;

    // The code is called something else, and the other one is gone.
    let new = json!([reason("price", "Commerce", "Do not trade here.")]);
    has_reasons(story, new, json!([])).await;
    let second = author
        .replies(&thread.thread, "Who has a car for sale?")
        .await;
    moderator.rejects(&second, "price", "It trades.").await;
    for (text, name, remedy) in [
        (
            &first,
            "Speaks of prices",
            "Leave the price out; your pharmacist knows it.",
        ),
        (&usual, "Could identify a person", "Leave out names."),
        (&second, "Commerce", "Do not trade here."),
    ] {
        let told = author.submission(text).await;
        let expected = json!({ "name": name, "remedy": remedy });
        assert_eq!(told["decision"]["reason"], expected, "{told}");
        let item = moderator.item_of(text).await;
        let item = moderator
            .get(&format!("/api/review/items/{item}"))
            .await
            .is(200);
        assert_eq!(item["decision"]["reason"], expected, "{item}");
    }
}

stories![
    a_decision_takes_the_reasons_that_the_policy_in_force_names_and_no_others,
    what_a_reason_meant_when_it_was_given_stands_whatever_became_of_the_policy,
];
