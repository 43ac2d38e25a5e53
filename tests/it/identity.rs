//! WHO: the way in, sessions, lock-out, and requests that other websites cause.

use hortus_tests::{Engine, Node, Person, Socket, Store, Story, stories, world};
use reqwest::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "seven orchids on a quiet tram";

fn credentials(person: &Person, password: &str) -> Value {
    json!({ "email": person.who.email, "password": password })
}

/// A first start on an empty database prints a link; this is what it leads to.
async fn the_first_administrator_comes_in_once(engine: Engine) {
    if !engine.is_there() {
        eprintln!("left out: HORTUS_TEST_POSTGRES is not set");
        return;
    }
    let store = Store::empty(engine).await;
    let mut node = Node::start(&store, &[]).await;
    let token = node.administrator_link().await;
    let visitor = node.visitor();
    let path = format!("/api/invitations/{token}");
    let shown = visitor.get(&path).await.is(200);
    assert_eq!(
        (&shown["kind"], &shown["has_account"]),
        (&json!("server_administrator"), &json!(false))
    );
    let accept = format!("{path}/accept");
    let nameless = json!({ "name": "", "password": PASSWORD, "email": "iris@garden.example" });
    visitor
        .post(&accept, &nameless)
        .await
        .refused(422, "invalid");
    let weak = json!({ "name": "Iris Falk", "password": "short", "email": "iris@garden.example" });
    visitor.post(&accept, &weak).await.refused(422, "invalid");

    let body = json!({ "name": "Iris Falk", "password": PASSWORD, "email": "iris@garden.example" });
    let answers =
        futures_util::future::join_all((0..4).map(|_| visitor.post(&accept, &body))).await;
    let came_in: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(came_in.len(), 1, "it works once, even at once");
    assert_eq!(came_in[0].json()["administrator"], true);
    visitor
        .post(&accept, &body)
        .await
        .refused(404, "invitation_unknown");
    visitor.get(&path).await.refused(404, "invitation_unknown");

    node.stop().await;
    let mut again = Node::start(&store, &[]).await;
    let printed = again.log().join("\n");
    assert!(!printed.contains("/join/"), "no second link: {printed}");
    assert!(again.stop().await.success());
}

#[tokio::test]
async fn the_first_administrator_comes_in_once_on_sqlite() {
    the_first_administrator_comes_in_once(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_first_administrator_comes_in_once_on_postgres() {
    the_first_administrator_comes_in_once(Engine::Postgres).await;
}

/// Who asks signs in until the name is locked.
async fn fails(story: &Story, person: &Person, times: usize) {
    for _ in 0..times {
        let answer = story
            .visitor()
            .post("/api/session", &credentials(person, "a wrong password"))
            .await;
        answer.refused(401, "wrong_credentials");
    }
}

async fn a_session_begins_with_the_right_password_and_ends_with_signing_out(story: &mut Story) {
    let colleague = story.colleague();
    let answer = story
        .visitor()
        .post("/api/session", &credentials(&colleague, PASSWORD))
        .await;
    let me = answer.is(200);
    assert_eq!(me["account"]["name"], "Dr Jonas Brandt");
    assert_eq!(me["administrator"], false);
    assert_eq!(me["memberships"][0]["community"]["slug"], "clinicians");
    let cookie = answer.header("set-cookie");
    for attribute in [
        "__Host-session=",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/",
    ] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let session = colleague.with_session(&answer.session().unwrap());
    session.get("/api/session").await.is(200);
    session.delete("/api/session").await.is(204);
    session
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
    colleague.get("/api/session").await.is(200);
}

async fn a_wrong_password_and_an_unknown_address_answer_alike(story: &mut Story) {
    let wrong = story
        .visitor()
        .post(
            "/api/session",
            &credentials(&story.colleague(), "a wrong password"),
        )
        .await;
    let unknown = json!({ "email": "nobody@garden.example", "password": "a wrong password" });
    let unknown = story.visitor().post("/api/session", &unknown).await;
    let (mut wrong, mut unknown) = (
        wrong.refused(401, "wrong_credentials"),
        unknown.refused(401, "wrong_credentials"),
    );
    for problem in [&mut wrong, &mut unknown] {
        problem["request_id"] = Value::Null;
    }
    assert_eq!(wrong, unknown);
}

/// R-ER-07: lock-out on misuse.
async fn failures_lock_the_name_and_the_right_password_does_not_open_it(story: &mut Story) {
    let colleague = story.colleague();
    fails(story, &colleague, 5).await;
    let locked = story
        .visitor()
        .post("/api/session", &credentials(&colleague, PASSWORD))
        .await;
    locked.refused(429, "too_many_attempts");
    let seconds: u64 = locked.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    colleague.get("/api/session").await.is(200);
    story.clinician().signs_in().await;

    story.node.restart().await;
    let still = story
        .visitor()
        .post("/api/session", &credentials(&colleague, PASSWORD))
        .await;
    still.refused(429, "too_many_attempts");

    // The lock runs out; the next failure locks for twice as long.
    let rows = story.rows().await;
    rows.run("UPDATE sign_in_failure SET locked_until = 1")
        .await
        .unwrap();
    fails(story, &colleague, 1).await;
    let longer = story
        .visitor()
        .post("/api/session", &credentials(&colleague, PASSWORD))
        .await;
    let seconds: u64 = longer.header("retry-after").parse().unwrap();
    assert!((31..=60).contains(&seconds), "{seconds}");
    rows.run("UPDATE sign_in_failure SET locked_until = 1")
        .await
        .unwrap();
    rows.close().await;
    colleague.signs_in().await;
    fails(story, &colleague, 4).await;
    colleague.signs_in().await;
}

async fn a_name_that_nobody_has_is_locked_like_any_other(story: &mut Story) {
    let nobody = json!({ "email": "nobody@garden.example", "password": "a wrong password" });
    for _ in 0..5 {
        story
            .visitor()
            .post("/api/session", &nobody)
            .await
            .refused(401, "wrong_credentials");
    }
    story
        .visitor()
        .post("/api/session", &nobody)
        .await
        .refused(429, "too_many_attempts");
}

async fn one_address_may_not_try_without_end(story: &mut Story) {
    story
        .node
        .restart_with(&[("SIGN_IN__ATTEMPTS_PER_MINUTE_PER_ADDRESS", "2")])
        .await;
    for n in 0..2 {
        let body = json!({ "email": format!("somebody{n}@garden.example"), "password": "a wrong password" });
        story
            .visitor()
            .post("/api/session", &body)
            .await
            .refused(401, "wrong_credentials");
    }
    let refused = story
        .visitor()
        .post("/api/session", &credentials(&story.colleague(), PASSWORD))
        .await;
    refused.refused(429, "too_many_attempts");
    assert!(!refused.header("retry-after").is_empty());
}

async fn signing_out_everywhere_ends_every_session_of_that_person_alone(story: &mut Story) {
    let colleague = story.colleague();
    let phone = colleague.signs_in().await;
    let devices = phone.get("/api/sessions").await.is(200);
    let devices = devices["items"].as_array().unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(
        devices
            .iter()
            .filter(|device| device["current"] == true)
            .count(),
        1
    );
    phone.delete("/api/sessions").await.is(204);
    for session in [&phone, &colleague] {
        session
            .get("/api/session")
            .await
            .refused(401, "not_signed_in");
    }
    story.clinician().get("/api/session").await.is(200);
    story.node.restart().await;
    phone
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
}

async fn a_session_ends_by_itself_and_so_does_its_socket(story: &mut Story) {
    let rows = story.rows().await;
    let unused = story.colleague().signs_in().await;
    rows.run("UPDATE session SET last_seen_at = last_seen_at - 10800000000")
        .await
        .unwrap();
    story
        .node
        .restart_with(&[("SESSIONS__IDLE_HOURS", "2")])
        .await;
    unused
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
    story
        .node
        .restart_with(&[("SESSIONS__IDLE_HOURS", "8760")])
        .await;
    unused.get("/api/session").await.is(200);

    // The clock cannot be moved from outside, but the end of a session can be brought near.
    let id = "SELECT id, created_at AS at FROM session ORDER BY id DESC";
    let session = rows.find(id).await[0].clone();
    let end = session["at"].as_i64().unwrap() + 1;
    let row = rows.id(session["id"].as_str().unwrap());
    rows.run(&format!(
        "UPDATE session SET expires_at = {end} WHERE id = {row}"
    ))
    .await
    .unwrap();
    rows.close().await;
    story.node.restart().await;
    unused
        .get("/api/session")
        .await
        .refused(401, "not_signed_in");
    let own = story.node.url();
    assert_eq!(Socket::knock(&unused, Some(&own)).await.err(), Some(401));
    story.colleague().get("/api/session").await.is(200);
}

async fn one_invitation_lets_in_one_person_once_however_often_it_is_sent(story: &mut Story) {
    let body = json!({ "email": "new@garden.example", "name": "New Colleague", "speaker": "professional", "roles": ["member"] });
    let list = "/api/communities/clinicians/invitations";
    let invited = story.person("steward").post(list, &body).await.is(201);
    let link = invited["link"].as_str().unwrap();
    let path = format!(
        "/api/invitations/{}/accept",
        link.rsplit('/').next().unwrap()
    );
    let visitor = story.visitor();
    let body = json!({ "password": PASSWORD });
    let answers = futures_util::future::join_all((0..8).map(|_| visitor.post(&path, &body))).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1
    );
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!([401, 404, 409].contains(&answer.status), "{answer}");
    }
    let rows = story.rows().await;
    let new = "SELECT COUNT(*) AS n FROM account WHERE email = 'new@garden.example'";
    assert_eq!(rows.count(new).await, 1);
    rows.close().await;
}

async fn a_cookie_that_we_did_not_give_is_nobody(story: &mut Story) {
    let given = story.colleague();
    let token = given.cookie().unwrap();
    let forged = format!(
        "{}{}",
        &token[..token.len() - 1],
        if token.ends_with('A') { 'B' } else { 'A' }
    );
    for cookie in ["", "x", forged.as_str(), "' OR 1=1 --"] {
        story
            .visitor()
            .with_session(cookie)
            .get("/api/session")
            .await
            .refused(401, "not_signed_in");
    }
    let rows = story.rows().await;
    let stored = rows.find("SELECT token_hash AS hash FROM session").await;
    assert!(
        stored.iter().all(|row| row["hash"].as_str() != Some(token)),
        "tokens are stored hashed"
    );
    rows.close().await;
}

async fn what_another_website_sends_is_refused(story: &mut Story) {
    let colleague = story.colleague();
    let path = "/api/communities/clinicians/threads";
    let draft = json!({ "title": "Journal club", "body": "A good place for the journal club?" });
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = colleague
            .request(Method::POST, path)
            .header(name, value)
            .json(&draft);
        colleague.send(request).await.refused(403, "cross_site");
        let leave = colleague
            .request(Method::DELETE, "/api/session")
            .header(name, value);
        colleague.send(leave).await.refused(403, "cross_site");
    }
    let request = colleague
        .request(Method::POST, path)
        .header("origin", story.node.url())
        .header("sec-fetch-site", "same-origin")
        .json(&draft);
    colleague.send(request).await.is(202);
    let reading = colleague
        .request(Method::GET, "/api/session")
        .header("sec-fetch-site", "cross-site");
    colleague.send(reading).await.is(200);
}

async fn a_person_who_is_invited_again_comes_in_with_their_own_password(story: &mut Story) {
    let patient = story.person("patient");
    let body = json!({ "email": patient.who.email, "name": "Somebody Else", "speaker": "patient", "roles": ["member"] });
    let invited = story
        .person("founder")
        .post("/api/communities/partners/invitations", &body)
        .await
        .is(201);
    let token = invited["link"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    let path = format!("/api/invitations/{token}");
    assert_eq!(
        story.visitor().get(&path).await.is(200)["has_account"],
        true
    );
    let accept = format!("{path}/accept");
    let wrong = json!({ "name": "Mallory", "password": "a password of my own choice" });
    story
        .visitor()
        .post(&accept, &wrong)
        .await
        .refused(401, "wrong_credentials");
    let right = json!({ "name": "Mallory", "password": PASSWORD });
    let me = story.visitor().post(&accept, &right).await.is(200);
    assert_eq!(
        me["account"]["name"], "Ewa Nowak",
        "the name is the account's"
    );
    assert_eq!(me["memberships"].as_array().unwrap().len(), 2);
}

async fn unknown_used_revoked_and_expired_invitations_answer_alike(story: &mut Story) {
    let steward = story.person("steward");
    let list = "/api/communities/clinicians/invitations";
    let invite = async |email: &str| -> (String, String) {
        let body = json!({ "email": email, "name": "New Colleague", "speaker": "professional", "roles": ["member"] });
        let invited = steward.post(list, &body).await.is(201);
        let token = invited["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        (invited["id"].as_str().unwrap().to_owned(), token)
    };
    let (_, used) = invite("used@garden.example").await;
    let body = json!({ "name": "New Colleague", "password": PASSWORD });
    story
        .visitor()
        .post(&format!("/api/invitations/{used}/accept"), &body)
        .await
        .is(200);
    let (id, revoked) = invite("revoked@garden.example").await;
    steward.delete(&format!("{list}/{id}")).await.is(204);
    let (id, expired) = invite("expired@garden.example").await;
    let rows = story.rows().await;
    rows.run(&format!(
        "UPDATE invitation SET expires_at = 1 WHERE id = {}",
        rows.id(&id)
    ))
    .await
    .unwrap();
    rows.close().await;
    for token in ["unknown", &used, &revoked, &expired] {
        let path = format!("/api/invitations/{token}");
        story
            .visitor()
            .get(&path)
            .await
            .refused(404, "invitation_unknown");
        story
            .visitor()
            .post(&format!("{path}/accept"), &body)
            .await
            .refused(404, "invitation_unknown");
    }
    let sent = steward.get(list).await.is(200);
    let states = world::column(sent["items"].as_array().unwrap(), "state");
    assert_eq!(states[..3], ["expired", "revoked", "accepted"]);
    assert!(!sent.to_string().contains(&used), "the link is shown once");
}

async fn passwords_and_tokens_never_enter_a_log(story: &mut Story) {
    story.colleague().signs_in().await;
    fails(story, &story.colleague(), 1).await;
    let log = story.node.log().join("\n");
    for secret in [
        PASSWORD,
        "a wrong password",
        story.colleague().cookie().unwrap(),
        "@garden.example",
        "Jonas",
    ] {
        assert!(!log.contains(secret), "{secret}");
    }
}

stories![
    a_session_ends_by_itself_and_so_does_its_socket,
    one_invitation_lets_in_one_person_once_however_often_it_is_sent,
    a_session_begins_with_the_right_password_and_ends_with_signing_out,
    a_wrong_password_and_an_unknown_address_answer_alike,
    failures_lock_the_name_and_the_right_password_does_not_open_it,
    a_name_that_nobody_has_is_locked_like_any_other,
    one_address_may_not_try_without_end,
    signing_out_everywhere_ends_every_session_of_that_person_alone,
    a_cookie_that_we_did_not_give_is_nobody,
    what_another_website_sends_is_refused,
    a_person_who_is_invited_again_comes_in_with_their_own_password,
    unknown_used_revoked_and_expired_invitations_answer_alike,
    passwords_and_tokens_never_enter_a_log,
];

/// R-ER-07: there are no default passwords anywhere.
#[tokio::test]
async fn a_fresh_server_lets_nobody_in() {
    let store = Store::empty(Engine::Sqlite).await;
    let node = Node::start(&store, &[]).await;
    for (email, password) in [
        ("admin", "admin"),
        ("admin@localhost", "password"),
        ("", ""),
    ] {
        let body = json!({ "email": email, "password": password });
        let answer = node.visitor().post("/api/session", &body).await;
        assert!([401, 422].contains(&answer.status), "{answer}");
    }
}
