//! `hortus rules`: the rule packs, without a server. One file per verb.

mod check;
mod list;
mod packs;
mod score;
mod screen;
mod screen_one;
mod test;

use clap::{Args, Subcommand};

/// Lists, checks, tries and measures rule packs.
#[derive(Debug, Args)]
pub struct RulesCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the rules with their code, family, severity and clause.
    List(list::List),
    /// Reads packs and names the faults of every rule with file, line and mend; exit status 0 or 1.
    Check(check::Check),
    /// Holds every rule to its own examples; exit status 0 or 1.
    Test(test::Test),
    /// Screens texts: one JSON object a line from standard input to standard output, or one text with `--text`.
    Screen(screen::Screen),
    /// Scores predictions against the truth.
    Score(score::Score),
}

impl RulesCommand {
    /// Does what is asked.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::List(list) => list.run(),
            Command::Check(check) => check.run(),
            Command::Test(test) => test.run(),
            Command::Screen(screen) => screen.run(),
            Command::Score(score) => score.run(),
        }
    }
}

/// A word of one of the engine's enums, as files and the API write it.
fn said(word: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(word).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}
