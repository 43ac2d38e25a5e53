//! The commands of the one binary. One file per command.

mod admin;
mod audit;
mod demo;
mod export;
mod logs;
mod migrate;
mod openapi;
mod place;
mod rules;
mod serve;

use std::io::{ErrorKind, Write as _};

use clap::{Parser, Subcommand};

/// A private community server where every word is reviewed before anyone sees it, and every step can be proven.
#[derive(Debug, Parser)]
#[command(name = "hortus", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows Hortus with an invented company, on this machine only.
    Demo(demo::Demo),
    /// Runs the server.
    Serve(serve::Serve),
    /// Brings the database schema up to date.
    Migrate(migrate::Migrate),
    /// Lists, checks, tries and measures rule packs.
    Rules(rules::RulesCommand),
    /// Proves that the record was not changed.
    Audit(audit::Audit),
    /// Writes an inspection bundle.
    Export(export::Export),
    /// Invites an administrator, unlocks an account: for whoever runs the machine.
    Admin(admin::Admin),
    /// Prints the description of the API (OpenAPI 3.1, JSON).
    Openapi,
}

/// Does what the command line asks.
pub fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => serve.run().await,
            Command::Demo(demo) => demo.run().await,
            Command::Migrate(migrate) => migrate.run().await,
            Command::Rules(rules) => rules.run().await,
            Command::Audit(audit) => audit.run().await,
            Command::Admin(admin) => admin.run().await,
            Command::Export(export) => export.run().await,
            Command::Openapi => openapi::run(),
        }
    })
}

/// Prints what may be long. A reader that has gone away, as `head` does, is no fault.
fn print(text: &str) -> std::io::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
