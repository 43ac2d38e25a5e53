//! Texts to every WebSocket: one task and one broadcast receiver a socket, with the read buffer that costs least.

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::broadcast;

/// Bytes that a socket reads at once.
const READ_BUFFER: usize = 1024;

/// Its two routes: the socket, and where a text for all of them is posted.
pub fn routes() -> Router {
    Router::new()
        .route("/live", get(open))
        .route("/texts", post(publish))
        .with_state(broadcast::Sender::new(1024))
}

async fn publish(State(line): State<broadcast::Sender<Utf8Bytes>>, text: String) -> String {
    // Nobody listens before the first socket is open.
    let heard = line.send(text.into()).unwrap_or(0);
    heard.to_string()
}

async fn open(
    State(line): State<broadcast::Sender<Utf8Bytes>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let texts = line.subscribe();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .on_upgrade(move |socket| pass_on(socket, texts))
}

async fn pass_on(mut socket: WebSocket, mut texts: broadcast::Receiver<Utf8Bytes>) {
    loop {
        tokio::select! {
            text = texts.recv() => match text {
                Ok(text) => if socket.send(Message::Text(text)).await.is_err() { return },
                Err(_) => return,
            },
            frame = socket.recv() => if !matches!(frame, Some(Ok(_))) { return },
        }
    }
}
