//! SUBMIT: the one gate that every text goes through.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Accepted, Story, stories, world};
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
    markdown_becomes_html_that_can_do_no_harm,
    a_precheck_says_what_the_rules_would_say_and_stores_nothing,
    expected_by_says_when_a_decision_is_due,
];
