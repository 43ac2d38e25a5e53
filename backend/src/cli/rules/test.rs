//! `hortus rules test`: every rule held to its own examples.

use clap::Args;
use moderation_rules::Family;
use moderation_rules::evaluation::{self, ExampleReport};

use super::packs::Packs;
use super::{Format, said};

#[derive(Debug, Args)]
pub struct Test {
    #[command(flatten)]
    packs: Packs,
    /// How the report is printed.
    #[arg(long, default_value = "text")]
    format: Format,
}

impl Test {
    pub fn run(self) -> anyhow::Result<()> {
        let report = evaluation::test(&self.packs.load()?);
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(&report)? + "\n",
            Format::Text => text(&report),
        };
        crate::cli::print(&text)?;
        match report.failures.len() {
            0 => Ok(()),
            wrong => anyhow::bail!("{wrong} examples are wrong; mend the rules, or the examples"),
        }
    }
}

fn text(report: &ExampleReport) -> String {
    let mut lines = String::new();
    for failure in &report.failures {
        lines += &if failure.missed {
            format!("{} misses: {}\n", failure.rule, failure.text)
        } else {
            let found = failure.matched.join("\", \"");
            format!(
                "{} wrongly finds \"{found}\": {}\n",
                failure.rule, failure.text
            )
        };
    }
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines += &format!(
        "{:<14} {:>5} {:>6} {:>6} {:>13} {:>10}  held for (of the texts to find)\n",
        "family", "rules", "found", "missed", "wrongly found", "left alone"
    );
    for (family, tally) in &report.families {
        let held = Family::ALL.iter().filter_map(|other| {
            let count = tally.held_for.get(other)?;
            Some(format!("{} {count}", said(other)))
        });
        lines += &format!(
            "{:<14} {:>5} {:>6} {:>6} {:>13} {:>10}  {}\n",
            said(family),
            tally.rules,
            tally.found,
            tally.missed,
            tally.wrongly_found,
            tally.left_alone,
            held.collect::<Vec<_>>().join(", ")
        );
    }
    let (examples, wrong) = (report.examples, report.failures.len());
    lines + &format!("{examples} examples, {wrong} wrong\n")
}
