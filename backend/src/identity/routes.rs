//! Sessions over HTTP: the devices on which I am signed in, and signing out. Signing in answers with memberships and
//! is therefore at [`crate::communities::me`].

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{SignInError, SignedIn, devices, ended_cookie, sign_out, sign_out_everywhere};
use crate::app::App;
use crate::clock::Timestamp;
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(end_session))
        .routes(routes!(list_sessions, end_sessions))
        .merge(super::second_factor::routes::routes())
        .merge(super::signing::routes::routes())
}

/// A device on which I am signed in.
#[derive(Serialize, ToSchema)]
struct DeviceView {
    id: Uuid,
    created_at: Timestamp,
    /// To the minute.
    last_seen_at: Timestamp,
    user_agent: String,
    /// Whether this request came from it.
    current: bool,
}

/// The devices, the newest first.
#[derive(Serialize, ToSchema)]
struct Devices {
    items: Vec<DeviceView>,
}

/// Lists the devices on which I am signed in.
#[utoipa::path(get, path = "/api/sessions", operation_id = "list_sessions", tag = "session",
    responses((status = 200, body = Devices), (status = 401, body = Problem)))]
async fn list_sessions(
    State(app): State<App>,
    who: SignedIn,
) -> Result<axum::Json<Devices>, Problem> {
    let idle = app.door.sessions.idle;
    let found = devices(app.db.read(), who.account_id, app.clock.now(), idle).await?;
    let items = found
        .into_iter()
        .map(|device| DeviceView {
            id: device.id,
            created_at: device.created_at,
            last_seen_at: device.last_seen_at,
            user_agent: device.user_agent,
            current: device.id == who.session_id,
        })
        .collect();
    Ok(axum::Json(Devices { items }))
}

/// Signs out on this device.
#[utoipa::path(delete, path = "/api/session", operation_id = "end_session", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
async fn end_session(
    State(app): State<App>,
    who: SignedIn,
) -> Result<(StatusCode, CookieJar), Problem> {
    sign_out(&app.audit, &app.revocations, &who).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(ended_cookie())))
}

/// Signs out everywhere.
#[utoipa::path(delete, path = "/api/sessions", operation_id = "end_sessions", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
async fn end_sessions(
    State(app): State<App>,
    who: SignedIn,
) -> Result<(StatusCode, CookieJar), Problem> {
    sign_out_everywhere(&app.audit, &app.revocations, &who).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(ended_cookie())))
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let detail = error.to_string();
        match error {
            SignInError::WrongCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail)
            }
            SignInError::CodeNeeded => Self::new(StatusCode::UNAUTHORIZED, "code_needed", detail),
            SignInError::WrongCode => Self::new(StatusCode::UNAUTHORIZED, "wrong_code", detail),
            SignInError::TooMany { seconds } => {
                Self::too_many("too_many_attempts", seconds, detail)
            }
            SignInError::Password(fault) => fault.into(),
            SignInError::Database(cause) => cause.into(),
        }
    }
}

impl From<super::PasswordFault> for Problem {
    fn from(fault: super::PasswordFault) -> Self {
        match fault {
            super::PasswordFault::Busy => Self::unavailable("sign_in_busy", fault.to_string()),
            super::PasswordFault::Broken(cause) => Self::internal(cause),
        }
    }
}
