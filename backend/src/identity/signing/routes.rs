//! Signing over HTTP: how I stand, and the statement that I accept. What is signed is signed where it is done.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::check::SigningError;
use super::status::{SigningStatus, status};
use super::{VerifyError, accept_statement};
use crate::app::App;
use crate::http::extract::Json;
use crate::identity::{Device, SignedIn};
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_signing, accept_signing))
}

/// The statement that I accept.
#[derive(Deserialize, ToSchema)]
struct AcceptanceRequest {
    /// The SHA-256 of the statement as it was shown.
    statement_hash: String,
}

/// Shows how I stand with signing
///
/// What a dialog for signing shows before it signs: my printed name, what the signature would mean, what it takes now.
#[utoipa::path(get, path = "/api/account/signing", operation_id = "show_signing", tag = "account",
    responses((status = 200, body = SigningStatus), (status = 401, body = Problem)))]
async fn show_signing(
    State(app): State<App>,
    who: SignedIn,
    device: Device,
) -> Result<Answered<SigningStatus>, Problem> {
    let now = app.clock.now();
    let found = status(app.db.read(), &app.door.signing, &who, &device, now).await?;
    Ok(Answered(found))
}

/// Accepts the statement on electronic signatures
#[utoipa::path(post, path = "/api/account/signing", operation_id = "accept_signing", tag = "account",
    request_body = AcceptanceRequest,
    responses((status = 204), (status = 401, body = Problem),
        (status = 409, body = Problem, description = "`statement_changed`"), (status = 422, body = Problem)))]
async fn accept_signing(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<AcceptanceRequest>,
) -> Result<StatusCode, Problem> {
    let rules = &app.door.signing;
    if accept_statement(&app.audit, rules, &who, &request.statement_hash).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::conflict(
            "statement_changed",
            "the statement has changed; read it again and accept it",
        ))
    }
}

impl From<SigningError> for Problem {
    fn from(error: SigningError) -> Self {
        let detail = error.to_string();
        let unsigned = |code| Self::new(StatusCode::UNAUTHORIZED, code, detail.clone());
        match error {
            SigningError::Needed(_) => unsigned("signature_needed"),
            SigningError::BothNeeded => unsigned("both_components_needed"),
            SigningError::Wrong => unsigned("wrong_signature"),
            SigningError::CodeUsed => unsigned("code_used"),
            SigningError::Locked { seconds } => Self::too_many("signing_locked", seconds, detail),
            SigningError::NotEnrolled => Self::forbidden("second_factor_needed", detail),
            SigningError::NotAccepted => Self::forbidden("signing_not_accepted", detail),
            SigningError::NotVerified => Self::forbidden("identity_not_verified", detail),
            SigningError::AnotherMeaning => Self::conflict("meaning_changed", detail),
            SigningError::SignedOut => Self::not_signed_in(),
            SigningError::Password(fault) => fault.into(),
            SigningError::Database(cause) => cause.into(),
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        let detail = error.to_string();
        match error {
            VerifyError::Own => Self::forbidden("own_identity", detail),
            VerifyError::ResetByYou => Self::forbidden("reset_by_you", detail),
            VerifyError::NotEnrolled => Self::conflict("not_enrolled", detail),
            VerifyError::Database(cause) => cause.into(),
        }
    }
}
