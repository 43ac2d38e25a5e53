//! The safety team says of a case whether it is an adverse event. While its text waits for a decision, the reviewer records
//! that at the review desk; afterwards, whatever became of the text, the safety team does so here.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::routes::{DispositionView, disposition_view};
use super::{Disposal, Disposition, DispositionError, NotAdverseEventReason, dispose, store};
use crate::app::App;
use crate::communities::authority::SafetyOfficer;
use crate::http::extract::{Json as Body, Path};
use crate::posts::SubmissionState;
use crate::problem::Problem;
use crate::review;

/// The one route of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(dispose_case))
}

impl From<DispositionError> for Problem {
    fn from(error: DispositionError) -> Self {
        let detail = error.to_string();
        match error {
            DispositionError::NoCase => Self::conflict("no_case", detail),
            DispositionError::AtTheDesk => Self::conflict("at_review_desk", detail),
            DispositionError::OwnText => Self::forbidden("own_text", detail),
            DispositionError::ReasonNeeded => Self::invalid_field("reason_code", detail),
            DispositionError::WordsNeeded | DispositionError::Words(_) => {
                Self::invalid_field("words", detail)
            }
            DispositionError::Database(cause) => cause.into(),
        }
    }
}

/// What is said of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseDispositionBody {
    /// The verdict.
    disposition: Disposition,
    /// Needed where it is no adverse event.
    reason_code: Option<NotAdverseEventReason>,
    /// Needed where the reason is `other`.
    words: Option<String>,
}

/// Say of a case whether it is an adverse event
///
/// For cases whose text no longer waits at the review desk: rewritten, withdrawn or decided on. A later disposition
/// replaces an earlier one; both are in the audit log.
#[utoipa::path(
    post, path = "/api/safety/cases/{id}/disposition", operation_id = "dispose_safety_case", tag = "safety",
    params(("id" = Uuid, Path, description = "The case")), request_body = CaseDispositionBody,
    responses((status = 200, body = DispositionView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn dispose_case(
    State(app): State<App>,
    officer: SafetyOfficer,
    Path(id): Path<Uuid>,
    Body(body): Body<CaseDispositionBody>,
) -> Result<Json<DispositionView>, Problem> {
    let communities = officer.communities();
    let case = store::case(app.db.read(), &communities, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    if case.author_id == officer.who.account_id {
        return Err(DispositionError::OwnText.into());
    }
    let disposal = Disposal {
        disposition: body.disposition,
        reason: body.reason_code,
        words: body.words,
    };
    let tx = app.audit.begin().await?;
    let standing = review::standing_of(tx.conn(), &[case.revision_id]).await?;
    if standing
        .values()
        .any(|standing| standing.state == SubmissionState::InReview)
    {
        return Err(DispositionError::AtTheDesk.into());
    }
    let (actor, now) = (officer.actor(case.community_id), app.clock.now());
    let (_, event) = dispose(&tx, &actor, case.revision_id, &disposal, now).await?;
    tx.commit(event).await?;
    let case = store::case(app.db.read(), &communities, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let view = disposition_view(&app, &case).await?;
    view.map(Json)
        .ok_or_else(|| Problem::internal("a disposition that was just recorded cannot be read"))
}
