//! The log: readable or JSON lines on standard error, with request ids and never a word of a member.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{EnvFilter, LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{Log, Settings};

/// Begins to log. A panic is logged by its place alone: what it says may be a member's words.
pub fn begin(log: &Log) -> anyhow::Result<()> {
    let lines: Box<dyn Layer<Registry> + Send + Sync> = if log.format == "json" {
        fmt::layer().json().with_writer(std::io::stderr).boxed()
    } else {
        let coloured = std::io::stderr().is_terminal();
        fmt::layer()
            .with_ansi(coloured)
            .with_writer(std::io::stderr)
            .boxed()
    };
    // Libraries that would write statements, rows or frames at finer levels, whatever the filter asks.
    let quiet = Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_targets(["sea_orm", "sea_orm_migration", "sqlx"].map(|of| (of, LevelFilter::WARN)))
        .with_targets(["hyper", "h2", "tungstenite"].map(|of| (of, LevelFilter::INFO)));
    let chosen = EnvFilter::try_new(&log.filter)?;
    tracing_subscriber::registry()
        .with(lines)
        .with(quiet)
        .with(chosen)
        .try_init()?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a part of the server panicked");
    }));
    Ok(())
}

/// Logs what is in force, a line for each section.
pub fn settings_in_force(settings: &Settings) {
    let Ok(shown) = settings.effective().parse::<toml::Table>() else {
        return;
    };
    for (section, values) in shown {
        tracing::info!(section, %values, "settings in force");
    }
}
