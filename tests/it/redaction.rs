//! REDACT AND RELEASE: readers see what is left of a text, and the text as it was written is sealed. Reading it needs a
//! reason, and is recorded.

use hortus_tests::story::{CLINICIANS, Claimed, HARMLESS};
use hortus_tests::{Accepted, Answer, Person, Story, eventually, stories, world};
use serde_json::{Value, json};

use crate::four_eyes::{breaks, mends};

/// A word that stands in sealed words alone.
const MARK: &str = "Zyxsealed";
const EYES: (&str, &str) = ("POLICY__SECOND_REVIEW", "[\"company_speaker\"]");
const WINDOW: (&str, &str) = ("POLICY__UNDO_SECONDS", "300");
const SHORT_WINDOW: (&str, &str) = ("POLICY__UNDO_SECONDS", "1");

/// The place of these words as browsers count them.
fn span(field: &str, text: &str, words: &str) -> Value {
    let before = &text[..text.find(words).unwrap()];
    let start = before.encode_utf16().count();
    let end = start + words.encode_utf16().count();
    json!({ "field": field, "start": start, "end": end, "reason": "personal_data" })
}

/// A judgement that takes these words out of the body, and of the title where they stand there.
pub fn redacting(claimed: &Claimed, words: &str) -> Value {
    let text = |field: &str| {
        let text = claimed.view["revision"][field].as_str();
        text.unwrap_or_default().to_owned()
    };
    let mut ruling = claimed.ruling("redact_and_release");
    let mut spans = vec![span("body", &text("body"), words)];
    if text("title").contains(words) {
        spans.push(span("title", &text("title"), words));
    }
    ruling["spans"] = spans.into();
    ruling
}

async fn a_text_that_names_somebody(story: &Story) -> Accepted {
    let body = format!("Grüße 😀 from {MARK} Meier, who asks: {HARMLESS}");
    let title = format!("What {MARK} Meier asks");
    story
        .clinician()
        .starts_thread(CLINICIANS, &title, &body)
        .await
}

async fn redacts(who: &Person, held: &Accepted) -> Value {
    let claimed = who.claims(held).await;
    if claimed.view["needs_disposition"] == true {
        who.disposes(&claimed, "adverse_event").await.is(200);
    }
    let ruling = redacting(&claimed, &format!("{MARK} Meier"));
    who.decides(&claimed, &ruling).await.is(200)
}

async fn reads_sealed(who: &Person, revision: &str, why: &str) -> Answer {
    let path = format!("/api/review/sealed/{revision}");
    who.post(&path, &json!({ "words": why })).await
}

async fn readers_see_what_is_left_and_the_author_where_and_why(story: &mut Story) {
    let held = a_text_that_names_somebody(story).await;
    let told = redacts(&story.moderator(), &held).await;
    assert_eq!(
        (&told["state"], &told["decision"]["action"]),
        (&json!("decided"), &json!("redact_and_release"))
    );
    let seen = story.colleague().reads(&held.thread).await;
    assert_eq!(seen["title"], "What [removed] asks");
    let body = format!("Grüße 😀 from [removed], who asks: {HARMLESS}");
    assert!(
        seen["posts"][0]["body_html"]
            .as_str()
            .unwrap()
            .contains(&body),
        "{seen}"
    );

    let own = story.clinician().submission(&held).await;
    assert_eq!(
        (&own["state"], &own["body"], &own["newest"]),
        (&json!("released"), &json!(body), &json!(true))
    );
    let removed = span("body", &body, "[removed]");
    assert_eq!(
        own["redaction"][1], removed,
        "the author is shown where, and why"
    );
    let list = story.clinician().get("/api/submissions").await.is(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");

    // The author goes on from what is left; a reader can report it.
    let edited = story
        .clinician()
        .edits(&held.post, &format!("{body} Thank you!"))
        .await;
    story.moderator().releases(&edited).await;
    let report = json!({ "reason": "misleading" });
    let path = format!("/api/posts/{}/reports", held.post);
    story.colleague().post(&path, &report).await.is(201);
}

async fn what_is_left_can_be_reported_and_retracted_like_any_text(story: &mut Story) {
    let held = a_text_that_names_somebody(story).await;
    redacts(&story.moderator(), &held).await;
    let path = format!("/api/posts/{}/reports", held.post);
    let report = json!({ "reason": "misleading" });
    story.colleague().post(&path, &report).await.is(201);
    let deputy = story.person("deputy");
    let list = deputy.get("/api/review/items?state=waiting").await.is(200);
    let item = list["items"][0]["id"].as_str().unwrap().to_owned();
    let claimed = deputy.claims_item(&item).await;
    assert_eq!(claimed.view["origin"], "report");
    assert!(
        claimed.view["revision"]["body"]
            .as_str()
            .unwrap()
            .contains("[removed]")
    );
    let mut ruling = claimed.refusal("retract", "conduct", "It misleads.");
    ruling["tombstone"] = "The moderators removed this post.".into();
    deputy.decides(&claimed, &ruling).await.is(200);
    let own = story.clinician().submission(&held).await;
    assert_eq!(own["state"], "retracted", "{own}");
}

/// R-PR-02: after it took effect, the words are nowhere: neither at the desk nor in lists, searches, backgrounds or cases.
async fn sealed_words_are_in_nothing_that_anybody_can_reach(story: &mut Story) {
    let serious = format!(
        "{MARK} Meier, a 54-year-old woman in my clinic, was hospitalised with a severe rash after three days on Velmora."
    );
    let thread = a_text_that_names_somebody(story).await;
    let case = story
        .clinician()
        .starts_thread(CLINICIANS, "From the clinic", &serious)
        .await;
    for held in [&thread, &case] {
        redacts(&story.moderator(), held).await;
    }
    story.node.restart().await;
    let again = format!("A similar text: asks {HARMLESS}");
    let later = story
        .clinician()
        .starts_thread(CLINICIANS, "Again", &again)
        .await;
    let rows = story.rows().await;
    let mut paths = world::addresses(&story.visitor(), &rows, story, 100).await;
    let cases = rows.count("SELECT COUNT(*) AS n FROM safety_case").await;
    rows.close().await;
    assert_eq!(
        cases, 1,
        "the case stays, and what is left opens no second one"
    );
    paths.push(format!("/api/review/items?state=decided&q={MARK}"));
    paths.push("/api/review/items?state=decided&limit=200".to_owned());
    for (key, person) in story.everybody() {
        for (path, text) in world::see(&person, &paths).await {
            assert!(!text.contains(MARK), "{key} finds sealed words at {path}");
        }
    }
    // This test is not blind: the same people find what waits.
    let path = format!(
        "/api/review/items/{}",
        story.moderator().item_of(&later).await
    );
    let seen = world::see(&story.moderator(), &[path]).await;
    assert!(seen[0].1.contains("A similar text"));
}

/// R-PR-02: reads of the original are audited, with a reason that everybody sees who may read it.
async fn a_sealed_text_is_read_with_a_reason_that_is_recorded(story: &mut Story) {
    let held = a_text_that_names_somebody(story).await;
    let sealed = &held.submission;
    reads_sealed(&story.person("lead"), sealed, "Why not?")
        .await
        .refused(404, "not_found");
    redacts(&story.moderator(), &held).await;
    for key in [
        "colleague",
        "clinician",
        "steward",
        "medical_reviewer",
        "neighbour",
        "patient",
    ] {
        let who = story.person(key);
        reads_sealed(&who, sealed, "I am curious.")
            .await
            .refused(404, "not_found");
        let path = format!("/api/review/sealed/{sealed}");
        assert_eq!(who.get(&path).await.status, 404, "{key}");
    }
    let lead = story.person("lead");
    reads_sealed(&lead, sealed, "  ")
        .await
        .refused(422, "reason_needed");
    for (key, why) in [
        ("lead", "The author asks what was removed."),
        ("safety_officer", "Follow-up of a possible case."),
        ("inspector", "Routine inspection."),
    ] {
        let read = reads_sealed(&story.person(key), sealed, why).await.is(200);
        assert!(read["body"].as_str().unwrap().contains(MARK));
        assert_eq!(read["spans"][1]["reason"], "personal_data");
        let last = read["readings"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["words"], &last["role"]), (&json!(why), &json!(key)));
    }
    let trail = lead
        .get(&format!("/api/review/sealed/{sealed}"))
        .await
        .is(200);
    assert_eq!(trail["readings"].as_array().unwrap().len(), 3);
    assert!(!trail.to_string().contains(MARK));
    let rows = story.rows().await;
    let recorded = "SELECT COUNT(*) AS n FROM audit_record WHERE action = 'sealed_text.read'";
    assert_eq!(rows.count(recorded).await, 3);
    for table in ["derivation", "sealed_reading"] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET role = 'lead'"),
        ] {
            assert!(rows.run(&statement).await.is_err(), "{statement}");
        }
    }
    rows.close().await;
}

async fn places_that_fit_no_words_are_refused_and_change_nothing(story: &mut Story) {
    let held = a_text_that_names_somebody(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let mut ruling = claimed.ruling("redact_and_release");
    moderator
        .decides(&claimed, &ruling)
        .await
        .refused(422, "invalid");
    let place = |start: usize, end: usize| json!({ "field": "body", "start": start, "end": end, "reason": "personal_data" });
    for spans in [
        json!([]),
        json!([place(7, 8)]),
        json!([place(0, 9_999)]),
        json!([place(3, 3)]),
        json!([place(0, 5), place(4, 6)]),
    ] {
        ruling["spans"] = spans;
        moderator
            .decides(&claimed, &ruling)
            .await
            .refused(422, "invalid");
    }
    let mut other = redacting(&claimed, &format!("{MARK} Meier"));
    other["spans"][0]["reason"] = "other".into();
    moderator
        .decides(&claimed, &other)
        .await
        .refused(422, "reason_needed");
    let view = moderator
        .get(&format!("/api/review/items/{}", claimed.item))
        .await
        .is(200);
    assert_eq!(
        (&view["state"], &view["assessments"]),
        (&json!("waiting"), &json!([]))
    );
}

/// R-ER-08: two who take out other words do not agree.
async fn four_eyes_agree_on_the_same_words_alone(story: &mut Story) {
    story.node.restart_with(&[EYES]).await;
    let body = format!("{MARK} Meier and Ann Kurz say: {HARMLESS}");
    let steward = story.person("steward");
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    for (second, state) in [
        (format!("{MARK} Meier"), "decided"),
        ("Ann Kurz".to_owned(), "lead_review"),
    ] {
        let held = steward
            .starts_thread(CLINICIANS, "From the company", &body)
            .await;
        let claimed = moderator.claims(&held).await;
        let ruling = redacting(&claimed, &format!("{MARK} Meier"));
        let told = moderator.decides(&claimed, &ruling).await.is(200);
        assert_eq!(told["state"], "second_review");
        let claimed = deputy.claims_item(&claimed.item).await;
        assert_eq!(claimed.view["assessments"], json!([]));
        let mut ruling = redacting(&claimed, &second);
        // For another reason, which changes nothing of what readers see.
        ruling["spans"][0]["reason"] = "other".into();
        ruling["words"] = "Please leave names out.".into();
        let told = deputy.decides(&claimed, &ruling).await.is(200);
        assert_eq!(told["state"], state, "{told}");
        if state == "lead_review" {
            let lead = story.person("lead");
            let shown = lead
                .get(&format!("/api/review/items/{}", claimed.item))
                .await
                .is(200);
            let said = &shown["assessments"];
            assert_ne!(
                said[0]["spans"], said[1]["spans"],
                "the lead reads which words"
            );
            let mut theirs = span("body", &body, "Ann Kurz");
            theirs["reason"] = "other".into();
            assert_eq!(said[1]["spans"], json!([theirs]));
        }
    }
}

async fn a_redaction_waits_for_its_window_and_can_be_undone(story: &mut Story) {
    story.node.restart_with(&[WINDOW]).await;
    let held = a_text_that_names_somebody(story).await;
    let moderator = story.moderator();
    let item = moderator.item_of(&held).await;
    let told = redacts(&moderator, &held).await;
    assert_eq!(told["state"], "settling");
    let rows = story.rows().await;
    let made = "SELECT COUNT(*) AS n FROM derivation";
    assert_eq!(rows.count(made).await, 0, "nothing is sealed yet");
    moderator
        .ask(&format!("/api/review/items/{item}/undo"))
        .await
        .is(200);
    // The window of what was undone ends, and nothing happens.
    rows.run("UPDATE job SET run_at = 1 WHERE kind = 'review.settle'")
        .await
        .unwrap();
    world::work_is_done(&rows).await;
    assert_eq!(rows.count(made).await, 0);
    story.node.restart_with(&[SHORT_WINDOW]).await;
    redacts(&moderator, &held).await;
    eventually("the redaction takes effect by its job", async || {
        (rows.count(made).await == 1).then_some(())
    })
    .await;
    rows.close().await;
    let seen = story.colleague().reads(&held.thread).await;
    assert_eq!(seen["title"], "What [removed] asks");
}

/// R-ER-02: a redaction that fails between any two of its statements leaves nothing behind, and is made afterwards.
async fn a_redaction_that_breaks_off_at_any_statement_has_changed_nothing(story: &mut Story) {
    let engine = story.store.engine();
    for table in ["revision", "derivation", "screening", "publication"] {
        let held = a_text_that_names_somebody(story).await;
        let moderator = story.moderator();
        let claimed = moderator.claims(&held).await;
        let ruling = redacting(&claimed, &format!("{MARK} Meier"));
        let rows = story.rows().await;
        world::work_is_done(&rows).await;
        let tables = [
            "revision",
            "derivation",
            "screening",
            "assessment",
            "decision",
            "audit_record",
        ];
        let mut counts = Vec::new();
        for broken in [true, false] {
            for table in tables {
                counts.push(
                    rows.count(&format!("SELECT COUNT(*) AS n FROM {table}"))
                        .await,
                );
            }
            if broken {
                breaks(&rows, engine, table, "INSERT").await;
                let answer = moderator.decides(&claimed, &ruling).await;
                mends(&rows, engine, table).await;
                assert_eq!(answer.status, 500, "{table}: {answer}");
            }
        }
        rows.close().await;
        assert_eq!(counts[..tables.len()], counts[tables.len()..], "{table}");
        assert_eq!(
            story.clinician().submission(&held).await["state"],
            "in_review"
        );
        moderator.decides(&claimed, &ruling).await.is(200);
    }
}

stories![
    readers_see_what_is_left_and_the_author_where_and_why,
    what_is_left_can_be_reported_and_retracted_like_any_text,
    sealed_words_are_in_nothing_that_anybody_can_reach,
    a_sealed_text_is_read_with_a_reason_that_is_recorded,
    places_that_fit_no_words_are_refused_and_change_nothing,
    four_eyes_agree_on_the_same_words_alone,
    a_redaction_waits_for_its_window_and_can_be_undone,
    a_redaction_that_breaks_off_at_any_statement_has_changed_nothing,
];
