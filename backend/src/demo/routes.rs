//! The one address that exists for demonstrations alone.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Personas;
use crate::app::App;
use crate::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_personas))
}

/// The invented people that a visitor may sign in as. On a server that is no demonstration there is nobody, and a
/// website that has its own name lead to this machine learns of nobody either.
#[utoipa::path(
    get,
    path = "/api/demo/personas",
    operation_id = "list_personas",
    tag = "demo",
    responses((status = 200, body = Personas), (status = 404, body = Problem))
)]
async fn list_personas(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<Personas>, Problem> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    if name.is_some_and(|name| !["localhost", "127.0.0.1", "[::1]"].contains(&name)) {
        return Err(Problem::not_found());
    }
    let personas = app.demo.as_deref().ok_or_else(Problem::not_found)?;
    Ok(Json(personas.clone()))
}
