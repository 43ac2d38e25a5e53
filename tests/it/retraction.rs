//! RETRACT and RESTORE: words that were released are taken from readers, and a public text stands in their place.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Answer, Person, Story, node, stories, world};
use serde_json::{Value, json};

/// A word that stands in retracted texts alone.
const MARK: &str = "Zyxretracted";
const TOMBSTONE: &str = "The moderators removed this post.";

async fn retracts(who: &Person, post: &str) -> Answer {
    let order =
        json!({ "reason_code": "privacy", "words": "It names a patient.", "tombstone": TOMBSTONE });
    who.post(&format!("/api/posts/{post}/retraction"), &order)
        .await
}

async fn restores(who: &Person, post: &str) -> Answer {
    let order =
        json!({ "reason_code": "retracted_in_error", "words": "It named nobody after all." });
    who.post(&format!("/api/posts/{post}/restoration"), &order)
        .await
}

async fn a_marked_thread_with_a_marked_reply(story: &Story) -> (Accepted, Accepted) {
    let title = format!("{MARK} club");
    let body = format!("{MARK} opening. {HARMLESS}");
    let thread = story
        .clinician()
        .starts_thread(CLINICIANS, &title, &body)
        .await;
    story.moderator().releases(&thread).await;
    let reply = story
        .a_released_reply(&thread, &format!("{MARK} reply, which is about spring"))
        .await;
    (thread, reply)
}

async fn connected_readers_see_the_public_text_at_once(story: &mut Story) {
    let (thread, reply) = a_marked_thread_with_a_marked_reply(story).await;
    let mut readers = Vec::new();
    for key in ["colleague", "clinician", "inspector"] {
        let mut socket = story.person(key).goes_live().await;
        socket.follows(&thread.stream(), 2).await;
        readers.push(socket);
    }
    let mut community = story.colleague().goes_live().await;
    let stream = story.community_stream(CLINICIANS);
    community.follows(&stream, 1).await;

    let kept = retracts(&story.moderator(), &reply.post).await.is(201);
    assert_eq!(
        (&kept["action"], &kept["tombstone"]),
        (&json!("retract"), &json!(TOMBSTONE))
    );
    for socket in &mut readers {
        let (seq, event) = socket.next_event().await;
        assert_eq!((seq, &event["kind"]), (3, &json!("post_retracted")));
        let post = &event["post"];
        assert_eq!(post["id"], *reply.post);
        assert_eq!(post["tombstone"]["text"], TOMBSTONE);
        assert_eq!(
            (&post["body_html"], &post["title"]),
            (&json!(""), &Value::Null)
        );
    }
    retracts(&story.moderator(), &thread.post).await.is(201);
    let (_, event) = community.next_event().await;
    assert_eq!(event["kind"], "thread_retracted");
    assert_eq!(event["thread"]["id"], *thread.thread);
    assert_eq!(
        (&event["thread"]["title"], &event["thread"]["excerpt"]),
        (&json!(""), &json!(""))
    );
    assert_eq!(event["thread"]["tombstone"]["text"], TOMBSTONE);

    let seen = story.colleague().reads(&thread.thread).await;
    assert_eq!(seen["title"], "");
    for post in seen["posts"].as_array().unwrap() {
        assert_eq!(post["tombstone"]["text"], TOMBSTONE);
    }
}

/// Neither a list nor a view, neither a live event nor the replay of an old one shows retracted words to a reader; a
/// crash brings nothing back.
async fn retracted_words_are_in_nothing_that_a_reader_can_reach(story: &mut Story) {
    let (thread, reply) = a_marked_thread_with_a_marked_reply(story).await;
    let profile = story
        .clinician()
        .writes_profile(CLINICIANS, &format!("{MARK} line"))
        .await;
    let described = story
        .person("steward")
        .describes(CLINICIANS, &format!("{MARK} description of this place"))
        .await;
    for text in [&profile, &described] {
        story.moderator().releases(text).await;
    }
    for post in [&thread.post, &reply.post, &profile.post, &described.post] {
        retracts(&story.moderator(), post).await.is(201);
    }
    story.node.restart().await;
    let rows = story.rows().await;
    let paths = world::addresses(&story.visitor(), &rows, story, 100).await;
    rows.close().await;
    for (key, person) in story.everybody() {
        let staff = [
            "moderator",
            "deputy",
            "lead",
            "mlr_approver",
            "medical_reviewer",
        ];
        let author = ["clinician", "steward"];
        let may = staff.contains(&&*key) || author.contains(&&*key);
        let seen = world::see(&person, &paths).await;
        let found: Vec<&str> = seen
            .iter()
            .filter(|(_, text)| text.contains(MARK))
            .map(|(path, _)| path.as_str())
            .collect();
        if may {
            let own = |path: &&str| {
                !path.starts_with("/api/review/") && !path.starts_with("/api/submissions")
            };
            let elsewhere: Vec<_> = found.into_iter().filter(own).collect();
            assert!(elsewhere.is_empty(), "{key} finds it at {elsewhere:?}");
        } else {
            assert!(found.is_empty(), "{key} finds it at {found:?}");
        }
    }
    for stream in [thread.stream(), story.community_stream(CLINICIANS)] {
        let mut socket = story.colleague().goes_live().await;
        let (replayed, _) = socket.follows(&stream, 0).await;
        assert!(replayed.len() > 1, "there is nothing to leak: {replayed:?}");
        assert!(!socket.heard.join("").contains(MARK), "{:?}", socket.heard);
        assert!(socket.heard.join("").contains(TOMBSTONE));
    }
    let log = story.node.log().join("\n");
    assert!(!log.contains(MARK) && !log.contains("names a patient"));
}

async fn a_restored_text_is_seen_again_as_it_was(story: &mut Story) {
    let (thread, reply) = a_marked_thread_with_a_marked_reply(story).await;
    let before = story.colleague().reads(&thread.thread).await;
    for post in [&reply.post, &thread.post] {
        retracts(&story.moderator(), post).await.is(201);
    }
    let mut socket = story.colleague().goes_live().await;
    socket.follows(&thread.stream(), 4).await;
    for post in [&reply.post, &thread.post] {
        restores(&story.moderator(), post).await.is(201);
    }
    let (_, event) = socket.next_event().await;
    assert_eq!(event["kind"], "post_restored");
    assert!(event["post"]["body_html"].as_str().unwrap().contains(MARK));
    assert_eq!(event["post"]["tombstone"], Value::Null);
    let after = story.colleague().reads(&thread.thread).await;
    for (old, new) in before["posts"]
        .as_array()
        .unwrap()
        .iter()
        .zip(after["posts"].as_array().unwrap())
    {
        for member in [
            "id",
            "title",
            "body_html",
            "released_at",
            "revision_number",
            "edited",
        ] {
            assert_eq!(old[member], new[member], "{member}");
        }
    }
    restores(&story.moderator(), &reply.post)
        .await
        .refused(409, "not_retracted");
}

async fn a_retraction_needs_a_reason_words_and_a_public_text_that_the_rules_let_pass(
    story: &mut Story,
) {
    let thread = story.a_released_thread().await;
    let path = format!("/api/posts/{}/retraction", thread.post);
    let moderator = story.moderator();
    let order = |words: &str, tombstone: &str| json!({ "reason_code": "privacy", "words": words, "tombstone": tombstone });
    let refused = moderator.post(&path, &order(" ", TOMBSTONE)).await.is(422);
    assert_eq!(refused["errors"][0]["field"], "words");
    let refused = moderator.post(&path, &order("Why.", "")).await.is(422);
    assert_eq!(refused["errors"][0]["field"], "tombstone");
    let long = "a ".repeat(251);
    let refused = moderator.post(&path, &order("Why.", &long)).await.is(422);
    assert_eq!(refused["errors"][0]["field"], "tombstone");
    moderator
        .post(
            &path,
            &order(
                "Why.",
                "Velmora is safe and works better than any other drug.",
            ),
        )
        .await
        .refused(422, "tombstone_held");
    assert!(story.colleague().texts_in(&thread.thread).await[0].contains("journal club"));

    let held = story.clinician().replies(&thread.thread, HARMLESS).await;
    retracts(&moderator, &held.post)
        .await
        .refused(404, "not_found");
    let own = moderator.replies(&thread.thread, "My own words here").await;
    story.person("deputy").releases(&own).await;
    retracts(&moderator, &own.post)
        .await
        .refused(403, "own_text");
    restores(&moderator, &thread.post)
        .await
        .refused(409, "not_retracted");
    retracts(&moderator, &thread.post).await.is(201);
    retracts(&moderator, &thread.post)
        .await
        .refused(409, "already_retracted");
}

/// The author is told why, and may send better words; what was retracted takes no answers.
async fn the_author_is_told_and_a_better_text_takes_the_place(story: &mut Story) {
    let (thread, reply) = a_marked_thread_with_a_marked_reply(story).await;
    let mut own = story.clinician().goes_live().await;
    own.say(&json!({ "type": "subscribe", "stream": "me" }))
        .await;
    own.next_of("subscribed").await;
    retracts(&story.moderator(), &reply.post).await.is(201);
    let hint = own.next_of("hint").await;
    assert_eq!(hint["id"], *reply.submission);
    let told = story.clinician().submission(&reply).await;
    assert_eq!(told["state"], "retracted");
    assert_eq!(told["retraction"]["words"], "It names a patient.");
    assert_eq!(told["retraction"]["tombstone"], TOMBSTONE);
    assert!(
        told["body"].as_str().unwrap().contains(MARK),
        "one's own words stay one's own"
    );

    let answer = json!({ "body": "An answer to what is gone", "parent_id": reply.post });
    let path = format!("/api/threads/{}/replies", thread.thread);
    story
        .colleague()
        .post(&path, &answer)
        .await
        .refused(404, "not_found");

    let better = story
        .clinician()
        .edits(&reply.post, "Better words about spring")
        .await;
    let texts = story.colleague().texts_in(&thread.thread).await;
    assert_eq!(texts[1], "", "until a person has released them");
    story.moderator().releases(&better).await;
    let seen = story.colleague().reads(&thread.thread).await;
    assert_eq!(seen["posts"][1]["tombstone"], Value::Null);
    assert!(
        seen["posts"][1]["body_html"]
            .as_str()
            .unwrap()
            .contains("Better words")
    );
    assert_eq!(
        story.clinician().submission(&reply).await["state"],
        "released"
    );
}

/// R-PV-01: a retraction closes no safety case.
async fn a_retracted_text_keeps_its_safety_case(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let told = story
        .clinician()
        .replies(&thread.thread, ADVERSE_EVENT)
        .await;
    story.moderator().releases(&told).await;
    let officer = story.person("safety_officer");
    let before = officer.get("/api/safety/cases").await.is(200);
    let case = format!(
        "/api/safety/cases/{}",
        before["items"][0]["id"].as_str().unwrap()
    );
    retracts(&story.moderator(), &told.post).await.is(201);
    let kept = officer.get(&case).await.is(200);
    assert_eq!(kept["id"], before["items"][0]["id"]);
    assert!(kept.to_string().contains("severe rash"), "{kept}");
}

/// R-ER-24: what was retracted and restored verifies offline, and a database that hides it does not.
async fn a_bundle_tells_of_retractions_and_verifies(story: &mut Story) {
    let (thread, reply) = a_marked_thread_with_a_marked_reply(story).await;
    for post in [&thread.post, &reply.post] {
        retracts(&story.moderator(), post).await.is(201);
    }
    restores(&story.moderator(), &reply.post).await.is(201);
    let inspector = story.person("inspector");
    let answer = inspector.post("/api/exports", &json!({})).await;
    answer.is(200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, &answer.body).unwrap();
    let words = ["audit", "verify", path.to_str().unwrap()];
    let ran = node::run(&words).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert!(
        ran.out.contains("3 retractions and restorations"),
        "{}",
        ran.out
    );
}

async fn of_many_retractions_at_once_one_counts(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let moderator = story.moderator();
    let tries = (0..12).map(|_| retracts(&moderator, &thread.post));
    let answers = futures_util::future::join_all(tries).await;
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(done, 1);
    assert!(
        answers
            .iter()
            .all(|answer| [201, 409].contains(&answer.status))
    );
    let rows = story.rows().await;
    let kept = "SELECT COUNT(*) AS n FROM retraction";
    assert_eq!(rows.count(kept).await, 1);
    let changed = rows.run("UPDATE retraction SET words = 'other'").await;
    assert!(changed.is_err(), "what was done is evidence");
    rows.close().await;
}

stories![
    connected_readers_see_the_public_text_at_once,
    retracted_words_are_in_nothing_that_a_reader_can_reach,
    a_restored_text_is_seen_again_as_it_was,
    a_retraction_needs_a_reason_words_and_a_public_text_that_the_rules_let_pass,
    the_author_is_told_and_a_better_text_takes_the_place,
    a_retracted_text_keeps_its_safety_case,
    a_bundle_tells_of_retractions_and_verifies,
    of_many_retractions_at_once_one_counts,
];
