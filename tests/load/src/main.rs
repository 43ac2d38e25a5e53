//! Load through the public API. `feed` posts the texts of a file as several members, to any server or to one of its
//! own, and counts what the rules said. `soak` lets members write, reviewers decide and readers follow for a while.
//! A server of its own is looked at afterwards: everything that was accepted is there, and everything can be proven.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value does not have is null"
)]

mod elsewhere;
mod feed;
mod own;
mod soak;
mod tally;
mod texts;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hortus_tests::Engine;

#[derive(Parser)]
#[command(name = "hortus-load", about = "Load through the public API.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Posts the texts of a JSONL file as several members.
    Feed(Feed),
    /// Lets members write, reviewers decide and readers follow, on a server of its own.
    Soak(Soak),
}

/// Without --url, on a server of its own with members who were invited for it; everything is checked afterwards.
#[derive(Args)]
struct Feed {
    /// One JSON object a line.
    #[arg(long)]
    file: PathBuf,
    /// The member of each object that holds the text.
    #[arg(long, default_value = "text")]
    text_field: String,
    /// Only so many texts.
    #[arg(long)]
    limit: Option<usize>,
    /// Requests under way at once.
    #[arg(long, default_value_t = 8)]
    at_once: usize,
    /// Each text as a thread of its own; otherwise as replies in a released thread.
    #[arg(long)]
    threads: bool,
    /// A server that runs already, for example http://localhost:8080.
    #[arg(long, requires = "members")]
    url: Option<String>,
    /// Who posts, in turns: `email:password`, or the e-mail alone of somebody whom a demonstration lets one play.
    #[arg(long = "as", value_name = "MEMBER", num_args = 1.., requires = "url")]
    members: Vec<String>,
    /// A reviewer in the same community, named in the same way, so that verdicts can be counted.
    #[arg(long, requires = "url")]
    reviewer: Option<String>,
    /// The community's name in addresses; the first one of the first member where it is not given.
    #[arg(long, requires = "url")]
    community: Option<String>,
    /// On PostgreSQL (the server that HORTUS_TEST_POSTGRES names) instead of SQLite.
    #[arg(long, conflicts_with = "url")]
    postgres: bool,
}

#[derive(Args)]
struct Soak {
    /// For so long at most.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// So many texts at most.
    #[arg(long, default_value_t = 2_000)]
    texts: usize,
    /// Sockets that follow the thread.
    #[arg(long, default_value_t = 20)]
    readers: usize,
    /// On PostgreSQL (the server that HORTUS_TEST_POSTGRES names) instead of SQLite.
    #[arg(long)]
    postgres: bool,
}

fn engine(postgres: bool) -> Engine {
    if postgres {
        Engine::Postgres
    } else {
        Engine::Sqlite
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Feed(feed) => {
            let texts = texts::read(&feed.file, &feed.text_field, feed.limit)?;
            match &feed.url {
                Some(url) => {
                    let named = elsewhere::Named {
                        members: &feed.members,
                        reviewer: feed.reviewer.as_deref(),
                        community: feed.community.as_deref(),
                    };
                    elsewhere::feed(url, &named, &texts, feed.threads, feed.at_once).await
                }
                None => own::feed(engine(feed.postgres), &texts, feed.threads, feed.at_once).await,
            }
        }
        Command::Soak(soak) => {
            let most = soak::Most {
                time: Duration::from_secs(soak.seconds),
                texts: soak.texts,
                readers: soak.readers,
            };
            soak::soak(engine(soak.postgres), most).await
        }
    }
}
