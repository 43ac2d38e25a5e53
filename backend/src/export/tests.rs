//! A small story through the real doors, and what an inspector takes home of it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{Scope, export};
use crate::app::{App, Work};
use crate::audit::Actor;
use crate::clock::Clock;
use crate::communities::first_administrator_link;
use crate::config::Settings;
use crate::db::Db;
use crate::http::router;
use crate::intake::Rules;
use crate::verify::{Report, Trust, verify};

const PASSWORD: &str = "tram orchid seven quilt";
const SECRET_OF_PARTNERS: &str = "the launch date is the ninth of May";

/// A server with the communities `patients` and `partners`, in which somebody wrote something.
struct Garden {
    app: App,
    work: Work,
    _folder: TempDir,
}

/// Somebody with a session.
struct Person {
    router: Router,
    cookie: String,
}

impl Person {
    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Vec<u8>) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 0))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            self.cookie = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
        }
        let status = response.status();
        (
            status,
            to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap()
                .to_vec(),
        )
    }

    async fn get(&mut self, path: &str) -> Value {
        let (status, body) = self.ask(Method::GET, path, None).await;
        assert_eq!(
            status,
            StatusCode::OK,
            "{path}: {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).unwrap()
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        let (status, body) = self.ask(Method::POST, path, Some(body)).await;
        assert!(
            status.is_success(),
            "{path}: {status} {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }
}

impl Garden {
    /// In `patients` a member writes of an adverse event, which is disposed of and released, and edits it, which
    /// waits; in `partners` something confidential waits.
    async fn new() -> (Self, Person) {
        let folder = TempDir::new().unwrap();
        let flags = [("data.folder", folder.path().display().to_string())];
        let mut settings = Settings::read(None, &flags).unwrap();
        settings.submissions.per_minute = 1_000_000;
        settings.submissions.burst = 1_000_000;
        let db = Db::connect(&settings.database_url()).await.unwrap();
        db.migrate().await.unwrap();
        let rules = Rules::read("");
        let (app, work) = App::start(settings, Clock::system(), db, rules)
            .await
            .unwrap();
        let garden = Self {
            app,
            work,
            _folder: folder,
        };

        let link = first_administrator_link(&garden.app.audit, Duration::from_secs(60))
            .await
            .unwrap()
            .unwrap();
        let mut administrator = garden
            .join(link.reveal(), "Ada Admin", "ada@example.com")
            .await;
        for (slug, audience) in [("patients", "patients"), ("partners", "partners")] {
            let body = json!({"slug": slug, "name": slug, "audience": audience});
            administrator.post("/api/communities", body).await;
        }
        let mut member = garden
            .invite(&mut administrator, "patients", "Mia Member", "member")
            .await;
        let mut moderator = garden
            .invite(&mut administrator, "patients", "Mo Derator", "moderator")
            .await;
        let inspector = garden
            .invite(&mut administrator, "patients", "Ines Pector", "inspector")
            .await;
        let mut partner = garden
            .invite(&mut administrator, "partners", "Pat Partner", "member")
            .await;

        let text = json!({"title": "My second week", "body": "After the second dose I had a rash on my arm."});
        let sent = member.post("/api/communities/patients/threads", text).await;
        let items = moderator.get("/api/review/items").await;
        let item = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["title"] == "My second week")
            .unwrap();
        let path = format!("/api/review/items/{}", item["id"].as_str().unwrap());
        let fence = moderator.post(&format!("{path}/claim"), json!({})).await["fence"].clone();
        let item = moderator.get(&path).await;
        let disposal = json!({"fence": fence, "disposition": "adverse_event"});
        moderator
            .post(&format!("{path}/disposition"), disposal)
            .await;
        let ruling = json!({
            "fence": fence, "action": "release", "revision_hash": item["revision"]["hash"],
            "rule_set_hash": item["rule_set_hash"],
        });
        moderator.post(&format!("{path}/decision"), ruling).await;
        let post = sent["post_id"].as_str().unwrap();
        let edit = json!({"title": "My second week", "body": "After the second dose I had a rash. It is gone now."});
        member
            .post(&format!("/api/posts/{post}/revisions"), edit)
            .await;
        let confidential = json!({"title": "Plans", "body": SECRET_OF_PARTNERS});
        partner
            .post("/api/communities/partners/threads", confidential)
            .await;
        (garden, inspector)
    }

    async fn join(&self, token: &str, name: &str, email: &str) -> Person {
        let mut person = self.visitor();
        let body = json!({"name": name, "email": email, "password": PASSWORD});
        person
            .post(&format!("/api/invitations/{token}/accept"), body)
            .await;
        person
    }

    async fn invite(&self, by: &mut Person, slug: &str, name: &str, role: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let speaker = if slug == "partners" {
            "partner"
        } else {
            "patient"
        };
        let body = json!({"email": email, "name": name, "speaker": speaker, "roles": [role]});
        let invited = by
            .post(&format!("/api/communities/{slug}/invitations"), body)
            .await;
        let token = invited["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        self.join(&token, name, &email).await
    }

    fn visitor(&self) -> Person {
        Person {
            router: router(self.app.clone()),
            cookie: String::new(),
        }
    }

    fn trust(&self) -> Trust {
        Trust {
            key: Some(self.app.sealer.key().public()),
            checkpoint: None,
        }
    }

    async fn end(self) {
        self.work.end().await;
    }
}

fn count(report: &Report, what: &str) -> u64 {
    report
        .passed
        .iter()
        .find(|(_, said)| said.contains(what))
        .map_or(0, |(count, _)| *count)
}

fn holds(zip: &[u8], words: &str) -> bool {
    zip.windows(words.len())
        .any(|window| window == words.as_bytes())
}

#[tokio::test]
async fn the_bundle_an_inspector_takes_home_is_good_and_holds_its_own_export() {
    let (garden, mut inspector) = Garden::new().await;
    let (status, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    assert_eq!(status, StatusCode::OK);
    let report = verify(&zip, &garden.trust());
    assert_eq!(report.fault, None);
    // The text and its edit; the first text alone was shown.
    assert_eq!(count(&report, "revisions have their hash"), 2);
    assert_eq!(count(&report, "decisions name the text"), 1);
    assert_eq!(count(&report, "publications are what was released last"), 1);
    assert!(count(&report, "safety cases are all there") >= 1);
    assert!(holds(&zip, "audit_log.exported") && holds(&zip, "I had a rash on my arm"));
    garden.end().await;
}

#[tokio::test]
async fn of_a_community_that_is_not_inspected_there_are_hashes_only() {
    let (garden, mut inspector) = Garden::new().await;
    let (_, zip) = inspector
        .ask(
            Method::POST,
            "/api/exports",
            Some(json!({"communities": ["patients"]})),
        )
        .await;
    assert!(count(&verify(&zip, &garden.trust()), "outside the scope") > 0);
    assert!(!holds(&zip, SECRET_OF_PARTNERS));
    let (status, _) = inspector
        .ask(
            Method::POST,
            "/api/exports",
            Some(json!({"communities": ["partners"]})),
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn the_operator_takes_the_whole_log_with_every_record() {
    let (garden, _) = Garden::new().await;
    let actor = Actor::command("export");
    let mut bundle = export(
        &garden.app.audit,
        &garden.app.sealer,
        &actor,
        &Scope::Everything,
    )
    .await
    .unwrap();
    let mut zip = Vec::new();
    std::io::Read::read_to_end(&mut bundle.zip, &mut zip).unwrap();
    let report = verify(&zip, &garden.trust());
    assert_eq!(
        (report.fault.clone(), count(&report, "outside the scope")),
        (None, 0)
    );
    assert!(holds(&zip, SECRET_OF_PARTNERS));
    garden.end().await;
}

#[tokio::test]
async fn a_bundle_continues_the_checkpoint_of_an_earlier_visit() {
    let (garden, mut inspector) = Garden::new().await;
    let kept = inspector.get("/api/audit/checkpoint").await;
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    let trust = Trust {
        key: kept["public_key"].as_str().map(str::to_owned),
        checkpoint: kept["note"].as_str().map(str::to_owned),
    };
    let report = verify(&zip, &trust);
    assert_eq!(
        (
            report.fault.clone(),
            count(&report, "checkpoint that you kept")
        ),
        (None, 1)
    );
    garden.end().await;
}

#[tokio::test]
async fn any_byte_of_a_real_bundle_that_is_changed_is_named() {
    let (garden, mut inspector) = Garden::new().await;
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    // A prime step meets every file and every kind of header in some run of the loop.
    for position in (0..zip.len()).step_by(6_131) {
        let mut changed = zip.clone();
        changed[position] ^= 0x04;
        let fault = verify(&changed, &garden.trust()).fault;
        let offset = fault.as_ref().and_then(|fault| fault.offset);
        assert!(fault.is_some(), "byte {position} can be changed unseen");
        assert!(
            offset.is_some_and(|offset| offset.abs_diff(position as u64) <= 64),
            "byte {position}: {fault:?}"
        );
    }
    garden.end().await;
}

#[tokio::test]
async fn a_search_is_recorded_before_it_is_answered_and_shows_nothing_of_other_communities() {
    let (garden, mut inspector) = Garden::new().await;
    let all = inspector.get("/api/audit/records?limit=200").await;
    let all = all["items"].as_array().unwrap();
    assert!(
        all.iter().all(
            |record| record["community"].is_null() || record["community"]["slug"] == "patients"
        )
    );
    let submitted = inspector
        .get("/api/audit/records?action=revision.submitted&community=patients")
        .await;
    let first = &submitted["items"][0];
    assert_eq!(
        (&first["actor"]["name"], &first["object"]["kind"]),
        (&json!("Mia Member"), &json!("revision"))
    );
    let searches = inspector
        .get("/api/audit/records?action=audit_log.searched")
        .await;
    // This search looked before its own record was written.
    assert_eq!(searches["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        searches["items"][0]["change"]["action"],
        "revision.submitted"
    );
    let actions = inspector.get("/api/audit/actions").await;
    assert!(
        actions["items"]
            .as_array()
            .unwrap()
            .contains(&json!("decision.made"))
    );
    let (status, _) = inspector
        .ask(Method::GET, "/api/audit/records?community=partners", None)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn pages_of_a_search_follow_each_other_without_gap_and_repetition() {
    let (garden, mut inspector) = Garden::new().await;
    let whole = inspector
        .get("/api/audit/records?community=patients&limit=200")
        .await;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = inspector
            .get(&format!(
                "/api/audit/records?community=patients&limit=3{cursor}"
            ))
            .await;
        // Searches within the community are records there too, and newer than the first page.
        let items = page["items"].as_array().unwrap().iter();
        ids.extend(
            items
                .filter(|item| item["action"] != "audit_log.searched")
                .map(|item| item["id"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let wanted: Vec<Value> = whole["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(ids, wanted);
    garden.end().await;
}

#[tokio::test]
async fn a_record_is_proven_to_be_in_the_signed_log() {
    let (garden, mut inspector) = Garden::new().await;
    let found = inspector
        .get("/api/audit/records?action=decision.made")
        .await;
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let proof = inspector
        .get(&format!("/api/audit/records/{id}/proof"))
        .await;
    let note = proof["note"].as_str().unwrap();
    assert_eq!(
        note.lines().nth(1),
        Some(proof["tree_size"].to_string().as_str())
    );
    assert_eq!(note.lines().nth(2), proof["root"].as_str());
    // The bundle holds the same leaf at the same place.
    let (_, zip) = inspector
        .ask(Method::POST, "/api/exports", Some(json!({})))
        .await;
    assert!(verify(&zip, &garden.trust()).is_good());
    assert!(holds(&zip, proof["leaf_hash"].as_str().unwrap()));
    let (status, _) = inspector
        .ask(
            Method::GET,
            &format!("/api/audit/records/{}/proof", garden.app.clock.new_id()),
            None,
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    garden.end().await;
}

#[tokio::test]
async fn the_whole_log_is_verified_on_demand_and_that_is_recorded() {
    let (garden, mut inspector) = Garden::new().await;
    let found = inspector.post("/api/audit/verification", json!({})).await;
    assert_eq!(
        (&found["ok"], &found["fault"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(found["records"], found["checkpoint_size"]);
    let recorded = inspector
        .get("/api/audit/records?action=audit_log.verified")
        .await;
    assert_eq!(recorded["items"][0]["change"]["good"], true);
    garden.end().await;
}

#[tokio::test]
async fn nobody_but_an_inspector_learns_that_there_is_a_log() {
    let (garden, _) = Garden::new().await;
    let mut visitor = garden.visitor();
    for (email, expected) in [
        ("", StatusCode::UNAUTHORIZED),
        ("mo.derator@example.com", StatusCode::NOT_FOUND),
    ] {
        if !email.is_empty() {
            visitor
                .post(
                    "/api/session",
                    json!({"email": email, "password": PASSWORD}),
                )
                .await;
        }
        for (method, path) in [
            (Method::GET, "/api/audit/records"),
            (Method::GET, "/api/audit/actions"),
            (Method::GET, "/api/audit/checkpoint"),
            (Method::POST, "/api/audit/verification"),
            (Method::POST, "/api/exports"),
        ] {
            let (status, _) = visitor.ask(method, path, Some(json!({}))).await;
            assert_eq!(status, expected, "{path} to `{email}`");
        }
    }
    garden.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_one_state_while_members_keep_writing() {
    let (garden, mut inspector) = Garden::new().await;
    let stop = CancellationToken::new();
    let mut writers = Vec::new();
    for _ in 0..3 {
        let mut member = garden.visitor();
        let credentials = json!({"email": "mia.member@example.com", "password": PASSWORD});
        member.post("/api/session", credentials).await;
        let stop = stop.clone();
        writers.push(tokio::spawn(async move {
            let mut written = 0;
            while !stop.is_cancelled() {
                let text =
                    json!({"title": "Again", "body": format!("I had a rash on day {written}.")});
                member.post("/api/communities/patients/threads", text).await;
                written += 1;
            }
            written
        }));
    }
    let mut faults = Vec::new();
    for _ in 0..5 {
        let (status, zip) = inspector
            .ask(Method::POST, "/api/exports", Some(json!({})))
            .await;
        assert_eq!(status, StatusCode::OK);
        faults.extend(verify(&zip, &garden.trust()).fault);
    }
    stop.cancel();
    for writer in writers {
        assert!(writer.await.unwrap() > 0);
    }
    assert_eq!(faults, []);
    garden.end().await;
}
