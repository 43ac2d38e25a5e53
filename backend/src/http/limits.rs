//! Limits of a request: its size, its time; and what is answered when a handler breaks.

use std::any::Any;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::app::App;
use crate::config::Settings;
use crate::problem::Problem;

/// Routes that read the whole log, which may take minutes.
const LONG: [&str; 2] = ["/api/exports", "/api/audit/verification"];
const LONG_FACTOR: u32 = 20;

/// The size of the longest text that may be submitted, were each of its characters escaped in JSON, and some room.
pub fn largest_body(settings: &Settings) -> usize {
    const ESCAPED: usize = 12; // "\ud83c\udf31"
    const ROOM: usize = 4096;
    let texts = &settings.submissions;
    let longest = texts
        .body_characters
        .max(texts.description_characters)
        .max(texts.profile_characters);
    longest
        .saturating_add(texts.title_characters)
        .saturating_mul(ESCAPED)
        .saturating_add(ROOM)
}

/// Gives up on a request that takes too long. What its handler had not committed is undone.
pub async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let long = route.is_some_and(|route| LONG.contains(&route.as_str()));
    let limit = Duration::from_secs(app.settings.server.request_seconds).saturating_mul(if long {
        LONG_FACTOR
    } else {
        1
    });
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(limit_s = limit.as_secs(), "a request took too long");
            Problem::unavailable(
                "took_too_long",
                "this took too long and was given up; look whether it was done before you try again",
            )
            .into_response()
        }
    }
}

/// Compresses what gains by it: an export is compressed already.
pub fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(
        DefaultPredicate::new()
            .and(NotForContentType::new("application/zip"))
            .and(NotForContentType::new("font/")),
    )
}

/// The answer when a handler panicked. The place is in the log; what it was about is not.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

/// The address exists, the method does not.
pub async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "this address does not know this method; GET /api/openapi.json lists those it knows",
    )
}
