//! R-ER-03 to R-ER-07: second factors and who may sign, over the API.

use hortus_tests::receivers::Mailbox;
use hortus_tests::story::CLINICIANS;
use hortus_tests::{Authenticator, Engine, Node, Story, eventually, stories};
use serde_json::{Value, json};

async fn a_second_factor_is_asked_for_at_sign_in_and_recovery_codes_work_once(story: &mut Story) {
    let moderator = story.moderator();
    let signer = moderator.enrols().await;
    assert_eq!(signer.recovery_codes.len(), 10);
    let shown = moderator.get("/api/account/factor").await.is(200);
    assert!(shown["enrolled_at"].is_string());
    assert_eq!(shown["recovery_codes_left"], 10);

    let visitor = story.visitor();
    let with = |code: Option<&str>| json!({ "email": moderator.who.email, "password": moderator.who.password, "code": code });
    let sign_in = async |code: Option<&str>| visitor.post("/api/session", &with(code)).await;
    sign_in(None).await.refused(401, "code_needed");
    sign_in(Some("000000")).await.refused(401, "wrong_code");
    let code = signer.app.code();
    let me = sign_in(Some(&code)).await.is(200);
    assert_eq!(me["second_factor"], true);
    sign_in(Some(&code)).await.refused(401, "wrong_code");
    let lost = signer.recovery_codes[0].as_str();
    sign_in(Some(lost)).await.is(200);
    sign_in(Some(lost)).await.refused(401, "wrong_code");
    let wrong = json!({ "email": moderator.who.email, "password": "not the password", "code": signer.recovery_codes[1] });
    visitor
        .post("/api/session", &wrong)
        .await
        .refused(401, "wrong_credentials");
}

async fn er_06_who_may_sign_is_said_step_by_step(story: &mut Story) {
    let (moderator, steward) = (story.moderator(), story.person("steward"));
    let signers = format!("/api/communities/{CLINICIANS}/signers");
    let verification = format!("{signers}/{}/verification", moderator.who.account);
    let evidence = json!({ "evidence": "passport seen" });
    steward
        .post(&verification, &evidence)
        .await
        .refused(409, "not_enrolled");
    let status = moderator.get("/api/account/signing").await.is(200);
    assert_eq!(
        (&status["ready"], &status["needs"]),
        (&json!(false), &json!("both"))
    );
    assert_eq!(status["name"], moderator.who.name);

    moderator.enrols().await;
    let other = json!({ "statement_hash": "another" });
    moderator
        .post("/api/account/signing", &other)
        .await
        .refused(409, "statement_changed");
    let hash = json!({ "statement_hash": status["statement"]["hash"] });
    moderator.post("/api/account/signing", &hash).await.is(204);
    let own = format!("{signers}/{}/verification", steward.who.account);
    steward.enrols().await;
    steward
        .post(&own, &evidence)
        .await
        .refused(403, "own_identity");
    let none = json!({ "evidence": "  " });
    steward
        .post(&verification, &none)
        .await
        .refused(422, "invalid");
    steward.post(&verification, &evidence).await.is(204);
    let status = moderator.get("/api/account/signing").await.is(200);
    assert_eq!(status["ready"], true);

    let listed = steward.get(&signers).await.is(200);
    let of = |account: &str| -> Value {
        let items = listed["items"].as_array().unwrap();
        items
            .iter()
            .find(|one| one["account_id"] == account)
            .cloned()
            .unwrap()
    };
    let row = of(&moderator.who.account);
    assert_eq!(row["verified_by"], steward.who.name);
    assert!(row["accepted_at"].is_string() && row["enrolled_at"].is_string());
    let colleague = story.person("colleague");
    let accounts = listed["items"].as_array().unwrap();
    assert!(
        accounts
            .iter()
            .all(|one| one["account_id"] != colleague.who.account),
        "members sign nothing"
    );
}

async fn er_06_a_reset_ends_every_session_and_takes_two_people_to_undo(story: &mut Story) {
    let (moderator, steward) = (story.moderator(), story.person("steward"));
    moderator.may_sign(&steward, CLINICIANS).await;
    let path = format!(
        "/api/communities/{CLINICIANS}/signers/{}",
        moderator.who.account
    );
    let own = format!(
        "/api/communities/{CLINICIANS}/signers/{}/reset",
        steward.who.account
    );
    steward.ask(&own).await.refused(403, "own_membership");
    let made = steward.ask(&format!("{path}/reset")).await.is(201);
    moderator
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");

    let again = moderator.signs_in().await;
    let password = json!({ "password": again.who.password });
    again
        .post("/api/account/factor", &password)
        .await
        .refused(403, "link_needed");
    let token = made["link"].as_str().unwrap().rsplit('/').next().unwrap();
    let with_link = json!({ "password": again.who.password, "link": token });
    let begun = again.post("/api/account/factor", &with_link).await.is(201);
    let app = Authenticator::new(begun["secret"].as_str().unwrap());
    let first = json!({ "code": app.code() });
    again
        .post("/api/account/factor/confirmation", &first)
        .await
        .is(200);
    let status = again.get("/api/account/signing").await.is(200);
    assert_eq!(
        (&status["ready"], &status["verified_at"]),
        (&json!(false), &Value::Null)
    );
    let evidence = json!({ "evidence": "passport seen" });
    steward
        .post(&format!("{path}/verification"), &evidence)
        .await
        .refused(403, "reset_by_you");
    let founder = story.person("founder");
    founder
        .post(&format!("{path}/verification"), &evidence)
        .await
        .is(204);
    let status = again.get("/api/account/signing").await.is(200);
    assert_eq!(status["ready"], true);
}

async fn er_07_wrong_proofs_lock_signing_raise_the_alert_and_end_the_session(story: &mut Story) {
    let mailbox = Mailbox::open().await;
    let settings = mailbox.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    story.node.restart_with(&settings).await;
    let moderator = story.moderator();
    let signer = moderator.enrols().await;
    let guess = json!({ "password": "not the password", "code": "000000" });
    for _ in 0..5 {
        moderator
            .post("/api/account/factor/codes", &guess)
            .await
            .refused(401, "wrong_proof");
    }
    moderator
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
    let code = signer.app.code();
    let body =
        json!({ "email": moderator.who.email, "password": moderator.who.password, "code": code });
    let answer = story.visitor().post("/api/session", &body).await;
    answer.is(200);
    let again = story.visitor().with_session(&answer.session().unwrap());
    let right = json!({ "password": moderator.who.password, "code": signer.app.code() });
    let locked = again.post("/api/account/factor/codes", &right).await;
    locked.refused(429, "signing_locked");
    assert!(locked.header("retry-after").parse::<u64>().unwrap() > 0);
    let status = again.get("/api/account/signing").await.is(200);
    assert!(status["locked_until"].is_string());
    story
        .node
        .prints("that signing was locked", |line| {
            line.contains("ALERT").then_some(())
        })
        .await;
    // The security unit and the management: 21 CFR 11.300(d).
    let who = moderator.who.clone();
    let told = ["lead", "steward", "founder"].map(|key| (*story.person(key)).clone());
    for person in told.into_iter().chain([again]) {
        eventually("people are told", async || {
            let told = person.get("/api/notices").await.is(200);
            let told = told["items"].as_array().unwrap().clone();
            let locks: Vec<_> = told
                .iter()
                .filter(|one| one["kind"] == "signing_locked")
                .collect();
            assert!(locks.len() < 2, "told once");
            let lock = locks.first()?;
            assert_eq!(lock["subject_id"], who.account);
            Some(())
        })
        .await;
    }
    let mails = mailbox.has(4).await;
    let own = mails.iter().filter(|mail| mail.to.contains(&who.email));
    assert_eq!(own.count(), 1, "whose signing it is learns of it");
    assert!(
        mails
            .iter()
            .all(|mail| mail.text.contains("failed to sign too often"))
    );
    eventually("the alert is in the log", async || {
        let rows = story.rows().await;
        let alerts = "SELECT COUNT(*) AS n FROM audit_record WHERE action = 'signing.locked'";
        let count = rows.count(alerts).await;
        rows.close().await;
        (count == 1).then_some(())
    })
    .await;
}

async fn a_changed_password_ends_the_other_devices_and_works_from_then_on(story: &mut Story) {
    let moderator = story.moderator();
    let other = moderator.signs_in().await;
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let path = "/api/account/password";
    let own = moderator.who.password.clone();
    moderator
        .put(
            path,
            &change("not the password", "walnut harbour nine lamps"),
        )
        .await
        .refused(401, "wrong_proof");
    moderator
        .put(path, &change(&own, "short"))
        .await
        .refused(422, "invalid");
    moderator
        .put(path, &change(&own, "walnut harbour nine lamps"))
        .await
        .is(204);
    other
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
    moderator.get("/api/session").await.is(200);
    let visitor = story.visitor();
    let old = json!({ "email": moderator.who.email, "password": own });
    visitor
        .post("/api/session", &old)
        .await
        .refused(401, "wrong_credentials");
    let new = json!({ "email": moderator.who.email, "password": "walnut harbour nine lamps" });
    visitor.post("/api/session", &new).await.is(200);
}

async fn letters_to_the_agency_are_noted_and_inspectors_read_them(story: &mut Story) {
    let founder = story.person("founder");
    let path = "/api/signing/certifications";
    let letter =
        json!({ "sent_on": "2026-01-30", "recipient": "FDA, ORO", "reference": "DMS 4711" });
    founder.post(path, &letter).await.is(201);
    let early = json!({ "sent_on": "2999-01-30", "recipient": "FDA", "reference": "DMS 4712" });
    founder.post(path, &early).await.refused(422, "invalid");
    let listed = story.person("inspector").get(path).await.is(200);
    assert_eq!(listed["items"][0]["sent_on"], "2026-01-30");
    assert_eq!(listed["items"][0]["recorded_by"], founder.who.name);
    story.moderator().get(path).await.refused(404, "not_found");
}

async fn where_staff_need_it_no_role_of_staff_works_without_the_second_factor(story: &mut Story) {
    story
        .node
        .restart_with(&[("SIGN_IN__SECOND_FACTOR", "staff")])
        .await;
    let moderator = story.moderator();
    for path in ["/api/review/items", "/api/review/items?limit=1"] {
        moderator.get(path).await.refused(403, "second_factor_due");
    }
    let founder = story.person("founder");
    let community = json!({ "slug": "nurses", "name": "Nurses", "audience": "professionals" });
    founder
        .post("/api/communities", &community)
        .await
        .refused(403, "second_factor_due");
    moderator
        .get(&format!("/api/communities/{CLINICIANS}/threads"))
        .await
        .is(200);
    moderator.enrols().await;
    moderator.get("/api/review/items").await.is(200);
    story
        .node
        .restart_with(&[("SIGN_IN__SECOND_FACTOR", "enrolled")])
        .await;
}

stories![
    a_second_factor_is_asked_for_at_sign_in_and_recovery_codes_work_once,
    er_06_who_may_sign_is_said_step_by_step,
    er_06_a_reset_ends_every_session_and_takes_two_people_to_undo,
    er_07_wrong_proofs_lock_signing_raise_the_alert_and_end_the_session,
    a_changed_password_ends_the_other_devices_and_works_from_then_on,
    letters_to_the_agency_are_noted_and_inspectors_read_them,
    where_staff_need_it_no_role_of_staff_works_without_the_second_factor,
];

/// Two processes with one key file: what the one sealed, the other opens.
#[tokio::test]
async fn a_code_is_right_on_every_node_and_used_up_on_all_of_them() {
    let Some(story) = Story::open(Engine::Sqlite).await else {
        return;
    };
    let moderator = story.moderator();
    let signer = moderator.enrols().await;
    let second = Node::start(&story.store, &[]).await;
    let code = signer.app.code();
    let body =
        json!({ "email": moderator.who.email, "password": moderator.who.password, "code": code });
    let (one, two) = (story.visitor(), second.visitor());
    let (one, two) = tokio::join!(
        one.post("/api/session", &body),
        two.post("/api/session", &body)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}
