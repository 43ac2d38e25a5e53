//! One WebSocket: its subscriptions, its heartbeat, its end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::frames::{ClientFrame, CloseCode, ServerFrame, event_text};
use super::hub::{Hub, Line, Outlet};
use crate::clock::Timestamp;
use crate::communities::authority::{Moderator, Reader, Seat};
use crate::db::Db;
use crate::identity::SignedIn;

/// Most streams that one socket may follow.
const MOST_STREAMS: usize = 64;

/// What a socket needs to know of the server and the person.
pub(super) struct Session {
    pub hub: Hub,
    pub db: Db,
    pub who: SignedIn,
    pub seats: Vec<Seat>,
    pub heartbeat: Duration,
    pub longest_gap: u64,
    /// How long until the session ends by itself.
    pub lasts: Duration,
}

/// The connection is gone; there is nobody to tell.
struct Gone;

struct Live {
    session: Session,
    socket: WebSocket,
    outlet: Arc<Outlet>,
    /// The last number sent on each stream that is followed.
    sent: HashMap<String, i64>,
}

/// Serves a socket until it ends.
pub(super) async fn serve(session: Session, socket: WebSocket) {
    let Some((outlet, lines)) = session
        .hub
        .open(session.who.session_id, session.who.account_id)
    else {
        return close(socket, CloseCode::GoingAway).await;
    };
    let mut live = Live {
        session,
        socket,
        outlet,
        sent: HashMap::new(),
    };
    let ended = live.run(lines).await;
    live.session.hub.forget(&live.outlet);
    if let Ok(code) = ended {
        close(live.socket, code).await;
    }
}

async fn close(mut socket: WebSocket, code: CloseCode) {
    let reason = match code {
        CloseCode::GoingAway => "the server is going down",
        CloseCode::SessionEnded => "the session has ended",
        CloseCode::MembershipEnded => "a membership has changed",
        CloseCode::HeartbeatMissed => "no answer to the heartbeat",
    };
    let frame = CloseFrame {
        code: code.number(),
        reason: Utf8Bytes::from_static(reason),
    };
    // The other side may be gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
}

impl Live {
    async fn run(&mut self, mut lines: mpsc::Receiver<Line>) -> Result<CloseCode, Gone> {
        let expires: Timestamp = self.session.who.expires_at;
        self.say(&ServerFrame::Hello {
            session_expires_at: expires,
            heartbeat_seconds: self.session.heartbeat.as_secs(),
        })
        .await?;
        let end = tokio::time::sleep(self.session.lasts);
        tokio::pin!(end);
        let mut beat = tokio::time::interval_at(
            Instant::now() + self.session.heartbeat,
            self.session.heartbeat,
        );
        let mut answered = true;
        let closing = self.outlet.closing.clone();
        loop {
            tokio::select! {
                biased;
                () = closing.cancelled() => return Ok(self.outlet.close_code()),
                () = &mut end => return Ok(CloseCode::SessionEnded),
                line = lines.recv() => {
                    let Some(line) = line else { return Err(Gone) };
                    self.pass_on(line).await?;
                    while let Ok(line) = lines.try_recv() {
                        self.pass_on(line).await?;
                    }
                    self.tell_missed().await?;
                }
                frame = self.socket.recv() => match frame {
                    Some(Ok(Message::Text(text))) => {
                        answered = true;
                        self.hear(&text).await?;
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => answered = true,
                    Some(Ok(Message::Binary(_))) => {
                        self.complain("not_text", "send frames as JSON text").await?;
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
                },
                _ = beat.tick() => {
                    if !answered {
                        return Ok(CloseCode::HeartbeatMissed);
                    }
                    answered = false;
                    self.say(&ServerFrame::Ping).await?;
                }
            }
        }
    }

    async fn say(&mut self, frame: &ServerFrame<'_>) -> Result<(), Gone> {
        self.put(Utf8Bytes::from(frame.text())).await
    }

    async fn put(&mut self, text: Utf8Bytes) -> Result<(), Gone> {
        self.socket
            .send(Message::Text(text))
            .await
            .map_err(|_| Gone)
    }

    async fn complain(&mut self, code: &str, detail: &str) -> Result<(), Gone> {
        self.say(&ServerFrame::Error { code, detail }).await
    }

    /// Sends a line unless the socket has it already (from the gap) or follows its stream no longer.
    async fn pass_on(&mut self, line: Line) -> Result<(), Gone> {
        if let Some((stream, seq)) = &line.numbered {
            match self.sent.get_mut(&**stream) {
                Some(last) if *seq > *last => *last = *seq,
                _ => return Ok(()),
            }
        }
        self.put(line.text).await
    }

    async fn tell_missed(&mut self) -> Result<(), Gone> {
        for stream in self.outlet.take_missed() {
            self.sent.remove(&*stream);
            self.say(&ServerFrame::Resync { stream: &stream }).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, text: &str) -> Result<(), Gone> {
        match serde_json::from_str::<ClientFrame>(text) {
            Ok(ClientFrame::Pong) => Ok(()),
            Ok(ClientFrame::Unsubscribe { stream }) => {
                for channel in self.channels(&stream) {
                    self.session.hub.unfollow(&channel, &self.outlet);
                }
                self.sent.remove(&stream);
                Ok(())
            }
            Ok(ClientFrame::Subscribe { stream, after }) => self.subscribe(&stream, after).await,
            Err(_) => {
                self.complain(
                    "unreadable_frame",
                    "a frame is JSON such as {\"type\":\"subscribe\",\"stream\":\"me\"}",
                )
                .await
            }
        }
    }

    /// The channels behind a stream's name: for hints they depend on the person.
    fn channels(&self, stream: &str) -> Vec<String> {
        match stream {
            "me" => vec![format!("me:{}", self.session.who.account_id)],
            "review" => Moderator::of(self.session.who.clone(), self.session.seats.clone())
                .map(|desk| {
                    desk.communities()
                        .iter()
                        .map(|id| format!("review:{id}"))
                        .collect()
                })
                .unwrap_or_default(),
            _ => vec![stream.to_owned()],
        }
    }

    async fn subscribe(&mut self, stream: &str, after: i64) -> Result<(), Gone> {
        if stream == "me" || stream == "review" {
            let channels = self.channels(stream);
            if channels.is_empty() {
                return self
                    .complain(
                        "stream_unknown",
                        "there is no such stream, or none that you may follow",
                    )
                    .await;
            }
            for channel in channels {
                self.session.hub.follow(&channel, 0, &self.outlet);
            }
            return self.say(&ServerFrame::Subscribed { stream, seq: 0 }).await;
        }
        if self.sent.len() >= MOST_STREAMS && !self.sent.contains_key(stream) {
            return self
                .complain("too_many_streams", "unsubscribe from another stream first")
                .await;
        }
        let (db, source) = (self.session.db.clone(), self.session.hub.source());
        let community = (source.community_of)(db.clone(), stream.to_owned())
            .await
            .unwrap_or(None);
        let may = community.is_some_and(|community| {
            Reader::of(self.session.who.clone(), self.session.seats.clone())
                .is_some_and(|reader| reader.seat(community).is_some())
        });
        if !may {
            return self
                .complain(
                    "stream_unknown",
                    "there is no such stream, or none that you may follow",
                )
                .await;
        }
        let found = (source.last_numbers)(db.clone(), vec![stream.to_owned()]).await;
        let Ok(last) = found.map(|numbers| numbers.get(stream).copied().unwrap_or(0)) else {
            return self.say(&ServerFrame::Resync { stream }).await;
        };
        if after > last {
            // The client knows more than this database: it was restored from a backup. Nothing it has can be trusted.
            return self.say(&ServerFrame::Resync { stream }).await;
        }
        // Follow first, then fetch the gap: what comes in between waits in the queue and is sent once.
        self.session.hub.follow(stream, last, &self.outlet);
        let gap = (source.after)(db, stream.to_owned(), after, self.session.longest_gap + 1).await;
        let Some(gap) = gap
            .ok()
            .filter(|gap| gap.len() as u64 <= self.session.longest_gap)
        else {
            self.session.hub.unfollow(stream, &self.outlet);
            self.sent.remove(stream);
            return self.say(&ServerFrame::Resync { stream }).await;
        };
        let mut seq = after;
        for numbered in gap {
            seq = numbered.seq;
            self.put(Utf8Bytes::from(event_text(stream, seq, &numbered.event)))
                .await?;
        }
        self.sent.insert(stream.to_owned(), seq);
        self.say(&ServerFrame::Subscribed { stream, seq }).await
    }
}
