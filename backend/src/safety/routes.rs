//! The safety cases over HTTP.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use moderation_rules::{AdverseEvent, Seriousness, SpecialSituation};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::case_view::{AeEvidence, evidence_view};
use super::{Disposition, NotAdverseEventReason, SafetyCase, disposition_routes, store};
use crate::app::App;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::communities::authority::SafetyOfficer;
use crate::communities::{Author, authors};
use crate::http::extract::{Path, Query, page_limit};
use crate::identity::printed_names;
use crate::posts::derived::redactions_of;
use crate::posts::{Revision, SubmissionState, Surface, markdown, store as posts};
use crate::problem::Problem;
use crate::review::{self, FindingView, finding_views};

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_cases))
        .routes(routes!(show_case))
        .merge(disposition_routes::routes())
}

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CaseStanding {
    /// Nobody has said yet whether it is an adverse event.
    AwaitingDisposition,
    /// It is one.
    AdverseEvent,
    /// It is a special situation.
    SpecialSituation,
    /// It is a complaint about the product itself.
    QualityComplaint,
    /// It is none.
    NotAdverseEvent,
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CaseQuery {
    /// Only of the community with this name in addresses.
    community: Option<String>,
    /// Only in this state.
    state: Option<CaseStanding>,
    /// The `next` of the page before.
    cursor: Option<i64>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// A community by its name.
#[derive(Debug, Serialize, ToSchema)]
struct CaseCommunity {
    slug: String,
    name: String,
}

/// Which of the four criteria are met.
#[derive(Debug, Serialize, ToSchema)]
struct Criteria {
    reporter: bool,
    patient: bool,
    product: bool,
    reaction: bool,
}

/// When the case must be where.
#[derive(Debug, Serialize, ToSchema)]
struct CaseDue {
    /// With the safety team.
    hand_over_at: Timestamp,
    /// With the authority.
    report_at: Timestamp,
}

/// A case in the list.
#[derive(Debug, Serialize, ToSchema)]
struct CaseCard {
    id: Uuid,
    /// For people, as in `AE-000123`.
    number: String,
    community: CaseCommunity,
    surface: Surface,
    author: Author,
    /// When the text was posted: the clock starts here (R-PV-02).
    day_zero: Timestamp,
    state: CaseStanding,
    excerpt: String,
    criteria: Criteria,
    /// All four criteria are met.
    valid_icsr: bool,
    seriousness: Vec<Seriousness>,
    special_situations: Vec<SpecialSituation>,
    due: CaseDue,
    /// What became of the text; the case does not depend on it.
    post_state: SubmissionState,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseList {
    items: Vec<CaseCard>,
    /// The cursor of the next page, if there is one.
    next: Option<i64>,
}

/// What a person said of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DispositionView {
    disposition: Disposition,
    reason_code: Option<NotAdverseEventReason>,
    words: Option<String>,
    /// The printed name of who said it.
    by: Option<String>,
    at: Option<Timestamp>,
}

/// A case with its text and evidence.
#[derive(Debug, Serialize, ToSchema)]
struct CaseView {
    #[serde(flatten)]
    card: CaseCard,
    title: Option<String>,
    body: String,
    body_html: String,
    /// The text, where it is sealed: whoever may read it does so with a reason (`read_sealed`).
    sealed: Option<Uuid>,
    adverse_event: AeEvidence,
    findings: Vec<FindingView>,
    disposition: Option<DispositionView>,
}

/// List safety cases
///
/// Newest first, in the communities where you keep or read them. The reading is audited.
#[utoipa::path(
    get, path = "/api/safety/cases", operation_id = "list_safety_cases", tag = "safety",
    params(CaseQuery),
    responses((status = 200, body = CaseList), (status = 404, body = Problem))
)]
async fn list_cases(
    State(app): State<App>,
    officer: SafetyOfficer,
    Query(query): Query<CaseQuery>,
) -> Result<Json<CaseList>, Problem> {
    let communities = match &query.community {
        Some(slug) => vec![
            officer
                .seat_at(slug)
                .ok_or_else(Problem::not_found)?
                .community_id,
        ],
        None => officer.communities(),
    };
    let disposition = query.state.map(|state| match state {
        CaseStanding::AwaitingDisposition => None,
        CaseStanding::AdverseEvent => Some(Disposition::AdverseEvent.word()),
        CaseStanding::SpecialSituation => Some(Disposition::SpecialSituation.word()),
        CaseStanding::QualityComplaint => Some(Disposition::QualityComplaint.word()),
        CaseStanding::NotAdverseEvent => Some(Disposition::NotAdverseEvent.word()),
    });
    let limit = page_limit(query.limit)?;
    for community in &communities {
        let event = Event::new(
            &officer.actor(*community),
            "safety_cases.listed",
            "community",
            community,
        )
        .within(*community)
        .change(json!({ "state": query.state, "cursor": query.cursor }));
        app.audit.record(event).await?;
    }
    let cases = store::page(
        app.db.read(),
        &communities,
        disposition,
        query.cursor,
        limit,
    )
    .await?;
    let next = (cases.len() as u64 == limit)
        .then(|| cases.last().map(|case| case.number))
        .flatten();
    let items = cards(&app, &officer, &cases).await?;
    Ok(Json(CaseList { items, next }))
}

/// Show a safety case
///
/// The reading is audited.
#[utoipa::path(
    get, path = "/api/safety/cases/{id}", operation_id = "show_safety_case", tag = "safety",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = 200, body = CaseView), (status = 404, body = Problem))
)]
async fn show_case(
    State(app): State<App>,
    officer: SafetyOfficer,
    Path(id): Path<Uuid>,
) -> Result<Json<CaseView>, Problem> {
    let on = app.db.read();
    let case = store::case(on, &officer.communities(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let event = Event::new(
        &officer.actor(case.community_id),
        "safety_case.read",
        "safety_case",
        id,
    )
    .within(case.community_id);
    app.audit.record(event).await?;
    let card = cards(&app, &officer, std::slice::from_ref(&case))
        .await?
        .pop();
    let revision = posts::revisions(on, &[case.revision_id]).await?.pop();
    let (Some(card), Some(revision)) = (card, revision) else {
        return Err(Problem::internal("a safety case has lost its text"));
    };
    let stored = review::screenings(on, &[case.screening_id])
        .await?
        .remove(&case.screening_id);
    let screening = review::readable(on, stored).await?;
    let sealed = redactions_of(on, &[revision.id])
        .await?
        .contains_key(&revision.id);
    let event = match sealed {
        true => review::event_without_words(evidence(&case)),
        false => evidence(&case),
    };
    let findings = match screening {
        Some(screening) => {
            let words = app.words.of(app.db.read(), &screening.rule_set_hash);
            let words = words.await?;
            let title = revision.title.as_deref();
            finding_views(screening.findings, &words, title, &revision.body)
        }
        None => Vec::new(),
    };
    Ok(Json(CaseView {
        card,
        sealed: sealed.then_some(revision.id),
        adverse_event: evidence_view(&event, &revision),
        findings,
        disposition: disposition_view(&app, &case).await?,
        body_html: markdown::to_html(&revision.body),
        title: revision.title,
        body: revision.body,
    }))
}

pub(super) async fn disposition_view(
    app: &App,
    case: &SafetyCase,
) -> Result<Option<DispositionView>, DbErr> {
    let Some(disposition) = case.disposition.as_deref().and_then(Disposition::from_word) else {
        return Ok(None);
    };
    let names = printed_names(app.db.read(), case.disposed_by).await?;
    Ok(Some(DispositionView {
        disposition,
        reason_code: case
            .reason_code
            .as_deref()
            .and_then(NotAdverseEventReason::from_word),
        words: case.words.clone(),
        by: case.disposed_by.and_then(|by| names.get(&by).cloned()),
        at: case.disposed_at.map(Timestamp::from_micros),
    }))
}

fn evidence(case: &SafetyCase) -> AdverseEvent {
    serde_json::from_str(&case.evidence).unwrap_or_default()
}

async fn cards(
    app: &App,
    officer: &SafetyOfficer,
    cases: &[SafetyCase],
) -> Result<Vec<CaseCard>, DbErr> {
    let on = app.db.read();
    let revision_ids: Vec<Uuid> = cases.iter().map(|case| case.revision_id).collect();
    let post_ids: Vec<Uuid> = cases.iter().map(|case| case.post_id).collect();
    let revisions: HashMap<Uuid, Revision> = posts::revisions(on, &revision_ids)
        .await?
        .into_iter()
        .map(|r| (r.id, r))
        .collect();
    let surfaces: HashMap<Uuid, Surface> = posts::posts(on, &post_ids)
        .await?
        .into_iter()
        .filter_map(|post| Some((post.id, Surface::from_word(&post.surface)?)))
        .collect();
    let people = authors(
        on,
        cases.iter().map(|case| (case.community_id, case.author_id)),
    )
    .await?;
    let standing = review::standing_of(on, &revision_ids).await?;
    let safety = &app.settings.safety;
    let card = |case: &SafetyCase| {
        let seat = officer.seat(case.community_id)?;
        let event = evidence(case);
        let day_zero = Timestamp::from_micros(case.day_zero);
        let days = if case.serious {
            safety.report_days_serious
        } else {
            safety.report_days_other
        };
        Some(CaseCard {
            id: case.id,
            number: format!("AE-{:06}", case.number),
            community: CaseCommunity {
                slug: seat.slug.clone(),
                name: seat.community_name.clone(),
            },
            surface: *surfaces.get(&case.post_id)?,
            author: people.get(&(case.community_id, case.author_id))?.clone(),
            day_zero,
            state: match case.disposition.as_deref().and_then(Disposition::from_word) {
                None => CaseStanding::AwaitingDisposition,
                Some(Disposition::AdverseEvent) => CaseStanding::AdverseEvent,
                Some(Disposition::SpecialSituation) => CaseStanding::SpecialSituation,
                Some(Disposition::QualityComplaint) => CaseStanding::QualityComplaint,
                Some(Disposition::NotAdverseEvent) => CaseStanding::NotAdverseEvent,
            },
            excerpt: markdown::excerpt(&revisions.get(&case.revision_id)?.body, 160),
            criteria: Criteria {
                reporter: event.reporter.met,
                patient: event.patient.met,
                product: event.product.met,
                reaction: event.reaction.met,
            },
            valid_icsr: case.valid_icsr,
            seriousness: event.seriousness,
            special_situations: event.special_situations,
            due: CaseDue {
                hand_over_at: day_zero.plus(Duration::from_secs(safety.hand_over_hours * 3600)),
                report_at: day_zero.plus(Duration::from_secs(days * 86_400)),
            },
            post_state: standing
                .get(&case.revision_id)
                .map_or(SubmissionState::InReview, |standing| standing.state),
        })
    };
    Ok(cases.iter().filter_map(card).collect())
}
