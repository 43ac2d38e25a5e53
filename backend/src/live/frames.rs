//! The frames of a socket, as documented in docs/API.md.

use serde::{Deserialize, Serialize};

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Begin to follow a stream, after this number.
    Subscribe {
        /// `thread:<id>`, `community:<id>`, `me` or `review`.
        stream: String,
        /// The last number that the client has.
        #[serde(default)]
        after: i64,
    },
    /// Stop following a stream.
    Unsubscribe {
        /// The stream.
        stream: String,
    },
    /// The answer to a ping.
    Pong,
}

/// What the server sends, apart from events, which are made where they are published.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<'a> {
    /// The first frame.
    Hello {
        /// When the session ends by itself.
        session_expires_at: crate::clock::Timestamp,
        /// Seconds between pings.
        heartbeat_seconds: u64,
    },
    /// The gap was sent; from here on it is live.
    Subscribed {
        /// The stream.
        stream: &'a str,
        /// The last number sent.
        seq: i64,
    },
    /// Something is worth fetching.
    Hint {
        /// `me` or `review`.
        stream: &'a str,
        /// What changed.
        kind: &'a str,
        /// Which one.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<uuid::Uuid>,
        /// Which ones, where several can be named.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        items: &'a [uuid::Uuid],
    },
    /// The client was too slow or away too long: fetch the thread again and subscribe with its number.
    Resync {
        /// The stream, to which the client is no longer subscribed.
        stream: &'a str,
    },
    /// Answer with a pong.
    Ping,
    /// Something in a client frame was wrong.
    Error {
        /// Stable name of the error.
        code: &'a str,
        /// What happened and what to do.
        detail: &'a str,
    },
}

impl ServerFrame<'_> {
    /// As text on the wire.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An event on the wire. `event` is JSON already.
pub fn event_text(stream: &str, seq: i64, event: &str) -> String {
    format!("{{\"type\":\"event\",\"stream\":\"{stream}\",\"seq\":{seq},\"event\":{event}}}")
}

/// Why the server closes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The server stops; come back soon.
    GoingAway,
    /// The session has ended.
    SessionEnded,
    /// A membership or a role has changed: fetch who you are, then connect again.
    MembershipEnded,
    /// No pong came.
    HeartbeatMissed,
}

impl CloseCode {
    /// The number on the wire.
    pub const fn number(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::SessionEnded => 4401,
            Self::MembershipEnded => 4403,
            Self::HeartbeatMissed => 4408,
        }
    }
}
