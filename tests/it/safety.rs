//! SAFETY: cases that run their own clock, whatever becomes of the post.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Story, stories};
use serde_json::{Value, json};

async fn cases(story: &Story, query: &str) -> Vec<Value> {
    let list = story
        .person("safety_officer")
        .get(&format!("/api/safety/cases{query}"))
        .await
        .is(200);
    list["items"].as_array().unwrap().clone()
}

async fn a_reported_rash(story: &Story) -> Accepted {
    story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", ADVERSE_EVENT)
        .await
}

/// R-PV-02: day 0 is the moment of posting, and the clock does not wait for a moderator.
async fn a_case_begins_its_clock_when_the_text_was_posted(story: &mut Story) {
    let held = a_reported_rash(story).await;
    let submitted_at = story.clinician().submission(&held).await["submitted_at"].clone();
    let case = cases(story, "").await.remove(0);
    assert_eq!(case["day_zero"], submitted_at);
    assert_eq!(case["state"], "awaiting_disposition");
    assert_eq!(case["post_state"], "in_review");
    assert_eq!(case["valid_icsr"], true);
    assert!(
        case["seriousness"]
            .as_array()
            .unwrap()
            .contains(&json!("hospitalisation")),
        "{case}"
    );
    assert!(case["number"].as_str().unwrap().starts_with("AE-"));
    for due in ["hand_over_at", "report_at"] {
        assert!(
            case["due"][due].as_str() > case["day_zero"].as_str(),
            "{case}"
        );
    }
    story.moderator().releases(&held).await;
    let case = cases(story, "?state=adverse_event").await.remove(0);
    assert_eq!(
        (&case["day_zero"], &case["post_state"]),
        (&submitted_at, &json!("released"))
    );
}

/// R-PV-01: rejecting, withdrawing and rewriting lose no case.
async fn a_case_outlives_its_post(story: &mut Story) {
    let clinician = story.clinician();
    let rejected = a_reported_rash(story).await;
    story
        .moderator()
        .rejects(
            &rejected,
            "adverse_event_detail",
            "Thank you, the safety team has it.",
        )
        .await;
    let withdrawn = a_reported_rash(story).await;
    clinician
        .ask(&format!(
            "/api/submissions/{}/withdraw",
            withdrawn.submission
        ))
        .await
        .is(204);
    let rewritten = a_reported_rash(story).await;
    clinician.edits(&rewritten.post, HARMLESS).await;
    let all = cases(story, "").await;
    let states: Vec<_> = all
        .iter()
        .map(|case| case["post_state"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        ["superseded", "withdrawn", "rejected"],
        "newest first"
    );
    let numbers: Vec<_> = all
        .iter()
        .map(|case| case["number"].as_str().unwrap())
        .collect();
    assert!(
        numbers[0] > numbers[1] && numbers[1] > numbers[2],
        "{numbers:?}"
    );
    for case in &all {
        let path = format!("/api/safety/cases/{}", case["id"].as_str().unwrap());
        let case = story.person("safety_officer").get(&path).await.is(200);
        assert_eq!(
            case["body"], ADVERSE_EVENT,
            "the text that was posted stays"
        );
    }

    // R-PV-30: what was rewritten or withdrawn is no longer at the desk; the safety team says what it is.
    for case in all.iter().take(2) {
        let path = format!(
            "/api/safety/cases/{}/disposition",
            case["id"].as_str().unwrap()
        );
        let officer = story.person("safety_officer");
        let verdict = json!({ "disposition": "adverse_event", "words": "Called the clinic." });
        clinician.post(&path, &verdict).await.is(404);
        let unsure = json!({ "disposition": "not_adverse_event" });
        officer.post(&path, &unsure).await.refused(422, "invalid");
        let turned = json!({ "disposition": "adverse_event", "words": "a\u{202e}b" });
        officer.post(&path, &turned).await.refused(422, "invalid");
        let said = officer.post(&path, &verdict).await.is(200);
        assert_eq!(said["disposition"], "adverse_event");
    }
    assert!(cases(story, "?state=awaiting_disposition").await.is_empty());
    let waiting = a_reported_rash(story).await;
    let case = cases(story, "?state=awaiting_disposition").await.remove(0);
    let path = format!(
        "/api/safety/cases/{}/disposition",
        case["id"].as_str().unwrap()
    );
    let verdict = json!({ "disposition": "adverse_event" });
    let officer = story.person("safety_officer");
    officer
        .post(&path, &verdict)
        .await
        .refused(409, "at_review_desk");
    clinician.submission(&waiting).await;
}

/// R-PV-14: the product may be in the thread alone.
async fn a_reply_that_says_me_too_takes_the_product_from_its_thread(story: &mut Story) {
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({
        "title": "Velmora in daily practice", "body": "How do your patients do on it?",
        "product_id": story.product(CLINICIANS, "Velmora"),
    });
    let thread = Accepted::from(&story.clinician().post(&path, &draft).await);
    story.moderator().releases(&thread).await;
    let reply = story
        .colleague()
        .replies(
            &thread.thread,
            "My patient, a 60-year-old man, ended up in hospital with a rash on it.",
        )
        .await;
    let case = cases(story, "").await.remove(0);
    assert_eq!(case["criteria"]["product"], true, "{case}");
    let path = format!("/api/safety/cases/{}", case["id"].as_str().unwrap());
    let case = story.person("safety_officer").get(&path).await.is(200);
    assert_eq!(
        case["adverse_event"]["product"]["inferred_from"], "thread",
        "{case}"
    );
    story.moderator().releases(&reply).await;
}

/// R-PV-15: never dismissed by a machine; a person says so, with a reason.
async fn that_it_is_no_adverse_event_is_said_by_a_person_with_a_reason(story: &mut Story) {
    let held = a_reported_rash(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    moderator
        .disposes(&claimed, "not_adverse_event")
        .await
        .is(200);
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    let case = cases(story, "?state=not_adverse_event").await.remove(0);
    let path = format!("/api/safety/cases/{}", case["id"].as_str().unwrap());
    let case = story.person("safety_officer").get(&path).await.is(200);
    assert_eq!(
        case["disposition"]["reason_code"],
        "hypothetical_or_question"
    );
    assert_eq!(case["disposition"]["by"], "Petra Lindqvist");
    let rows = story.rows().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM safety_case").await, 1);
    rows.close().await;
}

async fn cases_are_for_the_safety_team_of_their_community(story: &mut Story) {
    a_reported_rash(story).await;
    let id = cases(story, "").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/safety/cases/{id}");
    for key in [
        "clinician",
        "colleague",
        "moderator",
        "inspector",
        "steward",
        "founder",
        "patient",
    ] {
        story
            .person(key)
            .get("/api/safety/cases")
            .await
            .refused(404, "not_found");
        story.person(key).get(&path).await.refused(404, "not_found");
    }
    let neighbour = story.person("neighbour");
    assert_eq!(
        neighbour.get("/api/safety/cases").await.is(200)["items"],
        json!([])
    );
    neighbour.get(&path).await.refused(404, "not_found");
    neighbour
        .get("/api/safety/cases?community=clinicians")
        .await
        .refused(404, "not_found");
    story.person("medical_reviewer").get(&path).await.is(200);
}

/// R-ER-01: reading sensitive records is audited before the answer.
async fn reading_cases_is_recorded(story: &mut Story) {
    a_reported_rash(story).await;
    let id = cases(story, "").await[0]["id"].as_str().unwrap().to_owned();
    story
        .person("medical_reviewer")
        .get(&format!("/api/safety/cases/{id}"))
        .await
        .is(200);
    let read = story
        .person("inspector")
        .get("/api/audit/records?action=safety_case.read")
        .await
        .is(200);
    assert_eq!(read["items"][0]["actor"]["name"], "Dr Leila Haddad");
    assert_eq!(read["items"][0]["object"]["id"], id);
    let listed = story
        .person("inspector")
        .get("/api/audit/records?action=safety_cases.listed")
        .await
        .is(200);
    assert_eq!(listed["items"][0]["actor"]["name"], "Hana Sato");
}

/// The author is thanked, and not told what the safety team makes of it.
async fn the_author_of_a_possible_adverse_event_is_not_told_safety_internals(story: &mut Story) {
    let held = a_reported_rash(story).await;
    let told = story.clinician().submission(&held).await;
    for internal in [
        "adverse_event\":{",
        "safety_case",
        "valid_icsr",
        "seriousness",
        "disposition",
    ] {
        assert!(!told.to_string().contains(internal), "{internal} in {told}");
    }
}

stories![
    a_case_begins_its_clock_when_the_text_was_posted,
    a_case_outlives_its_post,
    a_reply_that_says_me_too_takes_the_product_from_its_thread,
    that_it_is_no_adverse_event_is_said_by_a_person_with_a_reason,
    cases_are_for_the_safety_team_of_their_community,
    reading_cases_is_recorded,
    the_author_of_a_possible_adverse_event_is_not_told_safety_internals,
];
