//! Notices over HTTP, and what administrators see of mail and webhooks.

use std::collections::HashMap;

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::entity::{delivery, notice};
use super::list::{deliveries, mark_read, notices, unread};
use super::notice::NoticeKind;
use super::secrets::roll;
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::Administrator;
use crate::communities::{Community, communities};
use crate::http::extract::{Json, Path, Query};
use crate::identity::SignedIn;
use crate::problem::Problem;

const PAGE: u64 = 20;
const LONGEST_PAGE: u64 = 200;
const DELIVERIES: u64 = 50;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notices))
        .routes(routes!(read_notices))
        .routes(routes!(list_deliveries))
        .routes(routes!(make_webhook_secret))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NoticesPage {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// This many at most, 1 to 200; 20 if not said otherwise.
    limit: Option<u64>,
}

/// Something that you should know.
#[derive(Serialize, ToSchema)]
struct NoticeView {
    id: Uuid,
    kind: NoticeKind,
    /// The community's name in addresses.
    community: String,
    /// Its printed name.
    community_name: String,
    /// What `subject_id` is: `review_item`, `referral`, `community`, `policy`, `account`.
    subject_kind: String,
    subject_id: Uuid,
    /// About how many it is; the subject is the first of them.
    count: i64,
    raised_at: Timestamp,
    read: bool,
}

/// Notices, the newest first.
#[derive(Serialize, ToSchema)]
struct NoticeList {
    /// How many are unread; 100 for a hundred and more.
    unread: u64,
    items: Vec<NoticeView>,
    /// The cursor of the next page, if there is one.
    next: Option<Uuid>,
}

/// Up to which notice was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadRequest {
    /// This one and all before it.
    up_to: Uuid,
}

/// A mail or a call of the webhook, and what became of it.
#[derive(Serialize, ToSchema)]
struct DeliveryView {
    id: Uuid,
    /// `mail` or `webhook`.
    channel: String,
    kind: NoticeKind,
    /// The address.
    target: String,
    created_at: Timestamp,
    attempts: i64,
    delivered_at: Option<Timestamp>,
    /// When it was given up.
    gave_up_at: Option<Timestamp>,
    /// What the other side answered last.
    last_answer: Option<String>,
}

/// Deliveries, the newest first.
#[derive(Serialize, ToSchema)]
struct DeliveryList {
    items: Vec<DeliveryView>,
}

/// A new secret. It is shown once.
#[derive(Serialize, ToSchema)]
struct WebhookSecret {
    secret: String,
    /// Until then the secret before signs as well.
    former_signs_until: Timestamp,
}

/// Your notices
#[utoipa::path(get, path = "/api/notices", operation_id = "list_notices", tag = "notices",
    params(NoticesPage),
    responses((status = 200, body = NoticeList), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_notices(
    State(app): State<App>,
    who: SignedIn,
    Query(page): Query<NoticesPage>,
) -> Result<Answered<NoticeList>, Problem> {
    let cursor = page.cursor.map(|cursor| cursor.parse::<Uuid>()).transpose();
    let before = cursor.map_err(|_| {
        Problem::invalid_field("cursor", "use the `next` of the page before, unchanged")
    })?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(Problem::invalid_field("limit", "write 1 to 200"));
    }
    let on = app.db.read();
    let rows = notices(on, who.account_id, before, limit).await?;
    let full = rows.len() as u64 == limit;
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let mut places: Vec<Uuid> = rows.iter().map(|row| row.community_id).collect();
    places.sort();
    places.dedup();
    let places: HashMap<Uuid, Community> = communities(on, Some(&places))
        .await?
        .into_iter()
        .map(|place| (place.id, place))
        .collect();
    let view = |row: notice::Model| {
        let place = places.get(&row.community_id)?;
        Some(NoticeView {
            id: row.id,
            kind: NoticeKind::from_word(&row.kind)?,
            community: place.slug.clone(),
            community_name: place.name.clone(),
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            count: row.count,
            raised_at: Timestamp::from_micros(row.raised_at),
            read: row.read_at.is_some(),
        })
    };
    Ok(Answered(NoticeList {
        unread: unread(on, who.account_id).await?,
        items: rows.into_iter().filter_map(view).collect(),
        next,
    }))
}

/// Marks notices as read
#[utoipa::path(post, path = "/api/notices/read", operation_id = "read_notices", tag = "notices",
    request_body = ReadRequest,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn read_notices(
    State(app): State<App>,
    who: SignedIn,
    Json(request): Json<ReadRequest>,
) -> Result<StatusCode, Problem> {
    mark_read(&app.db, who.account_id, request.up_to, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The last fifty mails and calls of the webhook of a community
#[utoipa::path(get, path = "/api/communities/{slug}/deliveries", operation_id = "list_deliveries", tag = "notices",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 200, body = DeliveryList), (status = 404, body = Problem)))]
async fn list_deliveries(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
) -> Result<Answered<DeliveryList>, Problem> {
    let seat = by.seat_at(&slug).ok_or_else(Problem::not_found)?;
    let rows = deliveries(app.db.read(), seat.community_id, DELIVERIES).await?;
    let view = |row: delivery::Model| {
        Some(DeliveryView {
            id: row.id,
            channel: row.channel,
            kind: NoticeKind::from_word(&row.kind)?,
            target: row.target,
            created_at: Timestamp::from_micros(row.created_at),
            attempts: row.attempts,
            delivered_at: row.delivered_at.map(Timestamp::from_micros),
            gave_up_at: row.gave_up_at.map(Timestamp::from_micros),
            last_answer: row.last_answer,
        })
    };
    Ok(Answered(DeliveryList {
        items: rows.into_iter().filter_map(view).collect(),
    }))
}

/// Makes a new secret for the webhook of a community; the one before signs for a day longer
#[utoipa::path(post, path = "/api/communities/{slug}/webhook/secret", operation_id = "make_webhook_secret",
    tag = "notices",
    params(("slug" = String, Path, description = "The community's name in addresses")),
    responses((status = 201, body = WebhookSecret), (status = 404, body = Problem)))]
async fn make_webhook_secret(
    State(app): State<App>,
    by: Administrator,
    Path(slug): Path<String>,
) -> Result<(StatusCode, Answered<WebhookSecret>), Problem> {
    let made = roll(&app.audit, &by, &slug).await?;
    let (secret, former_signs_until) = made.ok_or_else(Problem::not_found)?;
    let shown = WebhookSecret {
        secret,
        former_signs_until,
    };
    Ok((StatusCode::CREATED, Answered(shown)))
}
