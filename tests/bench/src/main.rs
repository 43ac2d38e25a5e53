//! Benchmarks: the real release server beside bare programs that do the same work with no product around it, in one
//! run and in turns, so that the ratio says something whatever the machine is. docs/PERFORMANCE.md explains the lines.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value does not have is null"
)]

mod audience;
mod figures;
mod garden;
mod measures;
mod posting;
mod process;
mod queue;
mod reference;
mod samples;
mod table;
mod wire;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use hortus_tests::Engine;

use measures::Measures;

/// Measures the release server beside bare reference programs.
///
/// PostgreSQL is measured where `HORTUS_TEST_POSTGRES` names a server; `./x bench` starts one that keeps its promises.
#[derive(Parser)]
#[command(name = "hortus-bench")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// How many rounds; the table shows medians.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// How long each rate is taken, in seconds.
    #[arg(long, default_value_t = 2.5)]
    seconds: f64,
    /// Ends with status 1 if a goal is missed.
    #[arg(long)]
    require_goals: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one reference program.
    #[command(subcommand)]
    Reference(reference::Reference),
    /// Measures the review queue at 100,000 items.
    Queue,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command {
        Some(Command::Reference(reference)) => {
            reference.run().await?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Queue) => {
            println!("{}", process::machine());
            for engine in [Engine::Sqlite, Engine::Postgres] {
                queue::measure(engine).await?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        None => {}
    }
    let begun = Instant::now();
    let postgres = std::env::var("HORTUS_TEST_POSTGRES").ok();
    let postgres = postgres.filter(|url| !url.is_empty());
    let mut measures = Measures::new(Duration::from_secs_f64(cli.seconds));
    println!("{}", process::machine());
    for round in 1..=cli.rounds {
        measures.round(postgres.as_deref()).await?;
        eprintln!(
            "round {round} of {} done after {:.0} s",
            cli.rounds,
            begun.elapsed().as_secs_f64()
        );
    }
    let lines = measures.lines();
    println!("\n{}", table::markdown(&lines));
    println!(
        "medians of {} rounds (least..most), in {:.0} s",
        cli.rounds,
        begun.elapsed().as_secs_f64()
    );
    let missed = lines.iter().any(|line| line.missed());
    Ok(if missed && cli.require_goals {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
