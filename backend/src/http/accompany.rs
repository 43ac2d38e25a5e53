//! Accompanies each request: its number, its span in the log, its measurement.
//!
//! A span names method and route pattern. Query strings, bodies, names and tokens never enter a log or a label.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::app::App;
use crate::problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Asked every few seconds by machines: not worth a line.
const UNREMARKABLE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

pub async fn accompany(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = presented_id(request.headers()).unwrap_or_else(|| app.clock.new_id().to_string());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(web app)", MatchedPath::as_str);
    let method = method_label(request.method());
    let span = tracing::info_span!("request", id = %id, method, route);
    let begun = Instant::now();

    let mut response = problem::REQUEST_ID
        .scope(id.clone(), next.run(request))
        .instrument(span.clone())
        .await;

    let (status, took) = (response.status(), begun.elapsed());
    metrics::counter!(
        "http_requests_total",
        "method" => method, "route" => route.to_owned(), "status" => status.as_u16().to_string()
    )
    .increment(1);
    metrics::histogram!(
        "http_request_duration_seconds",
        "method" => method, "route" => route.to_owned()
    )
    .record(took);
    let latency_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if UNREMARKABLE.contains(&route) {
            tracing::debug!(status = status.as_u16(), latency_us, "request answered");
        } else {
            tracing::info!(status = status.as_u16(), latency_us, "request answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The number that a reverse proxy gave, if it is a number and not a message.
fn presented_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (plain && (8..=64).contains(&id.len())).then(|| id.to_owned())
}

/// A client may invent methods; a label may not grow without end.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "CONNECT" => "CONNECT",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_that_could_carry_words_or_line_breaks_is_not_taken_over() {
        let id_of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(text));
            presented_id(&headers)
        };
        assert_eq!(
            id_of("3f2a9c1e-7b").as_deref(),
            Some("3f2a9c1e-7b"),
            "a plain one is kept"
        );
        assert_eq!(id_of("patient has a rash"), None);
        assert_eq!(id_of("short"), None);
    }
}
