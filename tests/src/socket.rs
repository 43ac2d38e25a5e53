//! A member's live connection: it subscribes, hears frames, and remembers every one of them.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::{Caller, PATIENCE};

/// An open socket.
pub struct Socket {
    inner: WebSocketStream<TcpStream>,
    /// Every frame that was heard, as it came.
    pub heard: Vec<String>,
    /// Whether pings are answered.
    pub answers: bool,
    closed: Option<u16>,
}

impl Socket {
    /// Opens a socket as this caller and hears the greeting.
    pub async fn open(caller: &Caller) -> Self {
        Self::greeted(caller, None).await
    }

    /// Opens a socket for which hardly anything can wait on this side of the network.
    pub async fn open_with_little_room(caller: &Caller) -> Self {
        Self::greeted(caller, Some(4096)).await
    }

    async fn greeted(caller: &Caller, room: Option<u32>) -> Self {
        let origin = caller.url().to_owned();
        let mut socket = Self::shake_hands(caller, Some(&origin), room)
            .await
            .unwrap_or_else(|status| panic!("the handshake was answered {status}"));
        let hello = socket.next().await;
        assert_eq!(hello["type"], "hello", "{hello}");
        assert!(hello["session_expires_at"].is_string(), "{hello}");
        socket
    }

    /// Tries the handshake with this origin; the status tells why it was refused.
    pub async fn knock(caller: &Caller, origin: Option<&str>) -> Result<Self, u16> {
        Self::shake_hands(caller, origin, None).await
    }

    async fn shake_hands(
        caller: &Caller,
        origin: Option<&str>,
        room: Option<u32>,
    ) -> Result<Self, u16> {
        let address = format!("{}/api/live", caller.url().replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("a request");
        let headers = request.headers_mut();
        if let Some(cookie) = caller.cookie() {
            let cookie = format!("__Host-session={cookie}");
            headers.insert("cookie", HeaderValue::from_str(&cookie).expect("a cookie"));
        }
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_str(origin).expect("an origin"));
        }
        let stream = connect(caller, room).await;
        match client_async(request, stream).await {
            Ok((inner, _)) => Ok(Self {
                inner,
                heard: Vec::new(),
                answers: true,
                closed: None,
            }),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
                Err(answer.status().as_u16())
            }
            Err(cause) => panic!("the server is not there: {cause}"),
        }
    }

    /// Sends a frame.
    pub async fn say(&mut self, frame: &Value) {
        self.say_text(&frame.to_string()).await;
    }

    /// Sends any text.
    pub async fn say_text(&mut self, text: &str) {
        let sent = self.inner.send(Message::text(text)).await;
        sent.expect("the frame is sent");
    }

    /// The next frame but pings, which are answered.
    pub async fn next(&mut self) -> Value {
        let next = self.next_or_close().await;
        next.unwrap_or_else(|| panic!("the socket closed with {:?}", self.closed))
    }

    async fn next_or_close(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.inner.next()).await;
            let message =
                message.unwrap_or_else(|_| panic!("no frame came; heard {:?}", self.heard));
            match message {
                Some(Ok(Message::Text(text))) => {
                    self.heard.push(text.to_string());
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    if frame["type"] != "ping" {
                        return Some(frame);
                    }
                    if self.answers {
                        self.say(&json!({ "type": "pong" })).await;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    self.closed = frame.map(|frame| frame.code.into());
                    return None;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next frame of this type; hints in between are passed over.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
            assert_eq!(frame["type"], "hint", "waiting for `{kind}`: {frame}");
        }
    }

    /// The next event, with its number.
    pub async fn next_event(&mut self) -> (i64, Value) {
        let frame = self.next_of("event").await;
        (
            frame["seq"].as_i64().expect("a number"),
            frame["event"].clone(),
        )
    }

    /// Follows a stream after this number: the events of the gap, and the number from which on it is live.
    pub async fn follows(&mut self, stream: &str, after: i64) -> (Vec<Value>, i64) {
        self.say(&json!({ "type": "subscribe", "stream": stream, "after": after }))
            .await;
        let mut gap = Vec::new();
        loop {
            let frame = self.next().await;
            match frame["type"].as_str() {
                Some("event") => gap.push(frame),
                Some("subscribed") => {
                    assert_eq!(frame["stream"], stream, "{frame}");
                    return (gap, frame["seq"].as_i64().expect("a number"));
                }
                Some("hint") => {}
                _ => panic!("not subscribed to {stream}: {frame}"),
            }
        }
    }

    /// Reads until the server closes, and says with which code.
    pub async fn close_code(&mut self) -> Option<u16> {
        while self.next_or_close().await.is_some() {}
        self.closed
    }
}

async fn connect(caller: &Caller, room: Option<u32>) -> TcpStream {
    let (_, port) = caller.url().rsplit_once(':').expect("a port");
    let address = format!("127.0.0.1:{port}").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(bytes) = room {
        socket.set_recv_buffer_size(bytes).expect("a small buffer");
    }
    let stream = socket.connect(address).await;
    stream.expect("the server is there")
}
