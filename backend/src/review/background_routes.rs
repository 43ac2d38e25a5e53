//! The background of an item over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::background::{self, Background};
use crate::app::App;
use crate::communities::authority::Moderator;
use crate::http::extract::Path;
use crate::problem::Problem;

/// The route of it.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_background))
}

/// Show what helps to judge an item
///
/// Earlier texts of its author in this community with what became of them, the similar ones first (by the runs of three
/// words that they share), and the labels of the products in play.
#[utoipa::path(
    get, path = "/api/review/items/{id}/background", operation_id = "show_background", tag = "review",
    params(("id" = Uuid, Path, description = "The item.")),
    responses((status = 200, body = Background), (status = 404, body = Problem))
)]
async fn show_background(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<Answer<Background>, Problem> {
    let found = background::background(app.db.read(), &app.known, &moderator, id).await?;
    found.map(Answer).ok_or_else(Problem::not_found)
}
