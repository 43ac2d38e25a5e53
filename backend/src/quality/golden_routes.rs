//! Golden texts and seeds over HTTP.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::golden::{self, Golden, GoldenError, GoldenView};
use super::store::{SampleSeed, seeds};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::{Examiner, Supervisor};
use crate::http::extract::{Json, Path};
use crate::posts::Action;
use crate::problem::Problem;

/// The routes of golden texts and seeds.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_seeds))
        .routes(routes!(list_golden_texts))
        .routes(routes!(keep_golden_text))
        .routes(routes!(end_golden_text))
}

impl From<GoldenError> for Problem {
    fn from(error: GoldenError) -> Self {
        let detail = error.to_string();
        match error {
            GoldenError::Unknown => Self::not_found(),
            GoldenError::NotDecided => Self::conflict("not_decided", detail),
            GoldenError::NotForTexts => Self::invalid_field("action", detail),
            GoldenError::Reason => Self::invalid_field("reason_code", detail),
            GoldenError::Words(_) => Self::invalid_field("words", detail),
            GoldenError::KeptAlready => Self::conflict("kept_already", detail),
            GoldenError::EndedAlready => Self::conflict("ended_already", detail),
            GoldenError::Database(cause) => cause.into(),
        }
    }
}

/// A seed that tells which decisions are drawn for a second review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SampleSeed)]
struct SeedView {
    id: Uuid,
    /// The month in which it was drawn, in UTC.
    month: String,
    /// Of a hundred decisions, how many it draws.
    share_percent: i64,
    /// SHA-256 of the seed, as recorded before it was used.
    commitment: String,
    /// From when on it draws, until the next one does.
    drawn_at: Timestamp,
    /// When it was revealed: after its month.
    revealed_at: Option<Timestamp>,
    /// The seed in hex, once it is revealed.
    seed: Option<String>,
}

impl SeedView {
    fn of(row: SampleSeed) -> Self {
        Self {
            id: row.id,
            month: row.month,
            share_percent: row.share_percent,
            commitment: row.commitment,
            drawn_at: Timestamp::from_micros(row.drawn_at),
            revealed_at: row.revealed_at.map(Timestamp::from_micros),
            seed: row.revealed_at.map(|_| hex::encode(&row.seed)),
        }
    }
}

/// Seeds, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct SeedList {
    items: Vec<SeedView>,
}

/// List the seeds of the samples of a community
#[utoipa::path(
    get, path = "/api/communities/{slug}/quality/seeds", operation_id = "list_sample_seeds", tag = "quality",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = SeedList), (status = 404, body = Problem))
)]
async fn list_seeds(
    State(app): State<App>,
    by: Supervisor,
    Path(slug): Path<String>,
) -> Result<Answered<SeedList>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let rows = seeds(app.db.read(), &[seat.community_id]).await?;
    let items = rows.into_iter().rev().map(SeedView::of).collect();
    Ok(Answered(SeedList { items }))
}

/// Golden texts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct GoldenList {
    items: Vec<GoldenView>,
}

/// List the golden texts of a community
#[utoipa::path(
    get, path = "/api/communities/{slug}/golden", operation_id = "list_golden_texts", tag = "quality",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = GoldenList), (status = 404, body = Problem))
)]
async fn list_golden_texts(
    State(app): State<App>,
    by: Examiner,
    Path(slug): Path<String>,
) -> Result<Answered<GoldenList>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let items = golden::list(app.db.read(), seat.community_id).await?;
    Ok(Answered(GoldenList { items }))
}

/// What is right to decide on a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GoldenRequest {
    /// The item that the text came to the desk with; it is decided.
    item: Uuid,
    /// `release`, `release_with_balance`, `request_changes` or `reject`.
    action: Action,
    /// A reason of the policy; needed unless it is a release.
    reason_code: Option<String>,
    /// Why it is right.
    words: String,
}

/// A golden text that was kept.
#[derive(Debug, Serialize, ToSchema)]
struct GoldenKept {
    id: Uuid,
}

/// Keep a decided text as a golden one
///
/// It comes to the desk again now and then, without effect, and nobody is told that its outcome is known.
#[utoipa::path(
    post, path = "/api/communities/{slug}/golden", operation_id = "keep_golden_text", tag = "quality",
    params(("slug" = String, Path, description = "The community's name in addresses")), request_body = GoldenRequest,
    responses((status = 201, body = GoldenKept), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn keep_golden_text(
    State(app): State<App>,
    by: Examiner,
    Path(slug): Path<String>,
    Json(body): Json<GoldenRequest>,
) -> Result<(StatusCode, Answered<GoldenKept>), Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let golden = Golden {
        item: body.item,
        action: body.action,
        reason: body.reason_code,
        words: body.words,
    };
    let kept = golden::keep(&app.audit, &app.known, &by, seat, golden).await?;
    Ok((StatusCode::CREATED, Answered(GoldenKept { id: kept.id })))
}

/// End a golden text
#[utoipa::path(
    delete, path = "/api/communities/{slug}/golden/{id}", operation_id = "end_golden_text", tag = "quality",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("id" = Uuid, Path, description = "The golden text")),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn end_golden_text(
    State(app): State<App>,
    by: Examiner,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    golden::end(&app.audit, &by, seat, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
