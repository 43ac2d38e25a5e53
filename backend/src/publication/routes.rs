//! Reading: communities, members, threads. Everything here shows released text only.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::list_communities::{self, CommunityCard, CommunityView};
use super::list_members::{self, MemberView};
use super::list_threads::{self, Before, ThreadCard};
use super::show_thread::{self, ThreadView};
use crate::app::App;
use crate::communities::authority::{Reader, Seat};
use crate::http::extract::{Path, Query, page_limit};
use crate::intake::{SubmissionView, waiting_in};
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_communities))
        .routes(routes!(show_community))
        .routes(routes!(list_members))
        .routes(routes!(list_threads))
        .routes(routes!(show_thread))
        .merge(super::retraction_routes::routes())
}

/// Where a page begins and how long it is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

impl Page {
    fn bad_cursor() -> Problem {
        Problem::invalid_field("cursor", "use the `next` of the page before, unchanged")
    }
}

/// The communities of the person who asks.
#[derive(Debug, Serialize, ToSchema)]
struct CommunityList {
    items: Vec<CommunityCard>,
}

/// A page of threads.
#[derive(Debug, Serialize, ToSchema)]
struct ThreadList {
    items: Vec<ThreadCard>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
struct MemberList {
    items: Vec<MemberView>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

fn seat<'a>(reader: &'a Reader, slug: &str) -> Result<&'a Seat, Problem> {
    reader.seat_at(slug).ok_or_else(Problem::not_found)
}

/// List your communities
#[utoipa::path(
    get, path = "/api/communities", operation_id = "list_communities", tag = "communities",
    responses((status = 200, body = CommunityList), (status = 401, body = Problem))
)]
async fn list_communities(
    State(app): State<App>,
    reader: Option<Reader>,
) -> Result<Json<CommunityList>, Problem> {
    let items = match reader {
        Some(reader) => list_communities::list_communities(app.db.read(), &reader).await?,
        None => Vec::new(),
    };
    Ok(Json(CommunityList { items }))
}

/// Show a community
#[utoipa::path(
    get, path = "/api/communities/{slug}", operation_id = "show_community", tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = CommunityView), (status = 404, body = Problem))
)]
async fn show_community(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Json<CommunityView>, Problem> {
    let seat = seat(&reader, &slug)?;
    Ok(Json(
        list_communities::show_community(app.db.read(), seat).await?,
    ))
}

/// List the members of a community
#[utoipa::path(
    get, path = "/api/communities/{slug}/members", operation_id = "list_members", tag = "communities",
    params(("slug" = String, Path, description = "The community's name in addresses"), Page),
    responses((status = 200, body = MemberList), (status = 404, body = Problem))
)]
async fn list_members(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> Result<Json<MemberList>, Problem> {
    let seat = seat(&reader, &slug)?;
    let after = match &page.cursor {
        Some(cursor) => Some(cursor.parse::<Uuid>().map_err(|_| Page::bad_cursor())?),
        None => None,
    };
    let (on, limit) = (app.db.read(), page_limit(page.limit)?);
    let (items, next) =
        list_members::list_members(on, seat, reader.who.account_id, after, limit).await?;
    Ok(Json(MemberList {
        items,
        next: next.map(|id| id.to_string()),
    }))
}

/// List the threads of a community
///
/// Latest activity first. Only released threads and posts count.
#[utoipa::path(
    get, path = "/api/communities/{slug}/threads", operation_id = "list_threads", tag = "threads",
    params(("slug" = String, Path, description = "The community's name in addresses"), Page),
    responses((status = 200, body = ThreadList), (status = 404, body = Problem))
)]
async fn list_threads(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> Result<Json<ThreadList>, Problem> {
    let seat = seat(&reader, &slug)?;
    let before = match &page.cursor {
        Some(cursor) => Some(before(cursor).ok_or_else(Page::bad_cursor)?),
        None => None,
    };
    let limit = page_limit(page.limit)?;
    let items = list_threads::list_threads(app.db.read(), seat, before, limit).await?;
    let next = (items.len() as u64 == limit)
        .then(|| {
            items
                .last()
                .map(|card| format!("{}_{}", card.last_activity_at.micros(), card.id))
        })
        .flatten();
    Ok(Json(ThreadList { items, next }))
}

fn before(cursor: &str) -> Option<Before> {
    let (last_activity, thread) = cursor.split_once('_')?;
    Some(Before {
        last_activity: last_activity.parse().ok()?,
        thread: thread.parse().ok()?,
    })
}

/// A thread, and what the person who asks has waiting in it.
#[derive(Debug, Serialize, ToSchema)]
struct ThreadPage {
    #[serde(flatten)]
    thread: ThreadView,
    /// One's own texts in this thread that wait for a decision: nobody else sees them.
    mine_waiting: Vec<SubmissionView>,
}

/// Read a thread
#[utoipa::path(
    get, path = "/api/threads/{id}", operation_id = "show_thread", tag = "threads",
    params(("id" = Uuid, Path, description = "The thread")),
    responses((status = 200, body = ThreadPage), (status = 404, body = Problem))
)]
async fn show_thread(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Json<ThreadPage>, Problem> {
    let on = app.db.read();
    let thread = show_thread::show_thread(on, &reader, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mine_waiting = waiting_in(on, &app.known, &app.words, &reader, id).await?;
    Ok(Json(ThreadPage {
        thread,
        mine_waiting,
    }))
}
