//! What reviewers know and tell each other beside a text: notes, earlier texts of its author, labels of products.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Story, stories};
use serde_json::{Value, json};

fn notes_of(item: &str) -> String {
    format!("/api/review/items/{item}/notes")
}

/// The colleague of this name whom one may call.
fn colleague(notes: &Value, name: &str) -> Value {
    let all = notes["colleagues"].as_array().unwrap();
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {all:?}"))["id"].clone()
}

async fn a_note_reaches_colleagues_and_stays_as_it_was_written(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let path = notes_of(&moderator.item_of(&held).await);
    let empty = moderator.get(&path).await.is(200);
    assert_eq!(empty["items"], json!([]));
    let called = colleague(&empty, &deputy.who.name);
    let body =
        json!({ "words": " Is this the trial of last year? ", "mentions": [called, called] });
    let note = moderator.post(&path, &body).await.is(201);
    assert_eq!(note["words"], "Is this the trial of last year?");
    assert_eq!(note["by"]["name"], moderator.who.name.as_str());
    assert_eq!(note["mentions"][0]["name"], deputy.who.name.as_str());

    let read = deputy.get(&path).await.is(200);
    assert_eq!(read["items"], json!([note]));
    let told = deputy.get("/api/notices").await.is(200);
    assert_eq!(
        (&told["unread"], &told["items"][0]["kind"]),
        (&json!(1), &json!("mention")),
        "who is called is told once: {told}"
    );
    assert_eq!(
        told["items"][0]["subject_id"],
        moderator.item_of(&held).await
    );
    let rows = story.rows().await;
    for statement in [
        "UPDATE review_note SET words = words",
        "DELETE FROM review_note",
    ] {
        let refused = rows.run(statement).await.expect_err(statement);
        assert!(refused.contains("evidence"), "{statement}: {refused}");
    }
    rows.close().await;
    let record = story
        .person("inspector")
        .get("/api/audit/records?action=note.written")
        .await
        .is(200)["items"][0]
        .clone();
    assert_eq!(record["object"]["id"], note["id"]);
    assert!(
        !record.to_string().contains("trial"),
        "the record commits to the words without having them: {record}"
    );
}

async fn only_colleagues_of_the_desk_can_be_called(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let moderator = story.moderator();
    let path = notes_of(&moderator.item_of(&held).await);
    let listed = moderator.get(&path).await.is(200);
    let names = listed["colleagues"].to_string();
    for absent in [&moderator.who.name, &story.clinician().who.name] {
        assert!(!names.contains(absent.as_str()), "{absent} is in {names}");
    }
    let author = story.clinician().get("/api/session").await.is(200)["account"]["id"].clone();
    let body = json!({ "words": "Look at this.", "mentions": [author] });
    moderator.post(&path, &body).await.refused(422, "invalid");
    for words in [" ", "a\u{202E}b"] {
        let body = json!({ "words": words });
        moderator.post(&path, &body).await.refused(422, "invalid");
    }
    assert_eq!(moderator.get(&path).await.is(200)["items"], json!([]));
}

/// The author of a text never sees a note on it, be they a reviewer or not, before a decision and after it.
async fn no_author_sees_a_note_on_their_text(story: &mut Story) {
    const MARK: &str = "Zwischenruf";
    let thread = story.a_released_thread().await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let own = deputy.replies(&thread.thread, HARMLESS).await;
    let item = moderator.item_of(&own).await;
    let body = json!({ "words": MARK });
    moderator.post(&notes_of(&item), &body).await.is(201);
    deputy.get(&notes_of(&item)).await.refused(403, "own_text");
    deputy
        .post(&notes_of(&item), &body)
        .await
        .refused(403, "own_text");
    moderator.releases(&own).await;
    for path in [
        format!("/api/review/items/{item}"),
        format!("/api/review/items/{item}/background"),
        format!("/api/submissions/{}", own.submission),
        format!("/api/threads/{}", thread.thread),
    ] {
        let text = deputy.get(&path).await.text();
        assert!(!text.contains(MARK), "{path}: {text}");
    }
}

async fn earlier_texts_of_the_author_stand_by_their_likeness(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let claim = "Once nightly, and it works from week one in all of my patients.";
    let author = story.person("colleague");
    let first = author.replies(&thread.thread, claim).await;
    let moderator = story.moderator();
    moderator
        .asks_for_changes(&first, "fair_balance", "Please name the risks.")
        .await;
    for other in ["Who has the room on Tuesday?", "See you at the congress."] {
        let reply = author.replies(&thread.thread, other).await;
        moderator.releases(&reply).await;
    }
    let again = author
        .replies(
            &thread.thread,
            "Colleagues: once nightly, and it works from week one.",
        )
        .await;
    let item = moderator.item_of(&again).await;
    let path = format!("/api/review/items/{item}/background");
    let earlier = moderator.get(&path).await.is(200)["earlier"].clone();
    let texts = earlier.as_array().unwrap();
    assert_eq!(texts.len(), 3, "{earlier}");
    assert_eq!(texts[0]["similar"], true, "{earlier}");
    assert_eq!(texts[0]["decision"]["action"], "request_changes");
    assert_eq!(texts[0]["decision"]["reason_code"], "fair_balance");
    assert_eq!(
        (&texts[1]["excerpt"], &texts[1]["similar"]),
        (&json!("See you at the congress."), &json!(false)),
        "then the newest: {earlier}"
    );
}

async fn the_label_of_a_product_stands_beside_the_text_that_names_it(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let moderator = story.moderator();
    let item = moderator.item_of(&held).await;
    let path = format!("/api/review/items/{item}/background");
    let products = moderator.get(&path).await.is(200)["products"].clone();
    let named = &products[0];
    assert!(
        ADVERSE_EVENT.contains(named["name"].as_str().unwrap()),
        "{products}"
    );
    assert_eq!(named["inferred_from"], json!(null));
    assert!(!named["indication"].as_str().unwrap().is_empty());
}

stories![
    a_note_reaches_colleagues_and_stays_as_it_was_written,
    only_colleagues_of_the_desk_can_be_called,
    no_author_sees_a_note_on_their_text,
    earlier_texts_of_the_author_stand_by_their_likeness,
    the_label_of_a_product_stands_beside_the_text_that_names_it,
];
