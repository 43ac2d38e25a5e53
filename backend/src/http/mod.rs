//! The web side: the router with its layers, what handlers may extract, security headers, the embedded web app.
//!
//! A request passes, from the outside in: its number, span and measurement ([`accompany`]) · security headers ·
//! compression · a net for panics · the time limit · the same-origin guard · the size limit · the handler.

mod about;
mod accompany;
pub mod extract;
mod guard;
mod headers;
mod health;
mod limits;
pub mod metrics;
pub mod serving;
mod site;
#[cfg(test)]
mod tests;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Every route with its description: one line per slice.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(document())
        .merge(about::routes())
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(crate::audit::routes())
        .merge(crate::demo::routes::routes())
        .merge(crate::export::routes())
        .merge(crate::intake::routes())
        .merge(crate::identity::routes::routes())
        .merge(crate::communities::routes())
        .merge(crate::live::routes())
        .merge(crate::notices::routes())
        .merge(crate::publication::routes())
        .merge(crate::quality::routes())
        .merge(crate::review::routes())
        .merge(crate::safety::routes())
        .routes(routes!(get_openapi))
}

/// The description of the API, as `GET /api/openapi.json` answers it.
pub fn openapi() -> OpenApi {
    api().into_openapi()
}

/// The whole server: API, web app and layers.
pub fn router(app: App) -> Router {
    let headers =
        headers::SecurityHeaders::new(&app.settings.server.public_url, &site::inline_scripts());
    let origins = guard::Origins::of(&app.settings.server.public_url);
    let (routes, _) = api().split_for_parts();
    routes
        .method_not_allowed_fallback(limits::wrong_method)
        .fallback(site::answer)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(app.clone(), accompany::accompany))
                .layer(from_fn_with_state(headers, headers::add))
                .layer(limits::compression())
                .layer(CatchPanicLayer::custom(limits::panicked))
                .layer(from_fn_with_state(app.clone(), limits::in_time))
                .layer(from_fn_with_state(origins, guard::same_origin))
                .layer(DefaultBodyLimit::max(limits::largest_body(&app.settings))),
        )
        .with_state(app)
}

/// What the document says before the first route.
fn document() -> OpenApi {
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        crate::identity::SESSION_COOKIE,
        "Set by POST /api/session. A request that changes something must come from the server's own origin: \
         Sec-Fetch-Site and Origin are checked where a browser sends them.",
    )));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Hortus")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "A private community server where every word is reviewed before anyone sees it. \
                     Errors are application/problem+json with a stable `code`. What one may not see answers 404.",
                ))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("session", cookie)
                .build(),
        ))
        .build()
}

/// This description, as JSON.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "get_openapi",
    tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
async fn get_openapi() -> Response {
    Json(openapi()).into_response()
}
