//! My second factor and my password over HTTP.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::enrol::{Asked, EnrolError, begin, confirm, renew_recovery_codes};
use super::status::{SecondFactorStatus, status};
use crate::app::App;
use crate::clock::Timestamp;
use crate::http::extract::Json;
use crate::identity::again::AgainError;
use crate::identity::change_password::{ChangePasswordError, PasswordChange, change_password};
use crate::identity::{SignedIn, Token};
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_second_factor, begin_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_codes))
        .routes(routes!(put_password))
}

/// What asking for a new secret takes.
#[derive(Deserialize, ToSchema)]
struct EnrolmentRequest {
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// A code of the authenticator so far, or a recovery code: needed where there is one.
    #[schema(value_type = Option<String>)]
    code: Option<SecretString>,
    /// From the link, after an administrator has reset the second factor.
    link: Option<String>,
}

/// A secret for an authenticator app. It is shown once.
#[derive(Serialize, ToSchema)]
struct EnrolmentView {
    /// In base 32, to be typed into the app.
    secret: String,
    /// The same as an address that apps read.
    uri: String,
    /// Squares to a side of the QR code.
    qr_size: i32,
    /// Its dark squares, as the attribute `d` of an SVG path with one unit a square.
    qr_path: String,
    /// Until when the first code is awaited.
    until: Timestamp,
}

/// The first code of a new secret.
#[derive(Deserialize, ToSchema)]
struct ConfirmationRequest {
    #[schema(value_type = String)]
    code: SecretString,
}

/// Codes for when the authenticator is lost. They are shown once; each works once.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// What new recovery codes take.
#[derive(Deserialize, ToSchema)]
struct RecoveryCodesRequest {
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    #[schema(value_type = String)]
    code: SecretString,
}

/// What a new password takes.
#[derive(Deserialize, ToSchema)]
struct PasswordRequest {
    #[schema(value_type = String, format = Password)]
    current: SecretString,
    /// The new one: 12 to 256 characters.
    #[schema(value_type = String, format = Password)]
    new: SecretString,
    /// A code of the authenticator, where there is one.
    #[schema(value_type = Option<String>)]
    code: Option<SecretString>,
}

/// Shows my second factor
#[utoipa::path(get, path = "/api/account/factor", operation_id = "show_second_factor", tag = "account",
    responses((status = 200, body = SecondFactorStatus), (status = 401, body = Problem)))]
async fn show_second_factor(
    State(app): State<App>,
    who: SignedIn,
) -> Result<Answered<SecondFactorStatus>, Problem> {
    let factors = &app.door.second_factors;
    let found = status(app.db.read(), factors, &who, app.clock.now()).await?;
    Ok(Answered(found))
}

/// Begins to enrol a second factor
///
/// The answer holds the secret, once. It counts from its first code on; what was enrolled before stays until then.
#[utoipa::path(post, path = "/api/account/factor", operation_id = "begin_second_factor", tag = "account",
    request_body = EnrolmentRequest,
    responses((status = 201, body = EnrolmentView),
        (status = 401, body = Problem, description = "`wrong_proof`, `code_used`, `code_needed`"),
        (status = 403, body = Problem, description = "`link_needed`, `link_unknown`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem, description = "`signing_locked`")))]
async fn begin_second_factor(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<EnrolmentRequest>,
) -> Result<(StatusCode, Answered<EnrolmentView>), Problem> {
    let link = request.link.as_deref().map(Token::presented);
    let asked = Asked {
        password: &request.password,
        code: request.code.as_ref(),
        link: link.as_ref(),
    };
    let begun = begin(&app.audit, &app.door, &who, asked).await?;
    let view = EnrolmentView {
        secret: begun.secret,
        uri: begun.uri,
        qr_size: begun.qr.size,
        qr_path: begun.qr.path,
        until: begun.until,
    };
    Ok((StatusCode::CREATED, Answered(view)))
}

/// Confirms a second factor with its first code
///
/// The answer holds new recovery codes, once.
#[utoipa::path(post, path = "/api/account/factor/confirmation", operation_id = "confirm_second_factor",
    tag = "account", request_body = ConfirmationRequest,
    responses((status = 200, body = RecoveryCodes), (status = 401, body = Problem),
        (status = 409, body = Problem, description = "`not_begun`"),
        (status = 422, body = Problem, description = "`wrong_first_code`")))]
async fn confirm_second_factor(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<ConfirmationRequest>,
) -> Result<Answered<RecoveryCodes>, Problem> {
    let recovery_codes = confirm(&app.audit, &app.door, &who, &request.code).await?;
    Ok(Answered(RecoveryCodes { recovery_codes }))
}

/// Makes new recovery codes
///
/// Those made before work no more.
#[utoipa::path(post, path = "/api/account/factor/codes", operation_id = "renew_recovery_codes", tag = "account",
    request_body = RecoveryCodesRequest,
    responses((status = 200, body = RecoveryCodes),
        (status = 401, body = Problem, description = "`wrong_proof`, `code_used`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem, description = "`signing_locked`")))]
async fn renew_codes(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<RecoveryCodesRequest>,
) -> Result<Answered<RecoveryCodes>, Problem> {
    let (password, code) = (&request.password, &request.code);
    let recovery_codes = renew_recovery_codes(&app.audit, &app.door, &who, password, code).await?;
    Ok(Answered(RecoveryCodes { recovery_codes }))
}

/// Changes my password
///
/// Sessions on other devices end, and the next signature takes password and code.
#[utoipa::path(put, path = "/api/account/password", operation_id = "change_password", tag = "account",
    request_body = PasswordRequest,
    responses((status = 204),
        (status = 401, body = Problem, description = "`wrong_proof`, `code_used`, `code_needed`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem, description = "`signing_locked`")))]
async fn put_password(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<PasswordRequest>,
) -> Result<StatusCode, Problem> {
    let change = PasswordChange {
        current: &request.current,
        code: request.code.as_ref(),
        new: &request.new,
    };
    change_password(&app.audit, &app.door, &who, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<AgainError> for Problem {
    fn from(error: AgainError) -> Self {
        let detail = error.to_string();
        match error {
            AgainError::Wrong => Self::new(StatusCode::UNAUTHORIZED, "wrong_proof", detail),
            AgainError::CodeUsed => Self::new(StatusCode::UNAUTHORIZED, "code_used", detail),
            AgainError::Locked { seconds } => Self::too_many("signing_locked", seconds, detail),
            AgainError::SignedOut => Self::not_signed_in(),
            AgainError::Password(fault) => fault.into(),
            AgainError::Database(cause) => cause.into(),
        }
    }
}

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Self {
        let detail = error.to_string();
        match error {
            EnrolError::CodeNeeded => Self::new(StatusCode::UNAUTHORIZED, "code_needed", detail),
            EnrolError::LinkNeeded => Self::forbidden("link_needed", detail),
            EnrolError::LinkUnknown => Self::forbidden("link_unknown", detail),
            EnrolError::NotBegun => Self::conflict("not_begun", detail),
            EnrolError::WrongCode => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_first_code", detail)
            }
            EnrolError::Again(error) => error.into(),
            EnrolError::Database(cause) => cause.into(),
        }
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        let detail = error.to_string();
        match error {
            ChangePasswordError::CodeNeeded => {
                Self::new(StatusCode::UNAUTHORIZED, "code_needed", detail)
            }
            ChangePasswordError::Refused(_) => Self::invalid_field("new", detail),
            ChangePasswordError::Hash(fault) => fault.into(),
            ChangePasswordError::Again(error) => error.into(),
            ChangePasswordError::Database(cause) => cause.into(),
        }
    }
}
