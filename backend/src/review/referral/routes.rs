//! Questions to other desks over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answer::{self, AnswerError};
use super::ask::{self, Question, ReferError};
use super::field::{Field, Outcome};
use super::list::{self, QuestionList, Wanted};
use super::question_view::{self, QuestionView};
use super::recall;
use super::view::{ReferralView, trail};
use crate::app::App;
use crate::communities::authority::{Adviser, Moderator};
use crate::http::extract::{Json, Path, Query, page_limit};
use crate::posts::ItemState;
use crate::problem::Problem;
use crate::review::assessments::of_item;
use crate::review::store::item;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(refer_review_item))
        .routes(routes!(list_referrals))
        .routes(routes!(show_referral))
        .routes(routes!(answer_referral))
        .routes(routes!(recall_referral))
}

impl From<ReferError> for Problem {
    fn from(error: ReferError) -> Self {
        let detail = error.to_string();
        match error {
            ReferError::Claim(error) => error.into(),
            ReferError::Refused(refusal) => refusal.into(),
            ReferError::Fields | ReferError::Words(_) => Self::invalid_field("questions", detail),
            ReferError::NobodyToAnswer(_) => Self::conflict("nobody_to_answer", detail),
            ReferError::Database(cause) => cause.into(),
        }
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        let detail = error.to_string();
        match error {
            AnswerError::Unknown => Self::not_found(),
            AnswerError::Closed => Self::conflict("question_closed", detail),
            AnswerError::Claim(error) => error.into(),
            AnswerError::Refused(refusal) => refusal.into(),
            AnswerError::Words(_) => Self::invalid_field("words", detail),
            AnswerError::Database(cause) => cause.into(),
        }
    }
}

/// A question to another desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuestionBody {
    /// What it is put to.
    to: Field,
    /// What you want to know, as plain text of up to 4,000 characters.
    question: String,
}

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReferBody {
    /// The fence that the claim gave.
    fence: i64,
    /// One to three questions, each of another field.
    questions: Vec<QuestionBody>,
}

/// What was asked.
#[derive(Debug, Serialize, ToSchema)]
struct Referred {
    /// How the item stands now.
    state: ItemState,
    /// Every question on it, the first one first.
    referrals: Vec<ReferralView>,
}

/// Refer an item with a question
///
/// To safety, medical, or legal and regulatory. The item waits for all answers; its own deadline runs on. Then it stands
/// as it did before, and comes to you first.
#[utoipa::path(
    post, path = "/api/review/items/{id}/refer", operation_id = "refer_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = ReferBody,
    responses((status = 201, body = Referred), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn refer_review_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<ReferBody>,
) -> Result<(StatusCode, Answer<Referred>), Problem> {
    let asked: Vec<Question> = body
        .questions
        .into_iter()
        .map(|one| Question {
            to: one.to,
            words: one.question,
        })
        .collect();
    ask::refer(&app.audit, &app.known, &moderator, id, body.fence, &asked).await?;
    let on = app.db.read();
    let item = item(on, &moderator, id).await?;
    let item = item.ok_or_else(Problem::not_found)?;
    let assessments = of_item(on, id).await?;
    let who = moderator.who.account_id;
    let referrals = trail(on, &item, &assessments, who, false).await?;
    let state = ItemState::from_word(&item.state).unwrap_or(ItemState::Referred);
    Ok((StatusCode::CREATED, Answer(Referred { state, referrals })))
}

/// Whether questions are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReferralsState {
    /// Those that wait for an answer.
    #[default]
    Open,
    /// Those that were answered or taken back, and those whose text is gone.
    Ended,
}

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReferralsQuery {
    /// Those that you could answer (where it is not given), or those that you asked; leads see all then.
    to_me: Option<bool>,
    /// Open ones, where it is not given.
    #[param(inline)]
    #[serde(default)]
    state: ReferralsState,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// List questions
///
/// In the communities where you could answer or ask. Never those about your own texts.
#[utoipa::path(
    get, path = "/api/review/referrals", operation_id = "list_referrals", tag = "review",
    params(ReferralsQuery),
    responses((status = 200, body = QuestionList), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list_referrals(
    State(app): State<App>,
    adviser: Adviser,
    Query(query): Query<ReferralsQuery>,
) -> Result<Answer<QuestionList>, Problem> {
    let wanted = Wanted {
        to_me: query.to_me.unwrap_or(true),
        open: query.state == ReferralsState::Open,
    };
    let limit = page_limit(query.limit)?;
    let found = list::questions(app.db.read(), &adviser, wanted, query.cursor, limit).await?;
    Ok(Answer(found))
}

async fn shown(app: &App, adviser: &Adviser, id: Uuid) -> Result<Answer<QuestionView>, Problem> {
    let found = question_view::question(app.db.read(), &app.words, &app.known, adviser, id).await?;
    found.map(Answer).ok_or_else(Problem::not_found)
}

/// Show a question with the text that it is about
#[utoipa::path(
    get, path = "/api/review/referrals/{id}", operation_id = "show_referral", tag = "review",
    params(("id" = Uuid, Path, description = "The question")),
    responses((status = 200, body = QuestionView), (status = 404, body = Problem))
)]
async fn show_referral(
    State(app): State<App>,
    adviser: Adviser,
    Path(id): Path<Uuid>,
) -> Result<Answer<QuestionView>, Problem> {
    shown(&app, &adviser, id).await
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// What it comes to.
    outcome: Outcome,
    /// The answer to whoever asked, as plain text of up to 4,000 characters. The author of the text never sees it.
    words: String,
}

/// Answer a question
///
/// For people of the role that was asked, but not for whoever asked. The last answer gives the item back to the desk.
#[utoipa::path(
    post, path = "/api/review/referrals/{id}/answer", operation_id = "answer_referral", tag = "review",
    params(("id" = Uuid, Path, description = "The question")), request_body = AnswerBody,
    responses((status = 200, body = QuestionView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn answer_referral(
    State(app): State<App>,
    adviser: Adviser,
    Path(id): Path<Uuid>,
    Json(body): Json<AnswerBody>,
) -> Result<Answer<QuestionView>, Problem> {
    let AnswerBody { outcome, words } = body;
    answer::answer(&app.audit, &app.known, &adviser, id, outcome, &words).await?;
    shown(&app, &adviser, id).await
}

/// Take a question back
///
/// For whoever asked, and for leads. Where no other question is open, the item comes back to the desk.
#[utoipa::path(
    post, path = "/api/review/referrals/{id}/recall", operation_id = "recall_referral", tag = "review",
    params(("id" = Uuid, Path, description = "The question")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn recall_referral(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    recall::recall(&app.audit, &app.known, &moderator, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
