//! SUBMIT: what the gate refuses, what it takes once however often it is sent, and what it does when it cannot read.

use hortus_tests::story::{CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Accepted, Story, stories};
use reqwest::Method;
use serde_json::json;

async fn a_key_that_is_sent_twice_stores_once_and_answers_alike(story: &mut Story) {
    let clinician = story.clinician();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": "Journal club", "body": HARMLESS });
    let first = Accepted::from(&clinician.sends_under("spring-1", &path, &draft).await);
    let again = Accepted::from(&clinician.sends_under("spring-1", &path, &draft).await);
    assert_eq!(first.submission, again.submission);

    let other = json!({ "title": "Journal club", "body": "Another text under the same key." });
    clinician
        .sends_under("spring-1", &path, &other)
        .await
        .refused(422, "idempotency_key_reused");
    let another = json!({ "title": "Another title", "body": HARMLESS });
    clinician
        .sends_under("spring-1", &path, &another)
        .await
        .refused(422, "idempotency_key_reused");
    clinician
        .sends_under("no blanks", &path, &draft)
        .await
        .refused(422, "invalid");
    clinician
        .sends_under(&"k".repeat(101), &path, &draft)
        .await
        .refused(422, "invalid");

    // The key belongs to its author: a colleague's text under the same key is another text.
    let theirs = Accepted::from(
        &story
            .colleague()
            .sends_under("spring-1", &path, &draft)
            .await,
    );
    assert_ne!(first.submission, theirs.submission);
    let rows = story.rows().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM revision").await, 2);
    rows.close().await;
}

async fn a_key_that_is_sent_many_times_at_once_stores_once(story: &mut Story) {
    let clinician = story.clinician();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": "Journal club", "body": HARMLESS });
    let sends = (0..12).map(|_| clinician.sends_under("at-once", &path, &draft));
    let answers = futures_util::future::join_all(sends).await;
    let first = Accepted::from(&answers[0]).submission;
    assert!(
        answers
            .iter()
            .all(|answer| Accepted::from(answer).submission == first)
    );
    let rows = story.rows().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM revision").await, 1);
    rows.close().await;
}

async fn a_key_survives_a_crash(story: &mut Story) {
    let clinician = story.clinician();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": "Journal club", "body": HARMLESS });
    let first = Accepted::from(&clinician.sends_under("crash", &path, &draft).await);
    story.node.restart().await;
    let again = Accepted::from(&clinician.sends_under("crash", &path, &draft).await);
    assert_eq!(first.submission, again.submission);
}

async fn texts_that_keep_no_limit_are_refused_by_the_name_of_the_field(story: &mut Story) {
    let clinician = story.clinician();
    let threads = format!("/api/communities/{CLINICIANS}/threads");
    let long = "word ".repeat(4001);
    for (title, body, field) in [
        ("", HARMLESS, "title"),
        (&*"t".repeat(201), HARMLESS, "title"),
        ("two\nlines", HARMLESS, "title"),
        ("Journal club", "", "body"),
        ("Journal club", " \n* - \n", "body"),
        ("Journal club", &*long, "body"),
        ("Journal club", "a bell \u{7} rings", "body"),
    ] {
        let answer = clinician
            .post(&threads, &json!({ "title": title, "body": body }))
            .await;
        let problem = answer.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{answer}");
    }
    let profile = format!("/api/communities/{CLINICIANS}/profile");
    clinician
        .put(&profile, &json!({ "body": "p".repeat(281) }))
        .await
        .refused(422, "invalid");
    let description = format!("/api/communities/{CLINICIANS}/description");
    let words = json!({ "body": "d".repeat(2001) });
    story
        .person("steward")
        .put(&description, &words)
        .await
        .refused(422, "invalid");
    let unknown = json!({ "title": "t", "body": HARMLESS, "released": true });
    clinician
        .post(&threads, &unknown)
        .await
        .refused(422, "unreadable_body");
    let wrong = json!({ "title": "Journal club", "body": HARMLESS, "product_id": story.product(PATIENTS, "Velmora") });
    clinician
        .post(&threads, &wrong)
        .await
        .refused(422, "invalid");
    let rows = story.rows().await;
    assert_eq!(
        rows.count("SELECT COUNT(*) AS n FROM revision").await,
        0,
        "nothing was stored"
    );
    rows.close().await;
}

async fn a_body_that_is_too_large_or_no_json_is_refused_before_it_is_read(story: &mut Story) {
    let clinician = story.clinician();
    let threads = format!("/api/communities/{CLINICIANS}/threads");
    let huge = json!({ "title": "Journal club", "body": "x".repeat(400_000) });
    clinician
        .post(&threads, &huge)
        .await
        .refused(413, "too_large");
    let form = clinician
        .request(Method::POST, &threads)
        .body("title=a&body=b");
    clinician.send(form).await.refused(415, "not_json");
    let nested = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let deep = clinician
        .request(Method::POST, &threads)
        .header("content-type", "application/json")
        .body(nested);
    clinician.send(deep).await.refused(422, "unreadable_body");
}

async fn replies_nest_to_a_depth_and_no_further(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let (clinician, moderator) = (story.clinician(), story.moderator());
    let path = format!("/api/threads/{}/replies", thread.thread);
    let mut parent = thread.post.clone();
    for level in 1..=8 {
        let body =
            json!({ "body": format!("Answer number {level} in this row"), "parent_id": parent });
        let accepted = Accepted::from(&clinician.post(&path, &body).await);
        moderator.releases(&accepted).await;
        parent = accepted.post;
    }
    let deeper = json!({ "body": "one level more", "parent_id": parent });
    clinician.post(&path, &deeper).await.refused(422, "invalid");
}

async fn what_is_not_released_cannot_be_answered(story: &mut Story) {
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let path = format!("/api/threads/{}/replies", held.thread);
    story
        .colleague()
        .post(&path, &json!({ "body": "first!" }))
        .await
        .refused(404, "not_found");

    let thread = story.a_released_thread().await;
    let reply = clinician
        .replies(&thread.thread, "A reply that is held for now.")
        .await;
    let path = format!("/api/threads/{}/replies", thread.thread);
    let answer = json!({ "body": "me too", "parent_id": reply.post });
    story
        .colleague()
        .post(&path, &answer)
        .await
        .refused(404, "not_found");
    let elsewhere = story.a_released_thread().await;
    let astray = json!({ "body": "me too", "parent_id": elsewhere.post });
    story
        .colleague()
        .post(&path, &astray)
        .await
        .refused(404, "not_found");
}

async fn who_writes_too_fast_is_told_when_to_come_back(story: &mut Story) {
    story
        .node
        .restart_with(&[
            ("SUBMISSIONS__PER_MINUTE", "1"),
            ("SUBMISSIONS__BURST", "2"),
            ("SUBMISSIONS__PRECHECKS_PER_MINUTE", "2"),
        ])
        .await;
    let clinician = story.clinician();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let text = json!({ "title": "Journal club", "body": HARMLESS });
    for _ in 0..5 {
        // What is sent again under its key is no further text.
        clinician.sends_under("once", &path, &text).await.is(202);
    }
    clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let refused = clinician
        .post(&path, &json!({ "title": "Journal club", "body": HARMLESS }))
        .await;
    refused.refused(429, "too_fast");
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
    story
        .colleague()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;

    let draft =
        json!({ "community": CLINICIANS, "surface": "thread", "title": "t", "body": HARMLESS });
    for _ in 0..2 {
        clinician.post("/api/precheck", &draft).await.is(200);
    }
    clinician
        .post("/api/precheck", &draft)
        .await
        .refused(429, "too_fast");
}

/// Fail closed: packs that cannot be read hold every text, with the technical reason at the desk.
async fn packs_that_cannot_be_read_hold_everything_with_a_technical_reason(story: &mut Story) {
    let packs = tempfile::tempdir().unwrap();
    for (case, broken) in [
        ("no folder", None),
        ("nonsense", Some("this is = not a [pack")),
    ] {
        let folder = packs.path().join(case.replace(' ', "-"));
        if let Some(text) = broken {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("broken.toml"), text).unwrap();
        }
        story
            .node
            .restart_with(&[("RULES__PACKS_FOLDER", folder.to_str().unwrap())])
            .await;
        let accepted = story
            .clinician()
            .starts_thread(CLINICIANS, "Journal club", HARMLESS)
            .await;
        let moderator = story.moderator();
        let claimed = moderator.claims(&accepted).await;
        assert_eq!(claimed.view["verdict"], "hold", "{case}");
        assert!(
            claimed.view["technical_reason"]
                .as_str()
                .unwrap()
                .contains("cannot be read"),
            "{case}"
        );
        story
            .colleague()
            .get(&format!("/api/threads/{}", accepted.thread))
            .await
            .refused(404, "not_found");
        moderator
            .decides(&claimed, &claimed.ruling("release"))
            .await
            .is(200);
    }
}

stories![
    a_key_that_is_sent_twice_stores_once_and_answers_alike,
    a_key_that_is_sent_many_times_at_once_stores_once,
    a_key_survives_a_crash,
    texts_that_keep_no_limit_are_refused_by_the_name_of_the_field,
    a_body_that_is_too_large_or_no_json_is_refused_before_it_is_read,
    replies_nest_to_a_depth_and_no_further,
    what_is_not_released_cannot_be_answered,
    who_writes_too_fast_is_told_when_to_come_back,
    packs_that_cannot_be_read_hold_everything_with_a_technical_reason,
];
