//! `hortus rules`: the rule packs, without a server. One file per verb.

mod bench;
mod check;
mod diff;
mod document;
mod explain;
mod import;
mod list;
mod packs;
mod score;
mod screen;
mod screen_one;
mod test;

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;

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
    /// Explains one rule: what it looks for, why, its clause, its examples.
    Explain(explain::Explain),
    /// Prints all rules in Markdown, for people to read.
    Document(document::Document),
    /// Reads packs and names the faults of every rule with file, line and mend; exit status 0 or 1.
    Check(check::Check),
    /// Holds every rule to its own examples; exit status 0 or 1.
    Test(test::Test),
    /// Screens texts: one JSON object a line from standard input to standard output, or one text with `--text`.
    Screen(screen::Screen),
    /// Scores predictions against the truth.
    Score(score::Score),
    /// Compares two sets of packs, and what becomes of texts under them.
    Diff(diff::Diff),
    /// Makes a lexicon file of a terminology that the company is licensed for.
    Import(import::Import),
    /// Measures how fast packs load and read.
    Bench(bench::Bench),
}

impl RulesCommand {
    /// Does what is asked.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::List(list) => list.run(),
            Command::Explain(explain) => explain.run().await,
            Command::Document(document) => document.run(),
            Command::Check(check) => check.run(),
            Command::Test(test) => test.run(),
            Command::Screen(screen) => screen.run(),
            Command::Score(score) => score.run(),
            Command::Diff(diff) => diff.run(),
            Command::Import(import) => import.run(),
            Command::Bench(bench) => bench.run(),
        }
    }
}

/// A word of one of the engine's enums, as files and the API write it.
fn said(word: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(word).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Text as a terminal may show it: what would steer the terminal, or turn its lines, is written out.
fn shown(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match steers(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The objects of a file, one a line.
fn lines<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // Files that were written on Windows and joined begin with this mark, wherever one begins.
        let line = line.trim_start_matches('\u{FEFF}');
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(line).with_context(|| {
            let number = number + 1;
            format!("{} line {number} cannot be read; mend it", file.display())
        })?;
        rows.push(row);
    }
    Ok(rows)
}
