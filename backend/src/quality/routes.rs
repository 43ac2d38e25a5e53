//! Quality over HTTP: figures, rules with their precision, and what was overturned.

use std::time::Duration;

use axum::Json as Answered;
use axum::extract::State;
use moderation_rules::RuleWords;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::feed::{OverturnedFinding, Wanted, overturned};
use super::figures::{Figures, RulePrecision, figures};
use super::rule::{is_code, precision};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::{RuleOwner, Staff, Supervisor};
use crate::communities::roles::Role;
use crate::http::extract::{Path, Query};
use crate::problem::Problem;

/// How far back figures look if not said otherwise.
const USUAL: Duration = Duration::from_secs(90 * 24 * 3600);
/// The longest span of figures.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 3600);

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_quality))
        .routes(routes!(list_overturned_findings))
        .routes(routes!(show_rule))
        .merge(super::golden_routes::routes())
}

/// Which span of time.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Span {
    /// From when; 90 days before the end if not said otherwise.
    from: Option<Timestamp>,
    /// Until before when; now if not said otherwise.
    until: Option<Timestamp>,
}

fn span(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), Problem> {
    let until = until.unwrap_or(now);
    let from = from.unwrap_or_else(|| until.minus(USUAL));
    if from >= until {
        return Err(Problem::invalid_field(
            "from",
            "write a time before `until`",
        ));
    }
    if from < until.minus(LONGEST) {
        return Err(Problem::invalid_field("from", "ask for 400 days at most"));
    }
    Ok((from, until))
}

/// Show how a community's desk and rules decide
///
/// Agreement, second looks, reviewers and rules. Every share comes with its 95 % interval, and says whether there were
/// enough cases to speak of it.
#[utoipa::path(
    get, path = "/api/communities/{slug}/quality", operation_id = "show_quality", tag = "quality",
    params(("slug" = String, Path, description = "The community's name in addresses"), Span),
    responses((status = 200, body = Figures), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn show_quality(
    State(app): State<App>,
    by: Supervisor,
    Path(slug): Path<String>,
    Query(asked): Query<Span>,
) -> Result<Answered<Figures>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let (from, until) = span(asked.from, asked.until, app.clock.now())?;
    let hash = app.intake.rules().hash();
    let on = app.db.read();
    let found = figures(on, &app.words, hash, seat.community_id, from, until).await?;
    Ok(Answered(found))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OverturnedAsked {
    /// Only of the community with this name in addresses.
    community: Option<String>,
    /// Only of rules for which one of your roles answers.
    #[serde(default)]
    mine: bool,
    /// Only of the rule with this code.
    rule: Option<String>,
    /// From when; 90 days before the end if not said otherwise.
    from: Option<Timestamp>,
    /// Until before when; now if not said otherwise.
    until: Option<Timestamp>,
    /// This many at most, 1 to 500; 100 if not said otherwise.
    limit: Option<usize>,
}

/// Findings that the desk did not share, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct OverturnedList {
    from: Timestamp,
    until: Timestamp,
    items: Vec<OverturnedFinding>,
    /// Whether there are more in that time; ask for a shorter one.
    more: bool,
}

/// List findings that were overturned
///
/// For those who answer for the rules. The words that a rule found are told only where readers see the text.
#[utoipa::path(
    get, path = "/api/quality/overturned", operation_id = "list_overturned_findings", tag = "quality",
    params(OverturnedAsked),
    responses((status = 200, body = OverturnedList), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list_overturned_findings(
    State(app): State<App>,
    by: RuleOwner,
    Query(asked): Query<OverturnedAsked>,
) -> Result<Answered<OverturnedList>, Problem> {
    let (from, until) = span(asked.from, asked.until, app.clock.now())?;
    let limit = asked.limit.unwrap_or(100);
    if !(1..=500).contains(&limit) {
        return Err(Problem::invalid_field("limit", "write 1 to 500"));
    }
    let seats: Vec<_> = match &asked.community {
        Some(slug) => vec![by.seat_at(slug).ok_or_else(Problem::not_found)?],
        None => by.seats().iter().collect(),
    };
    let mut items = Vec::new();
    for seat in seats {
        let held: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| seat.roles.has(*role))
            .collect();
        let wanted = Wanted {
            community: (seat.community_id, &seat.slug),
            roles: asked.mine.then_some(&held),
            rule: asked.rule.as_deref(),
        };
        let on = app.db.read();
        items.extend(overturned(on, &app.words, &app.owners, &wanted, from, until).await?);
    }
    items.sort_by(|a, b| b.decided_at.cmp(&a.decided_at).then(a.rule.cmp(&b.rule)));
    let more = items.len() > limit;
    items.truncate(limit);
    Ok(Answered(OverturnedList {
        from,
        until,
        items,
        more,
    }))
}

/// A rule in force, and how precise it has been where you are of the staff.
#[derive(Debug, Serialize, ToSchema)]
struct RuleView {
    /// The stable code.
    code: String,
    /// The name.
    title: String,
    /// To the moderator.
    message: String,
    /// To the author.
    remedy: String,
    /// The clause it stands on.
    clause: String,
    /// Why it exists.
    rationale: String,
    /// The function that answers for it, as its pack says.
    owner: String,
    /// The role that stands for it here.
    owner_role: Role,
    /// Over its newest 5000 texts.
    precision: RulePrecision,
}

/// Explain a rule
#[utoipa::path(
    get, path = "/api/rules/{code}", operation_id = "show_rule", tag = "quality",
    params(("code" = String, Path, description = "The code of the rule, such as FB-012")),
    responses((status = 200, body = RuleView), (status = 404, body = Problem))
)]
async fn show_rule(
    State(app): State<App>,
    by: Staff,
    Path(code): Path<String>,
) -> Result<Answered<RuleView>, Problem> {
    let known = app.intake.rules().words().find(&code);
    let RuleWords {
        title,
        message,
        remedy,
        clause,
        rationale,
        owner,
    } = known
        .filter(|_| is_code(&code))
        .ok_or_else(Problem::not_found)?;
    let precision = precision(app.db.read(), Some(&by.communities()), &code).await?;
    Ok(Answered(RuleView {
        owner_role: app.owners.role(&owner),
        code,
        title,
        message,
        remedy,
        clause,
        rationale,
        owner,
        precision,
    }))
}
