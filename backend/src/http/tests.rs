//! Every answer passes the same layers: these tests send requests through the whole router.

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::get;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::*;
use crate::app::Work;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::intake::Rules;

struct Server {
    router: Router,
    _work: Work,
    _folder: TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

async fn server(flags: &[(&str, &str)]) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![("data.folder", folder.path().display().to_string())];
    all.extend(
        flags
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    let settings = Settings::read(None, &all).unwrap();
    let db = Db::connect(&settings.database_url()).await.unwrap();
    db.migrate().await.unwrap();
    let (app, work) = App::start(settings, Clock::system(), db, Rules::read("", ""))
        .await
        .unwrap();
    Server {
        router: router(app),
        _work: work,
        _folder: folder,
    }
}

impl Server {
    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer = ConnectInfo(SocketAddr::from(([10, 0, 0, 9], 4711)));
    let request = request.extension(peer);
    request.body(Body::from(body.to_owned())).unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn every_answer_is_guarded_and_numbered() {
    let server = server(&[("server.public_url", "https://garden.example")]).await;
    for path in ["/api/about", "/api/nowhere", "/", "/healthz", "/c/any/page"] {
        let headers = server.ask(request("GET", path, &[], "")).await.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert!(
            headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
            "{path}"
        );
        assert!(headers.contains_key("x-request-id"), "{path}");
        let kept = headers
            .get(header::CACHE_CONTROL)
            .map(|value| value == "no-store");
        assert_eq!(kept.unwrap_or_default(), path.starts_with("/api"), "{path}");
    }
}

#[tokio::test]
async fn an_error_of_the_api_is_a_problem_that_names_the_request() {
    let server = server(&[]).await;
    let id = ("x-request-id", "proxy-number-1");
    for (method, path, status, code) in [
        ("GET", "/api/nowhere", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("PUT", "/api/about", 405, "wrong_method"),
        ("POST", "/somewhere", 405, "wrong_method"),
        ("GET", "/api/session", 401, "not_signed_in"),
        ("GET", "/api/demo/personas", 404, "not_found"),
    ] {
        let answer = server.ask(request(method, path, &[id], "")).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(answer.body["code"], code, "{method} {path}");
        assert_eq!(
            answer.body["request_id"], "proxy-number-1",
            "{method} {path}"
        );
        assert_eq!(answer.headers["x-request-id"], "proxy-number-1");
    }
}

#[tokio::test]
async fn another_website_can_neither_change_anything_nor_open_a_socket() {
    let server = server(&[("server.public_url", "https://garden.example")]).await;
    let foreign = ("origin", "https://evil.example");
    let body = r#"{"email":"a@b.example","password":"x"}"#;
    let posted = server
        .ask(request("POST", "/api/session", &[JSON, foreign], body))
        .await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN);
    assert_eq!(posted.body["code"], "cross_site");

    let upgrade = [("connection", "upgrade"), ("upgrade", "websocket"), foreign];
    let opened = server.ask(request("GET", "/api/live", &upgrade, "")).await;
    assert_eq!(opened.body["code"], "cross_site");

    let own = ("origin", "https://garden.example");
    let posted = server
        .ask(request("POST", "/api/session", &[JSON, own], body))
        .await;
    assert_eq!(
        posted.body["code"], "wrong_credentials",
        "our own page gets through"
    );
}

#[tokio::test]
async fn a_text_of_the_longest_kind_fits_and_a_flood_does_not() {
    let server = server(&[]).await;
    let of =
        |characters: usize| format!(r#"{{"email":"{}","password":"x"}}"#, "é".repeat(characters));
    let fits = server
        .ask(request("POST", "/api/session", &[JSON], &of(20_000)))
        .await;
    assert_ne!(fits.status, StatusCode::PAYLOAD_TOO_LARGE);
    let flood = server
        .ask(request("POST", "/api/session", &[JSON], &of(2_000_000)))
        .await;
    assert_eq!(flood.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(flood.body["code"], "too_large");
}

#[tokio::test]
async fn only_a_reader_on_this_machine_sees_the_measurements() {
    let read = async |server: &Server, from: [u8; 4], headers: &[(&str, &str)]| {
        let mut request = request("GET", "/metrics", headers, "");
        let peer = ConnectInfo(SocketAddr::from((from, 4711)));
        request.extensions_mut().insert(peer);
        server.ask(request).await.status
    };
    let near = server(&[]).await;
    assert_eq!(read(&near, [127, 0, 0, 1], &[]).await, StatusCode::OK);
    assert_eq!(read(&near, [10, 0, 0, 9], &[]).await, StatusCode::NOT_FOUND);
    let proxied = [("x-forwarded-for", "203.0.113.7")];
    assert_eq!(
        read(&near, [127, 0, 0, 1], &proxied).await,
        StatusCode::NOT_FOUND
    );
    let apart = server(&[("server.metrics_listen", "127.0.0.1:9")]).await;
    assert_eq!(
        read(&apart, [127, 0, 0, 1], &[]).await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_handler_that_panics_answers_without_telling_why() {
    let broken = get(async || -> &'static str { panic!("the words of a member") });
    let router = Router::new()
        .route("/", broken)
        .layer(CatchPanicLayer::custom(limits::panicked));
    let response = router.oneshot(request("GET", "/", &[], "")).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(body.contains("\"internal\""), "{body}");
    assert!(!body.contains("member"), "{body}");
}

#[test]
fn the_committed_description_of_the_api_is_the_one_of_the_routes() {
    let routes: Value = serde_json::to_value(openapi()).unwrap();
    let committed: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    assert!(
        routes == committed,
        "backend/openapi.json is not what the routes say; run ./x gen"
    );
}
