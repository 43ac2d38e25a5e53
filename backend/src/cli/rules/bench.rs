//! `hortus rules bench`: how fast packs load and read.

use std::time::Instant;

use clap::Args;
use moderation_rules::evaluation::{self, Pace};
use serde::Serialize;

use super::Format;
use super::packs::Packs;

#[derive(Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    packs: Packs,
    /// How the report is printed.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Report {
    rules: usize,
    load_millis: f64,
    texts: Vec<Pace>,
}

impl Bench {
    pub fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let rules = self.packs.load()?;
        let load = begun.elapsed();
        let begun = Instant::now();
        let clock = || u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let report = Report {
            rules: rules.rules().count(),
            load_millis: load.as_secs_f64() * 1e3,
            texts: evaluation::bench(&rules, clock),
        };
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(&report)? + "\n",
            Format::Text => text(&report),
        };
        Ok(crate::cli::print(&text)?)
    }
}

fn text(report: &Report) -> String {
    let mut lines = format!(
        "{} rules, loaded in {:.1} ms\n",
        report.rules, report.load_millis
    );
    lines += &format!(
        "{:<34} {:>12} {:>8} {:>10} {:>10}\n",
        "texts", "per second", "MB/s", "p50 µs", "p99 µs"
    );
    for pace in &report.texts {
        lines += &format!(
            "{:<34} {:>12.0} {:>8.1} {:>10.1} {:>10.1}\n",
            pace.texts,
            pace.per_second,
            pace.megabytes_per_second,
            pace.p50_micros,
            pace.p99_micros
        );
    }
    lines
}
