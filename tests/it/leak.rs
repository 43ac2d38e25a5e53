//! A word that stands only in held texts is looked for in everything that anybody who is not entitled can reach.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Person, Socket, Story, stories, world};
use reqwest::Method;
use serde_json::json;

/// A word for each text that is held.
const TITLE: &str = "Zyxtitle";
const THREAD: &str = "Zyxthread";
const REPLY: &str = "Zyxreply";
const EDIT: &str = "Zyxedit";
const EDITED_TITLE: &str = "Zyxretitled";
const PROFILE: &str = "Zyxprofile";
const DESCRIPTION: &str = "Zyxdescription";
const REJECTED: &str = "Zyxrejected";
const WITHDRAWN: &str = "Zyxwithdrawn";
const PRECHECKED: &str = "Zyxprechecked";
const WORDS: &str = "Zyxwords";
/// What every marker begins with.
const MARK: &str = "Zyx";

/// Somebody's sockets, on every stream that they can follow and every one that they should not.
async fn listens(person: &Person, streams: &[String]) -> Socket {
    let mut socket = person.goes_live().await;
    for stream in streams {
        socket
            .say(&json!({ "type": "subscribe", "stream": stream, "after": 0 }))
            .await;
        loop {
            let frame = socket.next().await;
            if ["subscribed", "error", "resync"].contains(&frame["type"].as_str().unwrap()) {
                break;
            }
        }
    }
    socket
}

struct Texts {
    held: Vec<Accepted>,
}

async fn texts_of_every_kind_are_held(story: &Story, thread: &Accepted) -> Texts {
    let clinician = story.clinician();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": format!("{TITLE} and more"), "body": format!("{THREAD}. {ADVERSE_EVENT}") });
    let mut held = vec![Accepted::from(&clinician.post(&path, &draft).await)];
    held.push(
        clinician
            .replies(&thread.thread, &format!("{REPLY} is what I wanted to say"))
            .await,
    );
    let edit = json!({ "title": format!("{EDITED_TITLE} club"), "body": format!("{EDIT} of what was released") });
    held.push(Accepted::from(
        &clinician
            .post(&format!("/api/posts/{}/revisions", thread.post), &edit)
            .await,
    ));
    held.push(
        clinician
            .writes_profile(CLINICIANS, &format!("{PROFILE} is my line"))
            .await,
    );
    held.push(
        story
            .person("steward")
            .describes(CLINICIANS, &format!("{DESCRIPTION} of this place"))
            .await,
    );
    let rejected = clinician
        .replies(&thread.thread, &format!("{REJECTED} as I said"))
        .await;
    story
        .moderator()
        .rejects(&rejected, "off_topic", &format!("{WORDS} to the author"))
        .await;
    held.push(rejected);
    let withdrawn = clinician
        .replies(&thread.thread, &format!("{WITHDRAWN} by its author"))
        .await;
    clinician
        .ask(&format!(
            "/api/submissions/{}/withdraw",
            withdrawn.submission
        ))
        .await
        .is(204);
    held.push(withdrawn);
    let draft = json!({ "community": CLINICIANS, "surface": "reply", "thread_id": thread.thread, "body": format!("{PRECHECKED} {ADVERSE_EVENT}") });
    clinician.post("/api/precheck", &draft).await.is(200);
    Texts { held }
}

/// Which marked words this person may see, and nobody may see more.
fn may_see(key: &str) -> Vec<&'static str> {
    match key {
        "clinician" => vec![
            TITLE,
            THREAD,
            REPLY,
            EDIT,
            EDITED_TITLE,
            PROFILE,
            REJECTED,
            WITHDRAWN,
            WORDS,
        ],
        "steward" => vec![DESCRIPTION],
        "moderator" | "deputy" | "lead" | "medical_reviewer" | "mlr_approver" => {
            vec![
                TITLE,
                THREAD,
                REPLY,
                EDIT,
                EDITED_TITLE,
                PROFILE,
                DESCRIPTION,
                REJECTED,
                WITHDRAWN,
                WORDS,
            ]
        }
        "safety_officer" => vec![TITLE, THREAD],
        _ => Vec::new(),
    }
}

/// The marked words in a text.
fn marks(text: &str) -> Vec<String> {
    let word = |part: &str| {
        let end = part
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(part.len());
        format!("{MARK}{}", &part[..end])
    };
    text.split(MARK).skip(1).map(word).collect()
}

async fn a_held_word_reaches_only_its_author_and_those_who_must_decide(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let streams = vec![
        thread.stream(),
        story.community_stream(CLINICIANS),
        "me".to_owned(),
        "review".to_owned(),
    ];
    let mut sockets = Vec::new();
    for (key, person) in story
        .everybody()
        .into_iter()
        .filter(|(key, _)| key != "former")
    {
        sockets.push((key, listens(&person, &streams).await));
    }
    let texts = texts_of_every_kind_are_held(story, &thread).await;
    let mut late = Vec::new();
    for held in texts.held.iter().filter(|held| !held.thread.is_empty()) {
        late.push(listens(&story.colleague(), &[held.stream()]).await);
    }
    for fence in ["A last word that", "comes after all of that"] {
        story
            .a_released_reply(&thread, &format!("{fence} everybody may read"))
            .await;
    }

    let rows = story.rows().await;
    let paths = world::addresses(&story.visitor(), &rows, story, 100).await;
    rows.close().await;
    let mut found = Vec::new();
    let mut everybody: Vec<_> = story
        .everybody()
        .into_iter()
        .map(|(key, person)| (key, (*person).clone()))
        .collect();
    everybody.push(("visitor".to_owned(), story.visitor()));
    for (key, caller) in &everybody {
        let mut seen = std::collections::BTreeSet::new();
        for (path, text) in world::see(caller, &paths).await {
            for mark in marks(&text) {
                if !may_see(key).contains(&mark.as_str()) {
                    found.push(format!("{key} finds {mark} at {path}"));
                }
                seen.insert(mark);
            }
        }
        let missing: Vec<_> = may_see(key)
            .into_iter()
            .filter(|mark| !seen.contains(*mark))
            .collect();
        assert!(
            missing.is_empty(),
            "this test is blind: {key} should find {missing:?}"
        );
    }
    for (key, socket) in &mut sockets {
        // Whoever follows the thread has heard the last release; whatever came before it has come.
        if [
            "clinician",
            "colleague",
            "inspector",
            "moderator",
            "safety_officer",
        ]
        .contains(&key.as_str())
        {
            while !socket.heard.join("").contains("comes after all of that") {
                socket.next().await;
            }
        }
        for mark in marks(&socket.heard.join("\n")) {
            found.push(format!("{key} hears {mark}"));
        }
    }
    for socket in &late {
        found.extend(
            marks(&socket.heard.join("\n"))
                .into_iter()
                .map(|mark| format!("a late socket hears {mark}")),
        );
    }
    for mark in marks(&story.node.log().join("\n")) {
        found.push(format!("the server's log says {mark}"));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(!story.node.log().is_empty());
}

/// Refusals say nothing either, and neither do answers to those who try to change what they cannot see.
async fn no_refusal_quotes_what_is_held(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let texts = texts_of_every_kind_are_held(story, &thread).await;
    let colleague = story.colleague();
    for held in &texts.held {
        for (method, path) in [
            (Method::POST, format!("/api/posts/{}/revisions", held.post)),
            (Method::POST, format!("/api/threads/{}/replies", held.post)),
            (
                Method::POST,
                format!("/api/submissions/{}/withdraw", held.submission),
            ),
            (Method::GET, format!("/api/submissions/{}", held.submission)),
            (Method::GET, format!("/api/threads/{}", held.post)),
            (Method::GET, format!("/c/clinicians/{}", held.post)),
        ] {
            let request = colleague
                .request(method, &path)
                .json(&json!({ "body": HARMLESS }));
            let answer = colleague.send(request).await;
            assert!(marks(&answer.text()).is_empty(), "{answer}");
        }
    }
    let precheck = json!({ "community": CLINICIANS, "surface": "reply", "thread_id": texts.held[0].post, "body": "me too" });
    colleague
        .post("/api/precheck", &precheck)
        .await
        .refused(404, "not_found");
    let theirs = json!({ "community": CLINICIANS, "surface": "reply", "post_id": texts.held[1].post, "body": "me too" });
    colleague
        .post("/api/precheck", &theirs)
        .await
        .refused(404, "not_found");
}

/// What staff and inspectors of another community take home holds nothing of this one.
async fn an_export_of_another_community_holds_nothing_of_this_one(story: &mut Story) {
    let thread = story.a_released_thread().await;
    texts_of_every_kind_are_held(story, &thread).await;
    let answer = story
        .person("neighbour")
        .post("/api/exports", &json!({}))
        .await;
    answer.is(200);
    assert!(
        marks(&answer.text()).is_empty(),
        "entries are stored uncompressed"
    );
    let own = story
        .person("inspector")
        .post("/api/exports", &json!({}))
        .await;
    own.is(200);
    assert!(!marks(&own.text()).is_empty(), "this test is blind");
}

/// Measurements count; they do not quote.
async fn metrics_carry_no_identifier_and_no_text(story: &mut Story) {
    let thread = story.a_released_thread().await;
    texts_of_every_kind_are_held(story, &thread).await;
    let metrics = story.visitor().get("/metrics").await;
    metrics.is(200);
    let text = metrics.text();
    assert!(text.contains("http_requests_total"), "{text}");
    assert!(marks(&text).is_empty());
    for secret in [
        &*thread.thread,
        CLINICIANS,
        &story.clinician().who.account,
        "Amara",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    let proxied = story
        .visitor()
        .request(Method::GET, "/metrics")
        .header("x-forwarded-for", "192.0.2.1");
    story
        .visitor()
        .send(proxied)
        .await
        .refused(404, "not_found");
}

stories![
    a_held_word_reaches_only_its_author_and_those_who_must_decide,
    no_refusal_quotes_what_is_held,
    an_export_of_another_community_holds_nothing_of_this_one,
    metrics_carry_no_identifier_and_no_text,
];
