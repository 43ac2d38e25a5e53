//! How far re-screening came, over HTTP.

use axum::Json as Answer;
use axum::extract::State;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::entity::rescreening;
use super::run::RUNNING;
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::ServerAdministrator;
use crate::problem::Problem;
use crate::publication::count_released_after;

/// How many are shown.
const SHOWN: u64 = 20;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Released texts screened again after a change of the rules.
#[derive(Debug, Serialize, ToSchema)]
struct RescreeningView {
    id: Uuid,
    /// The rules.
    rule_set_hash: String,
    /// `running`, `done`, or `superseded` where the rules changed again before it was done.
    state: String,
    /// How many texts were looked at.
    looked_at: i64,
    /// How many are still to be looked at.
    left: u64,
    /// In how many the rules found what no decision had seen: they came to the desk.
    items: i64,
    /// How many safety cases that opened.
    cases: i64,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
}

/// The latest first.
#[derive(Debug, Serialize, ToSchema)]
struct Rescreenings {
    items: Vec<RescreeningView>,
}

/// Show how far released texts were screened again
///
/// That begins by itself when the server starts with other rules.
#[utoipa::path(
    get, path = "/api/admin/rescreening", operation_id = "show_rescreening", tag = "administration",
    responses((status = 200, body = Rescreenings), (status = 404, body = Problem))
)]
async fn list(
    State(app): State<App>,
    _: ServerAdministrator,
) -> Result<Answer<Rescreenings>, Problem> {
    let on = app.db.read();
    let rows = rescreening::Entity::find()
        .order_by_desc(rescreening::Column::Id)
        .limit(SHOWN)
        .all(on)
        .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let left = match row.state.as_str() {
            RUNNING => count_released_after(on, (row.reached_at, row.reached_post)).await?,
            _ => 0,
        };
        items.push(RescreeningView {
            id: row.id,
            rule_set_hash: row.rule_set_hash,
            state: row.state,
            looked_at: row.looked_at,
            left,
            items: row.items,
            cases: row.cases,
            started_at: Timestamp::from_micros(row.started_at),
            finished_at: row.finished_at.map(Timestamp::from_micros),
        });
    }
    Ok(Answer(Rescreenings { items }))
}
