//! Whether the process lives (`/healthz`) and whether it can serve (`/readyz`), for whoever starts and watches it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
}

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "get_health",
    tag = "operations",
    responses((status = 200, description = "The process lives", body = String))
)]
async fn get_health() -> &'static str {
    "ok\n"
}

/// What a server needs before it may be sent requests.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    ready: bool,
    /// The database answers.
    database: bool,
    /// Its schema is the one this version needs.
    migrations: bool,
    /// Not in the middle of stopping.
    running: bool,
    /// The rule packs could be read. A server without rules still serves: it holds every text for a person.
    rules: bool,
}

/// Whether requests can be served.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "get_readiness",
    tag = "operations",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness))
)]
async fn get_readiness(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let database = app.db.ping().await.is_ok();
    let migrations = database
        && app
            .db
            .pending_migrations()
            .await
            .is_ok_and(|pending| pending.is_empty());
    let running = !app.stopping.is_cancelled();
    let ready = database && migrations && running;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let readiness = Readiness {
        ready,
        database,
        migrations,
        running,
        rules: app.intake.rules().fault().is_none(),
    };
    (status, Json(readiness))
}
