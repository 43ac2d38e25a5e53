//! A small story through the real doors, and what an inspector makes of it.

mod bundle;
mod inspection;

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
        // What is exported does not depend on how people sign in, nor on how many judge and sign.
        settings.sign_in.second_factor = "enrolled".to_owned();
        settings.policy.undo_seconds = 0;
        settings.policy.second_review.clear();
        settings.policy.signature.clear();
        settings.submissions.per_minute = 1_000_000;
        settings.submissions.burst = 1_000_000;
        let db = Db::connect(&settings.database_url()).await.unwrap();
        db.migrate().await.unwrap();
        let rules = Rules::read("", "");
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
