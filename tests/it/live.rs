//! TELL: numbered streams over sockets that resume without loss or duplicate.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Accepted, Node, Person, Socket, Story, stories};
use serde_json::{Value, json};

async fn some_released_replies(story: &Story, thread: &Accepted, words: &[&str]) {
    for word in words {
        story
            .a_released_reply(thread, &format!("The reply that says {word} to everybody"))
            .await;
    }
}

fn numbers(gap: &[Value]) -> Vec<i64> {
    gap.iter()
        .map(|frame| frame["seq"].as_i64().unwrap())
        .collect()
}

async fn a_release_reaches_every_socket_of_the_thread_and_nothing_does_before(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let mut sockets = Vec::new();
    for key in ["colleague", "clinician", "inspector"] {
        let mut socket = story.person(key).goes_live().await;
        let (_, seq) = socket.follows(&thread.stream(), 1).await;
        assert_eq!(seq, 1, "the thread's own first post");
        sockets.push(socket);
    }
    let reply = story
        .clinician()
        .replies(&thread.thread, "A reply that waits for a person")
        .await;
    story.moderator().releases(&reply).await;
    for socket in &mut sockets {
        let (seq, event) = socket.next_event().await;
        assert_eq!((seq, &event["kind"]), (2, &json!("post_released")));
        assert_eq!(event["post"]["id"], *reply.post);
        assert!(
            event["post"]["body_html"]
                .as_str()
                .unwrap()
                .contains("waits for a person")
        );
        assert!(
            event["post"].get("body").is_none(),
            "Markdown is for its author alone"
        );
        assert_eq!(event["post"]["can_edit"], false);
    }
    let edit = story
        .clinician()
        .edits(&reply.post, "The same reply in better words")
        .await;
    story.moderator().releases(&edit).await;
    for socket in &mut sockets {
        let (seq, event) = socket.next_event().await;
        assert_eq!((seq, &event["kind"]), (3, &json!("post_edited")));
    }
}

async fn a_new_thread_is_told_to_its_community(story: &mut Story) {
    let mut socket = story.colleague().goes_live().await;
    socket.follows(&story.community_stream(CLINICIANS), 0).await;
    let thread = story.a_released_thread().await;
    let (seq, event) = socket.next_event().await;
    assert_eq!(
        (seq, &event["kind"], &event["thread"]["id"]),
        (1, &json!("thread_released"), &json!(thread.thread))
    );
}

async fn a_reader_that_comes_back_gets_the_gap_without_loss_or_duplicate(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let mut socket = story.colleague().goes_live().await;
    socket.follows(&thread.stream(), 0).await;
    some_released_replies(story, &thread, &["one", "two"]).await;
    for expected in [2, 3] {
        assert_eq!(socket.next_event().await.0, expected);
    }
    drop(socket);
    some_released_replies(story, &thread, &["three", "four", "five"]).await;
    let mut socket = story.colleague().goes_live().await;
    let (gap, seq) = socket.follows(&thread.stream(), 3).await;
    assert_eq!((numbers(&gap), seq), (vec![4, 5, 6], 6));
    some_released_replies(story, &thread, &["six"]).await;
    assert_eq!(socket.next_event().await.0, 7);
    drop(socket);

    // The same after a crash: events are rows.
    story.node.restart().await;
    let mut socket = story.colleague().goes_live().await;
    let (gap, _) = socket.follows(&thread.stream(), 0).await;
    assert_eq!(numbers(&gap), [1, 2, 3, 4, 5, 6, 7]);
    let words: Vec<_> = gap
        .iter()
        .map(|frame| frame["event"]["post"]["id"].as_str().unwrap().to_owned())
        .collect();
    let mut once = words.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), words.len());
}

async fn what_is_released_while_one_subscribes_comes_exactly_once(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let mut held = Vec::new();
    for n in 0..6 {
        held.push(
            story
                .clinician()
                .replies(&thread.thread, &format!("Reply number {n} of the six"))
                .await,
        );
    }
    let releases = async {
        for reply in &held {
            story.moderator().releases(reply).await;
        }
    };
    let listens = async {
        let mut socket = story.colleague().goes_live().await;
        let (gap, mut seq) = socket.follows(&thread.stream(), 0).await;
        let mut all = numbers(&gap);
        while seq < 7 {
            seq = socket.next_event().await.0;
            all.push(seq);
        }
        all
    };
    let ((), all) = tokio::join!(releases, listens);
    assert_eq!(all, [1, 2, 3, 4, 5, 6, 7]);
}

async fn a_gap_that_is_too_long_is_fetched_again(story: &mut Story) {
    story.node.restart_with(&[("LIVE__LONGEST_GAP", "2")]).await;
    let thread = story.a_released_thread().await;
    some_released_replies(story, &thread, &["one", "two", "three"]).await;
    let mut socket = story.colleague().goes_live().await;
    socket
        .say(&json!({ "type": "subscribe", "stream": thread.stream(), "after": 0 }))
        .await;
    assert_eq!(
        socket.next().await,
        json!({ "type": "resync", "stream": thread.stream() })
    );
    let seq = story.colleague().reads(&thread.thread).await["seq"]
        .as_i64()
        .unwrap();
    let (gap, _) = socket.follows(&thread.stream(), seq).await;
    assert_eq!(numbers(&gap), Vec::<i64>::new());
    some_released_replies(story, &thread, &["four"]).await;
    assert_eq!(socket.next_event().await.0, seq + 1);
}

async fn a_reader_that_is_too_slow_is_told_to_fetch_again(story: &mut Story) {
    story
        .node
        .restart_with(&[
            ("LIVE__QUEUE", "1"),
            ("SUBMISSIONS__BODY_CHARACTERS", "1000000"),
        ])
        .await;
    let thread = story.a_released_thread().await;
    let mut slow = Socket::open_with_little_room(&story.colleague()).await;
    slow.follows(&thread.stream(), 1).await;
    // Texts that fill every buffer between the server and a reader that does not read.
    let long = "word ".repeat(80_000);
    let mut last = 1;
    while last < 14 {
        story.a_released_reply(&thread, &long).await;
        last += 1;
    }
    let mut heard = Vec::new();
    loop {
        let frame = slow.next().await;
        match frame["type"].as_str() {
            Some("event") => heard.push(frame["seq"].as_i64().unwrap()),
            Some("resync") => break,
            _ => panic!("{frame}"),
        }
    }
    assert!(heard.len() < 13, "{heard:?}");
    assert_eq!(
        heard,
        (2..2 + i64::try_from(heard.len()).unwrap()).collect::<Vec<_>>(),
        "no gap before the resync"
    );
    let seq = story.colleague().reads(&thread.thread).await["seq"]
        .as_i64()
        .unwrap();
    assert_eq!(seq, last);
    slow.follows(&thread.stream(), seq).await;
    some_released_replies(story, &thread, &["short"]).await;
    assert_eq!(slow.next_event().await.0, seq + 1);
}

async fn what_one_may_not_read_one_may_not_follow(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let refused = async |key: &str, stream: &str| {
        let mut socket = story.person(key).goes_live().await;
        socket
            .say(&json!({ "type": "subscribe", "stream": stream, "after": 0 }))
            .await;
        let frame = socket.next().await;
        assert_eq!(
            frame["code"], "stream_unknown",
            "{key} follows {stream}: {frame}"
        );
    };
    for key in ["patient", "neighbour", "partner"] {
        refused(key, &thread.stream()).await;
        refused(key, &story.community_stream(CLINICIANS)).await;
    }
    for key in [
        "colleague",
        "inspector",
        "safety_officer",
        "steward",
        "patient",
    ] {
        refused(key, "review").await;
    }
    refused("colleague", "thread:nonsense").await;
    refused("colleague", "everything").await;
    refused(
        "colleague",
        &format!("me:{}", story.clinician().who.account),
    )
    .await;
    refused(
        "colleague",
        &format!("review:{}", story.community(CLINICIANS)),
    )
    .await;
    // A held thread may be followed in vain, but never tells anything before its release.
    let mut socket = story.colleague().goes_live().await;
    socket
        .say(&json!({ "type": "subscribe", "stream": held.stream(), "after": 0 }))
        .await;
    let frame = socket.next().await;
    assert!(frame["type"] == "error" || frame["seq"] == 0, "{frame}");
}

async fn the_handshake_asks_for_a_session_and_our_own_origin(story: &mut Story) {
    let knock = async |caller: &hortus_tests::Caller, origin: Option<&str>| {
        Socket::knock(caller, origin).await.err()
    };
    let (visitor, colleague) = (story.visitor(), story.colleague());
    let own = story.node.url();
    assert_eq!(knock(&visitor, Some(&own)).await, Some(401));
    assert_eq!(knock(&colleague, Some(&own)).await, None);
    assert_eq!(
        knock(&colleague, None).await,
        None,
        "programs send no origin"
    );
    for foreign in [
        "https://evil.example",
        "null",
        "https://localhost",
        &format!("{own}.evil.example"),
    ] {
        assert_eq!(
            knock(&colleague, Some(foreign)).await,
            Some(403),
            "{foreign}"
        );
    }
    // A person without a community has nothing to follow there but what is theirs.
    let mut former = story.person("former").goes_live().await;
    former.follows("me", 0).await;
    former.say(&json!({ "type": "subscribe", "stream": story.community_stream(CLINICIANS), "after": 0 })).await;
    assert_eq!(former.next().await["code"], "stream_unknown");
}

/// R-PR-07: hints carry identifiers, never text.
async fn authors_and_the_desk_are_hinted_at_without_a_word_of_the_text(story: &mut Story) {
    let mut author = story.clinician().goes_live().await;
    author.follows("me", 0).await;
    let mut desk = story.person("deputy").goes_live().await;
    desk.follows("review", 0).await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let hint = desk.next().await;
    assert_eq!(
        hint,
        json!({ "type": "hint", "stream": "review", "kind": "queue_changed" })
    );
    story
        .moderator()
        .rejects(&held, "off_topic", "This belongs elsewhere.")
        .await;
    let hint = author.next().await;
    assert_eq!(
        hint,
        json!({ "type": "hint", "stream": "me", "kind": "submission_changed", "id": held.submission })
    );
}

async fn a_desk_on_another_node_hears_of_everything_that_happens_here(story: &mut Story) {
    let other = Node::start(&story.store, &[]).await;
    let mut near = story.person("lead").goes_live().await;
    let mut far = Person::at(&story.person("deputy").who, &other.url())
        .goes_live()
        .await;
    let mut author = Person::at(&story.clinician().who, &other.url())
        .goes_live()
        .await;
    author.follows("me", 0).await;
    for desk in [&mut near, &mut far] {
        desk.follows("review", 0).await;
    }
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A question", HARMLESS)
        .await;
    let queue_changed = json!({ "type": "hint", "stream": "review", "kind": "queue_changed" });
    for desk in [&mut near, &mut far] {
        assert_eq!(desk.next().await, queue_changed, "a new text");
    }
    let claimed = story.moderator().claims(&held).await;
    story
        .moderator()
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    for what in ["claimed", "decided"] {
        for desk in [&mut near, &mut far] {
            assert_eq!(desk.next().await["items"], json!([claimed.item]), "{what}");
        }
    }
    assert_eq!(author.next().await["kind"], "submission_changed");
}

async fn the_end_of_a_session_closes_its_socket_and_no_other(story: &mut Story) {
    let phone = story.colleague().signs_in().await;
    let mut one = story.colleague().goes_live().await;
    let mut two = phone.goes_live().await;
    phone.delete("/api/session").await.is(204);
    assert_eq!(two.close_code().await, Some(4401));
    let thread = story.a_released_thread().await;
    one.follows(&thread.stream(), 0).await;
    let tablet = story.colleague().signs_in().await;
    let mut three = tablet.goes_live().await;
    tablet.delete("/api/sessions").await.is(204);
    assert_eq!(one.close_code().await, Some(4401), "everywhere");
    assert_eq!(three.close_code().await, Some(4401));
}

async fn the_end_of_a_membership_closes_the_socket(story: &mut Story) {
    let colleague = story.colleague();
    let mut socket = colleague.goes_live().await;
    let thread = story.a_released_thread().await;
    socket.follows(&thread.stream(), 0).await;
    let seat = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        colleague.who.account
    );
    story.person("steward").delete(&seat).await.is(204);
    assert_eq!(socket.close_code().await, Some(4403));
    colleague
        .get(&format!("/api/threads/{}", thread.thread))
        .await
        .refused(404, "not_found");
}

async fn a_role_that_is_taken_away_closes_the_socket_that_used_it(story: &mut Story) {
    let deputy = story.person("deputy");
    let mut desk = deputy.goes_live().await;
    desk.follows("review", 0).await;
    let seat = format!(
        "/api/communities/{CLINICIANS}/members/{}",
        deputy.who.account
    );
    story
        .person("steward")
        .patch(&seat, &json!({ "roles": ["member"] }))
        .await
        .is(200);
    assert_eq!(desk.close_code().await, Some(4403));
    deputy
        .get("/api/review/items")
        .await
        .refused(404, "not_found");
}

async fn a_frame_that_makes_no_sense_is_answered_and_the_socket_stays(story: &mut Story) {
    let mut socket = story.colleague().goes_live().await;
    for nonsense in [
        "",
        "hello",
        "{}",
        "{\"type\":\"publish\"}",
        "{\"type\":\"subscribe\"}",
    ] {
        socket.say_text(nonsense).await;
        assert_eq!(
            socket.next().await["code"],
            "unreadable_frame",
            "{nonsense}"
        );
    }
    socket.follows(&story.community_stream(CLINICIANS), 0).await;
}

async fn who_does_not_answer_the_heartbeat_is_let_go(story: &mut Story) {
    story
        .node
        .restart_with(&[("LIVE__HEARTBEAT_SECONDS", "1")])
        .await;
    let mut silent = story.colleague().goes_live().await;
    silent.answers = false;
    let mut polite = story.clinician().goes_live().await;
    let stream = story.community_stream(CLINICIANS);
    let leaves = async {
        let code = silent.close_code().await;
        story.a_released_thread().await;
        code
    };
    let stays = async {
        polite.follows(&stream, 0).await;
        polite.next_event().await.0
    };
    assert_eq!(tokio::join!(leaves, stays), (Some(4408), 1));
}

async fn a_frame_that_is_too_large_ends_the_socket_and_nothing_else(story: &mut Story) {
    let mut socket = story.colleague().goes_live().await;
    socket.say_text(&"x".repeat(10_000)).await;
    socket.close_code().await;
    story.colleague().goes_live().await;
}

stories![
    who_does_not_answer_the_heartbeat_is_let_go,
    a_frame_that_is_too_large_ends_the_socket_and_nothing_else,
    a_release_reaches_every_socket_of_the_thread_and_nothing_does_before,
    a_new_thread_is_told_to_its_community,
    a_reader_that_comes_back_gets_the_gap_without_loss_or_duplicate,
    what_is_released_while_one_subscribes_comes_exactly_once,
    a_gap_that_is_too_long_is_fetched_again,
    a_reader_that_is_too_slow_is_told_to_fetch_again,
    what_one_may_not_read_one_may_not_follow,
    the_handshake_asks_for_a_session_and_our_own_origin,
    authors_and_the_desk_are_hinted_at_without_a_word_of_the_text,
    a_desk_on_another_node_hears_of_everything_that_happens_here,
    the_end_of_a_session_closes_its_socket_and_no_other,
    the_end_of_a_membership_closes_the_socket,
    a_role_that_is_taken_away_closes_the_socket_that_used_it,
    a_frame_that_makes_no_sense_is_answered_and_the_socket_stays,
];
