//! Reports and appeals over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::report::{OwnReport, ReportReason, reports_by};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::{Member, Reader};
use crate::http::extract::{Json, Path, Query};
use crate::intake::{AppealError, ReportError};
use crate::problem::Problem;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report_post))
        .routes(routes!(list_reports))
        .routes(routes!(appeal_submission))
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        let detail = error.to_string();
        match error {
            ReportError::Submit(cause) => cause.into(),
            ReportError::OwnText => Self::conflict("own_text", detail),
            ReportError::AlreadyReported => Self::conflict("already_reported", detail),
            ReportError::WordsNeeded => Self::invalid_field("words", detail),
        }
    }
}

impl From<AppealError> for Problem {
    fn from(error: AppealError) -> Self {
        let detail = error.to_string();
        match error {
            AppealError::Submit(cause) => cause.into(),
            AppealError::NotRejected => Self::conflict("not_rejected", detail),
            AppealError::AlreadyAppealed => Self::conflict("already_appealed", detail),
            AppealError::TooLate(_) => Self::conflict("appeal_too_late", detail),
        }
    }
}

/// Why a post is reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportBody {
    /// The reason.
    reason: ReportReason,
    /// Needed where the reason is `other`.
    words: Option<String>,
}

/// A report was taken.
#[derive(Debug, Serialize, ToSchema)]
struct Reported {
    /// The report.
    id: Uuid,
    /// When a decision is due.
    expected_by: Timestamp,
}

/// Report a released post
///
/// A person looks at it; its author is never told who reported it. What is reported may report a side effect itself.
#[utoipa::path(
    post, path = "/api/posts/{id}/reports", operation_id = "report_post", tag = "threads",
    params(("id" = Uuid, Path, description = "The post")), request_body = ReportBody,
    responses((status = 201, body = Reported), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn report_post(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    Json(body): Json<ReportBody>,
) -> Result<(StatusCode, Answer<Reported>), Problem> {
    let words = body.words.as_deref();
    let (id, expected_by) = app.intake.report(&member, id, body.reason, words).await?;
    Ok((StatusCode::CREATED, Answer(Reported { id, expected_by })))
}

/// Which of one's own reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// A page of one's own reports.
#[derive(Debug, Serialize, ToSchema)]
struct ReportList {
    items: Vec<OwnReport>,
    /// The cursor of the next page, if there is one.
    next: Option<Uuid>,
}

/// List your own reports and what became of them
#[utoipa::path(
    get, path = "/api/reports", operation_id = "list_reports", tag = "threads",
    params(ReportQuery),
    responses((status = 200, body = ReportList), (status = 401, body = Problem))
)]
async fn list_reports(
    State(app): State<App>,
    reader: Option<Reader>,
    Query(query): Query<ReportQuery>,
) -> Result<Answer<ReportList>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let items = match reader {
        Some(reader) => {
            let (communities, who) = (reader.communities(), reader.who.account_id);
            reports_by(app.db.read(), &communities, who, query.cursor, limit).await?
        }
        None => Vec::new(),
    };
    let next = (items.len() as u64 == limit)
        .then(|| items.last().map(|report| report.id))
        .flatten();
    Ok(Answer(ReportList { items, next }))
}

/// Why the author wants another person to look at it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AppealBody {
    /// To whoever decides on the appeal.
    words: String,
}

/// An appeal was taken.
#[derive(Debug, Serialize, ToSchema)]
struct Appealed {
    /// The appeal.
    id: Uuid,
    /// When a decision is due.
    expected_by: Timestamp,
}

/// Appeal against the rejection of a text of yours
///
/// Once, and somebody else decides.
#[utoipa::path(
    post, path = "/api/submissions/{id}/appeal", operation_id = "appeal_submission", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")), request_body = AppealBody,
    responses((status = 201, body = Appealed), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn appeal_submission(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    Json(body): Json<AppealBody>,
) -> Result<(StatusCode, Answer<Appealed>), Problem> {
    let (id, expected_by) = app.intake.appeal(&member, id, &body.words).await?;
    Ok((StatusCode::CREATED, Answer(Appealed { id, expected_by })))
}
