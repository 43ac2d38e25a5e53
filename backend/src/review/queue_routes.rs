//! The queue over HTTP: lists, counts, the next item, skips, take-overs and views that one keeps.

use std::time::Duration;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use moderation_rules::{Family, Severity, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::claim::Lease;
use super::counts::{self, Counts};
use super::next;
use super::page;
use super::queue::{ItemCard, cards};
use super::saved_views::{self, SaveError, SavedView};
use super::search;
use super::skip::{self, SkipError, SkipReason};
use super::take_over::{self, TakeOverReason};
use super::views::{Filter, Order, View};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::authority::Moderator;
use crate::communities::roles::SpeakerClass;
use crate::http::extract::{Json, Path, Query, page_limit};
use crate::posts::ItemState;
use crate::problem::Problem;

/// Most items that can be named in one question.
const MOST_NAMED: usize = 100;

/// The routes of the queue.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_items))
        .routes(routes!(count_items))
        .routes(routes!(next_item))
        .routes(routes!(skip_item, unskip_item))
        .routes(routes!(take_over_item))
        .routes(routes!(list_views, create_view))
        .routes(routes!(update_view, delete_view))
}

/// Which items of the queue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct QueueQuery {
    /// The part of the queue: `open` where it is not given.
    #[param(inline)]
    view: View,
    /// Only of the community with this name in addresses.
    community: Option<String>,
    /// Only with a finding of this family.
    family: Option<Family>,
    /// Only with this verdict.
    verdict: Option<Verdict>,
    /// In this state, whatever the view says of states.
    state: Option<ItemState>,
    /// Only of this risk class.
    risk: Option<RiskClass>,
    /// Only where this is the severity of the worst finding.
    severity: Option<Severity>,
    /// Only in threads about this product.
    product: Option<Uuid>,
    /// Only in this language (BCP 47; `und` where the rules could not read it).
    language: Option<String>,
    /// Only by authors who speak as this.
    speaker: Option<SpeakerClass>,
    /// Only of this priority or a higher one.
    min_priority: Option<i64>,
    /// Only those that are due before.
    due_before: Option<Timestamp>,
    /// Only those that you hold: the same as the view `mine`.
    mine: bool,
    /// Each of these words stands in the title, the text or the author's name.
    q: Option<String>,
    /// The order. What has ended comes the newest first.
    #[param(inline)]
    order: Order,
    /// These items (identifiers between commas, 100 at most), whatever their state; `fitting` says which of them the rest
    /// of the question lets through.
    ids: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

impl QueueQuery {
    fn filter(self, moderator: &Moderator) -> Result<Filter, Problem> {
        let community = match &self.community {
            Some(slug) => {
                let seat = moderator.seat_at(slug).ok_or_else(Problem::not_found)?;
                Some(seat.community_id)
            }
            None => None,
        };
        Ok(Filter {
            view: if self.mine { View::Mine } else { self.view },
            state: self.state,
            community,
            family: word(self.family),
            verdict: word(self.verdict),
            risk: self.risk,
            severity: word(self.severity),
            product: self.product,
            language: self.language,
            speaker: self.speaker,
            min_priority: self.min_priority,
            due_before: self.due_before,
            order: self.order,
            words: search::words(self.q.as_deref().unwrap_or_default()),
        })
    }
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
struct ItemList {
    items: Vec<ItemCard>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
    /// Where items were named: those of them that the rest of the question lets through.
    fitting: Vec<Uuid>,
    counts: Counts,
}

fn word<T: Serialize>(value: Option<T>) -> Option<String> {
    let json = serde_json::to_value(value?).ok()?;
    json.as_str().map(str::to_owned)
}

/// The items between the commas.
fn named(ids: &str) -> Result<Vec<Uuid>, Problem> {
    let ids: Result<Vec<Uuid>, _> = ids.split(',').map(|id| id.trim().parse()).collect();
    ids.ok()
        .filter(|ids| ids.len() <= MOST_NAMED)
        .ok_or_else(|| {
            let message =
                format!("name 1 to {MOST_NAMED} items by their identifiers, between commas");
            Problem::invalid_field("ids", message)
        })
}

/// List the queue
///
/// In the communities where you review: what waits for a decision, the nearest deadline first, where nothing else is asked
/// for. The counts are those of all communities where you review, whatever is asked for.
#[utoipa::path(
    get, path = "/api/review/items", operation_id = "list_review_items", tag = "review",
    params(QueueQuery),
    responses((status = 200, body = ItemList), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list_items(
    State(app): State<App>,
    moderator: Moderator,
    Query(query): Query<QueueQuery>,
) -> Result<Answer<ItemList>, Problem> {
    let (on, now) = (app.db.read(), app.clock.now());
    let limit = page_limit(query.limit)?;
    let (ids, cursor) = (query.ids.clone(), query.cursor.clone());
    let filter = query.filter(&moderator)?;
    let (rows, next, fitting) = match ids {
        Some(ids) => {
            let rows = page::by_ids(on, &moderator, &named(&ids)?).await?;
            let fitting = page::fitting(on, &moderator, &filter, &rows, now).await?;
            (rows, None, fitting)
        }
        None => {
            let (rows, next) = page::page(on, &moderator, &filter, cursor.as_deref(), limit, now)
                .await?
                .ok_or_else(|| {
                    Problem::invalid_field("cursor", "use the `next` of the page before, unchanged")
                })?;
            (rows, next, Vec::new())
        }
    };
    Ok(Answer(ItemList {
        items: cards(on, &moderator, rows, now).await?,
        next,
        fitting,
        counts: counts::counts(on, &moderator, now).await?,
    }))
}

/// Count the queue
#[utoipa::path(
    get, path = "/api/review/counts", operation_id = "count_review_items", tag = "review",
    responses((status = 200, body = Counts), (status = 404, body = Problem))
)]
async fn count_items(
    State(app): State<App>,
    moderator: Moderator,
) -> Result<Answer<Counts>, Problem> {
    let counts = counts::counts(app.db.read(), &moderator, app.clock.now()).await?;
    Ok(Answer(counts))
}

/// The next item, claimed.
#[derive(Debug, Serialize, ToSchema)]
struct NextItem {
    item: ItemCard,
    lease: Lease,
}

/// Claim the next item
///
/// The best one that you may decide: the nearest deadline first, and among deadlines in the same quarter of an hour the
/// highest priority. Never your own text, a text in a thread of yours, one that you passed over or that somebody holds.
/// Takes the filters of the list; order, words, cursor and limit do not count.
#[utoipa::path(
    post, path = "/api/review/next", operation_id = "claim_next_review_item", tag = "review",
    params(QueueQuery),
    responses((status = 200, body = NextItem), (status = 204, description = "There is none for you"), (status = 404, body = Problem))
)]
async fn next_item(
    State(app): State<App>,
    moderator: Moderator,
    Query(query): Query<QueueQuery>,
) -> Result<Response, Problem> {
    let filter = query.filter(&moderator)?;
    let found = next::next(&app.audit, &moderator, &filter, lease(&app)).await?;
    let Some((item, lease)) = found else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let card = cards(app.db.read(), &moderator, vec![item], app.clock.now())
        .await?
        .pop()
        .ok_or_else(|| Problem::internal("an item that was just claimed cannot be read"))?;
    Ok(Answer(NextItem { item: card, lease }).into_response())
}

fn lease(app: &App) -> Duration {
    Duration::from_secs(app.settings.review.lease_seconds)
}

/// Why an item is passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SkipBody {
    reason: SkipReason,
    /// Needed where the reason is `other`. Leads read them.
    words: Option<String>,
}

/// Pass an item over
///
/// It comes no more when you ask for the next one; if you hold it, you give it back. Declaring a conflict of interest is
/// for good: you cannot claim the item then.
#[utoipa::path(
    post, path = "/api/review/items/{id}/skip", operation_id = "skip_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = SkipBody,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn skip_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<SkipBody>,
) -> Result<StatusCode, Problem> {
    skip::skip(
        &app.audit,
        &moderator,
        id,
        body.reason,
        body.words.as_deref(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// No longer pass an item over
#[utoipa::path(
    delete, path = "/api/review/items/{id}/skip", operation_id = "unskip_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn unskip_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    skip::unskip(&app.audit, &moderator, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why an item is taken over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeOverBody {
    reason: TakeOverReason,
}

/// Take an item over from a colleague
///
/// For leads. The colleague is told at once, and nothing counts that they still send.
#[utoipa::path(
    post, path = "/api/review/items/{id}/take_over", operation_id = "take_over_review_item", tag = "review",
    params(("id" = Uuid, Path, description = "The item")), request_body = TakeOverBody,
    responses((status = 200, body = Lease), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn take_over_item(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<TakeOverBody>,
) -> Result<Answer<Lease>, Problem> {
    let lease = lease(&app);
    Ok(Answer(
        take_over::take_over(&app.audit, &moderator, id, body.reason, lease).await?,
    ))
}

/// The views that one keeps.
#[derive(Debug, Serialize, ToSchema)]
struct SavedViewList {
    items: Vec<SavedView>,
}

/// A view to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewBody {
    /// 1 to 60 characters.
    name: String,
    /// The query string of the queue, as `list_review_items` takes it, without `cursor`.
    query: String,
}

impl ViewBody {
    /// The query string, if the queue can be asked so.
    fn query(&self, moderator: &Moderator) -> Result<String, Problem> {
        let query = self.query.trim_start_matches('?');
        let refused = || {
            Problem::invalid_field(
                "query",
                "write the filters as the queue takes them, such as `risk=safety&language=en`",
            )
        };
        if query.len() > 1_000 {
            return Err(refused());
        }
        let uri: Uri = format!("/?{query}").parse().map_err(|_| refused())?;
        let asked =
            axum::extract::Query::<QueueQuery>::try_from_uri(&uri).map_err(|_| refused())?;
        if asked.0.cursor.is_some() || asked.0.ids.is_some() {
            return Err(refused());
        }
        asked.0.filter(moderator).map_err(|_| refused())?;
        Ok(query.to_owned())
    }
}

/// List the views that you keep
#[utoipa::path(
    get, path = "/api/review/views", operation_id = "list_review_views", tag = "review",
    responses((status = 200, body = SavedViewList), (status = 404, body = Problem))
)]
async fn list_views(
    State(app): State<App>,
    moderator: Moderator,
) -> Result<Answer<SavedViewList>, Problem> {
    let items = saved_views::saved_views(app.db.read(), &moderator).await?;
    Ok(Answer(SavedViewList { items }))
}

/// Keep a view of the queue
#[utoipa::path(
    post, path = "/api/review/views", operation_id = "create_review_view", tag = "review",
    request_body = ViewBody,
    responses((status = 201, body = SavedView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn create_view(
    State(app): State<App>,
    moderator: Moderator,
    Json(body): Json<ViewBody>,
) -> Result<(StatusCode, Answer<SavedView>), Problem> {
    let query = body.query(&moderator)?;
    let view = saved_views::save_view(&app.audit, &moderator, None, &body.name, query).await?;
    Ok((StatusCode::CREATED, Answer(view)))
}

/// Change a view that you keep
#[utoipa::path(
    put, path = "/api/review/views/{id}", operation_id = "update_review_view", tag = "review",
    params(("id" = Uuid, Path, description = "The view")), request_body = ViewBody,
    responses((status = 200, body = SavedView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn update_view(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
    Json(body): Json<ViewBody>,
) -> Result<Answer<SavedView>, Problem> {
    let query = body.query(&moderator)?;
    let view = saved_views::save_view(&app.audit, &moderator, Some(id), &body.name, query).await?;
    Ok(Answer(view))
}

/// Forget a view that you keep
#[utoipa::path(
    delete, path = "/api/review/views/{id}", operation_id = "delete_review_view", tag = "review",
    params(("id" = Uuid, Path, description = "The view")),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn delete_view(
    State(app): State<App>,
    moderator: Moderator,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    saved_views::delete_view(&app.audit, &moderator, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SkipError> for Problem {
    fn from(error: SkipError) -> Self {
        match error {
            SkipError::Claim(error) => error.into(),
            SkipError::Words(detail) => Self::invalid_field("words", detail),
            SkipError::Database(cause) => cause.into(),
        }
    }
}

impl From<SaveError> for Problem {
    fn from(error: SaveError) -> Self {
        let detail = error.to_string();
        match error {
            SaveError::Unknown => Self::not_found(),
            SaveError::Name => Self::invalid_field("name", detail),
            SaveError::NameTaken => Self::conflict("name_taken", detail),
            SaveError::TooMany => Self::conflict("too_many_views", detail),
            SaveError::Database(cause) => cause.into(),
        }
    }
}
