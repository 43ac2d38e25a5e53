//! SUBMIT: the one gate that every text goes through.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Accepted, Story, stories, world};
use reqwest::Method;
use serde_json::json;

/// A text submitted through every surface that there is, by people who may write there.
async fn through_every_surface(story: &Story, text: &str) -> Vec<(&'static str, Accepted)> {
    let clinician = story.clinician();
    let thread = story.a_released_thread().await;
    let described = story.person("steward").describes(CLINICIANS, text).await;
    vec![
        (
            "thread",
            clinician
                .starts_thread(CLINICIANS, "A question", text)
                .await,
        ),
        ("reply", clinician.replies(&thread.thread, text).await),
        ("reply", clinician.edits(&thread.post, text).await),
        (
            "profile_line",
            clinician.writes_profile(CLINICIANS, text).await,
        ),
        ("community_description", described),
    ]
}

async fn a_text_is_seen_by_nobody_before_a_person_has_released_it(story: &mut Story) {
    let accepted = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let path = format!("/api/threads/{}", accepted.thread);
    story
        .visitor()
        .get(&path)
        .await
        .refused(401, "not_signed_in");
    for key in [
        "clinician",
        "colleague",
        "moderator",
        "inspector",
        "neighbour",
        "patient",
    ] {
        story.person(key).get(&path).await.refused(404, "not_found");
    }
    let list = format!("/api/communities/{CLINICIANS}/threads");
    assert_eq!(
        story.colleague().get(&list).await.is(200)["items"],
        json!([])
    );
    story.moderator().releases(&accepted).await;
    assert_eq!(story.colleague().texts_in(&accepted.thread).await.len(), 1);
    assert_eq!(
        story.colleague().get(&list).await.is(200)["items"][0]["id"],
        *accepted.thread
    );
    story
        .person("patient")
        .get(&path)
        .await
        .refused(404, "not_found");
}

/// R-PV-01, R-PV-22: whatever becomes of a text, a possible adverse event in it is a case.
async fn every_surface_screens_holds_and_opens_a_case_where_an_adverse_event_is_possible(
    story: &mut Story,
) {
    let submitted = through_every_surface(story, ADVERSE_EVENT).await;
    let rows = story.rows().await;
    for (what, accepted) in &submitted {
        let of = rows.id(&accepted.submission);
        let found = rows
            .find(&format!(
                "SELECT s.verdict AS verdict, i.state AS state, c.disposition AS disposition \
             FROM screening s JOIN review_item i ON i.screening_id = s.id \
             JOIN safety_case c ON c.screening_id = s.id WHERE s.revision_id = {of}"
            ))
            .await;
        assert_eq!(
            found,
            [json!({ "verdict": "escalate", "state": "waiting", "disposition": null })],
            "{what}"
        );
    }
    story
        .moderator()
        .rejects(
            &submitted[0].1,
            "adverse_event_detail",
            "Thank you, the safety team has it.",
        )
        .await;
    let clinician = story.clinician();
    for (_, accepted) in &submitted[1..4] {
        clinician
            .ask(&format!(
                "/api/submissions/{}/withdraw",
                accepted.submission
            ))
            .await
            .is(204);
    }
    let cases = rows.count("SELECT COUNT(*) AS n FROM safety_case").await;
    assert_eq!(cases, 5, "rejecting and withdrawing lose no case");
    rows.close().await;
}

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
    for _ in 0..2 {
        clinician
            .starts_thread(CLINICIANS, "Journal club", HARMLESS)
            .await;
    }
    let path = format!("/api/communities/{CLINICIANS}/threads");
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

async fn markdown_becomes_html_that_can_do_no_harm(story: &mut Story) {
    let body = "**bold** <script>alert(1)</script> <img src=x onerror=alert(1)>\n\n\
                [bad](javascript:alert(1)) [data](data:text/html;base64,PHN2Zz4=) ![pixel](https://tracker.example/p.png)\n\n\
                [good](https://example.com \"x\\\" onmouseover=alert(1)\")\n\n| a | b |\n|---|---|\n| <svg/onload=alert(1)> | 2 |";
    let accepted = story
        .clinician()
        .starts_thread(CLINICIANS, "<b>Title</b>", body)
        .await;
    story.moderator().releases(&accepted).await;
    let html = story.colleague().texts_in(&accepted.thread).await.remove(0);
    assert!(
        html.contains("<strong>bold</strong>") && html.contains("<table>"),
        "{html}"
    );
    assert!(html.contains("href=\"https://example.com\""), "{html}");
    assert!(html.contains("noopener"), "{html}");
    for harm in [
        "<script",
        "<img",
        "<svg",
        "javascript:",
        "data:text",
        " onmouseover=\"",
        " onerror=\"",
    ] {
        assert!(!html.contains(harm), "{harm} in {html}");
    }
    let submission = story.clinician().submission(&accepted).await;
    assert_eq!(
        submission["body_html"].as_str().unwrap(),
        html,
        "the author sees the same"
    );
}

/// What the composer shows: the rules speak, and nothing is left behind.
async fn a_precheck_says_what_the_rules_would_say_and_stores_nothing(story: &mut Story) {
    let clinician = story.clinician();
    world::work_is_done(&story.rows().await).await;
    let before = everything_counted(story).await;
    let text = "😀 Velmora is completely safe and has no side effects. My patient was hospitalised with a rash.";
    let draft =
        json!({ "community": CLINICIANS, "surface": "thread", "title": "Velmora", "body": text });
    let said = clinician.post("/api/precheck", &draft).await.is(200);
    assert_eq!(said["verdict"], "escalate", "{said}");
    assert!(said["rule_set_hash"].as_str().unwrap().len() == 64);
    let findings = said["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    let units: Vec<u16> = text.encode_utf16().collect();
    for finding in findings.iter().filter(|finding| finding["field"] == "body") {
        let at = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
        let marked = String::from_utf16(&units[at("start")..at("end")]).unwrap();
        assert_eq!(
            marked,
            finding["matched"].as_str().unwrap(),
            "offsets are UTF-16 units"
        );
    }
    assert_eq!(everything_counted(story).await, before);

    let harmless = json!({ "community": CLINICIANS, "surface": "thread", "title": "Journal club", "body": HARMLESS });
    assert_eq!(
        clinician.post("/api/precheck", &harmless).await.is(200)["verdict"],
        "clear"
    );
    let elsewhere = json!({ "community": PATIENTS, "surface": "thread", "title": "Journal club", "body": HARMLESS });
    clinician
        .post("/api/precheck", &elsewhere)
        .await
        .refused(404, "not_found");
    story
        .person("inspector")
        .post("/api/precheck", &harmless)
        .await
        .refused(404, "not_found");
    assert_eq!(everything_counted(story).await, before);
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

async fn expected_by_says_when_a_decision_is_due(story: &mut Story) {
    let answer = story
        .clinician()
        .post(
            &format!("/api/communities/{CLINICIANS}/threads"),
            &json!({ "title": "Journal club", "body": HARMLESS }),
        )
        .await;
    let accepted = answer.is(202);
    assert_eq!(
        accepted["status_url"],
        format!(
            "/api/submissions/{}",
            accepted["submission_id"].as_str().unwrap()
        )
    );
    let told = story
        .clinician()
        .get(accepted["status_url"].as_str().unwrap())
        .await
        .is(200);
    assert_eq!(told["expected_by"], accepted["expected_by"]);
    assert!(told["expected_by"].as_str().unwrap() > told["submitted_at"].as_str().unwrap());
}

stories![
    a_text_is_seen_by_nobody_before_a_person_has_released_it,
    every_surface_screens_holds_and_opens_a_case_where_an_adverse_event_is_possible,
    a_key_that_is_sent_twice_stores_once_and_answers_alike,
    a_key_that_is_sent_many_times_at_once_stores_once,
    a_key_survives_a_crash,
    texts_that_keep_no_limit_are_refused_by_the_name_of_the_field,
    a_body_that_is_too_large_or_no_json_is_refused_before_it_is_read,
    replies_nest_to_a_depth_and_no_further,
    what_is_not_released_cannot_be_answered,
    who_writes_too_fast_is_told_when_to_come_back,
    markdown_becomes_html_that_can_do_no_harm,
    a_precheck_says_what_the_rules_would_say_and_stores_nothing,
    packs_that_cannot_be_read_hold_everything_with_a_technical_reason,
    expected_by_says_when_a_decision_is_due,
];

/// The number of rows of every table that a submission could leave something in.
async fn everything_counted(story: &Story) -> Vec<(String, i64)> {
    // A session that is used notes when, once a minute: it is no part of the count.
    let tables = [
        "thread",
        "post",
        "revision",
        "screening",
        "review_item",
        "safety_case",
        "decision",
        "publication",
        "stream_event",
        "job",
        "audit_record",
    ];
    let rows = story.rows().await;
    let mut counts = Vec::new();
    for table in tables {
        let count = rows
            .count(&format!("SELECT COUNT(*) AS n FROM {table}"))
            .await;
        counts.push((table.to_owned(), count));
    }
    rows.close().await;
    counts
}
