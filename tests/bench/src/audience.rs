//! Many sockets that hear one stream, and the one measurement of it for the product and the reference alike.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::wire::{Socket, Wire};

/// Longest wait until every socket has every text.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a socket is opened.
pub struct Door<'a> {
    /// Where.
    pub address: SocketAddr,
    /// The path of the handshake.
    pub path: &'a str,
    /// Further header lines: one of these for each socket, in turns.
    pub headers: &'a [String],
    /// What is said first, until a text with the word that follows comes back.
    pub subscribe: Option<(String, &'a str)>,
}

impl Door<'_> {
    async fn open(&self, number: usize) -> anyhow::Result<Socket> {
        let header = self.headers.iter().cycle().nth(number);
        let mut socket = Wire::connect(self.address)
            .await?
            .into_socket(self.path, header.map_or("", String::as_str))
            .await?;
        if let Some((text, awaited)) = &self.subscribe {
            socket.say(text).await?;
            let mut subscribed = false;
            while !subscribed {
                socket
                    .hear(|text| subscribed |= contains(text, awaited.as_bytes()))
                    .await?;
            }
        }
        Ok(socket)
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

/// The number that an event has in its stream.
pub fn number(text: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"\"seq\":";
    let head = text.get(..text.len().min(160))?;
    let place = head.windows(NAME.len()).position(|part| part == NAME)?;
    let digits = head.get(place + NAME.len()..)?;
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.into_iter().try_fold(0_u64, |so_far, digit| {
        so_far.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    })
}

/// Texts that will be published, each by one request, and numbered one after the other.
pub struct Texts {
    /// Where they are published.
    pub address: SocketAddr,
    /// The number before the first.
    pub before: u64,
    /// The requests that publish them.
    pub requests: Vec<Vec<u8>>,
}

/// Open sockets.
pub struct Audience(Vec<Socket>);

impl Audience {
    /// Opens this many sockets.
    pub async fn gather(door: &Door<'_>, sockets: usize) -> anyhow::Result<Self> {
        let mut all = Vec::with_capacity(sockets);
        for number in 0..sockets {
            all.push(door.open(number).await?);
        }
        Ok(Self(all))
    }

    /// Publishes with at most `window` texts under way, a text being under way until every socket has it. Returns
    /// deliveries (one text to one socket) a second.
    pub async fn flat_out(self, texts: Texts, window: usize) -> anyhow::Result<f64> {
        let sockets = self.0.len();
        let count = texts.requests.len();
        let begun = Instant::now();
        let mut hearing = self.listen(&texts);
        let turns = Arc::new(Semaphore::new(window));
        let requests = Arc::new(Mutex::new(texts.requests.into_iter()));
        let mut publishers: JoinSet<anyhow::Result<()>> = JoinSet::new();
        for _ in 0..window {
            let (turns, requests) = (Arc::clone(&turns), Arc::clone(&requests));
            let mut wire = Wire::connect(texts.address).await?;
            publishers.spawn(async move {
                loop {
                    turns.acquire().await?.forget();
                    let next = requests
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .next();
                    let Some(request) = next else {
                        return Ok(());
                    };
                    publish(&mut wire, &request).await?;
                }
            });
        }
        let mut whole = 0;
        while whole < count {
            tokio::select! {
                heard = hearing.whole() => {
                    heard?;
                    whole += 1;
                    turns.add_permits(1);
                }
                Some(ended) = publishers.join_next() => ended??,
            }
        }
        let took = begun.elapsed().as_secs_f64();
        Ok((sockets * count) as f64 / took)
    }

    /// Publishes this many a second. Returns for each delivery the time from before the request was sent until the
    /// socket had the text.
    pub async fn at_a_pace(self, texts: Texts, per_second: f64) -> anyhow::Result<Vec<Duration>> {
        let mut hearing = self.listen(&texts);
        let mut wire = Wire::connect(texts.address).await?;
        let mut pace = tokio::time::interval(Duration::from_secs_f64(1.0 / per_second));
        for (place, request) in texts.requests.iter().enumerate() {
            pace.tick().await;
            hearing.heard.sends(place);
            publish(&mut wire, request).await?;
        }
        for _ in &texts.requests {
            hearing.whole().await?;
        }
        let mut delays = hearing
            .heard
            .delays
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *delays))
    }

    fn listen(self, texts: &Texts) -> Hearing {
        let (whole, wholes) = mpsc::unbounded_channel();
        let count = texts.requests.len();
        let heard = Arc::new(Heard {
            sockets: u32::try_from(self.0.len()).unwrap_or(u32::MAX),
            before: texts.before,
            begun: Instant::now(),
            sent: (0..count).map(|_| AtomicU64::new(0)).collect(),
            reached: (0..count).map(|_| AtomicU32::new(0)).collect(),
            whole,
            delays: Mutex::default(),
        });
        let mut readers = JoinSet::new();
        for mut socket in self.0 {
            let heard = Arc::clone(&heard);
            readers
                .spawn(async move { while socket.hear(|text| heard.text(text)).await.is_ok() {} });
        }
        Hearing {
            heard,
            wholes,
            _readers: readers,
        }
    }
}

async fn publish(wire: &mut Wire, request: &[u8]) -> anyhow::Result<()> {
    let answer = wire.ask(request).await?;
    ensure!(
        answer.status == 200,
        "a text was not published: {} {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    );
    Ok(())
}

/// Sockets that are being read.
struct Hearing {
    heard: Arc<Heard>,
    wholes: mpsc::UnboundedReceiver<()>,
    /// They end when this is dropped.
    _readers: JoinSet<()>,
}

impl Hearing {
    /// Waits until every socket has one more text.
    async fn whole(&mut self) -> anyhow::Result<()> {
        tokio::time::timeout(PATIENCE, self.wholes.recv())
            .await
            .context("some sockets did not get a text in time")?
            .context("the sockets are gone")
    }
}

struct Heard {
    sockets: u32,
    before: u64,
    begun: Instant,
    /// When each was sent, in microseconds since `begun`.
    sent: Vec<AtomicU64>,
    /// How many sockets have each.
    reached: Vec<AtomicU32>,
    /// Says when all sockets have one more.
    whole: mpsc::UnboundedSender<()>,
    delays: Mutex<Vec<Duration>>,
}

impl Heard {
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn sends(&self, place: usize) {
        if let Some(sent) = self.sent.get(place) {
            sent.store(self.now(), Ordering::Relaxed);
        }
    }

    fn text(&self, text: &[u8]) {
        let place = number(text).and_then(|number| number.checked_sub(self.before + 1));
        let Some(place) = place.and_then(|place| usize::try_from(place).ok()) else {
            return;
        };
        let (Some(sent), Some(reached)) = (self.sent.get(place), self.reached.get(place)) else {
            return;
        };
        let sent = sent.load(Ordering::Relaxed);
        if sent > 0 {
            let delay = Duration::from_micros(self.now().saturating_sub(sent));
            self.delays
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(delay);
        }
        if reached.fetch_add(1, Ordering::Relaxed) + 1 == self.sockets {
            // Nobody waits any more when the measurement has ended.
            let _ = self.whole.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_event_is_read_and_other_frames_have_none() {
        let event = br#"{"type":"event","stream":"thread:0190","seq":42,"event":{}}"#;
        assert_eq!(number(event), Some(42));
        assert_eq!(number(br#"{"type":"hello"}"#), None);
    }
}
