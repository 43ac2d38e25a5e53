//! DUPLICATE OF and SPLIT: a text that says what another says is closed with the way there; a text that is several is cut
//! into parts, each of which is decided on alone.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Accepted, Person, Story, eventually, stories};
use serde_json::{Value, json};

const SHORT_WINDOW: (&str, &str) = ("POLICY__UNDO_SECONDS", "1");
const FIRST: &str = "Where does the journal club meet in spring?";
const SECOND: &str = "And who brings the cake 😀 this time?";
const THIRD: &str = "Does anybody have the slides of last time?";

/// Closes a text as a duplicate of a post.
async fn closes(who: &Person, held: &Accepted, other: &str) -> hortus_tests::Answer {
    let claimed = who.claims(held).await;
    let mut ruling = claimed.ruling("duplicate");
    ruling["duplicate_of"] = other.into();
    let answer = who.decides(&claimed, &ruling).await;
    if answer.status != 200 {
        let back = format!("/api/review/items/{}/unclaim", claimed.item);
        who.post(&back, &json!({ "fence": claimed.fence }))
            .await
            .is(204);
    }
    answer
}

async fn a_duplicate_is_closed_with_the_way_to_what_was_said_before(story: &mut Story) {
    let said = story.a_released_thread().await;
    let again = story
        .clinician()
        .starts_thread(CLINICIANS, "Club", FIRST)
        .await;
    let told = closes(&story.moderator(), &again, &said.post).await.is(200);
    assert_eq!(told["decision"]["action"], "duplicate");
    let own = story.clinician().submission(&again).await;
    assert_eq!(
        (&own["state"], &own["duplicate_of"]["thread_id"]),
        (&json!("duplicate"), &json!(said.thread))
    );
    story
        .colleague()
        .get(&format!("/api/threads/{}", again.thread))
        .await
        .refused(404, "not_found");
    let item = story.moderator().item_of(&again).await;
    let view = story
        .moderator()
        .get(&format!("/api/review/items/{item}"))
        .await
        .is(200);
    assert_eq!(view["duplicate_of"], json!(said.post));

    // When the other post is taken from readers, its author is not led there any more.
    let order = json!({ "reason_code": "privacy", "words": "It names a patient.", "tombstone": "The moderators removed this post." });
    let colleague = story
        .colleague()
        .starts_thread(CLINICIANS, "Club", SECOND)
        .await;
    closes(&story.moderator(), &colleague, &said.post)
        .await
        .is(200);
    assert_ne!(
        story.colleague().submission(&colleague).await["duplicate_of"],
        Value::Null
    );
    let path = format!("/api/posts/{}/retraction", said.post);
    story.moderator().post(&path, &order).await.is(201);
    assert_eq!(
        story.colleague().submission(&colleague).await["duplicate_of"],
        Value::Null
    );
}

async fn a_text_repeats_what_is_released_here_or_waits_of_the_same_author(story: &mut Story) {
    let released = story.a_released_thread().await;
    let waits = story
        .clinician()
        .starts_thread(CLINICIANS, "Slides", THIRD)
        .await;
    let of_another = story
        .colleague()
        .starts_thread(CLINICIANS, "Cake", SECOND)
        .await;
    let elsewhere = story
        .person("patient")
        .starts_thread(PATIENTS, "Club", FIRST)
        .await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Club", FIRST)
        .await;
    let moderator = story.moderator();
    for other in [
        &of_another.post,
        &elsewhere.post,
        &held.post,
        &held.submission,
    ] {
        closes(&moderator, &held, other)
            .await
            .refused(422, "invalid");
    }
    let claimed = moderator.claims(&held).await;
    moderator
        .decides(&claimed, &claimed.ruling("duplicate"))
        .await
        .refused(422, "invalid");
    let mut ruling = claimed.ruling("duplicate");
    ruling["duplicate_of"] = waits.post.as_str().into();
    moderator.decides(&claimed, &ruling).await.is(200);
    let own = story.clinician().submission(&held).await;
    assert_eq!(
        own["duplicate_of"]["post_id"],
        json!(waits.post),
        "one's own place"
    );
    let another = story
        .clinician()
        .starts_thread(CLINICIANS, "Club", SECOND)
        .await;
    closes(&moderator, &another, &released.post).await.is(200);
}

/// R-PV-01: closing a text as a duplicate removes no safety case.
async fn the_case_of_a_duplicate_stays(story: &mut Story) {
    let said = story.a_released_thread().await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Rash", ADVERSE_EVENT)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let mut ruling = claimed.ruling("duplicate");
    ruling["duplicate_of"] = said.post.as_str().into();
    moderator
        .decides(&claimed, &ruling)
        .await
        .refused(409, "disposition_needed");
    moderator.disposes(&claimed, "adverse_event").await.is(200);
    moderator.decides(&claimed, &ruling).await.is(200);
    let cases = story
        .person("safety_officer")
        .get("/api/safety/cases")
        .await
        .is(200);
    assert_eq!(cases["items"][0]["state"], "adverse_event");
}

/// The places between the parts as browsers count them.
fn cuts(parts: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut cuts = Vec::new();
    for part in &parts[..parts.len() - 1] {
        at += part.encode_utf16().count() + 1;
        cuts.push(at);
    }
    cuts
}

async fn splits(who: &Person, held: &Accepted, parts: &[&str]) -> Value {
    let claimed = who.claims(held).await;
    if claimed.view["needs_disposition"] == true {
        who.disposes(&claimed, "adverse_event").await.is(200);
    }
    let mut ruling = claimed.ruling("split");
    ruling["cuts"] = cuts(parts).into();
    who.decides(&claimed, &ruling).await.is(200)
}

/// The parts of a text as its author is told.
async fn parts_of(story: &Story, held: &Accepted) -> Vec<Accepted> {
    let own = story.clinician().submission(held).await;
    let mut parts = Vec::new();
    for part in own["parts"].as_array().unwrap() {
        let path = format!("/api/submissions/{}", part["submission"].as_str().unwrap());
        let part = story.clinician().get(&path).await.is(200);
        assert_eq!(part["part_of"], json!(held.submission));
        let text = |name: &str| part[name].as_str().unwrap_or_default().to_owned();
        parts.push(Accepted {
            submission: text("id"),
            post: text("post_id"),
            thread: text("thread_id"),
        });
    }
    parts
}

async fn each_part_of_a_split_thread_is_decided_on_alone(story: &mut Story) {
    let texts = [FIRST, SECOND, THIRD];
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Spring", &texts.join("\n"))
        .await;
    let moderator = story.moderator();
    let told = splits(&moderator, &held, &texts).await;
    assert_eq!(told["decision"]["action"], "split");
    assert_eq!(story.clinician().submission(&held).await["state"], "split");
    let parts = parts_of(story, &held).await;
    assert_eq!(parts.len(), 3);
    moderator.releases(&parts[0]).await;
    moderator
        .rejects(&parts[1], "off_topic", "No cake, please.")
        .await;
    for (thread, title, text) in [(&parts[0].thread, "Spring (1/3)", FIRST)] {
        let seen = story.colleague().reads(thread).await;
        assert_eq!(seen["title"], title);
        assert!(
            seen["posts"][0]["body_html"]
                .as_str()
                .unwrap()
                .contains(text)
        );
    }
    for unseen in [&held.thread, &parts[1].thread, &parts[2].thread] {
        story
            .colleague()
            .get(&format!("/api/threads/{unseen}"))
            .await
            .refused(404, "not_found");
    }
    let own = story.clinician().submission(&held).await;
    let states: Vec<&Value> = own["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["state"])
        .collect();
    assert_eq!(states, ["released", "rejected", "in_review"]);
    let item = moderator.item_of(&parts[2]).await;
    let view = moderator
        .get(&format!("/api/review/items/{item}"))
        .await
        .is(200);
    assert_eq!(view["revision"]["body"], THIRD);
    assert_eq!(view["part_of"], json!(moderator.item_of(&held).await));
    assert!(view["due_at"].as_str() <= own["expected_by"].as_str());
}

async fn the_parts_of_a_reply_answer_the_same_post_when_the_window_has_passed(story: &mut Story) {
    story.node.restart_with(&[SHORT_WINDOW]).await;
    let moderator = story.moderator();
    let thread = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    moderator.releases(&thread).await;
    eventually("the thread is released", async || {
        let path = format!("/api/threads/{}", thread.thread);
        (story.colleague().get(&path).await.status == 200).then_some(())
    })
    .await;
    let texts = [SECOND, THIRD];
    let held = story
        .clinician()
        .replies(&thread.thread, &texts.join("\n"))
        .await;
    assert_eq!(splits(&moderator, &held, &texts).await["state"], "settling");
    let parts = eventually("the parts are there", async || {
        let parts = parts_of(story, &held).await;
        (parts.len() == 2).then_some(parts)
    })
    .await;
    for part in &parts {
        assert_eq!(part.thread, thread.thread);
        moderator.releases(part).await;
    }
    eventually("both are seen", async || {
        (story.colleague().texts_in(&thread.thread).await.len() == 3).then_some(())
    })
    .await;
}

/// R-PV-30: the event that the whole reports has one case; a part that reports it opens no second one.
async fn the_case_of_a_split_text_stays_and_is_the_only_one(story: &mut Story) {
    let texts = [ADVERSE_EVENT, SECOND];
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Rash", &texts.join("\n"))
        .await;
    splits(&story.moderator(), &held, &texts).await;
    let rows = story.rows().await;
    let cases = rows.count("SELECT COUNT(*) AS n FROM safety_case").await;
    rows.close().await;
    assert_eq!(cases, 1);
    for part in parts_of(story, &held).await {
        story.moderator().releases(&part).await;
    }
}

async fn what_stands_in_one_place_is_not_split_nor_cut_into_nothing(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let texts = [FIRST, SECOND];
    let body = texts.join("\n");
    let edit = story.clinician().edits(&thread.post, &body).await;
    let profile = story
        .clinician()
        .writes_profile(CLINICIANS, "One. Two.")
        .await;
    let moderator = story.moderator();
    for held in [&edit, &profile] {
        let claimed = moderator.claims(held).await;
        let actions = claimed.view["actions"].as_array().unwrap();
        assert!(actions.iter().all(|one| one["action"] != "split"));
        let mut ruling = claimed.ruling("split");
        ruling["cuts"] = json!([4]);
        moderator
            .decides(&claimed, &ruling)
            .await
            .refused(409, "not_divisible");
    }
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Spring", &body)
        .await;
    let claimed = moderator.claims(&held).await;
    let mut ruling = claimed.ruling("split");
    moderator
        .decides(&claimed, &ruling)
        .await
        .refused(422, "invalid");
    for wrong in [
        json!([]),
        json!([0]),
        json!([9_999]),
        json!([5, 5]),
        json!([1, 2, 3, 4, 5]),
    ] {
        ruling["cuts"] = wrong;
        moderator
            .decides(&claimed, &ruling)
            .await
            .refused(422, "invalid");
    }
}

stories![
    a_duplicate_is_closed_with_the_way_to_what_was_said_before,
    a_text_repeats_what_is_released_here_or_waits_of_the_same_author,
    the_case_of_a_duplicate_stays,
    each_part_of_a_split_thread_is_decided_on_alone,
    the_parts_of_a_reply_answer_the_same_post_when_the_window_has_passed,
    the_case_of_a_split_text_stays_and_is_the_only_one,
    what_stands_in_one_place_is_not_split_nor_cut_into_nothing,
];
