//! Signers and signatures over HTTP.

use std::time::Duration;

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::list::{StaffSigner, list};
use super::reset::{ResetSignerError, reset};
use super::verify::{VerifySignerError, verify};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::{Administrator, Inspector, ServerAdministrator, Staff};
use crate::http::extract::{Json, Path};
use crate::identity::second_factor::ResetError;
use crate::identity::signing::{
    Certification, CertificationError, NewCertification, SignatureView, certifications,
    record_certification, signature,
};
use crate::identity::{SignedIn, printed_names};
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_signers))
        .routes(routes!(verify_signer))
        .routes(routes!(reset_second_factor))
        .routes(routes!(show_signature))
        .routes(routes!(list_certifications, create_certification))
}

/// The staff of a community and how they stand with signing.
#[derive(Serialize, ToSchema)]
struct StaffSigners {
    items: Vec<StaffSigner>,
}

/// How an identity was verified.
#[derive(Deserialize, ToSchema)]
struct VerificationRequest {
    /// 3 to 500 characters, for example which document was seen.
    evidence: String,
}

/// The link with which the owner of the account enrols anew. It is shown once.
#[derive(Serialize, ToSchema)]
struct SecondFactorReset {
    link: String,
    expires_at: Timestamp,
}

/// A letter that certifies to the agency that electronic signatures bind (21 CFR 11.100(c)).
#[derive(Serialize, ToSchema)]
struct CertificationView {
    id: Uuid,
    /// The day on which it was sent.
    sent_on: String,
    recipient: String,
    /// Where it lies.
    reference: String,
    /// Who noted it.
    recorded_by: String,
    recorded_at: Timestamp,
}

/// The letters, the newest first.
#[derive(Serialize, ToSchema)]
struct Certifications {
    items: Vec<CertificationView>,
}

/// A letter that was sent.
#[derive(Deserialize, ToSchema)]
struct CertificationRequest {
    /// As in `2026-11-22`.
    sent_on: String,
    recipient: String,
    reference: String,
}

/// Lists who of the staff may sign
#[utoipa::path(get, path = "/api/communities/{slug}/signers", operation_id = "list_signers", tag = "signing",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = StaffSigners), (status = 404, body = Problem)))]
async fn list_signers(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
) -> Result<Answered<StaffSigners>, Problem> {
    let found = list(app.db.read(), &app.door.signing, &by, &slug).await?;
    let items = found.ok_or_else(Problem::not_found)?;
    Ok(Answered(StaffSigners { items }))
}

/// Verifies who a signer is
///
/// Before the first signature, and again after the second factor was reset. Not for oneself, and not by who reset it.
#[utoipa::path(post, path = "/api/communities/{slug}/signers/{account_id}/verification", operation_id = "verify_signer",
    tag = "signing",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("account_id" = Uuid, Path)),
    request_body = VerificationRequest,
    responses((status = 204),
        (status = 403, body = Problem, description = "`own_identity`, `reset_by_you`"), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`not_enrolled`"), (status = 422, body = Problem)))]
async fn verify_signer(
    State(app): State<App>,
    by: Administrator,
    Path((slug, account)): Path<(String, Uuid)>,
    Json(request): Json<VerificationRequest>,
) -> Result<StatusCode, Problem> {
    verify(&app.audit, &by, &slug, account, &request.evidence).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a lost second factor away
///
/// Every session of its owner ends. The answer holds a link, once, with which its owner enrols anew; until somebody else
/// verifies their identity, they sign nothing.
#[utoipa::path(post, path = "/api/communities/{slug}/signers/{account_id}/reset",
    operation_id = "reset_second_factor", tag = "signing",
    params(("slug" = String, Path, description = "The community's name in addresses"), ("account_id" = Uuid, Path)),
    responses((status = 201, body = SecondFactorReset),
        (status = 403, body = Problem, description = "`own_membership`"), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`not_enrolled`")))]
async fn reset_second_factor(
    State(app): State<App>,
    by: Administrator,
    Path((slug, account)): Path<(String, Uuid)>,
) -> Result<(StatusCode, Answered<SecondFactorReset>), Problem> {
    let hours = app.settings.invitations.lifetime_hours;
    let lifetime = Duration::from_secs(hours.saturating_mul(3600));
    let made = reset(&app.audit, &app.revocations, &by, &slug, account, lifetime).await?;
    let answer = SecondFactorReset {
        link: made.link(&app.settings.server.public_url),
        expires_at: made.expires_at,
    };
    Ok((StatusCode::CREATED, Answered(answer)))
}

/// Shows a signature
///
/// With its manifestation: printed name, time and meaning (21 CFR 11.50). To the staff of its community, and to its signer.
#[utoipa::path(get, path = "/api/signatures/{id}", operation_id = "show_signature", tag = "signing",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = SignatureView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn show_signature(
    State(app): State<App>,
    who: SignedIn,
    staff: Option<Staff>,
    Path(id): Path<Uuid>,
) -> Result<Answered<SignatureView>, Problem> {
    let found = signature(app.db.read(), id).await?;
    let seen = found.filter(|row| {
        let staff = staff.as_ref();
        row.account_id == who.account_id
            || staff.is_some_and(|staff| staff.seat(row.community_id).is_some())
    });
    let row = seen.ok_or_else(Problem::not_found)?;
    Ok(Answered(SignatureView::of(&row)?))
}

/// Lists the letters of certification
///
/// What was sent to the agency under 21 CFR 11.100(c): for inspectors and administrators of the server.
#[utoipa::path(get, path = "/api/signing/certifications", operation_id = "list_certifications", tag = "signing",
    responses((status = 200, body = Certifications), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_certifications(
    State(app): State<App>,
    who: SignedIn,
    inspector: Option<Inspector>,
) -> Result<Answered<Certifications>, Problem> {
    if inspector.is_none() && !who.administrator {
        return Err(Problem::not_found());
    }
    let items = views(&app, certifications(app.db.read()).await?).await?;
    Ok(Answered(Certifications { items }))
}

/// Notes a letter of certification
#[utoipa::path(post, path = "/api/signing/certifications", operation_id = "create_certification", tag = "signing",
    request_body = CertificationRequest,
    responses((status = 201, body = CertificationView), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_certification(
    State(app): State<App>,
    by: ServerAdministrator,
    Json(request): Json<CertificationRequest>,
) -> Result<(StatusCode, Answered<CertificationView>), Problem> {
    let new = NewCertification {
        sent_on: &request.sent_on,
        recipient: &request.recipient,
        reference: &request.reference,
    };
    let row = record_certification(&app.audit, &by.actor(), by.who.account_id, &new).await?;
    let view = views(&app, vec![row]).await?.pop();
    let view = view.ok_or_else(|| Problem::internal("the letter is not there"))?;
    Ok((StatusCode::CREATED, Answered(view)))
}

async fn views(app: &App, rows: Vec<Certification>) -> Result<Vec<CertificationView>, Problem> {
    let names = printed_names(app.db.read(), rows.iter().map(|row| row.recorded_by)).await?;
    let view = |row: Certification| CertificationView {
        id: row.id,
        sent_on: row.sent_on,
        recipient: row.recipient,
        reference: row.reference,
        recorded_by: names.get(&row.recorded_by).cloned().unwrap_or_default(),
        recorded_at: Timestamp::from_micros(row.recorded_at),
    };
    Ok(rows.into_iter().map(view).collect())
}

impl From<VerifySignerError> for Problem {
    fn from(error: VerifySignerError) -> Self {
        match error {
            VerifySignerError::Evidence => Self::invalid_field("evidence", error.to_string()),
            VerifySignerError::Member(error) => error.into(),
            VerifySignerError::Verify(error) => error.into(),
            VerifySignerError::Database(cause) => cause.into(),
        }
    }
}

impl From<ResetSignerError> for Problem {
    fn from(error: ResetSignerError) -> Self {
        match error {
            ResetSignerError::Reset(ResetError::NotEnrolled) => {
                Self::conflict("not_enrolled", error.to_string())
            }
            ResetSignerError::Reset(ResetError::Database(cause)) => cause.into(),
            ResetSignerError::Member(error) => error.into(),
            ResetSignerError::Database(cause) => cause.into(),
        }
    }
}

impl From<CertificationError> for Problem {
    fn from(error: CertificationError) -> Self {
        let detail = error.to_string();
        match error {
            CertificationError::Day => Self::invalid_field("sent_on", detail),
            CertificationError::Words(field) => Self::invalid_field(field, detail),
            CertificationError::Database(cause) => cause.into(),
        }
    }
}
