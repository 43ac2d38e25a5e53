//! Invitations over HTTP: making, listing and taking back for administrators; looking and accepting for their holder.

use std::time::Duration;

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::list::{SentInvitation, list};
use super::look::{InvitationView, look};
use super::revoke::{RevokeError, revoke};
use super::{AcceptError, Answer, InviteError, NewInvitation, accept, invite, link};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::Administrator;
use crate::communities::me::Me;
use crate::communities::me::routes::welcome;
use crate::communities::roles::{Role, Roles, SpeakerClass};
use crate::communities::routes::given;
use crate::http::extract::{Json, Path, Query, page_limit};
use crate::identity::{Device, Email, PrintedName, Token};
use crate::problem::{Fields, Problem};

/// The routes of invitations.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(revoke_invitation))
        .routes(routes!(show_invitation))
        .routes(routes!(accept_invitation))
}

/// Where a page begins and how long it is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// A page of invitations.
#[derive(Serialize, ToSchema)]
struct InvitationList {
    items: Vec<SentInvitation>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// Whom to invite as what.
#[derive(Deserialize, ToSchema)]
struct InvitationRequest {
    email: String,
    /// The printed name, as you verified it: the invited person cannot change it.
    name: String,
    speaker: SpeakerClass,
    /// The alliance partner that employs them: its reviewers do not see what people of other partners wrote. For
    /// partners only.
    organisation: Option<String>,
    /// At least one.
    roles: Vec<Role>,
}

/// The invitation that was made.
#[derive(Serialize, ToSchema)]
struct InvitationLink {
    id: Uuid,
    /// Shown this one time; hand it to nobody but the invited person.
    link: String,
    expires_at: Timestamp,
}

/// What the invited person answers.
#[derive(Deserialize, ToSchema)]
struct AcceptRequest {
    /// The printed name of the very first administrator. Whoever was invited has the name they were invited by.
    #[serde(default)]
    name: String,
    /// The password to begin with (12 to 256 characters), or the one of the account.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// A code of the authenticator or a recovery code, for an account that has a second factor.
    #[schema(value_type = Option<String>)]
    code: Option<SecretString>,
    /// The address of the very first administrator, whose invitation names none; not looked at otherwise.
    email: Option<String>,
}

/// Lists the invitations of a community
///
/// The newest first.
#[utoipa::path(get, path = "/api/communities/{slug}/invitations", operation_id = "list_invitations",
    tag = "invitations",
    params(("slug" = String, Path, description = "The community's name in addresses"), Page),
    responses((status = 200, body = InvitationList), (status = 404, body = Problem)))]
async fn list_invitations(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> Result<Answered<InvitationList>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let cursor = page.cursor.map(|cursor| cursor.parse::<Uuid>()).transpose();
    let before = cursor.map_err(|_| {
        Problem::invalid_field("cursor", "use the `next` of the page before, unchanged")
    })?;
    let limit = page_limit(page.limit)?;
    let (items, next) = list(app.db.read(), seat, before, limit, app.clock.now()).await?;
    Ok(Answered(InvitationList {
        items,
        next: next.map(|id| id.to_string()),
    }))
}

/// Invites a person
#[utoipa::path(post, path = "/api/communities/{slug}/invitations", operation_id = "create_invitation",
    tag = "invitations",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    request_body = InvitationRequest,
    responses((status = 201, body = InvitationLink), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`already_member`, `already_invited`"),
        (status = 422, body = Problem)))]
async fn create_invitation(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
    Json(request): Json<InvitationRequest>,
) -> Result<(StatusCode, Answered<InvitationLink>), Problem> {
    let mut fields = Fields::default();
    let email = fields.read("email", Email::parse(&request.email));
    let name = fields.read("name", PrintedName::parse(&request.name));
    let roles = fields.read(
        "roles",
        Roles::new(&request.roles).ok_or("name at least one role"),
    );
    let organisation = fields.read(
        "organisation",
        given(request.organisation.as_deref())
            .map(PrintedName::parse)
            .transpose(),
    );
    let (Some(email), Some(name), Some(roles), Some(organisation)) =
        (email, name, roles, organisation)
    else {
        return Err(fields.refused());
    };
    let new = NewInvitation {
        email,
        name,
        speaker: request.speaker,
        organisation,
        roles,
    };
    let hours = app.settings.invitations.lifetime_hours;
    let lifetime = Duration::from_secs(hours.saturating_mul(3600));
    let invited = invite(&app.audit, &by, &slug, &new, lifetime).await?;
    let answer = InvitationLink {
        id: invited.id,
        link: link(&app.settings.server.public_url, &invited.token),
        expires_at: invited.expires_at,
    };
    Ok((StatusCode::CREATED, Answered(answer)))
}

/// Takes an invitation back
#[utoipa::path(delete, path = "/api/communities/{slug}/invitations/{id}", operation_id = "revoke_invitation",
    tag = "invitations",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`invitation_closed`")))]
async fn revoke_invitation(
    State(app): State<App>,
    by: Administrator,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    revoke(&app.audit, &by, &slug, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows an invitation to its holder
///
/// Unknown, used, revoked and expired ones answer alike.
#[utoipa::path(get, path = "/api/invitations/{token}", operation_id = "show_invitation", tag = "invitations",
    params(("token" = String, Path, description = "From the link")),
    responses((status = 200, body = InvitationView),
        (status = 404, body = Problem, description = "`invitation_unknown`")))]
async fn show_invitation(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Answered<InvitationView>, Problem> {
    let token = Token::presented(&token);
    let found = look(app.db.read(), &token, app.clock.now()).await?;
    found
        .map(Answered)
        .ok_or_else(|| AcceptError::Unknown.into())
}

/// Accepts an invitation and signs in
///
/// The answer sets the session cookie.
#[utoipa::path(post, path = "/api/invitations/{token}/accept", operation_id = "accept_invitation",
    tag = "invitations",
    params(("token" = String, Path, description = "From the link")),
    request_body = AcceptRequest,
    responses((status = 200, body = Me),
        (status = 401, body = Problem, description = "`wrong_credentials`, `code_needed`, `wrong_code`"),
        (status = 404, body = Problem, description = "`invitation_unknown`"),
        (status = 409, body = Problem, description = "`already_member`, `email_taken`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem, description = "`too_many_attempts`")))]
async fn accept_invitation(
    State(app): State<App>,
    device: Device,
    Path(token): Path<String>,
    Json(request): Json<AcceptRequest>,
) -> Result<(CookieJar, Answered<Me>), Problem> {
    let answer = Answer {
        name: &request.name,
        password: &request.password,
        email: request.email.as_deref(),
        code: request.code.as_ref(),
    };
    let token = Token::presented(&token);
    let opened = accept(&app.audit, &app.door, &token, &answer, &device).await?;
    welcome(&app, opened).await
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotFound => Self::not_found(),
            InviteError::AlreadyMember => Self::conflict("already_member", error.to_string()),
            InviteError::NoPartner => Self::invalid_field("organisation", error.to_string()),
            InviteError::AlreadyInvited => Self::conflict("already_invited", error.to_string()),
            InviteError::Database(cause) => cause.into(),
        }
    }
}

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::NotFound => Self::not_found(),
            RevokeError::Closed => Self::conflict("invitation_closed", error.to_string()),
            RevokeError::Database(cause) => cause.into(),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        let detail = error.to_string();
        match error {
            AcceptError::Unknown => Self::new(StatusCode::NOT_FOUND, "invitation_unknown", detail),
            AcceptError::AlreadyMember => Self::conflict("already_member", detail),
            AcceptError::EmailTaken => Self::conflict("email_taken", detail),
            AcceptError::Name(_) => Self::invalid_field("name", detail),
            AcceptError::Email(_) => Self::invalid_field("email", detail),
            AcceptError::Password(_) => Self::invalid_field("password", detail),
            AcceptError::Hash(fault) => fault.into(),
            AcceptError::SignIn(error) => error.into(),
            AcceptError::Database(cause) => cause.into(),
        }
    }
}
