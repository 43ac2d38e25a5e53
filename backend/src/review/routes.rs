//! The review desk over HTTP.

use std::time::Duration;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::actions::Refusal;
use super::claim::{self, ClaimError, Lease};
use super::decide::{self, DecideError, Desk, Hold, Outcome, Ruling};
use super::derived::Derived;
use super::desk_view::{AssessmentView, assessment_views};
use super::dispose::{self, DisposeError};
use super::item_view::{self, DecisionView, ItemView};
use super::not_waiting::NotWaiting;
use super::particulars::{Misfit, Particulars, Span};
use super::store;
use super::undo;
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::http::extract::{Json, Path};
use crate::identity::Device;
use crate::identity::signing::Components;
use crate::posts::{Action, ItemState, store as posts};
use crate::problem::{About, Problem, Somebody};
use crate::publication;
use crate::safety::{Disposal, Disposition, NotAdverseEventReason};

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(super::queue_routes::routes())
        .routes(routes!(show_item))
        .routes(routes!(claim_item))
        .routes(routes!(prolong_claim))
        .routes(routes!(return_item))
        .routes(routes!(dispose_item))
        .routes(routes!(decide_item))
        .merge(super::background_routes::routes())
        .merge(super::notes_routes::routes())
        .merge(super::bulk_routes::routes())
        .routes(routes!(undo_judgement))
        .merge(super::referral::routes())
        .merge(super::sealed_routes::routes())
        .merge(super::reopening::routes())
}

impl From<ClaimError> for Problem {
    fn from(error: ClaimError) -> Self {
        let detail = error.to_string();
        match error {
            ClaimError::Unknown => Self::not_found(),
            ClaimError::OwnText => Self::forbidden("own_text", detail),
            ClaimError::OwnThread => Self::forbidden("own_thread", detail),
            ClaimError::Declared => Self::forbidden("declared_conflict", detail),
            ClaimError::ClaimedByOther { holder, until } => {
                let about = About {
                    by: Some(Somebody {
                        id: holder.id,
                        name: holder.name,
                    }),
                    until: Some(until.rfc3339()),
                    ..About::default()
                };
                Self::conflict("claimed_by_other", detail).about(about)
            }
            ClaimError::NotWaiting(why) => not_waiting(why, detail),
            ClaimError::LeaseLost | ClaimError::NeverHeld => Self::conflict("lease_lost", detail),
            ClaimError::Barred(_) => Self::forbidden("barred", detail),
            ClaimError::Database(cause) => cause.into(),
        }
    }
}

fn not_waiting(why: NotWaiting, detail: String) -> Problem {
    match why {
        NotWaiting::Decided { by: None } => Problem::conflict("already_decided", detail),
        NotWaiting::Decided { by: Some(by) } => {
            let about = About {
                by: Some(Somebody {
                    id: by.by,
                    name: by.name,
                }),
                action: Some(by.action),
                at: Some(by.at.rfc3339()),
                ..About::default()
            };
            Problem::conflict("already_decided", detail).about(about)
        }
        NotWaiting::Withdrawn => Problem::conflict("item_withdrawn", detail),
        NotWaiting::Superseded { newest } => {
            let about = About {
                item: newest,
                ..About::default()
            };
            Problem::conflict("item_superseded", detail).about(about)
        }
        NotWaiting::Referred | NotWaiting::Settling => Problem::conflict("not_claimable", detail),
    }
}

impl From<DisposeError> for Problem {
    fn from(error: DisposeError) -> Self {
        match error {
            DisposeError::Claim(error) => error.into(),
            DisposeError::Refused(refusal) => refusal.into(),
            DisposeError::Database(cause) => cause.into(),
            DisposeError::Disposition(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::OwnText => Self::forbidden("own_text", detail),
            Refusal::NotYours | Refusal::NotYoursToAnswer | Refusal::NotYoursToRecall => {
                Self::forbidden("not_yours", detail)
            }
            Refusal::RoleNeeded(_) | Refusal::NotByPolicy => Self::forbidden("role_needed", detail),
            Refusal::State(ItemState::Decided) => Self::conflict("already_decided", detail),
            Refusal::State(_) => Self::conflict("not_in_this_state", detail),
            Refusal::JudgedAlready => Self::conflict("judged_already", detail),
            Refusal::DispositionNeeded => Self::conflict("disposition_needed", detail),
            Refusal::NoCase => Self::conflict("no_case", detail),
            Refusal::NotDivisible => Self::conflict("not_divisible", detail),
            Refusal::Barred(_) => Self::forbidden("barred", detail),
            Refusal::NotForThis => Self::conflict("not_for_this_item", detail),
            Refusal::NotInBulk(_) => Self::conflict("not_in_bulk", detail),
        }
    }
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        let detail = error.to_string();
        match error {
            DecideError::Claim(error) => error.into(),
            DecideError::Refused(refusal) => refusal.into(),
            DecideError::Signing(error) => error.into(),
            DecideError::AlreadyDecided(_) => Self::conflict("already_decided", detail),
            DecideError::UndoOver => Self::conflict("undo_over", detail),
            DecideError::Misfit(Misfit(field, what)) => Self::invalid_field(field, what),
            DecideError::BalanceNeeded => Self::invalid_field("balance_key", detail),
            DecideError::Stale => Self::conflict("stale_revision", detail),
            DecideError::Withdrawal(cause) => cause.into(),
            DecideError::Words(_) => Self::invalid_field("words", detail),
            DecideError::ReasonNeeded => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "reason_needed", detail)
            }
            DecideError::ReasonUnknown(known) => Self::unknown_reason(&known),
            DecideError::Database(cause) => cause.into(),
        }
    }
}

/// Show an item with everything a decision needs
#[utoipa::path(
    get, path = "/api/review/items/{id}", operation_id = "show_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")),
    responses((status = 200, body = ItemView), (status = 404, body = Problem))
)]
async fn show_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<Answer<ItemView>, Problem> {
    let view = item_view::show_item(
        app.db.read(),
        &app.words,
        &app.known,
        &moderator,
        id,
        app.clock.now(),
    )
    .await?;
    view.map(Answer).ok_or_else(Problem::not_found)
}

fn lease(app: &App) -> Duration {
    Duration::from_secs(app.settings.review.lease_seconds)
}

/// Claim an item
///
/// A lease: it runs out unless prolonged. Claiming again prolongs it.
#[utoipa::path(
    post, path = "/api/review/items/{id}/claim", operation_id = "claim_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")),
    responses((status = 200, body = Lease), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn claim_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<Answer<Lease>, Problem> {
    Ok(Answer(
        claim::claim(&app.audit, &moderator, id, lease(&app)).await?,
    ))
}

/// Names a lease.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fence {
    /// The fence that the claim gave.
    fence: i64,
}

/// Prolong a claim
#[utoipa::path(
    post, path = "/api/review/items/{id}/heartbeat", operation_id = "prolong_claim", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = Fence,
    responses((status = 200, body = Lease), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn prolong_claim(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(Fence { fence }): Json<Fence>,
) -> Result<Answer<Lease>, Problem> {
    Ok(Answer(
        claim::heartbeat(&app.audit, &moderator, id, fence, lease(&app)).await?,
    ))
}

/// Give an item back
#[utoipa::path(
    post, path = "/api/review/items/{id}/unclaim", operation_id = "return_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = Fence,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn return_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(Fence { fence }): Json<Fence>,
) -> Result<StatusCode, Problem> {
    claim::unclaim(&app.audit, &moderator, id, fence).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is said of a possible adverse event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DispositionBody {
    /// The fence that the claim gave.
    fence: i64,
    /// The verdict.
    disposition: Disposition,
    /// Needed where it is no adverse event.
    reason_code: Option<NotAdverseEventReason>,
    /// Needed where the reason is `other`.
    words: Option<String>,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct Disposed {
    case_id: Uuid,
    disposition: Disposition,
}

/// Say whether it is an adverse event
///
/// Needed before a decision wherever the rules found a possible adverse event.
#[utoipa::path(
    post, path = "/api/review/items/{id}/disposition", operation_id = "dispose_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = DispositionBody,
    responses((status = 200, body = Disposed), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn dispose_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<DispositionBody>,
) -> Result<Answer<Disposed>, Problem> {
    let disposal = Disposal {
        disposition: body.disposition,
        reason: body.reason_code,
        words: body.words,
    };
    let case_id = dispose::dispose(&app.audit, &moderator, id, body.fence, &disposal).await?;
    Ok(Answer(Disposed {
        case_id,
        disposition: body.disposition,
    }))
}

/// A decision and what it was made on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// The fence that the claim gave.
    fence: i64,
    /// The hash of the revision that was read.
    revision_hash: String,
    /// The hash of the rules whose findings were read.
    rule_set_hash: String,
    /// The decision.
    action: Action,
    /// One of the reasons of the policy; needed unless it is a release.
    reason_code: Option<String>,
    /// To the author; needed unless it is a release.
    words: Option<String>,
    /// Which text of the company stands under the post; needed for `release_with_balance`.
    balance_key: Option<String>,
    /// What you typed to sign, where `needs` of the action names a signature.
    signature: Option<Components>,
    /// To readers; needed for a retraction.
    tombstone: Option<String>,
    /// Which words are taken out; needed for `redact_and_release`.
    spans: Option<Vec<Span>>,
    /// Where the text is cut, in UTF-16 code units; needed for `split`.
    cuts: Option<Vec<usize>>,
    /// The post that says the same; needed for `duplicate`.
    duplicate_of: Option<Uuid>,
}

/// What the judgement says beyond its action, and the texts that it makes, screened but not stored.
async fn made_ready(
    app: &App,
    moderator: &Moderator,
    id: Uuid,
    body: &DecisionBody,
) -> Result<(Option<Particulars>, Option<Derived>), Problem> {
    let on = app.db.read();
    if body.action == Action::Duplicate {
        return Ok((body.duplicate_of.map(Particulars::DuplicateOf), None));
    }
    if !matches!(body.action, Action::RedactAndRelease | Action::Split) {
        return Ok((None, None));
    }
    let item = store::item(on, moderator, id).await?;
    let item = item.ok_or_else(Problem::not_found)?;
    let text = posts::revisions(on, &[item.revision_id]).await?.pop();
    // What is stale, decided or sealed is refused for that, not for its places.
    let text = text.filter(|text| text.hash == body.revision_hash);
    let Some(text) = text.filter(|_| ItemState::from_word(&item.state) != Some(ItemState::Decided))
    else {
        return Ok((None, None));
    };
    let particulars = match body.action {
        Action::Split => Particulars::cuts(body.cuts.as_deref().unwrap_or_default(), &text),
        _ => Particulars::spans(body.spans.as_deref().unwrap_or_default(), &text),
    };
    let particulars = particulars.map_err(DecideError::Misfit)?;
    let derived = app.intake.derive(&item, &particulars).await?;
    Ok((Some(particulars), derived))
}

/// What became of a judgement.
#[derive(Debug, Serialize, ToSchema)]
struct Judged {
    /// How the item stands now.
    state: ItemState,
    /// Until when the judgement can be taken back, where it has not taken effect yet.
    undo_until: Option<Timestamp>,
    /// What you said.
    assessment: AssessmentView,
    /// The decision, if it has taken effect.
    decision: Option<DecisionView>,
}

pub(super) fn desk(app: &App) -> Desk<'_> {
    Desk {
        audit: &app.audit,
        live: &app.live,
        known: &app.known,
        door: &app.door,
    }
}

/// Judge a revision
///
/// It is the decision where one judgement is enough, or where it agrees with that of another reviewer; where an undo
/// window is set, it takes effect when that has passed.
#[utoipa::path(
    post, path = "/api/review/items/{id}/decision", operation_id = "decide_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = DecisionBody,
    responses((status = 200, body = Judged), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn decide_item(
    State(app): State<App>,
    moderator: Moderator,
    device: Device,
    Path(id): Path<Uuid>,
    Json(body): Json<DecisionBody>,
) -> Result<Answer<Judged>, Problem> {
    if body.action == Action::Retract {
        let item = store::item(app.db.read(), &moderator, id).await?;
        let seat = item.and_then(|item| moderator.seat(item.community_id));
        let seat = seat.ok_or_else(Problem::not_found)?;
        let tombstone = body.tombstone.as_deref().unwrap_or_default();
        publication::screened_tombstone(&app, seat, tombstone).await?;
    }
    let (particulars, derived) = made_ready(&app, &moderator, id, &body).await?;
    let ruling = Ruling {
        particulars,
        derived,
        hold: Hold::Lease(body.fence),
        revision_hash: body.revision_hash,
        rule_set_hash: body.rule_set_hash,
        action: body.action,
        reason: body.reason_code,
        words: body.words,
        balance_key: body.balance_key,
        signature: body.signature,
        tombstone: body.tombstone,
    };
    let Outcome {
        community,
        state,
        assessment,
        decision,
    } = decide::decide(desk(&app), &moderator, &device, id, ruling).await?;
    let on = app.db.read();
    let names = app.known.reason_names(on, community).await?;
    let undo_until = assessment.settles_at.map(Timestamp::from_micros);
    let decision = match decision {
        Some(decision) => DecisionView::of(on, &names, decision).await?,
        None => None,
    };
    let assessment = assessment_views(on, &names, &[assessment]).await?.pop();
    let assessment = assessment
        .ok_or_else(|| Problem::internal("a judgement that was just made cannot be read"))?;
    Ok(Answer(Judged {
        state,
        undo_until,
        assessment,
        decision,
    }))
}

/// How an item stands.
#[derive(Debug, Serialize, ToSchema)]
struct Stands {
    state: ItemState,
}

/// Take back one's judgement
///
/// While its undo window runs. What was said stays on record, and so does that it was taken back.
#[utoipa::path(
    post, path = "/api/review/items/{id}/undo", operation_id = "undo_judgement", tag = "review",
    params(("id" = Uuid, Path, description = "The item")),
    responses((status = 200, body = Stands), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn undo_judgement(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<Answer<Stands>, Problem> {
    let state = undo::undo(desk(&app), &moderator, id).await?;
    Ok(Answer(Stands { state }))
}
