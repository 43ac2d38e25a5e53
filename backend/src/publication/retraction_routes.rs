//! Retract and restore over HTTP.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::restore::{RestoreReason, restore_post};
use super::retract::{RetractOrder, WithdrawalError, retract_post};
use super::retraction::{Retraction, Withdrawal};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::{Moderator, Seat};
use crate::communities::policy::{Act, InForce, Occasion};
use crate::http::extract::{Json, Path};
use crate::posts::store;
use crate::problem::Problem;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(retract))
        .routes(routes!(restore))
}

impl From<WithdrawalError> for Problem {
    fn from(error: WithdrawalError) -> Self {
        let detail = error.to_string();
        match error {
            WithdrawalError::Unknown => Self::not_found(),
            WithdrawalError::OwnText => Self::forbidden("own_text", detail),
            WithdrawalError::AlreadyRetracted => Self::conflict("already_retracted", detail),
            WithdrawalError::NotRetracted => Self::conflict("not_retracted", detail),
            WithdrawalError::Field(field, fault) => Self::invalid_field(field, fault),
            WithdrawalError::Database(cause) => cause.into(),
        }
    }
}

/// Why a post is retracted, and what readers see instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RetractionBody {
    /// One of the reasons of the policy.
    reason_code: String,
    /// To the author.
    words: String,
    /// To readers, in the place of the post: up to 500 characters in which the rules find nothing.
    tombstone: String,
}

/// Why a retracted post is shown again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestorationBody {
    /// The reason.
    reason_code: RestoreReason,
    /// To the author.
    words: String,
}

/// A retraction or a restoration, as staff see it.
#[derive(Debug, Serialize, ToSchema)]
struct RetractionView {
    id: Uuid,
    post_id: Uuid,
    action: Withdrawal,
    /// The text that was retracted or restored.
    revision_hash: String,
    reason_code: String,
    words: String,
    tombstone: Option<String>,
    done_at: Timestamp,
}

fn view(row: Retraction) -> Option<RetractionView> {
    Some(RetractionView {
        id: row.id,
        post_id: row.post_id,
        action: Withdrawal::from_word(&row.action)?,
        revision_hash: row.revision_hash,
        reason_code: row.reason_code,
        words: row.words,
        tombstone: row.tombstone,
        done_at: Timestamp::from_micros(row.done_at),
    })
}

fn answer(row: Retraction) -> Result<(StatusCode, Answer<RetractionView>), Problem> {
    let view = view(row).ok_or_else(|| Problem::internal("a retraction cannot be read"))?;
    Ok((StatusCode::CREATED, Answer(view)))
}

/// Whether this person may do so alone and at once: the policy says who may, and may ask for a second person or a signature.
async fn at_once(app: &App, seat: &Seat, act: Act) -> Result<Arc<InForce>, Problem> {
    let in_force = app.known.policy(seat).await?;
    let policy = &in_force.policy;
    if !policy.allows(act, &seat.roles) {
        let detail = "the policy of this community gives this to other roles";
        return Err(Problem::forbidden("role_needed", detail));
    }
    let retracts = Occasion::Retraction;
    if policy.needs_second(retracts) || policy.needs_signature(retracts) {
        let detail = "the policy asks for a second person or a signature; report the post, and it is decided on at the desk";
        return Err(Problem::conflict("second_person_needed", detail));
    }
    Ok(in_force)
}

/// Refuses a public text in which the rules find something.
pub async fn screened_tombstone(app: &App, seat: &Seat, text: &str) -> Result<(), Problem> {
    let clear = app.intake.public_words(seat, text).await?;
    clear.map_err(|fault| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "tombstone_held", fault))
}

/// Retract a released post
///
/// Its words are gone from every reader at once; the public text stands in their place. Its safety case stays.
#[utoipa::path(
    post, path = "/api/posts/{id}/retraction", operation_id = "retract_post", tag = "review",
    params(("id" = Uuid, Path, description = "The post")), request_body = RetractionBody,
    responses((status = 201, body = RetractionView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn retract(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<RetractionBody>,
) -> Result<(StatusCode, Answer<RetractionView>), Problem> {
    let post = store::post(app.db.read(), &moderator.communities(), id).await?;
    let seat = post.and_then(|post| moderator.seat(post.community_id));
    let seat = seat.ok_or_else(Problem::not_found)?;
    let policy = &at_once(&app, seat, Act::Retract).await?.policy;
    if !policy.knows_reason(&body.reason_code) {
        return Err(Problem::unknown_reason(&policy.reason_codes()));
    }
    screened_tombstone(&app, seat, &body.tombstone).await?;
    let order = RetractOrder {
        reason: body.reason_code,
        words: body.words,
        tombstone: body.tombstone,
    };
    answer(retract_post(&app.audit, &app.live, &moderator, id, &order).await?)
}

/// Restore a retracted post
///
/// Readers see again what they saw before.
#[utoipa::path(
    post, path = "/api/posts/{id}/restoration", operation_id = "restore_post", tag = "review",
    params(("id" = Uuid, Path, description = "The post")), request_body = RestorationBody,
    responses((status = 201, body = RetractionView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn restore(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<RestorationBody>,
) -> Result<(StatusCode, Answer<RetractionView>), Problem> {
    let post = store::post(app.db.read(), &moderator.communities(), id).await?;
    let seat = post.and_then(|post| moderator.seat(post.community_id));
    at_once(&app, seat.ok_or_else(Problem::not_found)?, Act::Restore).await?;
    let (reason, words) = (body.reason_code, &body.words);
    answer(restore_post(&app.audit, &app.live, &moderator, id, reason, words).await?)
}
