//! The addresses that exist for demonstrations alone.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Personas;
use crate::app::App;
use crate::identity::SignedIn;
use crate::identity::second_factor::current_code;
use crate::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_personas))
        .routes(routes!(show_demo_code))
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
    Ok(Json(played(&app, &headers)?.clone()))
}

/// The code that the telephone of an invented person would show.
#[derive(Serialize, ToSchema)]
struct DemoCode {
    /// Six digits; nothing while the last one that may be used was used a moment ago.
    code: Option<String>,
    /// Until when it is taken, or when to ask again.
    seconds: i64,
}

/// Shows the code of whom I play
///
/// Invented people have no telephone: in a demonstration, and only there, the server reads the code to who plays them.
#[utoipa::path(
    get,
    path = "/api/demo/code",
    operation_id = "show_demo_code",
    tag = "demo",
    responses((status = 200, body = DemoCode), (status = 401, body = Problem), (status = 404, body = Problem))
)]
async fn show_demo_code(
    State(app): State<App>,
    who: SignedIn,
    headers: HeaderMap,
) -> Result<Json<DemoCode>, Problem> {
    let personas = played(&app, &headers)?;
    if !personas.items.iter().any(|one| one.email == who.email) {
        return Err(Problem::not_found());
    }
    let (seal, now) = (&app.door.second_factors.seal, app.clock.now());
    let shown = current_code(app.db.read(), seal, who.account_id, now).await?;
    let (code, seconds) = match shown {
        Some((code, seconds)) => (Some(code), seconds),
        None => (None, 5),
    };
    Ok(Json(DemoCode { code, seconds }))
}

fn played<'a>(app: &'a App, headers: &HeaderMap) -> Result<&'a Personas, Problem> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    if name.is_some_and(|name| !["localhost", "127.0.0.1", "[::1]"].contains(&name)) {
        return Err(Problem::not_found());
    }
    app.demo.as_deref().ok_or_else(Problem::not_found)
}
