//! Notes of reviewers over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::notes::{self, NoteError, NoteView, Notes};
use crate::app::App;
use crate::communities::authority::Moderator;
use crate::http::extract::{Json, Path};
use crate::problem::Problem;

/// The routes of notes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_notes, write_note))
}

impl From<NoteError> for Problem {
    fn from(error: NoteError) -> Self {
        let detail = error.to_string();
        match error {
            NoteError::Unknown => Self::not_found(),
            NoteError::OwnText => Self::forbidden("own_text", detail),
            NoteError::Words(_) => Self::invalid_field("words", detail),
            NoteError::Mentions => Self::invalid_field("mentions", detail),
            NoteError::Database(cause) => cause.into(),
        }
    }
}

/// List the notes on an item
///
/// Notes are between reviewers: the author of the text never sees them, also not as a reviewer.
#[utoipa::path(
    get, path = "/api/review/items/{id}/notes", operation_id = "list_notes", tag = "review",
    params(("id" = Uuid, Path, description = "The item.")),
    responses(
        (status = 200, body = Notes),
        (status = 403, body = Problem, description = "`own_text`"),
        (status = 404, body = Problem)
    )
)]
async fn list_notes(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<Answer<Notes>, Problem> {
    Ok(Answer(notes::notes(app.db.read(), &moderator, id).await?))
}

/// A note to colleagues.
#[derive(Debug, Deserialize, ToSchema)]
struct NoteBody {
    /// Plain text, up to 4,000 characters.
    words: String,
    /// The colleagues whom it calls.
    #[serde(default)]
    mentions: Vec<Uuid>,
}

/// Write a note on an item
///
/// It cannot be changed or removed. No claim is needed.
#[utoipa::path(
    post, path = "/api/review/items/{id}/notes", operation_id = "write_note", tag = "review",
    params(("id" = Uuid, Path, description = "The item.")),
    request_body = NoteBody,
    responses(
        (status = 201, body = NoteView),
        (status = 403, body = Problem, description = "`own_text`"),
        (status = 404, body = Problem),
        (status = 422, body = Problem)
    )
)]
async fn write_note(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<NoteBody>,
) -> Result<(StatusCode, Answer<NoteView>), Problem> {
    let note = notes::write_note(&app.audit, &moderator, id, &body.words, &body.mentions).await?;
    Ok((StatusCode::CREATED, Answer(note)))
}
