//! Sealed texts over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::sealed::{self, Sealed, SealedError, SealedText};
use crate::app::App;
use crate::communities::authority::Staff;
use crate::http::extract::{Json, Path};
use crate::problem::Problem;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_sealed, read_sealed))
}

impl From<SealedError> for Problem {
    fn from(error: SealedError) -> Self {
        let detail = error.to_string();
        match error {
            SealedError::Unknown => Self::not_found(),
            SealedError::WordsNeeded => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "reason_needed", detail)
            }
            SealedError::Words(_) => Self::invalid_field("words", detail),
            SealedError::Database(cause) => cause.into(),
        }
    }
}

/// Show who read a sealed text
///
/// Not its words. For the roles that the policy lets read it (`read_sealed`).
#[utoipa::path(
    get, path = "/api/review/sealed/{id}", operation_id = "show_sealed", tag = "review",
    params(("id" = Uuid, Path, description = "The revision as it was written")),
    responses((status = 200, body = Sealed), (status = 404, body = Problem))
)]
async fn show_sealed(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Answer<Sealed>, Problem> {
    let sealed = sealed::show(app.db.read(), &app.known, &staff, id).await?;
    Ok(Answer(sealed))
}

/// Why a sealed text is read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadingBody {
    /// Why; whoever may read the text sees it.
    words: String,
}

/// Read a sealed text
///
/// The text as it was written, before words were taken out of it. The reading is recorded, with its reason, before the
/// words are given.
#[utoipa::path(
    post, path = "/api/review/sealed/{id}", operation_id = "read_sealed", tag = "review",
    params(("id" = Uuid, Path, description = "The revision as it was written")), request_body = ReadingBody,
    responses((status = 200, body = SealedText), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn read_sealed(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Json(body): Json<ReadingBody>,
) -> Result<Answer<SealedText>, Problem> {
    let text = sealed::read(&app.audit, &app.known, &staff, id, &body.words).await?;
    Ok(Answer(text))
}
