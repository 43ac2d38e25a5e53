//! What is measured, in rounds: the reference and the product in turns, so that a busy minute strikes both.

use std::time::Duration;

use hortus_tests::Engine;

use crate::audience::{Audience, Door, Texts};
use crate::figures::{milliseconds, quantile};
use crate::garden::{Garden, renumbered};
use crate::posting::{Posted, post};
use crate::process::{Server, figures_of};
use crate::samples::MIXED;
use crate::table::Better::{Less, More};
use crate::table::{Goal, Line};
use crate::wire::request;

/// Sockets of the fan-out.
const SOCKETS: usize = 1_000;
/// Texts released to them.
const RELEASES: usize = 240;
/// Texts under way at once.
const WINDOW: usize = 4;
/// Readers who wait for a release.
const READERS: usize = 50;
/// Texts released to them, and how many a second.
const WATCHED: usize = 60;
const PACE: f64 = 30.0;

/// The lines of the table, filled round by round.
pub struct Measures {
    time: Duration,
    accept_8: Line,
    accept_8_slowest: Line,
    accept_32: Line,
    accept_32_slowest: Line,
    memory_accepting: Line,
    postgres: Line,
    postgres_crowd: Line,
    fan_out: Line,
    memory_a_socket: Line,
    seen: Line,
    sign_in: Line,
    memory_signing_in: Line,
}

impl Measures {
    /// Nothing yet; rates are taken over this time.
    pub fn new(time: Duration) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // As much as the passwords of all cores, and room to breathe.
        let memory = Goal::Value(cores as f64 * 19.0 + 60.0);
        let none = Goal::None;
        let ratio = Goal::Ratio;
        Self {
            time,
            accept_8: Line::new(
                "posts/s, SQLite, 8 connections",
                More,
                ratio(0.2),
                ratio(0.4),
            ),
            accept_8_slowest: Line::new(
                "  99 of 100 answered within, ms",
                Less,
                ratio(5.0),
                ratio(3.0),
            ),
            accept_32: Line::new(
                "posts/s, SQLite, 32 connections",
                More,
                ratio(0.2),
                ratio(0.4),
            ),
            accept_32_slowest: Line::new(
                "  99 of 100 answered within, ms",
                Less,
                ratio(5.0),
                ratio(3.0),
            ),
            memory_accepting: Line::new("  memory of the server after it, MiB", Less, none, none),
            postgres: Line::new(
                "posts/s, PostgreSQL, 8 connections",
                More,
                ratio(0.5),
                ratio(2.0),
            ),
            postgres_crowd: Line::new(
                "  the same with 32 connections",
                More,
                ratio(0.5),
                ratio(2.0),
            ),
            fan_out: Line::new(
                "released texts to 1,000 sockets, deliveries/s",
                More,
                ratio(0.5),
                ratio(0.75),
            ),
            memory_a_socket: Line::new("  memory a socket, KiB", Less, ratio(4.0), ratio(2.0)),
            seen: Line::new(
                "release sent to seen by 50, 99 of 100, ms",
                Less,
                Goal::Value(25.0),
                Goal::Value(10.0),
            ),
            sign_in: Line::new("sign-ins/s", More, ratio(0.8), ratio(0.9)),
            memory_signing_in: Line::new(
                "  memory of the server after it, MiB",
                Less,
                memory,
                none,
            ),
        }
    }

    /// The lines in order.
    pub fn lines(&self) -> [&Line; 12] {
        [
            &self.accept_8,
            &self.accept_8_slowest,
            &self.accept_32,
            &self.accept_32_slowest,
            &self.memory_accepting,
            &self.postgres,
            &self.postgres_crowd,
            &self.fan_out,
            &self.memory_a_socket,
            &self.seen,
            &self.sign_in,
            &self.memory_signing_in,
        ]
    }

    /// One round of everything.
    pub async fn round(&mut self, postgres: Option<&str>) -> anyhow::Result<()> {
        self.sqlite().await?;
        if let Some(url) = postgres {
            self.postgres(url).await?;
        }
        self.live().await
    }

    async fn sqlite(&mut self) -> anyhow::Result<()> {
        let Some(mut garden) = Garden::open(Engine::Sqlite).await? else {
            return Ok(());
        };
        let folder = tempfile::tempdir()?;
        let place = folder.path().display().to_string();
        let bare = Server::start(&["accept", "--folder", &place]).await?;
        for (connections, rate, slowest) in [
            (8, &mut self.accept_8, &mut self.accept_8_slowest),
            (32, &mut self.accept_32, &mut self.accept_32_slowest),
        ] {
            let limit = post(bare.address, connections, self.time, 202, bare_posts()).await?;
            let replies = garden.replies();
            let ours = post(garden.address, connections, self.time, 202, replies).await?;
            rate.add(limit.per_second, ours.per_second);
            slowest.add(milliseconds(limit.p99), milliseconds(ours.p99));
        }
        if let (Some(limit), Some(ours)) = (bare.memory(), garden.memory()) {
            self.memory_accepting.add(limit / 1024.0, ours / 1024.0);
        }
        drop(bare);
        self.signing_in().await
    }

    async fn signing_in(&mut self) -> anyhow::Result<()> {
        let Some(garden) = Garden::open(Engine::Sqlite).await? else {
            return Ok(());
        };
        let seconds = self.time.as_secs_f64().to_string();
        let limit = figures_of(&["passwords", "--seconds", &seconds]).await?;
        let Posted { per_second, .. } =
            post(garden.address, 8, self.time, 200, garden.sign_ins()).await?;
        let limit = limit["per_second"].as_f64().unwrap_or_default();
        self.sign_in.add(limit, per_second);
        if let Some(ours) = garden.memory() {
            self.memory_signing_in.tell(ours / 1024.0);
        }
        Ok(())
    }

    async fn postgres(&mut self, url: &str) -> anyhow::Result<()> {
        let Some(mut garden) = Garden::open(Engine::Postgres).await? else {
            return Ok(());
        };
        let seconds = self.time.as_secs_f64().to_string();
        let words = [
            "commit",
            "--url",
            url,
            "--clients",
            "8",
            "--seconds",
            &seconds,
        ];
        let limit = figures_of(&words).await?;
        let limit = limit["per_second"].as_f64().unwrap_or_default();
        for (connections, line) in [(8, &mut self.postgres), (32, &mut self.postgres_crowd)] {
            let replies = garden.replies();
            let ours = post(garden.address, connections, self.time, 202, replies).await?;
            line.add(limit, ours.per_second);
        }
        Ok(())
    }

    async fn live(&mut self) -> anyhow::Result<()> {
        let Some(garden) = Garden::open(Engine::Sqlite).await? else {
            return Ok(());
        };
        let event = garden.an_event().await?;
        let bare = Server::start(&["fan-out"]).await?;
        let nobody = [String::new()];
        let bare_door = Door {
            address: bare.address,
            path: "/live",
            headers: &nobody,
            subscribe: None,
        };
        let (members, subscribe) = garden.door();
        let door = Door {
            address: garden.address,
            path: "/api/live",
            headers: &members,
            subscribe: Some((subscribe, "\"subscribed\"")),
        };

        let before = bare.memory();
        let audience = Audience::gather(&bare_door, SOCKETS).await?;
        let limit_memory = before.zip(bare.memory());
        let texts = bare_texts(&bare, &event, RELEASES);
        let limit = audience.flat_out(texts, WINDOW).await?;

        let texts = garden.texts(RELEASES).await?;
        let before = garden.memory();
        let audience = Audience::gather(&door, SOCKETS).await?;
        let our_memory = before.zip(garden.memory());
        let ours = audience.flat_out(texts, WINDOW).await?;

        self.fan_out.add(limit, ours);
        let each = |(before, after): (f64, f64)| (after - before) / SOCKETS as f64;
        if let (Some(limit), Some(ours)) = (limit_memory, our_memory) {
            self.memory_a_socket.add(each(limit), each(ours));
        }

        let audience = Audience::gather(&bare_door, READERS).await?;
        let texts = bare_texts(&bare, &event, WATCHED);
        let mut limit = audience.at_a_pace(texts, PACE).await?;
        let texts = garden.texts(WATCHED).await?;
        let audience = Audience::gather(&door, READERS).await?;
        let mut ours = audience.at_a_pace(texts, PACE).await?;
        self.seen.add(
            milliseconds(quantile(&mut limit, 0.99)),
            milliseconds(quantile(&mut ours, 0.99)),
        );
        Ok(())
    }
}

fn bare_posts() -> impl Fn(usize, usize) -> Vec<u8> + Clone + Send {
    let bodies = MIXED.map(|body| serde_json::json!({ "body": body }).to_string());
    move |connection, count| {
        let body = bodies.iter().cycle().nth(connection + count);
        let body = body.map_or("", String::as_str);
        request("POST", "/posts", "", "application/json", body)
    }
}

fn bare_texts(bare: &Server, event: &str, count: usize) -> Texts {
    let numbers = (1..).take(count);
    let texts = numbers.map(|number| renumbered(event, number));
    Texts {
        address: bare.address,
        before: 0,
        requests: texts
            .map(|text| request("POST", "/texts", "", "text/plain", &text))
            .collect(),
    }
}
