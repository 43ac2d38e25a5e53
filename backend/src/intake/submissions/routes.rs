//! One's own texts over HTTP: how they stand, and taking one back.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::list::{self, Filter, SubmissionView};
use super::withdraw::{self, WithdrawError};
use crate::app::App;
use crate::communities::authority::{Member, Reader};
use crate::http::extract::{Path, Query, page_limit};
use crate::posts::SubmissionState;
use crate::problem::Problem;

/// The routes of one's own texts.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_submissions))
        .routes(routes!(show_submission))
        .routes(routes!(withdraw_submission))
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        let detail = error.to_string();
        match error {
            WithdrawError::Unknown => Self::not_found(),
            WithdrawError::NotWaiting => Self::conflict("not_waiting", detail),
            WithdrawError::Database(cause) => cause.into(),
        }
    }
}

/// Which of one's own texts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SubmissionQuery {
    /// Only in this state.
    state: Option<SubmissionState>,
    /// Only in this thread.
    thread_id: Option<Uuid>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// A page of one's own texts.
#[derive(Debug, Serialize, ToSchema)]
struct SubmissionList {
    items: Vec<SubmissionView>,
    /// The cursor of the next page, if there is one.
    next: Option<Uuid>,
}

/// List your own texts and how they stand
#[utoipa::path(
    get, path = "/api/submissions", operation_id = "list_submissions", tag = "submissions",
    params(SubmissionQuery),
    responses((status = 200, body = SubmissionList), (status = 401, body = Problem))
)]
async fn list_submissions(
    State(app): State<App>,
    reader: Option<Reader>,
    Query(query): Query<SubmissionQuery>,
) -> Result<Answer<SubmissionList>, Problem> {
    let filter = Filter {
        state: query.state,
        thread: query.thread_id,
        before: query.cursor,
        limit: page_limit(query.limit)?,
    };
    let (items, next) = match reader {
        Some(reader) => {
            list::submissions(app.db.read(), &app.known, &app.words, &reader, filter).await?
        }
        None => (Vec::new(), None),
    };
    Ok(Answer(SubmissionList { items, next }))
}

/// Show how one of your texts stands
#[utoipa::path(
    get, path = "/api/submissions/{id}", operation_id = "show_submission", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")),
    responses((status = 200, body = SubmissionView), (status = 404, body = Problem))
)]
async fn show_submission(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Answer<SubmissionView>, Problem> {
    let view = list::submission(app.db.read(), &app.known, &app.words, &reader, id).await?;
    view.map(Answer).ok_or_else(Problem::not_found)
}

/// Take a text back
///
/// Possible until somebody has decided.
#[utoipa::path(
    post, path = "/api/submissions/{id}/withdraw", operation_id = "withdraw_submission", tag = "submissions",
    params(("id" = Uuid, Path, description = "The submission")),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn withdraw_submission(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    withdraw::withdraw(&app.audit, &member, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
