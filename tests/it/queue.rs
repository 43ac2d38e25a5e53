//! QUEUE: what an item says of itself, views and counts, search, claims, and what every desk is told.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PARTNERS};
use hortus_tests::{Person, Story, stories, world};
use serde_json::{Value, json};

async fn an_item_says_what_is_at_stake_of_which_product_in_which_language_and_who_speaks(
    story: &mut Story,
) {
    let product = story.product(CLINICIANS, "Velmora").to_owned();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let clinician = story.clinician();
    let draft = json!({ "title": "A rash", "body": ADVERSE_EVENT, "product_id": product });
    clinician.post(&path, &draft).await.is(202);
    clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let claim = "Velmora works fast and gives complete relief. Ask me how to start.";
    story
        .person("steward")
        .starts_thread(CLINICIANS, "Good news", claim)
        .await;
    let german = "Kennt jemand einen guten Ort für den Lesekreis im Frühling? Wir wären etwa zwanzig Leute und hätten gern einen ruhigen Raum.";
    clinician
        .starts_thread(CLINICIANS, "Lesekreis", german)
        .await;
    story
        .person("partner")
        .starts_thread(PARTNERS, "Journal club", HARMLESS)
        .await;
    let rows = story.rows().await;
    let found = rows
        .find(
            "SELECT i.risk, i.severity, i.language, i.speaker, i.organisation, CAST(CASE WHEN i.product_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS named \
             FROM review_item i JOIN revision r ON r.id = i.revision_id ORDER BY r.submitted_at",
        )
        .await;
    let said: Vec<_> = found
        .iter()
        .map(|row| {
            let named = row["named"] == 1;
            (
                row["risk"].clone(),
                row["language"].clone(),
                row["speaker"].clone(),
                row["organisation"].clone(),
                named,
            )
        })
        .collect();
    let item = |risk: &str, language: &str, speaker: &str, organisation: Option<&str>, named| {
        (
            json!(risk),
            json!(language),
            json!(speaker),
            json!(organisation),
            named,
        )
    };
    assert_eq!(
        said,
        [
            item("safety", "en", "professional", None, true),
            item("routine", "en", "professional", None, false),
            item("promotion", "en", "company", None, false),
            item("safety", "und", "professional", None, false),
            item("routine", "en", "partner", Some(""), false),
        ],
        "{found:?}"
    );
    assert_eq!(found[1]["severity"], json!(null));
    assert!(["major", "critical"].contains(&found[0]["severity"].as_str().unwrap()));
    rows.close().await;
}

async fn queue(person: &Person, query: &str) -> Vec<Value> {
    let list = person
        .get(&format!("/api/review/items?{query}"))
        .await
        .is(200);
    list["items"].as_array().unwrap().clone()
}

async fn titles(person: &Person, query: &str) -> Vec<String> {
    world::column(&queue(person, query).await, "title")
}

/// Writes past the server, as time does.
async fn meanwhile(story: &Story, statement: &str) {
    let rows = story.rows().await;
    rows.run(statement).await.unwrap();
    rows.close().await;
}

async fn every_view_lists_as_many_items_as_its_count_says(story: &mut Story) {
    let clinician = story.clinician();
    let moderator = story.moderator();
    clinician
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let late = clinician.starts_thread(CLINICIANS, "Late", HARMLESS).await;
    let held = clinician.starts_thread(CLINICIANS, "Held", HARMLESS).await;
    let theirs = clinician
        .starts_thread(CLINICIANS, "Theirs", HARMLESS)
        .await;
    let done = clinician.starts_thread(CLINICIANS, "Done", HARMLESS).await;
    let referred = clinician
        .starts_thread(CLINICIANS, "Referred", HARMLESS)
        .await;
    moderator.releases(&done).await;
    moderator.claims(&held).await;
    story.person("deputy").claims(&theirs).await;
    let late = moderator.item_of(&late).await;
    let referred = moderator.item_of(&referred).await;
    let rows = story.rows().await;
    let (late, referred) = (rows.id(&late), rows.id(&referred));
    rows.close().await;
    meanwhile(
        story,
        &format!("UPDATE review_item SET due_at = 1 WHERE id = {late}"),
    )
    .await;
    meanwhile(
        story,
        &format!("UPDATE review_item SET state = 'referred' WHERE id = {referred}"),
    )
    .await;
    let counts = moderator.get("/api/review/counts").await.is(200);
    for (view, expected) in [
        ("open", vec!["Late", "A rash", "Held", "Theirs"]),
        ("mine", vec!["Held"]),
        ("unclaimed", vec!["Late", "A rash"]),
        ("escalated", vec!["A rash"]),
        ("waiting_for_others", vec!["Referred"]),
        ("breached", vec!["Late"]),
        ("recently_decided", vec!["Done"]),
    ] {
        assert_eq!(
            titles(&moderator, &format!("view={view}")).await,
            expected,
            "{view}"
        );
        if view != "recently_decided" {
            assert_eq!(counts["views"][view], expected.len(), "{view}: {counts}");
        }
    }
    assert_eq!(counts["by_community"], json!({ CLINICIANS: 4 }));
    for (risk, expected) in [("safety", 1), ("promotion", 0), ("routine", 3)] {
        assert_eq!(counts["by_risk"][risk], expected, "{counts}");
        let listed = titles(&moderator, &format!("risk={risk}")).await;
        assert_eq!(listed.len(), expected, "{risk}");
    }
    for family in [
        "adverse_event",
        "conduct",
        "fair_balance",
        "off_label",
        "privacy",
    ] {
        let listed = titles(&moderator, &format!("family={family}")).await;
        assert_eq!(counts["by_family"][family], listed.len(), "{family}");
    }
    let rows = story.rows().await;
    rows.run(&format!(
        "UPDATE review_item SET state = 'waiting' WHERE id = {referred}"
    ))
    .await
    .unwrap();
    rows.close().await;
}

async fn the_queue_is_filtered_by_every_column_and_ordered_as_asked(story: &mut Story) {
    let product = story.product(CLINICIANS, "Velmora").to_owned();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": "A rash", "body": ADVERSE_EVENT, "product_id": product });
    story.clinician().post(&path, &draft).await.is(202);
    let claim = "Velmora works fast and gives complete relief. Ask me how to start.";
    story
        .person("steward")
        .starts_thread(CLINICIANS, "Good news", claim)
        .await;
    story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let desk = story.moderator();
    for (query, expected) in [
        ("speaker=company", vec!["Good news"]),
        (&*format!("product={product}"), vec!["A rash"]),
        ("language=en&risk=routine", vec!["Journal club"]),
        ("language=de", vec![]),
        ("severity=info&risk=routine", vec![]),
        ("verdict=clear", vec!["Journal club"]),
        ("order=newest", vec!["Journal club", "Good news", "A rash"]),
        (
            "order=priority",
            vec!["A rash", "Good news", "Journal club"],
        ),
        ("min_priority=1000", vec![]),
        ("due_before=2020-01-01T00:00:00Z", vec![]),
    ] {
        assert_eq!(titles(&desk, query).await, expected, "{query}");
    }
    let card = queue(&desk, "risk=safety").await.remove(0);
    assert_eq!(card["product"], json!({ "id": product, "name": "Velmora" }));
    for order in ["due", "priority", "newest"] {
        let all = titles(&desk, &format!("order={order}")).await;
        let mut paged = Vec::new();
        let mut cursor = String::new();
        for _ in 0..3 {
            let path = format!("/api/review/items?order={order}&limit=1{cursor}");
            let page = desk.get(&path).await.is(200);
            paged.extend(world::column(page["items"].as_array().unwrap(), "title"));
            cursor = format!("&cursor={}", page["next"].as_str().unwrap());
        }
        assert_eq!(paged, all, "{order}");
    }
}

async fn search_finds_words_of_the_title_the_text_and_the_author_whatever_their_accents(
    story: &mut Story,
) {
    let clinician = story.clinician();
    clinician
        .starts_thread(CLINICIANS, "Übelkeit in München", HARMLESS)
        .await;
    clinician
        .starts_thread(
            CLINICIANS,
            "Journal club",
            "Shall we read about wheat this time?",
        )
        .await;
    story
        .colleague()
        .starts_thread(CLINICIANS, "Another one", HARMLESS)
        .await;
    let released = clinician
        .starts_thread(CLINICIANS, "Spring", HARMLESS)
        .await;
    let desk = story.moderator();
    desk.releases(&released).await;
    for (search, expected) in [
        ("ubelkeit", vec!["Übelkeit in München"]),
        ("WHEAT%20club", vec!["Journal club"]),
        ("wheat%20munchen", vec![]),
        ("place%20spring", vec!["Übelkeit in München", "Another one"]),
        ("%25", vec![]),
    ] {
        assert_eq!(
            titles(&desk, &format!("q={search}")).await,
            expected,
            "{search}"
        );
    }
    let surname = story
        .colleague()
        .who
        .name
        .split(' ')
        .next_back()
        .unwrap()
        .to_lowercase();
    assert_eq!(
        titles(&desk, &format!("q={surname}")).await,
        ["Another one"]
    );
    assert_eq!(
        titles(&desk, "q=spring&view=recently_decided").await,
        ["Spring"]
    );
    let page = desk.get("/api/review/items?q=spring&limit=1").await.is(200);
    assert_eq!(page["items"][0]["title"], "Übelkeit in München");
    let next = page["next"].as_str().unwrap();
    assert_eq!(
        titles(&desk, &format!("q=spring&limit=1&cursor={next}")).await,
        ["Another one"]
    );
}

async fn of_fifty_who_ask_for_the_next_item_each_gets_another(story: &mut Story) {
    for n in 0..10 {
        for author in [
            "clinician",
            "colleague",
            "steward",
            "safety_officer",
            "founder",
        ] {
            let title = format!("Journal club {n}");
            story
                .person(author)
                .starts_thread(CLINICIANS, &title, HARMLESS)
                .await;
        }
    }
    let desk: Vec<_> = ["moderator", "deputy", "lead", "medical_reviewer"]
        .map(|key| story.person(key))
        .into();
    let answers = join_all((0..50).map(|n| desk[n % desk.len()].ask("/api/review/next"))).await;
    let given: BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.is(200)["item"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(given.len(), 50);
    desk[0].ask("/api/review/next").await.is(204);
}

async fn the_next_item_is_the_best_that_this_person_may_decide(story: &mut Story) {
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let thread = story.a_released_thread().await;
    let theirs = moderator
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    deputy.releases(&theirs).await;
    // In a thread that the moderator started, and an own text.
    story.clinician().replies(&theirs.thread, HARMLESS).await;
    moderator.replies(&thread.thread, HARMLESS).await;
    let skipped = story
        .clinician()
        .replies(&thread.thread, "Shall we skip the winter?")
        .await;
    let calm = story.clinician().replies(&thread.thread, HARMLESS).await;
    let urgent = story
        .clinician()
        .replies(&thread.thread, ADVERSE_EVENT)
        .await;
    let skip = format!(
        "/api/review/items/{}/skip",
        moderator.item_of(&skipped).await
    );
    moderator
        .post(&skip, &json!({ "reason": "other" }))
        .await
        .refused(422, "invalid");
    moderator
        .post(&skip, &json!({ "reason": "not_my_field" }))
        .await
        .is(204);
    let first = moderator.ask("/api/review/next").await.is(200);
    assert_eq!(first["item"]["id"], moderator.item_of(&urgent).await);
    assert_eq!(first["item"]["claim"]["you"], true);
    assert!(first["lease"]["fence"].as_i64().unwrap() > 0);
    let second = moderator.ask("/api/review/next?risk=routine").await.is(200);
    assert_eq!(second["item"]["id"], moderator.item_of(&calm).await);
    moderator.ask("/api/review/next").await.is(204);
    moderator.delete(&skip).await.is(204);
    let third = moderator.ask("/api/review/next").await.is(200);
    assert_eq!(third["item"]["id"], moderator.item_of(&skipped).await);
    deputy.ask("/api/review/next").await.is(200);
}

async fn a_skip_gives_the_item_back_and_its_reason_is_for_leads(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let claimed = moderator.claims(&held).await;
    let item = format!("/api/review/items/{}", claimed.item);
    let body = json!({ "reason": "other", "words": "I know the author too well." });
    moderator.post(&format!("{item}/skip"), &body).await.is(204);
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "lease_lost");
    let seen = moderator.get(&item).await.is(200);
    assert_eq!(
        (&seen["claim"], &seen["skipped"]),
        (&json!(null), &json!("other"))
    );
    assert_eq!(seen["skips"][0]["words"], "I know the author too well.");
    assert_eq!(deputy.get(&item).await.is(200)["skips"], json!([]));
    let lead = story.person("lead").get(&item).await.is(200);
    assert_eq!(lead["skips"][0]["by"]["name"], "Petra Lindqvist");
    // Who claims it after all takes the skip back.
    moderator.claims_item(&claimed.item).await;
    assert_eq!(moderator.get(&item).await.is(200)["skips"], json!([]));

    // A conflict of interest that was declared is for good.
    let declared = json!({ "reason": "conflict_of_interest" });
    deputy
        .post(&format!("{item}/skip"), &declared)
        .await
        .is(204);
    deputy
        .ask(&format!("{item}/claim"))
        .await
        .refused(403, "declared_conflict");
    deputy
        .delete(&format!("{item}/skip"))
        .await
        .refused(403, "declared_conflict");
    let again = json!({ "reason": "not_my_field" });
    deputy
        .post(&format!("{item}/skip"), &again)
        .await
        .refused(403, "declared_conflict");
    assert_eq!(deputy.get(&item).await.is(200)["conflict"], "declared");
}

/// R-ER-08: nobody judges where they have an interest, however they ask.
async fn nobody_reviews_in_a_thread_that_they_started(story: &mut Story) {
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let theirs = moderator
        .starts_thread(CLINICIANS, "From the company", HARMLESS)
        .await;
    deputy.releases(&theirs).await;
    let reply = story.clinician().replies(&theirs.thread, HARMLESS).await;
    let item = moderator.item_of(&reply).await;
    let path = format!("/api/review/items/{item}");
    let view = moderator.get(&path).await.is(200);
    assert_eq!(
        (&view["own"], &view["conflict"]),
        (&json!(false), &json!("own_thread"))
    );
    moderator
        .ask(&format!("{path}/claim"))
        .await
        .refused(403, "own_thread");
    let ruling = json!({
        "fence": 0, "revision_hash": view["revision"]["hash"], "rule_set_hash": view["rule_set_hash"], "action": "release",
    });
    moderator
        .post(&format!("{path}/decision"), &ruling)
        .await
        .refused(403, "own_thread");
    deputy.releases(&reply).await;
}

async fn reviewers_of_one_partner_do_not_see_what_another_partner_wrote(story: &mut Story) {
    let here = story
        .partner_of("Northwind", "Ann North", &["member", "moderator"])
        .await;
    let there = story
        .partner_of("Southsea", "Sam South", &["member", "moderator"])
        .await;
    let writer = story
        .partner_of("Northwind", "Nils North", &["member"])
        .await;
    let own = writer
        .starts_thread(PARTNERS, "Of Northwind", HARMLESS)
        .await;
    story
        .person("partner")
        .starts_thread(PARTNERS, "Of nobody named", HARMLESS)
        .await;
    story
        .person("founder")
        .starts_thread(PARTNERS, "Of the company", HARMLESS)
        .await;
    let item = here.item_of(&own).await;
    assert_eq!(titles(&here, "").await, ["Of Northwind", "Of the company"]);
    assert_eq!(titles(&there, "").await, ["Of the company"]);
    for (person, count) in [(&here, 2), (&there, 1)] {
        assert_eq!(
            person.get("/api/review/counts").await.is(200)["waiting"],
            count
        );
    }
    let path = format!("/api/review/items/{item}");
    there.get(&path).await.refused(404, "not_found");
    assert_eq!(
        titles(&there, &format!("ids={item}")).await,
        Vec::<String>::new()
    );
    assert_eq!(titles(&there, "q=northwind").await, Vec::<String>::new());
    for verb in ["claim", "heartbeat", "unclaim", "skip", "disposition"] {
        let body = json!({ "fence": 1, "reason": "not_my_field", "disposition": "adverse_event" });
        let body = match verb {
            "claim" => json!(null),
            "skip" => json!({ "reason": "not_my_field" }),
            "disposition" => json!({ "fence": 1, "disposition": body["disposition"] }),
            _ => json!({ "fence": 1 }),
        };
        let answer = there.post(&format!("{path}/{verb}"), &body).await;
        answer.refused(404, "not_found");
    }
    let next = there.ask("/api/review/next").await.is(200);
    assert_eq!(next["item"]["title"], "Of the company");
    there.ask("/api/review/next").await.is(204);
    here.releases(&own).await;
    assert_eq!(
        there.texts_in(&own.thread).await.len(),
        1,
        "what is released is for all"
    );

    // Only partners have an organisation.
    let invitation = json!({
        "email": "x@garden.example", "name": "X", "speaker": "company", "organisation": "Northwind", "roles": ["member"],
    });
    let path = format!("/api/communities/{PARTNERS}/invitations");
    story
        .person("founder")
        .post(&path, &invitation)
        .await
        .refused(422, "invalid");
}

async fn a_lead_takes_an_item_over_and_the_holder_is_told(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let (moderator, lead) = (story.moderator(), story.person("lead"));
    let claimed = moderator.claims(&held).await;
    let mut holder = moderator.goes_live().await;
    holder.follows("me", 0).await;
    let path = format!("/api/review/items/{}/take_over", claimed.item);
    let why = json!({ "reason": "holder_absent" });
    story
        .person("deputy")
        .post(&path, &why)
        .await
        .refused(404, "not_found");
    let lease = lead.post(&path, &why).await.is(200);
    assert!(lease["fence"].as_i64().unwrap() > claimed.fence);
    assert_eq!(
        holder.next().await,
        json!({ "type": "hint", "stream": "me", "kind": "claim_lost", "id": claimed.item })
    );
    moderator
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(409, "lease_lost");
    let refused = moderator
        .ask(&format!("/api/review/items/{}/claim", claimed.item))
        .await
        .refused(409, "claimed_by_other");
    assert_eq!(refused["about"]["by"]["name"], lead.who.name);
    assert_eq!(refused["about"]["until"], lease["until"]);
    assert!(refused["detail"].as_str().unwrap().contains(&lead.who.name));
    let record = story
        .person("inspector")
        .get("/api/audit/records?action=item.taken_over")
        .await
        .is(200);
    let record = &record["items"][0];
    assert_eq!(record["change"]["taken_over_from"], moderator.who.account);
    assert_eq!(record["why"], "holder_absent");
}

async fn a_claim_that_comes_too_late_is_told_who_did_what(story: &mut Story) {
    let clinician = story.clinician();
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let claim = async |item: &str| deputy.ask(&format!("/api/review/items/{item}/claim")).await;

    let decided = clinician
        .starts_thread(CLINICIANS, "Decided", HARMLESS)
        .await;
    let item = moderator.item_of(&decided).await;
    moderator
        .rejects(&decided, "off_topic", "This belongs elsewhere.")
        .await;
    let refused = claim(&item).await.refused(409, "already_decided");
    let about = &refused["about"];
    assert_eq!(
        (&about["by"]["name"], &about["action"]),
        (&json!("Petra Lindqvist"), &json!("reject"))
    );
    assert!(
        about["at"].is_string()
            && refused["detail"]
                .as_str()
                .unwrap()
                .starts_with("Petra Lindqvist")
    );

    let withdrawn = clinician
        .starts_thread(CLINICIANS, "Withdrawn", HARMLESS)
        .await;
    let item = moderator.item_of(&withdrawn).await;
    clinician
        .ask(&format!(
            "/api/submissions/{}/withdraw",
            withdrawn.submission
        ))
        .await
        .is(204);
    claim(&item).await.refused(409, "item_withdrawn");

    let old = clinician
        .starts_thread(CLINICIANS, "Superseded", HARMLESS)
        .await;
    let item = moderator.item_of(&old).await;
    let newer = clinician
        .edits(&old.post, "Second thoughts about the journal club.")
        .await;
    let refused = claim(&item).await.refused(409, "item_superseded");
    assert_eq!(refused["about"]["item"], moderator.item_of(&newer).await);

    // A fence that was never given is no lease that ran out.
    let item = moderator.item_of(&newer).await;
    let beat = format!("/api/review/items/{item}/heartbeat");
    let never = deputy
        .post(&beat, &json!({ "fence": 7 }))
        .await
        .refused(409, "lease_lost");
    assert!(
        never["detail"].as_str().unwrap().contains("claim it first"),
        "{never}"
    );
}

async fn every_desk_is_told_which_item_changed(story: &mut Story) {
    let mut desk = story.person("deputy").goes_live().await;
    desk.follows("review", 0).await;
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let hint = desk.next().await;
    assert_eq!(
        hint["items"],
        json!(null),
        "a new one is fetched with the page: {hint}"
    );
    let claimed = story.moderator().claims(&held).await;
    let item = claimed.item.clone();
    let changed =
        json!({ "type": "hint", "stream": "review", "kind": "queue_changed", "items": [item] });
    assert_eq!(desk.next().await, changed, "claimed");
    let fence = json!({ "fence": claimed.fence });
    let give_back = format!("/api/review/items/{item}/unclaim");
    story.moderator().post(&give_back, &fence).await.is(204);
    assert_eq!(desk.next().await, changed, "given back");
    clinician
        .ask(&format!("/api/submissions/{}/withdraw", held.submission))
        .await
        .is(204);
    assert_eq!(desk.next().await, changed, "withdrawn");
    let rows = queue(&story.person("deputy"), &format!("ids={item}")).await;
    assert_eq!(
        rows[0]["state"], "withdrawn",
        "what is named can be fetched, whatever its state"
    );
    for (question, fits) in [
        ("", false),
        ("&state=withdrawn", true),
        ("&state=withdrawn&q=nobody+wrote+this", false),
        ("&state=withdrawn&risk=safety", false),
    ] {
        let path = format!("/api/review/items?ids={item}{question}");
        let fitting = &story.person("deputy").get(&path).await.is(200)["fitting"];
        let expected = if fits { json!([item]) } else { json!([]) };
        assert_eq!(fitting, &expected, "{question}");
    }
    let other = clinician
        .starts_thread(CLINICIANS, "Another", HARMLESS)
        .await;
    desk.next().await;
    story.moderator().releases(&other).await;
    for what in ["claimed", "decided"] {
        let hint = desk.next().await;
        assert_eq!(hint["items"].as_array().unwrap().len(), 1, "{what}: {hint}");
    }
}

async fn a_view_is_kept_under_a_name_by_one_person(story: &mut Story) {
    let (moderator, deputy) = (story.moderator(), story.person("deputy"));
    let mine = json!({ "name": "Urgent", "query": "risk=safety&order=priority" });
    let kept = moderator.post("/api/review/views", &mine).await.is(201);
    moderator
        .post("/api/review/views", &mine)
        .await
        .refused(409, "name_taken");
    deputy.post("/api/review/views", &mine).await.is(201);
    for query in [
        "risk=dangerous",
        "cursor=1",
        "community=patients",
        "ids=1",
        "limit=many",
    ] {
        let body = json!({ "name": query, "query": query });
        moderator
            .post("/api/review/views", &body)
            .await
            .refused(422, "invalid");
    }
    let path = format!("/api/review/views/{}", kept["id"].as_str().unwrap());
    let other = json!({ "name": "Safety", "query": "risk=safety" });
    deputy.put(&path, &other).await.refused(404, "not_found");
    deputy.delete(&path).await.refused(404, "not_found");
    moderator.put(&path, &other).await.is(200);
    let list = moderator.get("/api/review/views").await.is(200);
    assert_eq!(
        list["items"],
        json!([{ "id": kept["id"], "name": "Safety", "query": "risk=safety" }])
    );
    moderator.delete(&path).await.is(204);
    assert_eq!(
        moderator.get("/api/review/views").await.is(200)["items"],
        json!([])
    );
}

async fn a_page_of_any_list_has_1_to_200_entries(story: &mut Story) {
    let lists = [
        ("moderator", "/api/review/items".to_owned()),
        ("clinician", "/api/submissions".to_owned()),
        (
            "clinician",
            format!("/api/communities/{CLINICIANS}/threads"),
        ),
        (
            "clinician",
            format!("/api/communities/{CLINICIANS}/members"),
        ),
        (
            "steward",
            format!("/api/communities/{CLINICIANS}/invitations"),
        ),
        ("safety_officer", "/api/safety/cases".to_owned()),
        ("inspector", "/api/audit/records".to_owned()),
    ];
    for (who, list) in lists {
        let person = story.person(who);
        for limit in ["0", "201"] {
            let refused = person.get(&format!("{list}?limit={limit}")).await;
            let problem = refused.refused(422, "invalid");
            assert_eq!(problem["errors"][0]["field"], "limit", "{refused}");
        }
        for limit in ["1", "200"] {
            person.get(&format!("{list}?limit={limit}")).await.is(200);
        }
    }
}

stories![
    an_item_says_what_is_at_stake_of_which_product_in_which_language_and_who_speaks,
    every_view_lists_as_many_items_as_its_count_says,
    the_queue_is_filtered_by_every_column_and_ordered_as_asked,
    search_finds_words_of_the_title_the_text_and_the_author_whatever_their_accents,
    of_fifty_who_ask_for_the_next_item_each_gets_another,
    the_next_item_is_the_best_that_this_person_may_decide,
    a_skip_gives_the_item_back_and_its_reason_is_for_leads,
    nobody_reviews_in_a_thread_that_they_started,
    reviewers_of_one_partner_do_not_see_what_another_partner_wrote,
    a_lead_takes_an_item_over_and_the_holder_is_told,
    a_claim_that_comes_too_late_is_told_who_did_what,
    every_desk_is_told_which_item_changed,
    a_view_is_kept_under_a_name_by_one_person,
    a_page_of_any_list_has_1_to_200_entries,
];
