//! `hortus rules diff`: what a change of packs changes.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use moderation_rules::evaluation::{self, Changed, Difference, Record, Sample, Side};
use moderation_rules::{Family, Verdict};

use super::packs::{read, sources};
use super::{Format, lines, said};

#[derive(Debug, Args)]
pub struct Diff {
    /// The packs before: a folder, a file, or `shipped`.
    before: PathBuf,
    /// The packs after: a folder, a file, or `shipped`.
    after: PathBuf,
    /// Texts on which the effect is shown, as `hortus rules screen` takes them; without any, the examples of all rules.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    corpus: Vec<PathBuf>,
    /// How the report is printed.
    #[arg(long, default_value = "text")]
    format: Format,
}

impl Diff {
    pub fn run(self) -> anyhow::Result<()> {
        let (before, after) = (packs(&self.before)?, packs(&self.after)?);
        let (before, after) = (sources(&before), sources(&after));
        let before = Side::load(&before).context("the packs before")?;
        let after = Side::load(&after).context("the packs after")?;
        let mut corpus: Vec<Sample> = Vec::new();
        for file in &self.corpus {
            corpus.extend(lines::<Record>(file)?.into_iter().map(Sample::from));
        }
        let corpus = (!self.corpus.is_empty()).then_some(corpus.as_slice());
        let difference = evaluation::diff(&before, &after, corpus);
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(&difference)? + "\n",
            Format::Text => text(&difference),
        };
        Ok(crate::cli::print(&text)?)
    }
}

fn packs(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    match path == Path::new("shipped") {
        true => read(&[]),
        false => read(&[path.to_owned()]),
    }
}

/// So many entries of a lexicon and so many texts are shown; `--format json` has all.
const SHOWN: usize = 20;

fn text(difference: &Difference) -> String {
    let mut lines = String::new();
    for (what, codes) in [
        ("added", &difference.added),
        ("removed", &difference.removed),
    ] {
        for code in codes {
            lines += &format!("rule {code} {what}\n");
        }
    }
    let changed = |kind: &str, changed: &Changed| {
        let keys = changed.keys.join(", ");
        format!("{kind} {} changed: {keys}\n", changed.name)
    };
    lines.extend(difference.changed.iter().map(|c| changed("rule", c)));
    lines.extend(difference.packs.iter().map(|c| changed("pack", c)));
    for (name, list) in &difference.lists {
        lines += &format!(
            "list {name}: {} added, {} removed\n",
            list.added.len(),
            list.removed.len()
        );
        for (sign, entries) in [("+", &list.added), ("-", &list.removed)] {
            for entry in entries.iter().take(SHOWN) {
                lines += &format!("  {sign} {entry}\n");
            }
        }
    }
    if lines.is_empty() {
        lines += "the packs say the same\n";
    }
    lines += &format!(
        "\n{:<14} {:>8} {:>8} {:>8} {:>10}  of {} texts\n",
        "held for", "before", "after", "newly", "no longer", difference.texts
    );
    for (family, shift) in &difference.families {
        lines += &format!(
            "{:<14} {:>8} {:>8} {:>8} {:>10}\n",
            said(family),
            shift.before,
            shift.after,
            shift.newly,
            shift.no_longer
        );
    }
    for (code, (before, after)) in &difference.rules {
        lines += &format!("{code} finds something in {after} texts, before in {before}\n");
    }
    for moved in difference.moved.iter().take(SHOWN) {
        let (before, after) = (judged(&moved.before), judged(&moved.after));
        let text = moved.text.replace('\n', "\n    ");
        lines += &format!("{}: {before} -> {after}\n    {text}\n", moved.id);
    }
    match difference.moved.len().saturating_sub(SHOWN) {
        0 => lines,
        more => lines + &format!("and {more} more texts that are judged otherwise\n"),
    }
}

fn judged((verdict, families): &(Verdict, Vec<Family>)) -> String {
    let families: Vec<String> = families.iter().map(said).collect();
    format!("{} ({})", said(verdict), families.join(", "))
}
