//! `GET /api/live`: the WebSocket handshake. Origin and session are checked before the upgrade.

use std::time::Duration;

use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::socket::{Session, serve};
use crate::app::App;
use crate::communities::authority::Reader;
use crate::identity::SignedIn;
use crate::problem::Problem;

/// Bytes that a socket reads at once. The default costs 134 KiB a socket and half of the speed.
const READ_BUFFER: usize = 1024;
/// Longest frame that a client may send.
const LONGEST_FRAME: usize = 4 * 1024;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(open_live))
}

/// Open the live connection
///
/// Frames are JSON text; docs/API.md lists them.
#[utoipa::path(
    get, path = "/api/live", operation_id = "open_live", tag = "live",
    responses((status = 101, description = "The connection is a WebSocket now"), (status = 401, body = Problem))
)]
async fn open_live(
    State(app): State<App>,
    who: SignedIn,
    reader: Option<Reader>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let now = app.clock.now().micros();
    let lasts = u64::try_from(who.expires_at.micros() - now).unwrap_or(0);
    let session = Session {
        hub: app.live.clone(),
        db: app.db.clone(),
        seats: reader
            .map(|reader| reader.seats().to_vec())
            .unwrap_or_default(),
        who,
        heartbeat: Duration::from_secs(app.settings.live.heartbeat_seconds),
        longest_gap: app.settings.live.longest_gap,
        lasts: Duration::from_micros(lasts),
    };
    Ok(upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(LONGEST_FRAME)
        .max_frame_size(LONGEST_FRAME)
        .on_upgrade(move |socket| serve(session, socket)))
}
