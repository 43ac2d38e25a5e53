//! What anyone may know of this server before signing in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_about))
}

/// Whose community this is.
#[derive(Debug, Serialize, ToSchema)]
struct Company {
    name: String,
    legal_name: String,
    /// Where side effects are reported.
    safety_contact: String,
    /// Where medical questions are answered.
    medical_information_contact: String,
}

/// This server.
#[derive(Debug, Serialize, ToSchema)]
struct About {
    name: &'static str,
    version: &'static str,
    /// Whether this is a demonstration with invented people.
    demo: bool,
    company: Company,
    /// How side effects are reported, in the words of the market.
    reporting_statement: String,
}

/// What anyone may know of this server.
#[utoipa::path(
    get,
    path = "/api/about",
    operation_id = "get_about",
    tag = "server",
    responses((status = 200, body = About))
)]
async fn get_about(State(app): State<App>) -> Json<About> {
    let company = &app.settings.company;
    Json(About {
        name: "Hortus",
        version: env!("CARGO_PKG_VERSION"),
        demo: app.demo.is_some(),
        company: Company {
            name: company.name.clone(),
            legal_name: company.legal_name.clone(),
            safety_contact: company.safety_contact.clone(),
            medical_information_contact: company.medical_information_contact.clone(),
        },
        reporting_statement: company.reporting_statement.clone(),
    })
}
