//! Signing in over HTTP. It answers with the memberships, and so it is here and not in [`crate::identity`].

use axum::extract::State;
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Me, me};
use crate::app::App;
use crate::http::extract::Json;
use crate::identity::{self, Device, Opened, SignedIn, session_cookie, sign_in};
use crate::problem::Problem;

/// The routes of signing in.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_session, create_session))
}

/// What signing in needs.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// A code of the authenticator or a recovery code, for accounts that have a second factor.
    #[schema(value_type = Option<String>)]
    code: Option<SecretString>,
}

/// Shows who is signed in
#[utoipa::path(get, path = "/api/session", operation_id = "show_session", tag = "session",
    responses((status = 200, body = Me), (status = 401, body = Problem, description = "`not_signed_in`")))]
async fn show_session(State(app): State<App>, who: SignedIn) -> Result<axum::Json<Me>, Problem> {
    Ok(axum::Json(me(app.db.read(), &who).await?))
}

/// Signs in
///
/// The answer sets the session cookie. Too many failures lock the account name for a while.
#[utoipa::path(post, path = "/api/session", operation_id = "create_session", tag = "session",
    request_body = Credentials,
    responses((status = 200, body = Me),
        (status = 401, body = Problem, description = "`wrong_credentials`, `code_needed`, `wrong_code`"),
        (status = 429, body = Problem, description = "`too_many_attempts`")))]
async fn create_session(
    State(app): State<App>,
    device: Device,
    Json(given): Json<Credentials>,
) -> Result<(CookieJar, axum::Json<Me>), Problem> {
    let opened = sign_in(
        &app.audit,
        &app.door,
        identity::Credentials {
            email: &given.email,
            password: &given.password,
            code: given.code.as_ref(),
        },
        &device,
    )
    .await?;
    welcome(&app, opened).await
}

/// Hands the token to the browser and says who is signed in now.
pub async fn welcome(app: &App, opened: Opened) -> Result<(CookieJar, axum::Json<Me>), Problem> {
    let cookie = session_cookie(&opened.token, app.door.sessions.lifetime);
    let me = me(app.db.read(), &opened.who).await?;
    Ok((CookieJar::new().add(cookie), axum::Json(me)))
}
