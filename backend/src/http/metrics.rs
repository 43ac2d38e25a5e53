//! `/metrics` in the format of Prometheus.
//!
//! Slices count with `metrics::counter!` and `metrics::histogram!` where something happens, and add the name to
//! [`describe`]. What is a state and no event is looked up when it is asked for ([`look`]). Labels are route patterns, codes and words of our own enums: never an identifier, never a name.
//!
//! Who may read it: with `server.metrics_listen` set, whoever reaches that address, and nobody at the public one.
//! Without it, only a reader on this machine that does not come through a reverse proxy.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::jobs;
use crate::problem::Problem;

const LATENCY_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to measure, once for the process, and keeps the memory of measurements small from then on.
pub fn install() {
    let made = RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(
                Matcher::Suffix("_duration_seconds".to_owned()),
                &LATENCY_BUCKETS,
            )
            .ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    });
    if let Some(handle) = made {
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(5)).await;
                handle.run_upkeep();
            }
        });
    }
}

/// What is measured.
fn describe() {
    metrics::describe_counter!(
        "http_requests_total",
        "requests answered, by method, route and status"
    );
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "from the first byte read to the answer's head, by method and route"
    );
    metrics::describe_counter!(
        "signing_locks_total",
        "times that signing was locked after too many wrong signatures: each one is to be looked into"
    );
    metrics::describe_gauge!("live_sockets", "WebSockets that are open in this process");
    metrics::describe_gauge!("jobs_open", "jobs that are not done, of all processes");
    metrics::describe_gauge!(
        "review_items_waiting",
        "items that wait for a reviewer, of all communities, by risk class"
    );
    metrics::describe_gauge!(
        "review_items_overdue",
        "items past their deadline, of all communities, by risk class"
    );
    metrics::describe_counter!(
        "alarms_raised_total",
        "alarms raised by this process, by kind"
    );
    metrics::describe_counter!(
        "rescreened_total",
        "released texts that this process screened again after a change of the rules"
    );
    metrics::describe_counter!(
        "rescreened_items_total",
        "of these, those in which the rules found what no decision had seen"
    );
    metrics::describe_counter!(
        "deliveries_total",
        "mails and webhooks tried by this process, by channel and outcome"
    );
    metrics::describe_gauge!(
        "audit_records_unsealed",
        "audit records that wait for their place in the log, of all processes"
    );
}

/// States, as they are now. What cannot be looked up keeps its last value.
async fn look(app: &App) {
    metrics::gauge!("live_sockets").set(app.live.sockets() as f64);
    if let Ok(open) = jobs::open(&app.db).await {
        metrics::gauge!("jobs_open").set(open as f64);
    }
    if let Ok(unsealed) = app.sealer.unsealed().await {
        metrics::gauge!("audit_records_unsealed").set(unsealed as f64);
    }
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_metrics))
}

/// The server of `server.metrics_listen`.
pub fn router(app: App) -> Router {
    let measured = async |State(app): State<App>| rendered(&app).await;
    Router::new()
        .route("/metrics", get(measured))
        .with_state(app)
}

/// Measurements for Prometheus. Answers only to readers on the same machine.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "get_metrics",
    tag = "operations",
    responses((status = 200, description = "Prometheus text format", body = String), (status = 404, body = Problem))
)]
async fn get_metrics(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let own = app.settings.server.metrics_listen.is_empty();
    let near = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().is_loopback());
    let through_a_proxy =
        headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    if own && near && !through_a_proxy {
        Ok(rendered(&app).await)
    } else {
        Err(Problem::not_found())
    }
}

async fn rendered(app: &App) -> Response {
    look(app).await;
    let text = RECORDER
        .get()
        .and_then(Option::as_ref)
        .map(PrometheusHandle::render)
        .unwrap_or_default();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, text).into_response()
}
