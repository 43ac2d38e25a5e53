//! QUEUE and DECISION: leases, fences, dispositions, and who may decide on what.

use futures_util::future::join_all;
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PATIENTS};
use hortus_tests::{Accepted, Story, stories, world};
use serde_json::json;

/// The lease of every claimed item runs out, as it does when nobody prolongs it.
async fn leases_run_out(story: &Story) {
    let rows = story.rows().await;
    rows.run("UPDATE review_item SET claimed_until = 1 WHERE claimed_until IS NOT NULL")
        .await
        .unwrap();
    rows.close().await;
}

async fn a_held_thread(story: &Story) -> Accepted {
    story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await
}

async fn a_claimed_item_is_the_claimants_until_the_lease_runs_out(story: &mut Story) {
    let held = a_held_thread(story).await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let claimed = moderator.claims(&held).await;
    let claim = format!("/api/review/items/{}/claim", claimed.item);
    deputy.ask(&claim).await.refused(409, "claimed_by_other");
    let card = deputy.get("/api/review/items").await.is(200)["items"][0].clone();
    assert_eq!(
        (&card["claim"]["by"]["name"], &card["claim"]["you"]),
        (&json!("Petra Lindqvist"), &json!(false))
    );
    assert_eq!(
        moderator.ask(&claim).await.is(200)["fence"],
        claimed.fence,
        "claiming again prolongs"
    );

    leases_run_out(story).await;
    let theirs = deputy.claims_item(&claimed.item).await;
    assert!(theirs.fence > claimed.fence);
    let fence = json!({ "fence": claimed.fence });
    for verb in ["heartbeat", "unclaim"] {
        let path = format!("/api/review/items/{}/{verb}", claimed.item);
        moderator
            .post(&path, &fence)
            .await
            .refused(409, "lease_lost");
    }
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "lease_lost");
    deputy
        .decides(&theirs, &theirs.ruling("release"))
        .await
        .is(200);
}

async fn a_lease_that_ran_out_is_lost_even_if_nobody_took_it(story: &mut Story) {
    let held = a_held_thread(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    leases_run_out(story).await;
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "lease_lost");
    let path = format!("/api/review/items/{}/heartbeat", claimed.item);
    moderator
        .post(&path, &json!({ "fence": claimed.fence }))
        .await
        .refused(409, "lease_lost");
    let again = moderator.claims_item(&claimed.item).await;
    assert!(again.fence > claimed.fence, "an old fence never comes back");
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "lease_lost");
    moderator
        .decides(&again, &again.ruling("release"))
        .await
        .is(200);
}

async fn a_heartbeat_prolongs_and_giving_back_frees(story: &mut Story) {
    let held = a_held_thread(story).await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let claimed = moderator.claims(&held).await;
    let fence = json!({ "fence": claimed.fence });
    let beat = format!("/api/review/items/{}/heartbeat", claimed.item);
    let until = moderator.post(&beat, &fence).await.is(200)["until"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        moderator.post(&beat, &fence).await.is(200)["until"]
            .as_str()
            .unwrap()
            >= &*until
    );
    deputy.post(&beat, &fence).await.refused(409, "lease_lost");
    moderator
        .post(
            &format!("/api/review/items/{}/unclaim", claimed.item),
            &fence,
        )
        .await
        .is(204);
    let theirs = deputy.claims_item(&claimed.item).await;
    deputy
        .decides(&theirs, &theirs.ruling("release"))
        .await
        .is(200);
}

/// R-ER-08: self-approval is impossible.
async fn nobody_decides_on_their_own_text(story: &mut Story) {
    let moderator = story.moderator();
    let own = moderator
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    let item = moderator.item_of(&own).await;
    let view = moderator
        .get(&format!("/api/review/items/{item}"))
        .await
        .is(200);
    assert_eq!(view["own"], true);
    moderator
        .ask(&format!("/api/review/items/{item}/claim"))
        .await
        .refused(403, "own_text");
    let ruling = json!({
        "fence": 0, "revision_hash": view["revision"]["hash"], "rule_set_hash": view["rule_set_hash"], "action": "release",
    });
    moderator
        .post(&format!("/api/review/items/{item}/decision"), &ruling)
        .await
        .refused(403, "own_text");
    story.person("deputy").releases(&own).await;
}

/// R-PV-30: a possible adverse event must be disposed of first, in words that are kept.
async fn an_item_with_a_possible_adverse_event_needs_a_disposition_first(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    assert_eq!(claimed.view["needs_disposition"], true);
    let reject = claimed.refusal(
        "reject",
        "adverse_event_detail",
        "Thank you, the safety team has it.",
    );
    for ruling in [claimed.ruling("release"), reject.clone()] {
        moderator
            .decides(&claimed, &ruling)
            .await
            .refused(409, "disposition_needed");
    }
    let path = format!("/api/review/items/{}/disposition", claimed.item);
    let say = async |body: serde_json::Value| moderator.post(&path, &body).await;
    let fence = claimed.fence;
    say(json!({ "fence": fence, "disposition": "not_adverse_event" }))
        .await
        .refused(422, "invalid");
    let wordless =
        json!({ "fence": fence, "disposition": "not_adverse_event", "reason_code": "other" });
    say(wordless).await.refused(422, "invalid");
    say(json!({ "fence": fence + 1, "disposition": "adverse_event" }))
        .await
        .refused(409, "lease_lost");
    let told = moderator.disposes(&claimed, "adverse_event").await.is(200);
    assert_eq!(told["disposition"], "adverse_event");
    moderator.decides(&claimed, &reject).await.is(200);
    let case = format!("/api/safety/cases/{}", told["case_id"].as_str().unwrap());
    let case = story.person("safety_officer").get(&case).await.is(200);
    assert_eq!(
        (&case["state"], &case["post_state"]),
        (&json!("adverse_event"), &json!("rejected"))
    );
    assert_eq!(case["disposition"]["by"], "Petra Lindqvist");
}

/// GVP VI.B.6: a special situation and a quality complaint go to the safety team as what they are.
async fn a_special_situation_and_a_quality_complaint_are_told_apart(story: &mut Story) {
    let (moderator, officer) = (story.moderator(), story.person("safety_officer"));
    for disposition in ["special_situation", "quality_complaint"] {
        let held = story
            .clinician()
            .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
            .await;
        let claimed = moderator.claims(&held).await;
        let told = moderator.disposes(&claimed, disposition).await.is(200);
        moderator
            .decides(&claimed, &claimed.ruling("release"))
            .await
            .is(200);
        let path = format!("/api/safety/cases?state={disposition}");
        let cases = officer.get(&path).await.is(200);
        let found = world::column(cases["items"].as_array().unwrap(), "id");
        assert_eq!(found, [told["case_id"].as_str().unwrap()]);
    }
}

async fn a_decision_names_the_text_and_the_rules_that_were_read(story: &mut Story) {
    let held = a_held_thread(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    for field in ["revision_hash", "rule_set_hash"] {
        let mut stale = claimed.ruling("release");
        stale[field] = "0".repeat(64).into();
        moderator
            .decides(&claimed, &stale)
            .await
            .refused(409, "stale_revision");
    }
    // The author sends a newer text while the old one is being read.
    story
        .clinician()
        .edits(&held.post, "Second thoughts about the journal club.")
        .await;
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "stale_revision");
    story
        .colleague()
        .get(&format!("/api/threads/{}", held.thread))
        .await
        .refused(404, "not_found");
}

async fn a_refusal_needs_a_reason_and_words_to_the_author(story: &mut Story) {
    let held = a_held_thread(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    for action in ["reject", "request_changes"] {
        moderator
            .decides(&claimed, &claimed.ruling(action))
            .await
            .refused(422, "reason_needed");
        moderator
            .decides(&claimed, &claimed.refusal(action, "off_topic", "  "))
            .await
            .refused(422, "reason_needed");
    }
    let long = claimed.refusal("reject", "off_topic", &"w".repeat(4001));
    moderator
        .decides(&claimed, &long)
        .await
        .refused(422, "invalid");
    let invented = claimed.refusal("reject", "because", "no");
    moderator
        .decides(&claimed, &invented)
        .await
        .refused(422, "reason_unknown");
    let decided = claimed.refusal("reject", "off_topic", "This belongs elsewhere.");
    moderator.decides(&claimed, &decided).await.is(200);
    moderator
        .decides(&claimed, &decided)
        .await
        .refused(409, "already_decided");
}

async fn of_fifty_decisions_at_once_exactly_one_counts(story: &mut Story) {
    let held = a_held_thread(story).await;
    let moderator = story.moderator();
    let claimed = moderator.claims(&held).await;
    let rulings: Vec<_> = (0..50)
        .map(|n| match n % 3 {
            0 => claimed.ruling("release"),
            1 => claimed.refusal("reject", "off_topic", "This belongs elsewhere."),
            _ => claimed.refusal("request_changes", "unclear", "Which city?"),
        })
        .collect();
    let answers = join_all(
        rulings
            .iter()
            .map(|ruling| moderator.decides(&claimed, ruling)),
    )
    .await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(409, "already_decided");
    }
    let rows = story.rows().await;
    assert_eq!(rows.count("SELECT COUNT(*) AS n FROM decision").await, 1);
    rows.close().await;
}

async fn of_many_claims_at_once_exactly_one_person_holds_the_item(story: &mut Story) {
    let held = a_held_thread(story).await;
    let item = story.moderator().item_of(&held).await;
    let desk: Vec<_> = ["moderator", "deputy", "medical_reviewer"]
        .map(|key| story.person(key))
        .into();
    let path = format!("/api/review/items/{item}/claim");
    let answers = join_all((0..48).map(|n| desk[n % desk.len()].ask(&path))).await;
    let holders: Vec<usize> = (0..48)
        .filter(|n| answers[*n].status == 200)
        .map(|n| n % desk.len())
        .collect();
    assert!(
        !holders.is_empty() && holders.iter().all(|one| one == &holders[0]),
        "{holders:?}"
    );
    let fences: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.json()["fence"].clone())
        .collect();
    assert!(fences.iter().all(|fence| *fence == fences[0]), "{fences:?}");
}

async fn the_queue_is_ordered_by_deadline_and_filtered(story: &mut Story) {
    let harmless = a_held_thread(story).await;
    let urgent = story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    story
        .person("patient")
        .starts_thread(PATIENTS, "Hello everybody", HARMLESS)
        .await;
    let moderator = story.moderator();
    let titles = async |query: &str| -> Vec<String> {
        let list = moderator
            .get(&format!("/api/review/items{query}"))
            .await
            .is(200);
        world::column(list["items"].as_array().unwrap(), "title")
    };
    assert_eq!(
        titles("").await,
        ["A rash", "Journal club"],
        "the nearest deadline first, of the own community alone"
    );
    assert_eq!(titles("?family=adverse_event").await, ["A rash"]);
    assert_eq!(titles("?verdict=clear").await, ["Journal club"]);
    assert_eq!(titles(&format!("?community={CLINICIANS}")).await.len(), 2);
    moderator
        .get(&format!("/api/review/items?community={PATIENTS}"))
        .await
        .refused(404, "not_found");
    assert_eq!(titles("?mine=true").await, Vec::<String>::new());
    moderator.claims(&urgent).await;
    assert_eq!(titles("?mine=true").await, ["A rash"]);
    let counts = moderator.get("/api/review/items").await.is(200)["counts"].clone();
    assert_eq!(
        (
            &counts["waiting"],
            &counts["claimed_by_you"],
            &counts["by_family"]["adverse_event"]
        ),
        (&json!(2), &json!(1), &json!(1))
    );
    let page = moderator.get("/api/review/items?limit=1").await.is(200);
    let next = page["next"].as_str().unwrap();
    assert_eq!(
        titles(&format!("?limit=1&cursor={next}")).await,
        ["Journal club"]
    );
    moderator
        .get("/api/review/items?cursor=nonsense")
        .await
        .refused(422, "invalid");
    moderator.releases(&harmless).await;
    assert_eq!(titles("?state=decided").await, ["Journal club"]);
}

async fn the_desk_of_another_community_is_another_desk(story: &mut Story) {
    let held = a_held_thread(story).await;
    let item = story.moderator().item_of(&held).await;
    let neighbour = story.person("neighbour");
    assert_eq!(
        neighbour.get("/api/review/items").await.is(200)["items"],
        json!([])
    );
    neighbour
        .get(&format!("/api/review/items/{item}"))
        .await
        .refused(404, "not_found");
    neighbour
        .ask(&format!("/api/review/items/{item}/claim"))
        .await
        .refused(404, "not_found");
}

async fn an_item_shows_what_a_decision_needs(story: &mut Story) {
    let thread = story.a_released_thread().await;
    let reply = story
        .clinician()
        .replies(&thread.thread, ADVERSE_EVENT)
        .await;
    let claimed = story.person("medical_reviewer").claims(&reply).await;
    let view = &claimed.view;
    assert_eq!(view["surface"], "reply");
    assert_eq!(view["thread"]["title"], "Journal club");
    assert_eq!(view["thread"]["posts"].as_array().unwrap().len(), 1);
    assert_eq!(view["author_history"]["released"], 1);
    assert_eq!(view["revision"]["body"], ADVERSE_EVENT);
    assert_eq!(view["safety_case"]["disposition"], json!(null));
    let event = &view["adverse_event"];
    let ground = &event["grounds"][0];
    assert_eq!(ground["seriousness"], "hospitalisation", "{event}");
    let words = ground["words"].as_str().unwrap();
    assert!(words.contains("hospitalised") && ADVERSE_EVENT.contains(words));
    assert_eq!(event["suggestion"]["disposition"], "adverse_event");
    let parts = view["priority_parts"].as_array().unwrap();
    let points: u64 = parts.iter().filter_map(|p| p["points"].as_u64()).sum();
    assert_eq!(view["priority"], points, "the priority is explained");
    for criterion in ["reporter", "patient", "product", "reaction"] {
        assert_eq!(
            view["adverse_event"][criterion]["met"], true,
            "{criterion} in {view}"
        );
    }
    let units: Vec<u16> = ADVERSE_EVENT.encode_utf16().collect();
    for finding in view["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["field"] == "body")
    {
        let at = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
        assert_eq!(
            String::from_utf16(&units[at("start")..at("end")]).unwrap(),
            finding["matched"].as_str().unwrap()
        );
        assert!(
            !finding["clause"].as_str().unwrap().is_empty(),
            "every finding cites its clause"
        );
    }
    story
        .person("medical_reviewer")
        .disposes(&claimed, "adverse_event")
        .await
        .is(200);
    let decided = story
        .person("medical_reviewer")
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
    assert_eq!(
        (
            &decided["decision"]["decided_by"]["name"],
            &decided["decision"]["decided_by"]["role"]
        ),
        (&json!("Dr Leila Haddad"), &json!("medical_reviewer"))
    );
}

async fn the_net_impression_of_a_claim_shows_benefit_risk_and_what_is_missing(story: &mut Story) {
    let claim = "Velmora works fast and gives complete relief. Ask me how to start.";
    let thread = story.a_released_thread().await;
    let reply = story.person("steward").replies(&thread.thread, claim).await;
    let view = story.moderator().claims(&reply).await.view;
    let impression = &view["net_impression"];
    let benefits = impression["benefits"].as_array().unwrap();
    assert!(!benefits.is_empty(), "{view}");
    for benefit in benefits {
        let at = |name: &str| usize::try_from(benefit[name].as_u64().unwrap()).unwrap();
        assert_eq!(&claim[at("start")..at("end")], benefit["words"]);
    }
    assert_eq!(impression["risks"], json!([]));
    assert_eq!(impression["risk_position"], json!(null));
    let missing = impression["missing"].as_array().unwrap();
    assert!(missing.contains(&json!("risk")), "{missing:?}");
}

stories![
    the_net_impression_of_a_claim_shows_benefit_risk_and_what_is_missing,
    a_claimed_item_is_the_claimants_until_the_lease_runs_out,
    a_lease_that_ran_out_is_lost_even_if_nobody_took_it,
    a_heartbeat_prolongs_and_giving_back_frees,
    nobody_decides_on_their_own_text,
    an_item_with_a_possible_adverse_event_needs_a_disposition_first,
    a_special_situation_and_a_quality_complaint_are_told_apart,
    a_decision_names_the_text_and_the_rules_that_were_read,
    a_refusal_needs_a_reason_and_words_to_the_author,
    of_fifty_decisions_at_once_exactly_one_counts,
    of_many_claims_at_once_exactly_one_person_holds_the_item,
    the_queue_is_ordered_by_deadline_and_filtered,
    the_desk_of_another_community_is_another_desk,
    an_item_shows_what_a_decision_needs,
];
