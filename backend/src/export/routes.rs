//! The inspection bundle over HTTP.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ExportError, Scope, export};
use crate::app::App;
use crate::communities::authority::Inspector;
use crate::communities::policy::Act;
use crate::http::extract::Json;
use crate::posts::said;
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_export))
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        let detail = error.to_string();
        match error {
            ExportError::Busy | ExportError::Unsealed => Self::unavailable("busy", detail),
            ExportError::TooLarge => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "too_large", detail)
            }
            ExportError::Damaged(_)
            | ExportError::Seal(_)
            | ExportError::Tree(_)
            | ExportError::Json(_)
            | ExportError::File(_)
            | ExportError::Zip(_)
            | ExportError::Database(_) => Self::internal(detail),
        }
    }
}

/// What to export.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportRequest {
    /// Names in addresses; at least one; all communities that you inspect where the list is not given.
    communities: Option<Vec<String>>,
    /// Why the words of sealed texts shall be in it; without a reason they are not. The reason is recorded and stands in
    /// the manifest.
    sealed_reason: Option<String>,
}

/// Export an inspection bundle
///
/// Records, proofs, texts, decisions and a readable report in one ZIP, signed. `hortus audit verify` checks it without
/// this server; the format is documented. The export is recorded, and sealed, before it is answered.
#[utoipa::path(
    post, path = "/api/exports", operation_id = "create_export", tag = "audit",
    request_body = ExportRequest,
    responses(
        (status = 200, content_type = "application/zip", body = Vec<u8>),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)
    )
)]
async fn create_export(
    State(app): State<App>,
    inspector: Inspector,
    Json(wanted): Json<ExportRequest>,
) -> Result<Response, Problem> {
    let communities = match wanted.communities {
        None => inspector.communities(),
        Some(slugs) if slugs.is_empty() => {
            return Err(Problem::invalid_field(
                "communities",
                "name at least one community, or leave the list out for all that you inspect",
            ));
        }
        Some(slugs) => slugs
            .iter()
            .map(|slug| {
                inspector
                    .seat_at(slug)
                    .map(|seat| seat.community_id)
                    .ok_or_else(Problem::not_found)
            })
            .collect::<Result<_, _>>()?,
    };
    let sealed = said(wanted.sealed_reason.as_deref());
    let sealed = sealed.map_err(|fault| Problem::invalid_field("sealed_reason", fault))?;
    if sealed.is_some() {
        for community in &communities {
            let seat = inspector.seat(*community).ok_or_else(Problem::not_found)?;
            let in_force = app.known.policy(seat).await?;
            if !in_force.policy.allows(Act::ReadSealed, &seat.roles) {
                let detail = "the policy of a community lets other roles read sealed texts";
                return Err(Problem::forbidden("role_needed", detail));
            }
        }
    }
    let actor = inspector.who.actor("inspector");
    let bundle = export(
        &app.audit,
        &app.sealer,
        &actor,
        &Scope::Communities(communities),
        sealed,
    )
    .await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", bundle.name))
        .map_err(Problem::internal)?;
    let length = bundle.zip.metadata().map_err(Problem::internal)?.len();
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(bundle.zip)));
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(answer)
}
