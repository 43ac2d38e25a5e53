//! Drives a real Hortus server through the interfaces it promises: its command line, its HTTP API, its sockets, and
//! the rows that it must leave behind. Nothing of the server's code is linked in here.
//!
//! A test is a [`Story`]: a company with its communities and one person of every role, on a server and a database of
//! its own. When the story ends, the invariants of the whole world are looked at again ([`world`]).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test did not expect must stop it at once, with the place and the words"
)]

pub mod node;
pub mod openapi;
pub mod people;
pub mod receivers;
pub mod signing;
pub mod socket;
pub mod store;
pub mod story;
mod template;
pub mod world;

pub use node::Node;
pub use people::{Answer, Caller, Person};
pub use signing::{Authenticator, Signer};
pub use socket::Socket;
pub use store::{Engine, Store};
pub use story::{Accepted, Story};

use std::time::Duration;

/// How long anything that must happen may take at most. Nothing waits this long unless it is broken.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until the answer is there. For what happens by itself soon after.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    });
    found
        .await
        .unwrap_or_else(|_| panic!("this did not come true: {what}"))
}

/// Runs one story on one engine, from the opening to the invariants that must hold at its end.
pub async fn tell(engine: Engine, story: impl AsyncFnOnce(&mut Story)) {
    let Some(mut told) = Story::open(engine).await else {
        eprintln!("left out: HORTUS_TEST_POSTGRES is not set");
        return;
    };
    story(&mut told).await;
    world::holds(told).await;
}

/// Tests that are stories, each told on SQLite and, where `HORTUS_TEST_POSTGRES` names a server, on PostgreSQL.
///
/// A story is an `async fn(&mut Story)`; one that is not listed is dead code and does not compile.
#[macro_export]
macro_rules! stories {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                $crate::tell($crate::Engine::Sqlite, super::$name).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                $crate::tell($crate::Engine::Postgres, super::$name).await;
            }
        }
    )+};
}
