//! REPORT and APPEAL: texts come to the desk again.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, Claimed, HARMLESS};
use hortus_tests::{Accepted, Answer, Person, Story, node, stories, world};
use serde_json::{Value, json};

const TOMBSTONE: &str = "The moderators removed this post.";
/// A word that stands in what is said to the desk alone.
const MARK: &str = "Zyxtodesk";

async fn reports(who: &Person, post: &str, reason: &str, words: Option<&str>) -> Answer {
    let body = json!({ "reason": reason, "words": words });
    who.post(&format!("/api/posts/{post}/reports"), &body).await
}

async fn appeals(who: &Person, submission: &str, words: &str) -> Answer {
    let path = format!("/api/submissions/{submission}/appeal");
    who.post(&path, &json!({ "words": words })).await
}

/// The items that wait at this person's desk for this reason.
async fn waiting(who: &Person, origin: &str) -> Vec<String> {
    let list = who.get("/api/review/items?limit=200").await.is(200);
    let cards = list["items"].as_array().unwrap().iter();
    cards
        .filter(|card| card["origin"] == origin)
        .map(|card| card["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn claims_the_only(who: &Person, origin: &str) -> Claimed {
    let items = waiting(who, origin).await;
    assert_eq!(items.len(), 1, "{items:?}");
    who.claims_item(&items[0]).await
}

fn retraction(claimed: &Claimed) -> Value {
    let mut ruling = claimed.refusal("retract", "privacy", "It names a patient.");
    ruling["tombstone"] = TOMBSTONE.into();
    ruling
}

async fn states(who: &Person) -> Vec<String> {
    let list = who.get("/api/reports").await.is(200);
    world::column(list["items"].as_array().unwrap(), "state")
}

async fn a_rejected_reply(story: &Story) -> Accepted {
    let thread = story.a_released_thread().await;
    let reply = story.clinician().replies(&thread.thread, HARMLESS).await;
    story
        .moderator()
        .rejects(&reply, "off_topic", "Please keep to the subject.")
        .await;
    reply
}

async fn one_item_collects_the_reports_of_many_and_keeping_ends_it(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let reporters = ["colleague", "safety_officer", "medical_reviewer"];
    for key in reporters {
        let person = story.person(key);
        reports(&person, &thread.post, "misleading", Some("It is not so."))
            .await
            .is(201);
        reports(&person, &thread.post, "spam", None)
            .await
            .refused(409, "already_reported");
        assert_eq!(states(&person).await, ["open"]);
    }
    let moderator = story.moderator();
    let claimed = claims_the_only(&moderator, "report").await;
    let told = claimed.view["reports"].as_array().unwrap();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0]["by"]["id"], *story.colleague().who.account);
    assert_eq!(
        (&told[0]["reason"], &told[0]["words"]),
        (&json!("misleading"), &json!("It is not so."))
    );
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "not_for_this_item");
    moderator
        .decides(&claimed, &claimed.ruling("keep"))
        .await
        .is(200);
    for key in reporters {
        assert_eq!(states(&story.person(key)).await, ["kept"]);
    }
    assert!(story.colleague().texts_in(&thread.thread).await[0].contains("journal club"));
    reports(&story.colleague(), &thread.post, "spam", None)
        .await
        .is(201);
    assert_eq!(states(&story.colleague()).await, ["open", "kept"]);
    assert_eq!(waiting(&moderator, "report").await.len(), 1);
}

async fn a_reported_post_is_retracted_and_nobody_learns_who_reported_it(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let words = format!("{MARK} said by a reader");
    reports(&story.colleague(), &thread.post, "privacy", Some(&words))
        .await
        .is(201);
    let mut socket = story.clinician().goes_live().await;
    socket.follows(&thread.stream(), 1).await;
    let moderator = story.moderator();
    let claimed = claims_the_only(&moderator, "report").await;
    let refused = claimed.refusal("retract", "privacy", "It names a patient.");
    moderator.decides(&claimed, &refused).await.is(422);
    moderator
        .decides(&claimed, &retraction(&claimed))
        .await
        .is(200);
    let (_, event) = socket.next_event().await;
    assert_eq!(event["post"]["tombstone"]["text"], TOMBSTONE);
    assert_eq!(states(&story.colleague()).await, ["retracted"]);
    let told = story.clinician().submission(&thread).await;
    assert_eq!(told["retraction"]["words"], "It names a patient.");

    let rows = story.rows().await;
    let paths = world::addresses(&story.visitor(), &rows, story, 50).await;
    rows.close().await;
    for key in ["clinician", "patient", "inspector", "steward"] {
        let seen = world::see(&story.person(key), &paths).await;
        let found = seen.iter().find(|(_, text)| text.contains(MARK));
        assert!(
            found.is_none(),
            "{key} finds it at {:?}",
            found.map(|f| &f.0)
        );
    }
}

async fn what_one_reported_another_decides(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let deputy = story.person("deputy");
    reports(&deputy, &thread.post, "abusive", None)
        .await
        .is(201);
    let item = waiting(&deputy, "report").await.remove(0);
    let path = format!("/api/review/items/{item}");
    assert_eq!(deputy.get(&path).await.is(200)["conflict"], "reporter");
    deputy
        .ask(&format!("{path}/claim"))
        .await
        .refused(403, "barred");
    let claimed = story.moderator().claims_item(&item).await;
    story
        .moderator()
        .decides(&claimed, &claimed.ruling("keep"))
        .await
        .is(200);
}

/// R-PV-01: what is said beside a report passes the detector as any text does, whatever becomes of the report.
async fn the_words_of_a_report_and_of_an_appeal_may_open_a_safety_case(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let cases = async |story: &Story| {
        let rows = story.rows().await;
        let count = rows.count("SELECT COUNT(*) AS n FROM safety_case").await;
        rows.close().await;
        count
    };
    assert_eq!(cases(story).await, 0);
    let colleague = story.colleague();
    reports(&colleague, &thread.post, "side_effect", Some(ADVERSE_EVENT))
        .await
        .is(201);
    assert_eq!(cases(story).await, 1);
    let moderator = story.moderator();
    let claimed = claims_the_only(&moderator, "report").await;
    assert!(claimed.view["reports"][0]["safety_case"].is_string());
    let rows = story.rows().await;
    let at_risk =
        "SELECT COUNT(*) AS n FROM review_item WHERE origin = 'report' AND risk = 'safety'";
    assert_eq!(rows.count(at_risk).await, 1);
    rows.close().await;
    moderator
        .decides(&claimed, &claimed.ruling("keep"))
        .await
        .is(200);
    let officer = story.person("safety_officer");
    let list = officer.get("/api/safety/cases").await.is(200);
    let case = format!(
        "/api/safety/cases/{}",
        list["items"][0]["id"].as_str().unwrap()
    );
    assert!(
        officer
            .get(&case)
            .await
            .is(200)
            .to_string()
            .contains("severe rash")
    );
    let disposed = json!({ "disposition": "adverse_event" });
    officer
        .post(&format!("{case}/disposition"), &disposed)
        .await
        .is(200);

    let rejected = a_rejected_reply(story).await;
    appeals(&story.clinician(), &rejected.submission, ADVERSE_EVENT)
        .await
        .is(201);
    assert_eq!(cases(story).await, 2);
}

async fn a_report_that_cannot_be_is_refused(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let held = story.clinician().replies(&thread.thread, HARMLESS).await;
    let colleague = story.colleague();
    reports(&colleague, &held.post, "spam", None)
        .await
        .refused(404, "not_found");
    for key in ["patient", "neighbour"] {
        reports(&story.person(key), &thread.post, "spam", None)
            .await
            .refused(404, "not_found");
    }
    reports(&story.clinician(), &thread.post, "spam", None)
        .await
        .refused(409, "own_text");
    reports(&colleague, &thread.post, "other", Some("  "))
        .await
        .is(422);
    let long = "a ".repeat(2_000);
    reports(&colleague, &thread.post, "other", Some(&long))
        .await
        .is(422);
    assert!(waiting(&story.moderator(), "report").await.is_empty());
}

async fn of_many_reports_at_once_one_item_is_opened(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let people = [
        "colleague",
        "moderator",
        "deputy",
        "safety_officer",
        "medical_reviewer",
    ];
    let people: Vec<Person> = people.iter().map(|key| story.person(key)).collect();
    let tries = people
        .iter()
        .flat_map(|who| [who, who])
        .map(|who| reports(who, &thread.post, "spam", Some("It sells something.")));
    let answers = futures_util::future::join_all(tries).await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, people.len());
    assert!(
        answers
            .iter()
            .all(|answer| [201, 409].contains(&answer.status))
    );
    let rows = story.rows().await;
    let items = "SELECT COUNT(*) AS n FROM review_item WHERE origin = 'report'";
    assert_eq!(rows.count(items).await, 1);
    let changed = rows.run("DELETE FROM member_report").await;
    assert!(changed.is_err(), "what was said is evidence");
    rows.close().await;
}

async fn an_appeal_is_decided_by_somebody_else_and_may_release_the_text(story: &mut Story) {
    let rejected = a_rejected_reply(story).await;
    let author = story.clinician();
    assert_eq!(author.submission(&rejected).await["can_appeal"], true);
    appeals(&story.colleague(), &rejected.submission, "Mine?")
        .await
        .refused(404, "not_found");
    appeals(&author, &rejected.submission, " ").await.is(422);
    appeals(
        &author,
        &rejected.submission,
        "It is about the journal club.",
    )
    .await
    .is(201);
    appeals(&author, &rejected.submission, "Once more.")
        .await
        .refused(409, "already_appealed");
    let told = author.submission(&rejected).await;
    assert_eq!(
        (&told["state"], &told["can_appeal"]),
        (&json!("rejected"), &json!(false))
    );
    assert_eq!(told["appeal"]["action"], Value::Null);
    assert!(told["appeal"]["expected_by"].is_string());

    let moderator = story.moderator();
    let item = waiting(&moderator, "appeal").await.remove(0);
    let path = format!("/api/review/items/{item}");
    assert_eq!(
        moderator.get(&path).await.is(200)["conflict"],
        "first_decider"
    );
    moderator
        .ask(&format!("{path}/claim"))
        .await
        .refused(403, "barred");
    let next = moderator.post("/api/review/next", &json!({})).await;
    assert_eq!(next.status, 204, "it is offered to others alone: {next}");
    let deputy = story.person("deputy");
    let claimed = deputy.claims_item(&item).await;
    assert_eq!(
        claimed.view["appeal"]["words"],
        "It is about the journal club."
    );
    assert_eq!(claimed.view["appeal"]["decision"]["action"], "reject");
    deputy
        .decides(&claimed, &claimed.ruling("overturn"))
        .await
        .refused(422, "reason_needed");
    let mut ruling = claimed.ruling("overturn");
    ruling["words"] = "You are right.".into();
    deputy.decides(&claimed, &ruling).await.is(200);
    let told = author.submission(&rejected).await;
    assert_eq!(told["state"], "released");
    assert_eq!(
        (&told["appeal"]["action"], &told["appeal"]["outcome"]),
        (&json!("overturn"), &json!("You are right."))
    );
    let texts = story.colleague().texts_in(&rejected.thread).await;
    assert!(texts[1].contains("journal club"), "{texts:?}");
}

async fn an_appeal_that_is_turned_down_ends_there(story: &mut Story) {
    let rejected = a_rejected_reply(story).await;
    let author = story.clinician();
    appeals(
        &author,
        &rejected.submission,
        "It is about the journal club.",
    )
    .await
    .is(201);
    let deputy = story.person("deputy");
    let claimed = claims_the_only(&deputy, "appeal").await;
    let mut ruling = claimed.ruling("uphold");
    ruling["words"] = "It is still off the subject.".into();
    deputy.decides(&claimed, &ruling).await.is(200);
    let told = author.submission(&rejected).await;
    assert_eq!(
        (&told["state"], &told["can_appeal"]),
        (&json!("rejected"), &json!(false))
    );
    assert_eq!(told["appeal"]["outcome"], "It is still off the subject.");
    appeals(&author, &rejected.submission, "Again.")
        .await
        .refused(409, "already_appealed");
    assert_eq!(story.colleague().texts_in(&rejected.thread).await.len(), 1);
}

async fn only_a_rejection_of_the_newest_version_is_appealed(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let author = story.clinician();
    appeals(&author, &thread.submission, "Why?")
        .await
        .refused(409, "not_rejected");
    let rejected = a_rejected_reply(story).await;
    author
        .edits(&rejected.post, "A better text on the subject")
        .await;
    appeals(&author, &rejected.submission, "Why?")
        .await
        .refused(409, "not_rejected");
    let second = a_rejected_reply(story).await;
    appeals(&author, &second.submission, "Please look again.")
        .await
        .is(201);
    author.edits(&second.post, "A better text, after all").await;
    assert!(
        waiting(&story.person("deputy"), "appeal").await.is_empty(),
        "a newer version takes the place of the appeal"
    );
}

/// R-ER-24: reports, appeals and what was decided on them verify offline.
async fn a_bundle_tells_of_reports_and_appeals_and_verifies(story: &mut Story) {
    let rejected = a_rejected_reply(story).await;
    appeals(
        &story.clinician(),
        &rejected.submission,
        "Please look again.",
    )
    .await
    .is(201);
    let deputy = story.person("deputy");
    let claimed = claims_the_only(&deputy, "appeal").await;
    let mut ruling = claimed.ruling("overturn");
    ruling["words"] = "You are right.".into();
    deputy.decides(&claimed, &ruling).await.is(200);
    reports(
        &story.colleague(),
        &rejected.post,
        "other",
        Some("It says nothing new."),
    )
    .await
    .is(201);
    let claimed = claims_the_only(&story.moderator(), "report").await;
    story
        .moderator()
        .decides(&claimed, &retraction(&claimed))
        .await
        .is(200);
    let answer = story
        .person("inspector")
        .post("/api/exports", &json!({}))
        .await;
    answer.is(200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, &answer.body).unwrap();
    let ran = node::run(&["audit", "verify", path.to_str().unwrap()]).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    for said in ["1 reports of readers", "1 appeals are", "1 retractions"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
}

/// What is said to the desk stays there: it is revised by nobody and answered by nobody.
async fn words_to_the_desk_are_no_post(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let colleague = story.colleague();
    reports(
        &colleague,
        &thread.post,
        "other",
        Some("It says nothing new."),
    )
    .await
    .is(201);
    let rows = story.rows().await;
    let found = rows
        .find("SELECT id FROM post WHERE surface = 'report'")
        .await;
    rows.close().await;
    let post = found[0]["id"].as_str().unwrap();
    colleague
        .post(
            &format!("/api/posts/{post}/revisions"),
            &json!({ "body": HARMLESS }),
        )
        .await
        .refused(404, "not_found");
    let list = colleague.get("/api/submissions").await.is(200);
    assert_eq!(list["items"], json!([]));
    let precheck = json!({ "community": CLINICIANS, "surface": "report", "body": HARMLESS });
    colleague.post("/api/precheck", &precheck).await.is(422);
}

stories![
    one_item_collects_the_reports_of_many_and_keeping_ends_it,
    a_reported_post_is_retracted_and_nobody_learns_who_reported_it,
    what_one_reported_another_decides,
    the_words_of_a_report_and_of_an_appeal_may_open_a_safety_case,
    a_report_that_cannot_be_is_refused,
    of_many_reports_at_once_one_item_is_opened,
    an_appeal_is_decided_by_somebody_else_and_may_release_the_text,
    an_appeal_that_is_turned_down_ends_there,
    only_a_rejection_of_the_newest_version_is_appealed,
    a_bundle_tells_of_reports_and_appeals_and_verifies,
    words_to_the_desk_are_no_post,
];
