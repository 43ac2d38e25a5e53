//! Who follows what in this process, and the one task that delivers.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use sea_orm::DbErr;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::frames::{CloseCode, ServerFrame, event_text};
use super::heard::Heard;
use super::signal::{self, Signal};
use crate::clock::{Clock, Timestamp};
use crate::communities::left_since;
use crate::db::Db;
use crate::identity::{Revoked, ended_since};
use crate::jobs;

/// How far back a look for ended sessions and memberships goes: clocks of nodes differ a little.
const LOOK_BACK: Duration = Duration::from_secs(5);

/// A numbered event of a stream, ready for the wire.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// Its number.
    pub seq: i64,
    /// The event as JSON.
    pub event: String,
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, DbErr>> + Send>>;

/// How the hub reads streams. The slice that publishes gives these functions, so that `live` need not know it.
#[derive(Clone, Copy)]
pub struct Source {
    /// The community that a stream belongs to, if there is such a stream.
    pub community_of: fn(Db, String) -> Answer<Option<Uuid>>,
    /// The last numbers of these streams.
    pub last_numbers: fn(Db, Vec<String>) -> Answer<HashMap<String, i64>>,
    /// The events after this number, oldest first, this many at most.
    pub after: fn(Db, String, i64, u64) -> Answer<Vec<Numbered>>,
}

/// One line of a socket's queue.
pub(super) struct Line {
    /// The stream and number, for events; hints have none.
    pub numbered: Option<(Arc<str>, i64)>,
    /// The frame.
    pub text: Utf8Bytes,
}

/// The hub's side of a socket.
pub(super) struct Outlet {
    pub id: u64,
    pub session: Uuid,
    pub account: Uuid,
    opened_at: Timestamp,
    queue: mpsc::Sender<Line>,
    /// Streams that this socket missed lines of.
    missed: Mutex<Vec<Arc<str>>>,
    close: Mutex<Option<CloseCode>>,
    pub closing: CancellationToken,
}

impl Outlet {
    /// Closes the socket with this code.
    pub fn close(&self, code: CloseCode) {
        locked(&self.close).get_or_insert(code);
        self.closing.cancel();
    }

    /// The code to close with.
    pub fn close_code(&self) -> CloseCode {
        locked(&self.close).unwrap_or(CloseCode::GoingAway)
    }

    /// The streams that lines were missed of, once.
    pub fn take_missed(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut *locked(&self.missed))
    }
}

struct Channel {
    name: Arc<str>,
    delivered: i64,
    outlets: Vec<Arc<Outlet>>,
}

#[derive(Default)]
struct Registry {
    channels: HashMap<String, Channel>,
    sockets: HashMap<u64, Arc<Outlet>>,
}

/// The sockets of this process. Clones share them.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Clock,
    source: Source,
    queue: usize,
    registry: Mutex<Registry>,
    heard: Mutex<Heard>,
    next: AtomicU64,
    closed: AtomicBool,
    grown: mpsc::UnboundedSender<String>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// A hub and the task that delivers; run the task until the server stops.
    pub fn new(
        db: Db,
        clock: Clock,
        source: Source,
        queue: usize,
        revoked: tokio::sync::broadcast::Receiver<Revoked>,
        stop: CancellationToken,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (grown, work) = mpsc::unbounded_channel();
        let hub = Self {
            inner: Arc::new(Inner {
                heard: Mutex::new(Heard::since(clock.now())),
                db,
                clock,
                source,
                queue: queue.max(1),
                registry: Mutex::default(),
                next: AtomicU64::new(1),
                closed: AtomicBool::new(false),
                grown,
            }),
        };
        (hub.clone(), hub.deliver(work, revoked, stop))
    }

    /// How many sockets are open.
    pub fn sockets(&self) -> usize {
        locked(&self.inner.registry).sockets.len()
    }

    pub(super) fn source(&self) -> Source {
        self.inner.source
    }

    /// Registers a socket; `None` when the server is stopping.
    pub(super) fn open(
        &self,
        session: Uuid,
        account: Uuid,
    ) -> Option<(Arc<Outlet>, mpsc::Receiver<Line>)> {
        let (queue, lines) = mpsc::channel(self.inner.queue);
        let outlet = Arc::new(Outlet {
            id: self.inner.next.fetch_add(1, Ordering::Relaxed),
            session,
            account,
            opened_at: self.inner.clock.now(),
            queue,
            missed: Mutex::default(),
            close: Mutex::default(),
            closing: CancellationToken::new(),
        });
        let mut registry = locked(&self.inner.registry);
        if self.inner.closed.load(Ordering::Relaxed) {
            return None;
        }
        registry.sockets.insert(outlet.id, outlet.clone());
        Some((outlet, lines))
    }

    /// Forgets a socket.
    pub(super) fn forget(&self, outlet: &Outlet) {
        let mut registry = locked(&self.inner.registry);
        registry.sockets.remove(&outlet.id);
        registry.channels.retain(|_, channel| {
            channel.outlets.retain(|other| other.id != outlet.id);
            !channel.outlets.is_empty()
        });
    }

    /// Adds a socket to a channel whose events up to `known` it fetches itself.
    pub(super) fn follow(&self, channel: &str, known: i64, outlet: &Arc<Outlet>) {
        let mut registry = locked(&self.inner.registry);
        let entry = registry
            .channels
            .entry(channel.to_owned())
            .or_insert_with(|| Channel {
                name: Arc::from(channel),
                delivered: known,
                outlets: Vec::new(),
            });
        if entry.outlets.iter().all(|other| other.id != outlet.id) {
            entry.outlets.push(outlet.clone());
        }
    }

    /// Takes a socket from a channel.
    pub(super) fn unfollow(&self, channel: &str, outlet: &Outlet) {
        let mut registry = locked(&self.inner.registry);
        if let Some(entry) = registry.channels.get_mut(channel) {
            entry.outlets.retain(|other| other.id != outlet.id);
            if entry.outlets.is_empty() {
                registry.channels.remove(channel);
            }
        }
    }

    /// Passes the signal of a job on, once, whichever process did the job.
    pub fn hear(&self, job: Uuid, signal: &Signal) {
        if locked(&self.inner.heard).is_news(job) {
            self.signal(signal);
        }
    }

    /// Passes a signal on. It returns before the sockets have it.
    pub fn signal(&self, signal: &Signal) {
        match signal {
            Signal::StreamGrew { stream } => {
                // The delivering task ends only with the server.
                let _ = self.inner.grown.send(stream.clone());
            }
            Signal::QueueChanged { community, items } => {
                let text = ServerFrame::Hint {
                    stream: "review",
                    kind: "queue_changed",
                    id: None,
                    items,
                }
                .text();
                self.send(&format!("review:{community}"), 0, Utf8Bytes::from(text));
            }
            Signal::NoticeRaised { account } => {
                self.hint_to(*account, "notice", None);
            }
            Signal::ClaimLost { account, item } => {
                self.hint_to(*account, "claim_lost", Some(*item))
            }
            Signal::SubmissionChanged {
                account,
                submission,
            } => self.hint_to(*account, "submission_changed", Some(*submission)),
        }
    }

    /// Tells one person of something of theirs.
    fn hint_to(&self, account: Uuid, kind: &str, id: Option<Uuid>) {
        let hint = ServerFrame::Hint {
            stream: "me",
            kind,
            id,
            items: &[],
        };
        self.send(&format!("me:{account}"), 0, Utf8Bytes::from(hint.text()));
    }

    /// Closes every socket and refuses new ones.
    pub fn close_all(&self) {
        let registry = locked(&self.inner.registry);
        self.inner.closed.store(true, Ordering::Relaxed);
        for outlet in registry.sockets.values() {
            outlet.close(CloseCode::GoingAway);
        }
    }

    /// Puts one frame into the queue of everybody on a channel. Numbers above zero are those of events.
    fn send(&self, channel: &str, seq: i64, text: Utf8Bytes) {
        let mut registry = locked(&self.inner.registry);
        let Some(entry) = registry.channels.get_mut(channel) else {
            return;
        };
        entry.delivered = entry.delivered.max(seq);
        let name = entry.name.clone();
        entry.outlets.retain(|outlet| {
            let numbered = (seq > 0).then(|| (name.clone(), seq));
            match outlet.queue.try_send(Line {
                numbered,
                text: text.clone(),
            }) {
                Ok(()) => true,
                // A hint that finds the queue full is not needed: the one before it is still unread.
                Err(mpsc::error::TrySendError::Full(_)) if seq == 0 => true,
                Err(mpsc::error::TrySendError::Full(_)) => {
                    locked(&outlet.missed).push(name.clone());
                    false
                }
                Err(mpsc::error::TrySendError::Closed(_)) => false,
            }
        });
    }

    async fn deliver(
        self,
        mut work: mpsc::UnboundedReceiver<String>,
        mut revoked: tokio::sync::broadcast::Receiver<Revoked>,
        stop: CancellationToken,
    ) {
        // The net under lost wake-ups and other processes: once a second, look at every stream that is followed.
        let mut look = tokio::time::interval(Duration::from_secs(1));
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                ended = revoked.recv() => {
                    if let Ok(ended) = ended {
                        self.close_revoked(&ended);
                    }
                }
                stream = work.recv() => {
                    let Some(stream) = stream else { return };
                    self.deliver_stream(&stream).await;
                }
                _ = look.tick() => {
                    self.look_for_growth().await;
                    self.look_for_hints().await;
                    self.look_for_ends().await;
                }
            }
        }
    }

    async fn deliver_stream(&self, stream: &str) {
        let Some(after) = locked(&self.inner.registry)
            .channels
            .get(stream)
            .map(|c| c.delivered)
        else {
            return;
        };
        match (self.inner.source.after)(self.inner.db.clone(), stream.to_owned(), after, 500).await
        {
            Ok(events) => {
                for Numbered { seq, event } in events {
                    self.send(
                        stream,
                        seq,
                        Utf8Bytes::from(event_text(stream, seq, &event)),
                    );
                }
            }
            Err(cause) => {
                tracing::error!(cause = %cause, "a stream cannot be read; trying again in a second")
            }
        }
    }

    async fn look_for_growth(&self) {
        let followed: HashMap<String, i64> = locked(&self.inner.registry)
            .channels
            .iter()
            .filter(|(name, _)| name.starts_with("thread:") || name.starts_with("community:"))
            .map(|(name, channel)| (name.clone(), channel.delivered))
            .collect();
        if followed.is_empty() {
            return;
        }
        let names = followed.keys().cloned().collect();
        match (self.inner.source.last_numbers)(self.inner.db.clone(), names).await {
            Ok(numbers) => {
                for (stream, last) in numbers {
                    if followed
                        .get(&stream)
                        .is_some_and(|delivered| last > *delivered)
                    {
                        self.deliver_stream(&stream).await;
                    }
                }
            }
            Err(cause) => {
                tracing::error!(cause = %cause, "streams cannot be read; trying again in a second")
            }
        }
    }

    /// Signals whose jobs another process did.
    async fn look_for_hints(&self) {
        let now = self.inner.clock.now();
        let hinted = |name: &String| name.starts_with("me:") || name.starts_with("review:");
        if locked(&self.inner.registry).channels.keys().any(hinted) {
            let from = locked(&self.inner.heard).from();
            match jobs::written_since(&self.inner.db, signal::KIND, from, now).await {
                Ok(written) => {
                    for (job, payload) in written {
                        if let Ok(signal) = serde_json::from_str(&payload) {
                            self.hear(job, &signal);
                        }
                    }
                }
                Err(cause) => {
                    tracing::error!(cause = %cause, "hints cannot be read; trying again in a second");
                    return;
                }
            }
        }
        locked(&self.inner.heard).looked(now);
    }

    /// Sessions and memberships that another process ended.
    async fn look_for_ends(&self) {
        if self.sockets() == 0 {
            return;
        }
        let on = self.inner.db.read();
        let since = self.inner.clock.now().minus(LOOK_BACK);
        match (ended_since(on, since).await, left_since(on, since).await) {
            (Ok(sessions), Ok(memberships)) => {
                for session in sessions {
                    self.close_revoked(&Revoked::Session(session));
                }
                // Who came back after the end came with the rights that were left.
                let ended = |outlet: &Outlet| {
                    memberships
                        .iter()
                        .any(|(account, at)| outlet.account == *account && outlet.opened_at < *at)
                };
                for outlet in locked(&self.inner.registry).sockets.values() {
                    if ended(outlet) {
                        outlet.close(CloseCode::MembershipEnded);
                    }
                }
            }
            (Err(cause), _) | (_, Err(cause)) => {
                tracing::error!(cause = %cause, "ended sessions cannot be read; trying again in a second");
            }
        }
    }

    fn close_revoked(&self, ended: &Revoked) {
        for outlet in locked(&self.inner.registry).sockets.values() {
            match ended {
                Revoked::Session(session) if outlet.session == *session => {
                    outlet.close(CloseCode::SessionEnded);
                }
                Revoked::Account(account) if outlet.account == *account => {
                    outlet.close(CloseCode::SessionEnded);
                }
                Revoked::Membership { account, .. } if outlet.account == *account => {
                    outlet.close(CloseCode::MembershipEnded);
                }
                _ => {}
            }
        }
    }
}
