//! Policies over HTTP: reading them, proposing another, and the second person's answer.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::changes::Change;
use super::decide::{Answer, AnswerError, answer};
use super::document::Policy;
use super::propose::{Proposal, ProposeError, preview, propose};
use super::store::{self, Version};
use super::view::{self, PolicyVersion, PolicyView};
use super::weakens::Weakening;
use crate::app::App;
use crate::communities::authority::{Administrator, Approver, Seat, Staff};
use crate::http::extract::{Json, Path, Query};
use crate::problem::{FieldError, Problem};

/// Most versions on a page.
const LONGEST_PAGE: u64 = 200;
/// Versions on a page if not said otherwise.
const PAGE: u64 = 50;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_policy))
        .routes(routes!(list_policy_versions))
        .routes(routes!(preview_policy))
        .routes(routes!(propose_policy))
        .routes(routes!(answer_policy_proposal))
}

/// A policy that shall hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PolicyRequest {
    /// The number of the policy that was read and changed.
    base: i64,
    /// The whole policy.
    policy: Policy,
    /// Why.
    words: String,
}

/// What a policy would change.
#[derive(Serialize, ToSchema)]
struct PolicyPreview {
    /// The fields that differ.
    changes: Vec<Change>,
    /// The controls that it weakens; a second person must approve it if there are any.
    weakens: Vec<Weakening>,
}

/// What becomes of a proposal.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PolicyAnswer {
    /// It holds from now on. By a second person.
    Approve,
    /// It does not. By a second person, who says why.
    Refuse,
    /// It is taken back, by whoever proposed it.
    Withdraw,
}

/// An answer to a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PolicyAnswerRequest {
    answer: PolicyAnswer,
    /// Why; needed to refuse.
    words: Option<String>,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VersionsPage {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// This many at most, 1 to 200; 50 if not said otherwise.
    limit: Option<u64>,
}

/// Versions of a policy.
#[derive(Serialize, ToSchema)]
struct PolicyVersions {
    /// The newest first.
    items: Vec<PolicyVersion>,
    /// Where the next page begins.
    next: Option<Uuid>,
}

/// The policy of a community
#[utoipa::path(get, path = "/api/communities/{slug}/policy", operation_id = "show_policy", tag = "policy",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = PolicyView), (status = 404, body = Problem)))]
async fn show_policy(
    State(app): State<App>,
    by: Staff,
    Path(slug): Path<String>,
) -> Result<Answered<PolicyView>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let found = view::policy(app.db.read(), &app.known, seat, by.who.account_id).await?;
    Ok(Answered(found))
}

/// The versions of a community's policy, the newest first
#[utoipa::path(get, path = "/api/communities/{slug}/policy/versions", operation_id = "list_policy_versions",
    tag = "policy",
    params(("slug" = String, Path, description = "The community's name in addresses"), VersionsPage),
    responses((status = 200, body = PolicyVersions), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn list_policy_versions(
    State(app): State<App>,
    by: Staff,
    Path(slug): Path<String>,
    Query(page): Query<VersionsPage>,
) -> Result<Answered<PolicyVersions>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(Problem::invalid_field("limit", "write 1 to 200"));
    }
    let cursor = page.cursor.map(|cursor| cursor.parse::<Uuid>()).transpose();
    let before = cursor.map_err(|_| {
        Problem::invalid_field("cursor", "use the `next` of the page before, unchanged")
    })?;
    let on = app.db.read();
    let rows = store::versions(on, seat.community_id, before, limit).await?;
    let full = rows.len() as u64 == limit;
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let items = view::views(on, &app.known, seat, by.who.account_id, rows).await?;
    Ok(Answered(PolicyVersions { items, next }))
}

/// What a policy would change, and which controls it would weaken; nothing is stored
#[utoipa::path(post, path = "/api/communities/{slug}/policy/preview", operation_id = "preview_policy",
    tag = "policy",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    request_body = PolicyRequest,
    responses((status = 200, body = PolicyPreview), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`policy_changed`"), (status = 422, body = Problem)))]
async fn preview_policy(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
    Json(request): Json<PolicyRequest>,
) -> Result<Answered<PolicyPreview>, Problem> {
    let origins = &app.settings.webhooks.origins;
    let found = preview(&app.audit, &app.known, &by, &slug, request.read(), origins).await?;
    Ok(Answered(PolicyPreview {
        changes: found.changes,
        weakens: found.weakens,
    }))
}

/// Proposes a policy. It holds at once if it weakens no control; otherwise a second person decides
#[utoipa::path(post, path = "/api/communities/{slug}/policy/proposals", operation_id = "propose_policy",
    tag = "policy",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    request_body = PolicyRequest,
    responses((status = 201, body = PolicyVersion), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`policy_changed`, `proposal_open`, `nothing_changed`"),
        (status = 422, body = Problem)))]
async fn propose_policy(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
    Json(request): Json<PolicyRequest>,
) -> Result<(StatusCode, Answered<PolicyVersion>), Problem> {
    let origins = &app.settings.webhooks.origins;
    let row = propose(&app.audit, &app.known, &by, &slug, request.read(), origins).await?;
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let made = shown(&app, seat, by.who.account_id, row).await?;
    Ok((StatusCode::CREATED, made))
}

/// Approves, refuses or withdraws a proposed policy
#[utoipa::path(post, path = "/api/communities/{slug}/policy/proposals/{id}/answer",
    operation_id = "answer_policy_proposal", tag = "policy",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("id" = Uuid, Path)),
    request_body = PolicyAnswerRequest,
    responses((status = 200, body = PolicyVersion),
        (status = 403, body = Problem, description = "`own_proposal`, `not_yours`"), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`proposal_closed`, `policy_changed`"),
        (status = 422, body = Problem)))]
async fn answer_policy_proposal(
    State(app): State<App>,
    by: Approver,
    Path((slug, id)): Path<(String, Uuid)>,
    Json(request): Json<PolicyAnswerRequest>,
) -> Result<Answered<PolicyVersion>, Problem> {
    let said = match request.answer {
        PolicyAnswer::Approve => Answer::Approve,
        PolicyAnswer::Refuse => Answer::Refuse,
        PolicyAnswer::Withdraw => Answer::Withdraw,
    };
    let words = request.words.as_deref();
    let row = answer(&app.audit, &app.known, &by, (&slug, id), said, words).await?;
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    shown(&app, seat, by.who.account_id, row).await
}

async fn shown(
    app: &App,
    seat: &Seat,
    asks: Uuid,
    row: Version,
) -> Result<Answered<PolicyVersion>, Problem> {
    let found = view::version(app.db.read(), &app.known, seat, asks, row).await?;
    Ok(Answered(found.ok_or_else(Problem::not_found)?))
}

impl PolicyRequest {
    fn read(&self) -> Proposal<'_> {
        Proposal {
            base: self.base,
            policy: self.policy.clone(),
            words: &self.words,
        }
    }
}

impl From<ProposeError> for Problem {
    fn from(error: ProposeError) -> Self {
        match error {
            ProposeError::NotFound => Self::not_found(),
            ProposeError::Invalid(faults) => {
                let faults = faults.into_iter();
                let errors = faults.map(|(field, message)| FieldError { field, message });
                Self::invalid(errors.collect())
            }
            ProposeError::Changed => Self::conflict("policy_changed", error.to_string()),
            ProposeError::AlreadyOpen => Self::conflict("proposal_open", error.to_string()),
            ProposeError::Nothing => Self::conflict("nothing_changed", error.to_string()),
            ProposeError::Database(cause) => cause.into(),
        }
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::NotFound => Self::not_found(),
            AnswerError::Own => Self::forbidden("own_proposal", error.to_string()),
            AnswerError::NotOwn => Self::forbidden("not_yours", error.to_string()),
            AnswerError::Closed => Self::conflict("proposal_closed", error.to_string()),
            AnswerError::Changed => Self::conflict("policy_changed", error.to_string()),
            AnswerError::Words => Self::invalid_field("words", error.to_string()),
            AnswerError::Database(cause) => cause.into(),
        }
    }
}
