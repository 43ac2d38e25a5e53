//! PROVE: what happened is recorded, sealed, and cannot be changed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS};
use hortus_tests::{Story, stories, world};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

async fn records(story: &Story, query: &str) -> Vec<Value> {
    let list = story
        .person("inspector")
        .get(&format!("/api/audit/records{query}"))
        .await
        .is(200);
    list["items"].as_array().unwrap().clone()
}

/// RFC 6962: a leaf and a node of the tree.
fn leaf(body: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update([0])
        .chain_update(body)
        .finalize()
        .to_vec()
}

fn node(left: &[u8], right: &[u8]) -> Vec<u8> {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .to_vec()
}

/// RFC 9162, section 2.1.3.2: the root to which an inclusion proof leads.
fn root_of(leaf: Vec<u8>, index: u64, size: u64, hashes: &[Vec<u8>]) -> Vec<u8> {
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in hashes {
        if place % 2 == 1 || place == last {
            hash = node(sibling, &hash);
            while place % 2 == 0 && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node(&hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    assert_eq!(last, 0, "the proof is as long as the tree is high");
    hash
}

/// R-ER-01: who, what, when, where from, why; in the transaction of the change.
async fn every_step_of_a_post_leaves_its_record(story: &mut Story) {
    let clinician = story.clinician();
    let held = clinician
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    story.moderator().releases(&held).await;
    let edit = clinician
        .edits(&held.post, "Better words about the very same rash.")
        .await;
    story
        .moderator()
        .rejects(&edit, "off_topic", "This belongs elsewhere.")
        .await;
    let again = clinician.replies(&held.thread, HARMLESS).await;
    clinician
        .ask(&format!("/api/submissions/{}/withdraw", again.submission))
        .await
        .is(204);
    let mut actions = world::column(&records(story, "?limit=200").await, "action");
    actions.sort();
    actions.dedup();
    for action in [
        "account.registered",
        "community.created",
        "decision.made",
        "invitation.accepted",
        "invitation.created",
        "item.claimed",
        "membership.began",
        "product.added",
        "revision.published",
        "revision.submitted",
        "rules.loaded",
        "safety_case.disposed",
        "sign_in.succeeded",
        "submission.withdrawn",
    ] {
        assert!(
            actions.iter().any(|one| one == action),
            "{action} in {actions:?}"
        );
    }
    let decided = records(story, "?action=decision.made").await;
    assert_eq!(decided.len(), 2);
    let reject = &decided[0];
    assert_eq!(reject["actor"]["name"], "Petra Lindqvist");
    assert_eq!(reject["actor"]["role"], "moderator");
    assert_eq!(reject["why"], "off_topic");
    assert_eq!(
        reject["change"]["state"],
        json!({ "old": "waiting", "new": "decided" })
    );
    assert_eq!(reject["community"]["slug"], CLINICIANS);
    assert!(reject["at"].as_str().unwrap().ends_with('Z'));
}

/// R-ER-20, R-PR-03: the log holds identifiers, hashes and codes; names are salted commitments.
async fn no_word_of_a_member_and_no_name_enters_the_log(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Unmistakable title", ADVERSE_EVENT)
        .await;
    story
        .moderator()
        .rejects(&held, "off_topic", "Unmistakable words to the author.")
        .await;
    let rows = story.rows().await;
    let bodies =
        world::column(&rows.find("SELECT body FROM audit_record").await, "body").join("\n");
    rows.close().await;
    for word in [
        "Unmistakable",
        "hospitalised",
        "Amara",
        "Petra",
        "@garden.example",
        "Journal",
    ] {
        assert!(!bodies.contains(word), "{word}");
    }
}

async fn the_log_is_for_inspectors_and_shows_their_communities(story: &mut Story) {
    story
        .person("patient")
        .starts_thread("patients", "Hello everybody", HARMLESS)
        .await;
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    for key in [
        "clinician",
        "moderator",
        "safety_officer",
        "medical_reviewer",
        "steward",
        "founder",
        "patient",
    ] {
        let person = story.person(key);
        for path in ["records", "actions", "checkpoint"] {
            person
                .get(&format!("/api/audit/{path}"))
                .await
                .refused(404, "not_found");
        }
        person
            .ask("/api/audit/verification")
            .await
            .refused(404, "not_found");
    }
    let own = records(story, "?action=revision.submitted").await;
    assert_eq!(
        world::column(
            &own.iter()
                .map(|one| one["object"].clone())
                .collect::<Vec<_>>(),
            "id"
        ),
        [&*held.submission]
    );
    story
        .person("inspector")
        .get("/api/audit/records?community=patients")
        .await
        .refused(404, "not_found");
    let neighbour = story
        .person("neighbour")
        .get("/api/audit/records?action=revision.submitted")
        .await
        .is(200);
    assert_eq!(neighbour["items"].as_array().unwrap().len(), 1);
    assert_eq!(neighbour["items"][0]["community"]["slug"], "patients");
    let theirs = records(story, "?action=revision.submitted").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/audit/records/{theirs}/proof");
    story
        .person("neighbour")
        .get(&path)
        .await
        .refused(404, "not_found");
}

async fn the_log_is_searched_by_person_action_object_and_time(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    story.moderator().releases(&held).await;
    let clinician = story.clinician().who.account;
    let by = records(
        story,
        &format!("?actor={clinician}&action=revision.submitted"),
    )
    .await;
    assert_eq!(by.len(), 1);
    assert_eq!(
        records(story, &format!("?object={}", held.submission)).await[0]["action"],
        "revision.submitted"
    );
    let at = by[0]["at"].as_str().unwrap();
    assert!(
        records(
            story,
            &format!("?action=revision.submitted&from={at}&to={at}")
        )
        .await
        .len()
            == 1
    );
    assert_eq!(
        records(
            story,
            &format!("?action=revision.submitted&to={at}&from=2030-01-01T00:00:00Z")
        )
        .await
        .len(),
        0
    );
    let page = story
        .person("inspector")
        .get("/api/audit/records?limit=2")
        .await
        .is(200);
    let next = page["next"].as_str().unwrap();
    let further = records(story, &format!("?limit=2&cursor={next}")).await;
    assert!(
        further
            .iter()
            .all(|one| !page["items"].as_array().unwrap().contains(one))
    );
    let actions = story
        .person("inspector")
        .get("/api/audit/actions")
        .await
        .is(200);
    assert!(
        actions["items"]
            .as_array()
            .unwrap()
            .contains(&json!("decision.made"))
    );
    // The search itself is a record.
    assert_eq!(
        records(story, "?action=audit_log.searched").await[0]["actor"]["name"],
        "Marten de Wit"
    );
}

/// R-ER-20, R-ER-21: recomputed here, by code that shares nothing with the server.
async fn an_inclusion_proof_leads_from_the_record_to_the_signed_root(story: &mut Story) {
    story.a_released_thread().await;
    let some = records(story, "?limit=40").await;
    for record in some.iter().step_by(7) {
        let path = format!(
            "/api/audit/records/{}/proof",
            record["id"].as_str().unwrap()
        );
        let proof = story.person("inspector").get(&path).await.is(200);
        let leaf = leaf(record["body"].as_str().unwrap());
        assert_eq!(proof["leaf_hash"], hex::encode(&leaf));
        let hashes: Vec<Vec<u8>> = proof["hashes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hash| hex::decode(hash.as_str().unwrap()).unwrap())
            .collect();
        let number = |name: &str| proof[name].as_u64().unwrap();
        let root = root_of(leaf, number("leaf_index"), number("tree_size"), &hashes);
        assert_eq!(proof["root"], BASE64.encode(root));
        let note = proof["note"].as_str().unwrap();
        let mut lines = note.lines();
        assert_eq!(lines.next(), Some("localhost/audit"));
        assert_eq!(lines.next().unwrap(), number("tree_size").to_string());
        assert_eq!(lines.next().unwrap(), proof["root"].as_str().unwrap());
        assert!(note.contains("\n\n\u{2014} localhost/audit "), "{note}");
    }
    let checkpoint = story
        .person("inspector")
        .get("/api/audit/checkpoint")
        .await
        .is(200);
    assert!(
        checkpoint["public_key"]
            .as_str()
            .unwrap()
            .starts_with("localhost/audit+"),
        "{checkpoint}"
    );
}

/// 21 CFR 11.10(e): not even the server's own database user can change evidence.
async fn the_database_refuses_to_change_evidence(story: &mut Story) {
    let thread = story.a_released_thread().await;
    assert!(!thread.post.is_empty());
    story
        .clinician()
        .starts_thread(CLINICIANS, "A rash", ADVERSE_EVENT)
        .await;
    let rows = story.rows().await;
    world::work_is_done(&rows).await;
    for (table, column) in [
        ("revision", "body"),
        ("screening", "result"),
        ("decision", "words"),
        ("audit_record", "body"),
        ("audit_leaf", "leaf_hash"),
        ("audit_node", "hash"),
        ("audit_checkpoint", "note"),
        ("audit_key", "vkey"),
        ("rule_set", "packs"),
        ("safety_case", "day_zero"),
        ("safety_case", "evidence"),
        ("publication", "first_released_at"),
    ] {
        let count = format!("SELECT COUNT(*) AS n FROM {table}");
        let before = rows.count(&count).await;
        assert!(before > 0, "{table} has rows");
        for statement in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = rows.run(&statement).await.expect_err(&statement);
            assert!(refused.contains("evidence"), "{statement}: {refused}");
        }
        if story.store.engine() == hortus_tests::Engine::Postgres {
            let refused = rows
                .run(&format!("TRUNCATE {table}"))
                .await
                .expect_err("TRUNCATE");
            assert!(refused.contains("evidence"), "{refused}");
        }
        assert_eq!(rows.count(&count).await, before);
    }
    rows.close().await;
}

/// R-ER-02: if the record cannot be written, the change does not happen.
async fn what_cannot_be_recorded_does_not_happen(story: &mut Story) {
    let held = story
        .clinician()
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let claimed = story.moderator().claims(&held).await;
    let rows = story.rows().await;
    let (make, end) = match story.store.engine() {
        hortus_tests::Engine::Sqlite => (
            "CREATE TRIGGER full BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            "DROP TRIGGER full",
        ),
        hortus_tests::Engine::Postgres => (
            "ALTER TABLE audit_record ADD CONSTRAINT full_disk CHECK (false) NOT VALID",
            "ALTER TABLE audit_record DROP CONSTRAINT full_disk",
        ),
    };
    rows.run(make).await.unwrap();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let draft = json!({ "title": "Journal club", "body": "A text whose record cannot be written" });
    story
        .clinician()
        .post(&path, &draft)
        .await
        .refused(500, "internal");
    story
        .moderator()
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .refused(500, "internal");
    story.person("steward").post(
        &format!("/api/communities/{CLINICIANS}/invitations"),
        &json!({ "email": "new@garden.example", "name": "New Colleague", "speaker": "professional", "roles": ["member"] }),
    ).await.refused(500, "internal");
    story
        .person("inspector")
        .get("/api/audit/records")
        .await
        .refused(500, "internal");
    rows.run(end).await.unwrap();
    for (table, expected) in [("revision", 1), ("decision", 0), ("publication", 0)] {
        assert_eq!(
            rows.count(&format!("SELECT COUNT(*) AS n FROM {table}"))
                .await,
            expected,
            "{table}"
        );
    }
    rows.close().await;
    story
        .moderator()
        .decides(&claimed, &claimed.ruling("release"))
        .await
        .is(200);
}

stories![
    every_step_of_a_post_leaves_its_record,
    no_word_of_a_member_and_no_name_enters_the_log,
    the_log_is_for_inspectors_and_shows_their_communities,
    the_log_is_searched_by_person_action_object_and_time,
    an_inclusion_proof_leads_from_the_record_to_the_signed_root,
    the_database_refuses_to_change_evidence,
    what_cannot_be_recorded_does_not_happen,
];
