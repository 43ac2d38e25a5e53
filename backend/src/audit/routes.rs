//! The audit log over HTTP, for inspectors. Every reading is recorded before it is answered.

use axum::Json;
use axum::extract::State;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::proof::{ProveError, prove};
use super::record_view::{AuditRecord, Read, RecordCommunity};
use super::search::{self, Found, Reach, Search};
use super::store::{last_checkpoint, unsigned};
use super::{Event, SealError, verify_log};
use crate::app::App;
use crate::clock::Timestamp;
use crate::communities::authority::Inspector;
use crate::communities::people_of;
use crate::http::extract::{Path, Query, page_limit};
use crate::identity::reveal;
use crate::problem::Problem;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_records))
        .routes(routes!(list_actions))
        .routes(routes!(show_checkpoint))
        .routes(routes!(prove_record))
        .routes(routes!(verify))
}

impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::internal(error)
    }
}

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecordQuery {
    /// Only of this account.
    actor: Option<Uuid>,
    /// Only this action, as in `decision.made`.
    action: Option<String>,
    /// Only on the object with this identifier.
    object: Option<String>,
    /// Only in the community with this name in addresses.
    community: Option<String>,
    /// Not earlier than this.
    from: Option<Timestamp>,
    /// Not later than this.
    to: Option<Timestamp>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// Entries on the page: 1 to 200, 50 where it is not given.
    limit: Option<u64>,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
struct RecordList {
    items: Vec<AuditRecord>,
    /// The cursor of the next page, if there is one.
    next: Option<Uuid>,
}

/// Search the audit log
///
/// Newest first: records of the communities you inspect, and of none (sign-ins, the server itself). The search is
/// recorded before it is answered.
#[utoipa::path(
    get, path = "/api/audit/records", operation_id = "list_audit_records", tag = "audit",
    params(RecordQuery),
    responses((status = 200, body = RecordList), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list_records(
    State(app): State<App>,
    inspector: Inspector,
    Query(query): Query<RecordQuery>,
) -> Result<Json<RecordList>, Problem> {
    let seat = match &query.community {
        Some(slug) => Some(inspector.seat_at(slug).ok_or_else(Problem::not_found)?),
        None => None,
    };
    // What is looked for enters the record of the search, so it must be able to be there.
    for (field, text) in [("action", &query.action), ("object", &query.object)] {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
        if text
            .as_ref()
            .is_some_and(|text| text.len() > 200 || !text.chars().all(plain))
        {
            return Err(Problem::invalid_field(
                field,
                "no record has this; copy it from a record",
            ));
        }
    }
    let wanted = Search {
        actor: query.actor,
        action: query.action,
        object: query.object,
        community: seat.map(|seat| seat.community_id),
        from: query.from.map(Timestamp::micros),
        to: query.to.map(Timestamp::micros),
        before: query.cursor,
        limit: page_limit(query.limit)?,
    };
    let reach = reach(&app, &inspector).await?;
    let found = search::search(app.db.read(), &reach, &wanted).await?;
    let event = inspection(
        &app,
        &inspector,
        wanted.community,
        "audit_log.searched",
        json!({
            "action": wanted.action,
            "actor": wanted.actor,
            "found": found.len(),
            "from": wanted.from,
            "object": wanted.object,
            "to": wanted.to,
        }),
    );
    app.audit.record(event).await?;
    let next = (found.len() as u64 == wanted.limit)
        .then(|| found.last().map(|last| last.id))
        .flatten();
    Ok(Json(RecordList {
        items: views(&app, &inspector, found).await?,
        next,
    }))
}

/// List the kinds of action in the audit log
#[utoipa::path(
    get, path = "/api/audit/actions", operation_id = "list_audit_actions", tag = "audit",
    responses((status = 200, body = ActionList), (status = 404, body = Problem))
)]
async fn list_actions(
    State(app): State<App>,
    inspector: Inspector,
) -> Result<Json<ActionList>, Problem> {
    let reach = reach(&app, &inspector).await?;
    let items = search::actions(app.db.read(), &reach).await?;
    Ok(Json(ActionList { items }))
}

/// The kinds of action.
#[derive(Debug, Serialize, ToSchema)]
struct ActionList {
    items: Vec<String>,
}

/// How far the log is sealed, with what key.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointView {
    /// The name of the log.
    origin: String,
    /// Records it covers.
    size: u64,
    /// The root of the Merkle tree over them, in base64.
    root: String,
    /// The signed note (C2SP tlog-checkpoint). Keep it: a later bundle is checked against it.
    note: String,
    signed_at: Timestamp,
    /// The key (C2SP vkey) that verifies the note.
    public_key: String,
    /// Records that are not sealed yet.
    unsealed: u64,
}

/// Show the newest signed checkpoint
#[utoipa::path(
    get, path = "/api/audit/checkpoint", operation_id = "show_checkpoint", tag = "audit",
    responses((status = 200, body = CheckpointView), (status = 404, body = Problem))
)]
async fn show_checkpoint(
    State(app): State<App>,
    _inspector: Inspector,
) -> Result<Json<CheckpointView>, Problem> {
    if last_checkpoint(app.db.read()).await?.is_none() {
        app.sealer.seal_now().await?;
    }
    let last = last_checkpoint(app.db.read())
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Json(CheckpointView {
        origin: app.sealer.key().name().to_owned(),
        size: last.size,
        root: BASE64.encode(last.root),
        note: last.note,
        signed_at: Timestamp::from_micros(last.signed_at),
        public_key: app.sealer.key().public(),
        unsealed: app.sealer.unsealed().await?,
    }))
}

/// The way from a record to a signed root.
#[derive(Debug, Serialize, ToSchema)]
struct InclusionProof {
    leaf_index: u64,
    /// In hex.
    leaf_hash: String,
    /// Size of the checkpoint.
    tree_size: u64,
    /// Root of the checkpoint, in base64 as it stands there.
    root: String,
    /// The siblings on the way up (RFC 6962 section 2.1.1), in hex.
    hashes: Vec<String>,
    /// The signed checkpoint.
    note: String,
}

/// Prove that a record is in the log
///
/// A record that is not sealed yet is sealed first. The proof is recorded before it is answered.
#[utoipa::path(
    get, path = "/api/audit/records/{id}/proof", operation_id = "prove_record", tag = "audit",
    params(("id" = Uuid, Path, description = "The record")),
    responses((status = 200, body = InclusionProof), (status = 404, body = Problem))
)]
async fn prove_record(
    State(app): State<App>,
    inspector: Inspector,
    Path(id): Path<Uuid>,
) -> Result<Json<InclusionProof>, Problem> {
    let reach = reach(&app, &inspector).await?;
    let mut found = search::record(app.db.read(), &reach, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    if found.leaf.is_none() {
        app.sealer.seal_now().await?;
        found = search::record(app.db.read(), &reach, id)
            .await?
            .ok_or_else(Problem::not_found)?;
    }
    let Some((index, leaf_hash)) = found.leaf else {
        return Err(Problem::internal(ProveError::NotSealed));
    };
    let leaf_index = unsigned(index)?;
    let proof = prove(app.db.read(), leaf_index)
        .await
        .map_err(Problem::internal)?;
    let event = inspection(
        &app,
        &inspector,
        None,
        "audit_record.proven",
        json!({ "record": id }),
    );
    app.audit.record(event).await?;
    Ok(Json(InclusionProof {
        leaf_index,
        leaf_hash: hex::encode(leaf_hash),
        tree_size: proof.checkpoint.size,
        root: BASE64.encode(proof.checkpoint.root),
        hashes: proof.hashes.iter().map(hex::encode).collect(),
        note: proof.checkpoint.note,
    }))
}

/// What a verification found.
#[derive(Debug, Serialize, ToSchema)]
struct VerificationView {
    /// Whether nothing is wrong.
    ok: bool,
    /// Records that were checked.
    records: u64,
    /// Size of the last checkpoint that was checked.
    checkpoint_size: u64,
    /// The first thing that is wrong, with its place.
    fault: Option<String>,
}

/// Verify the whole log
///
/// Every record against its leaf, every checkpoint against the leaves up to it. The result is recorded before it is
/// answered. It is the log alone: texts and decisions are compared with it by `hortus audit verify`, on a bundle or on
/// the database. A bundle, verified elsewhere, does not have to trust this server.
#[utoipa::path(
    post, path = "/api/audit/verification", operation_id = "verify_audit_log", tag = "audit",
    responses((status = 200, body = VerificationView), (status = 404, body = Problem))
)]
async fn verify(
    State(app): State<App>,
    inspector: Inspector,
) -> Result<Json<VerificationView>, Problem> {
    // If the log cannot be sealed on, the verification says why.
    if let Err(SealError::Database(cause)) = app.sealer.seal_now().await {
        return Err(cause.into());
    }
    let found = verify_log(&app.db, &app.sealer.key().public()).await?;
    let event = inspection(
        &app,
        &inspector,
        None,
        "audit_log.verified",
        json!({
            "checkpoint_size": found.checkpoint_size,
            "good": found.fault.is_none(),
            "records": found.records,
        }),
    );
    app.audit.record(event).await?;
    Ok(Json(VerificationView {
        ok: found.fault.is_none(),
        records: found.records,
        checkpoint_size: found.checkpoint_size,
        fault: found.fault,
    }))
}

/// The record of a reading.
fn inspection(
    app: &App,
    inspector: &Inspector,
    community: Option<Uuid>,
    action: &'static str,
    what: Value,
) -> Event {
    let actor = inspector.who.actor("inspector");
    let event = Event::new(&actor, action, "audit_log", app.sealer.key().name()).change(what);
    match community {
        Some(community) => event.within(community),
        None => event,
    }
}

/// The records, with the names as they were printed then.
async fn views(
    app: &App,
    inspector: &Inspector,
    found: Vec<Found>,
) -> Result<Vec<AuditRecord>, Problem> {
    let read = found
        .into_iter()
        .map(Read::new)
        .collect::<Result<Vec<_>, _>>()?;
    let commitments: Vec<String> = read.iter().filter_map(Read::commitment).cloned().collect();
    let names = reveal(app.db.read(), &commitments).await?;
    let mut records = Vec::with_capacity(read.len());
    for record in read {
        let name = record
            .commitment()
            .and_then(|commitment| names.get(commitment));
        let seat = record
            .community()
            .and_then(|community| inspector.seat(community));
        let community = seat.map(|seat| RecordCommunity {
            slug: seat.slug.clone(),
            name: seat.community_name.clone(),
        });
        let name = name.map(|revealed| revealed.name.clone());
        records.push(record.view(name, community)?);
    }
    Ok(records)
}

async fn reach(app: &App, inspector: &Inspector) -> Result<Reach, Problem> {
    let communities = inspector.communities();
    let people = people_of(app.db.read(), &communities).await?;
    Ok(Reach {
        communities,
        people,
    })
}
