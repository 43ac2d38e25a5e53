//! Judging several items at once over HTTP.

use std::collections::HashSet;

use axum::Json as Answer;
use axum::extract::State;
use moderation_rules::Family;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::actions::IN_BULK;
use super::bulk::{BulkRuling, MOST, Read, decide_in_bulk};
use super::claim::ClaimError;
use super::decide::DecideError;
use super::routes::desk;
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::http::extract::Json;
use crate::identity::Device;
use crate::posts::{Action, ItemState, said};
use crate::problem::Problem;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(bulk))
}

/// An item, and what was read of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkItem {
    /// The item.
    item: Uuid,
    /// The hash of the revision that was read.
    revision_hash: String,
    /// The hash of the rules whose findings were read.
    rule_set_hash: String,
}

/// One judgement on several items.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkBody {
    /// The judgement: `release`, `request_changes`, `reject` or `keep`.
    action: Action,
    /// The one family in which the rules found something in each item; null where they found nothing.
    family: Option<Family>,
    /// One of the reasons of the policy; needed unless readers may see them.
    reason_code: Option<String>,
    /// To each author; needed unless readers may see them.
    words: Option<String>,
    /// 1 to 50 items, each once.
    items: Vec<BulkItem>,
}

/// What became of one of the items.
#[derive(Debug, Serialize, ToSchema)]
struct BulkResult {
    /// The item.
    item: Uuid,
    /// How it stands now, if it was judged.
    state: Option<ItemState>,
    /// Until when the judgement can be taken back, where it has not taken effect yet.
    undo_until: Option<Timestamp>,
    /// Why it was not judged, as it would have been told alone.
    problem: Option<Problem>,
}

/// What became of each.
#[derive(Debug, Serialize, ToSchema)]
struct BulkResults {
    /// In the order in which they were named.
    results: Vec<BulkResult>,
}

/// Judge several items at once
///
/// Each is checked and recorded as if it were judged alone; nothing that may report an adverse event, and nothing that is
/// signed, is judged so. The answer says what became of each.
#[utoipa::path(
    post, path = "/api/review/bulk", operation_id = "decide_in_bulk", tag = "review", request_body = BulkBody,
    responses((status = 200, body = BulkResults), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn bulk(
    State(app): State<App>,
    moderator: Moderator,
    device: Device,
    Json(body): Json<BulkBody>,
) -> Result<Answer<BulkResults>, Problem> {
    if !IN_BULK.contains(&body.action) {
        let words = IN_BULK.map(Action::word).join(", ");
        return Err(Problem::invalid_field(
            "action",
            format!("write one of {words}"),
        ));
    }
    let named: HashSet<Uuid> = body.items.iter().map(|one| one.item).collect();
    if !(1..=MOST).contains(&body.items.len()) || named.len() != body.items.len() {
        let detail = format!("name 1 to {MOST} items, each once");
        return Err(Problem::invalid_field("items", detail));
    }
    said(body.words.as_deref()).map_err(|fault| Problem::invalid_field("words", fault))?;
    let items = body.items.into_iter().map(|one| Read {
        item: one.item,
        revision_hash: one.revision_hash,
        rule_set_hash: one.rule_set_hash,
    });
    let ruling = BulkRuling {
        action: body.action,
        family: body.family,
        reason: body.reason_code,
        words: body.words,
        items: items.collect(),
    };
    let judged = decide_in_bulk(desk(&app), &moderator, &device, ruling).await;
    let strange = |why: &DecideError| matches!(why, DecideError::Claim(ClaimError::Unknown));
    if judged
        .iter()
        .all(|(_, one)| one.as_ref().is_err_and(strange))
    {
        return Err(Problem::not_found());
    }
    let results = judged.into_iter().map(|(item, outcome)| match outcome {
        Ok(outcome) => BulkResult {
            item,
            state: Some(outcome.state),
            undo_until: outcome.assessment.settles_at.map(Timestamp::from_micros),
            problem: None,
        },
        Err(why) => BulkResult {
            item,
            state: None,
            undo_until: None,
            problem: Some(why.into()),
        },
    });
    Ok(Answer(BulkResults {
        results: results.collect(),
    }))
}
