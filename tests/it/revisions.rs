//! REVISE: edits, further revisions, and texts that are taken back.

use hortus_tests::story::{CLINICIANS, HARMLESS};
use hortus_tests::{Story, stories, world};
use serde_json::json;

async fn an_edit_leaves_what_readers_see_until_it_is_released(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let edit = story
        .clinician()
        .edits(&thread.post, "The new words of the second revision.")
        .await;
    let colleague = story.colleague();
    assert!(colleague.texts_in(&thread.thread).await[0].contains("journal club in spring"));
    let seen = colleague.reads(&thread.thread).await;
    assert_eq!(
        (
            &seen["posts"][0]["edited"],
            &seen["posts"][0]["revision_number"]
        ),
        (&json!(false), &json!(1))
    );

    let moderator = story.moderator();
    let claimed = moderator.claims(&edit).await;
    assert!(
        claimed.view["previous_released"]["body"]
            .as_str()
            .unwrap()
            .contains("journal club")
    );
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    assert!(colleague.texts_in(&thread.thread).await[0].contains("second revision"));
    let seen = colleague.reads(&thread.thread).await;
    assert_eq!(
        (
            &seen["posts"][0]["edited"],
            &seen["posts"][0]["revision_number"]
        ),
        (&json!(true), &json!(2))
    );
}

async fn a_rejected_edit_leaves_what_readers_see(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let edit = story
        .clinician()
        .edits(&thread.post, "The new words of the second revision.")
        .await;
    story
        .moderator()
        .rejects(&edit, "off_topic", "Please keep to the journal club.")
        .await;
    assert!(story.colleague().texts_in(&thread.thread).await[0].contains("journal club in spring"));
    assert_eq!(
        story.clinician().submission(&edit).await["state"],
        "rejected"
    );
    assert_eq!(
        story.clinician().submission(&thread).await["state"],
        "released"
    );
}

async fn nobody_edits_the_text_of_another(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let path = format!("/api/posts/{}/revisions", thread.post);
    for key in ["colleague", "moderator", "steward", "patient", "neighbour"] {
        story
            .person(key)
            .post(&path, &json!({ "body": "mine now, all of it" }))
            .await
            .refused(404, "not_found");
    }
    let seen = story.colleague().reads(&thread.thread).await;
    assert_eq!(seen["posts"][0]["can_edit"], false);
    assert!(
        seen["posts"][0]["body"].is_null(),
        "Markdown is for its author alone"
    );
    assert_eq!(
        story.clinician().reads(&thread.thread).await["posts"][0]["can_edit"],
        true
    );
}

/// R-ER-08: a decision is on one revision, and a newer one takes its place in the queue.
async fn a_newer_revision_takes_the_place_of_one_that_waits(story: &mut Story) {
    let clinician = story.clinician();
    let first = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let second = clinician
        .edits(&first.post, "The second thoughts about the journal club.")
        .await;
    assert_eq!(clinician.submission(&first).await["state"], "superseded");
    let moderator = story.moderator();
    let item = moderator.item_of(&first).await;
    moderator
        .ask(&format!("/api/review/items/{item}/claim"))
        .await
        .refused(409, "item_superseded");
    moderator.releases(&second).await;
    assert!(story.colleague().texts_in(&first.thread).await[0].contains("second thoughts"));
}

async fn changes_that_were_asked_for_lead_to_a_further_revision(story: &mut Story) {
    let clinician = story.clinician();
    let first = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    story
        .moderator()
        .asks_for_changes(&first, "unclear", "Which city do you mean?")
        .await;
    let told = clinician.submission(&first).await;
    assert_eq!(told["state"], "changes_requested");
    assert_eq!(told["decision"]["reason_code"], "unclear");
    assert_eq!(told["decision"]["words"], "Which city do you mean?");
    assert!(
        told["decision"].get("decided_by").is_none(),
        "the author is not told who it was"
    );
    let second = clinician
        .edits(&first.post, "A good place for the journal club in Lisbon?")
        .await;
    story.moderator().releases(&second).await;
    assert!(story.colleague().texts_in(&first.thread).await[0].contains("Lisbon"));
}

async fn a_text_is_taken_back_by_its_author_alone_and_only_while_it_waits(story: &mut Story) {
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let path = format!("/api/submissions/{}/withdraw", held.submission);
    for key in ["colleague", "moderator", "patient"] {
        story.person(key).ask(&path).await.refused(404, "not_found");
    }
    clinician.ask(&path).await.is(204);
    clinician.ask(&path).await.refused(409, "not_waiting");
    assert_eq!(clinician.submission(&held).await["state"], "withdrawn");
    let thread = story.a_released_thread().await;
    let path = format!("/api/submissions/{}/withdraw", thread.submission);
    clinician.ask(&path).await.refused(409, "not_waiting");
}

async fn the_authors_list_of_submissions_is_theirs_alone(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let thread = story.a_released_thread().await;
    let list = story.clinician().get("/api/submissions").await.is(200);
    let ids = world::column(list["items"].as_array().unwrap(), "id");
    assert_eq!(
        ids,
        [&*thread.submission, &*held.submission],
        "newest first"
    );
    let waiting = story
        .clinician()
        .get("/api/submissions?state=in_review")
        .await
        .is(200);
    assert_eq!(
        world::column(waiting["items"].as_array().unwrap(), "id"),
        [&*held.submission]
    );
    assert_eq!(
        story.colleague().get("/api/submissions").await.is(200)["items"],
        json!([])
    );
    let path = format!("/api/submissions/{}", held.submission);
    for key in ["colleague", "moderator", "inspector", "founder"] {
        story.person(key).get(&path).await.refused(404, "not_found");
    }
}

async fn of_edits_at_once_each_is_a_revision_of_its_own_or_a_conflict(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let clinician = story.clinician();
    let path = format!("/api/posts/{}/revisions", thread.post);
    let drafts: Vec<_> = (0..12)
        .map(|n| json!({ "body": format!("The edit number {n} of twelve at once") }))
        .collect();
    let sends = drafts.iter().map(|draft| clinician.post(&path, draft));
    let answers = futures_util::future::join_all(sends).await;
    let stored = answers.iter().filter(|answer| answer.status == 202).count();
    assert!(stored > 0);
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        answer.refused(409, "revision_conflict");
    }
    let rows = story.rows().await;
    let post = rows.id(&thread.post);
    let numbers = format!("SELECT number FROM revision WHERE post_id = {post} ORDER BY number");
    let numbers = rows.find(&numbers).await;
    let expected: Vec<_> = (1..=stored + 1).map(|n| json!({ "number": n })).collect();
    assert_eq!(numbers, expected, "numbers have no gap");
    let waiting = format!(
        "SELECT COUNT(*) AS n FROM review_item WHERE post_id = {post} AND state = 'waiting'"
    );
    assert_eq!(
        rows.count(&waiting).await,
        1,
        "one revision waits, the newest"
    );
    rows.close().await;
}

async fn of_first_profile_lines_at_once_there_is_one_place(story: &mut Story) {
    let colleague = story.colleague();
    let path = format!("/api/communities/{CLINICIANS}/profile");
    let drafts: Vec<_> = (0..8)
        .map(|n| json!({ "body": format!("Neurologist number {n}") }))
        .collect();
    let sends = drafts.iter().map(|draft| colleague.put(&path, draft));
    for answer in futures_util::future::join_all(sends).await {
        assert!([202, 409].contains(&answer.status), "{answer}");
    }
    let rows = story.rows().await;
    let places = "SELECT COUNT(*) AS n FROM post WHERE surface = 'profile_line'";
    assert_eq!(rows.count(places).await, 1);
    let waiting = "SELECT COUNT(*) AS n FROM review_item WHERE state = 'waiting'";
    assert_eq!(rows.count(waiting).await, 1);
    rows.close().await;
}

stories![
    of_edits_at_once_each_is_a_revision_of_its_own_or_a_conflict,
    of_first_profile_lines_at_once_there_is_one_place,
    an_edit_leaves_what_readers_see_until_it_is_released,
    a_rejected_edit_leaves_what_readers_see,
    nobody_edits_the_text_of_another,
    a_newer_revision_takes_the_place_of_one_that_waits,
    changes_that_were_asked_for_lead_to_a_further_revision,
    a_text_is_taken_back_by_its_author_alone_and_only_while_it_waits,
    the_authors_list_of_submissions_is_theirs_alone,
];
