//! The real server, founded through its real doors, and the requests that are sent to it.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use hortus_tests::{Accepted, Engine, Person, Story};
use serde_json::json;
use tokio::task::JoinSet;

use crate::audience::{Texts, number};
use crate::process::memory;
use crate::samples::{BODY, MIXED};
use crate::wire::request;

const JSON: &str = "application/json";
/// Who posts.
const AUTHORS: [&str; 4] = ["clinician", "colleague", "steward", "safety_officer"];
/// Items that are claimed at once.
const AT_ONCE: usize = 8;

/// A server with a community and a released thread in it.
pub struct Garden {
    story: Story,
    thread: Accepted,
    /// Where it listens.
    pub address: SocketAddr,
    /// Submissions so far, so that no idempotency key comes twice.
    measured: usize,
}

fn cookie_of(person: &Person) -> String {
    let session = person.cookie().unwrap_or_default();
    format!("cookie: __Host-session={session}\r\n")
}

impl Garden {
    /// Opens one on this engine; nothing where the engine is not there.
    pub async fn open(engine: Engine) -> anyhow::Result<Option<Self>> {
        let Some(story) = Story::open(engine).await else {
            return Ok(None);
        };
        let url = story.node.url();
        let port = url.rsplit(':').next().context("a port")?.parse()?;
        Ok(Some(Self {
            thread: story.a_released_thread().await,
            address: (Ipv4Addr::LOCALHOST, port).into(),
            measured: 0,
            story,
        }))
    }

    /// The memory of the server in KiB.
    pub fn memory(&self) -> Option<f64> {
        memory(self.story.node.process()?)
    }

    fn cookies(&self) -> Vec<String> {
        AUTHORS
            .map(|key| cookie_of(&self.story.person(key)))
            .to_vec()
    }

    /// Replies of several members, each under a key of its own.
    pub fn replies(&mut self) -> impl Fn(usize, usize) -> Vec<u8> + Clone + Send + use<> {
        self.measured += 1;
        let path = format!("/api/threads/{}/replies", self.thread.thread);
        let (cookies, measured) = (self.cookies(), self.measured);
        let bodies = MIXED.map(|body| json!({ "body": body }).to_string());
        move |connection, count| {
            let cookie = cookies.iter().cycle().nth(connection);
            let body = bodies.iter().cycle().nth(connection + count);
            let further = format!(
                "{}idempotency-key: {measured}-{connection}-{count}\r\n",
                cookie.map_or("", String::as_str)
            );
            request(
                "POST",
                &path,
                &further,
                JSON,
                body.map_or("", String::as_str),
            )
        }
    }

    /// Sign-ins of one member.
    pub fn sign_ins(&self) -> impl Fn(usize, usize) -> Vec<u8> + Clone + Send + use<> {
        let who = self.story.clinician().who;
        let body = json!({ "email": who.email, "password": who.password }).to_string();
        move |_, _| request("POST", "/api/session", "", JSON, &body)
    }

    /// How a member opens a socket on the thread.
    pub fn door(&self) -> (Vec<String>, String) {
        let stream = self.thread.stream();
        let subscribe = json!({ "type": "subscribe", "stream": stream, "after": 0 });
        (self.cookies(), subscribe.to_string())
    }

    /// Texts that wait for nothing but the release: submitted, claimed, read.
    pub async fn texts(&self, count: usize) -> anyhow::Result<Texts> {
        let before = self.story.clinician().reads(&self.thread.thread).await;
        let before = before["seq"].as_u64().context("a number")?;
        let mut submissions = JoinSet::new();
        for number in 0..count {
            let (author, thread) = (self.story.clinician(), self.thread.thread.clone());
            submissions.spawn(async move {
                author.replies(&thread, &format!("{number}. {BODY}")).await;
            });
            if submissions.len() >= AT_ONCE {
                submissions.join_next().await;
            }
        }
        submissions.join_all().await;
        let moderator = self.story.moderator();
        let cookie = cookie_of(&moderator);
        let mut claims = JoinSet::new();
        let mut requests = Vec::with_capacity(count);
        let mut done = |claimed: hortus_tests::story::Claimed| {
            let path = format!("/api/review/items/{}/decision", claimed.item);
            let ruling = claimed.ruling("release").to_string();
            requests.push(request("POST", &path, &cookie, JSON, &ruling));
        };
        for item in waiting(&moderator).await? {
            let moderator = moderator.clone();
            claims.spawn(async move {
                let claimed = moderator.claims_item(&item).await;
                if claimed.view["needs_disposition"] == true {
                    let said = moderator.disposes(&claimed, "not_adverse_event").await;
                    said.is(200);
                }
                claimed
            });
            if claims.len() >= AT_ONCE {
                claims.join_next().await.transpose()?.map(&mut done);
            }
        }
        claims.join_all().await.into_iter().for_each(done);
        Ok(Texts {
            address: self.address,
            before,
            requests,
        })
    }

    /// One event as it comes to a socket, to be imitated.
    pub async fn an_event(&self) -> anyhow::Result<String> {
        let mut socket = self.story.colleague().goes_live().await;
        socket.follows(&self.thread.stream(), 0).await;
        self.story
            .a_released_reply(&self.thread, &format!("0. {BODY}"))
            .await;
        socket.next_event().await;
        socket.heard.pop().context("a frame")
    }
}

/// The items that wait.
async fn waiting(moderator: &Person) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    let mut path = "/api/review/items?limit=200".to_owned();
    loop {
        let page = moderator.get(&path).await.is(200);
        let items = page["items"].as_array().context("items")?;
        all.extend(
            items
                .iter()
                .filter_map(|card| card["id"].as_str())
                .map(str::to_owned),
        );
        let Some(next) = page["next"].as_str() else {
            return Ok(all);
        };
        path = format!("/api/review/items?limit=200&cursor={next}");
    }
}

/// This event under another number.
pub fn renumbered(event: &str, to: u64) -> String {
    let from = number(event.as_bytes()).unwrap_or_default();
    event.replacen(&format!("\"seq\":{from}"), &format!("\"seq\":{to}"), 1)
}
