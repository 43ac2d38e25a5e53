//! `hortus rules score`: predictions against the truth.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use moderation_rules::evaluation::{
    self, FamilyScore, FlagScore, Group, Mistake, Prediction, Rate, Row, TruthRow,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Format, lines, said, shown};

#[derive(Debug, Args)]
pub struct Score {
    /// Rows whose truth is known, one JSON object a line: `id`, `text`, `truth` ({family: true or false}) and, where they
    /// are judged, `spans`, `serious`, `special_situation`. The name of the file is the `source` of rows without one.
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    truth: Vec<PathBuf>,
    /// What `hortus rules screen` answered for them, in any order; a line with nothing but an error is no answer.
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pred: Vec<PathBuf>,
    /// Lists the rows that are wrong, with text and findings.
    #[arg(long)]
    wrong: bool,
    /// How the report is printed.
    #[arg(long, default_value = "text")]
    format: Format,
}

impl Score {
    pub fn run(self) -> anyhow::Result<()> {
        let mut truth: Vec<TruthRow> = Vec::new();
        for file in &self.truth {
            let source = file.file_stem().unwrap_or_default().to_string_lossy();
            for mut row in lines::<TruthRow>(file)? {
                row.source
                    .get_or_insert_with(|| source.clone().into_owned());
                truth.push(row);
            }
        }
        let mut predictions: Vec<Line> = Vec::new();
        for file in &self.pred {
            predictions.extend(lines::<Line>(file)?);
        }
        anyhow::ensure!(
            !truth.is_empty(),
            "no row of truth was given; nothing can be measured"
        );
        anyhow::ensure!(
            !predictions.is_empty(),
            "no prediction was given; name the file that `hortus rules screen` wrote with --pred"
        );
        let predictions = predictions.into_iter().filter_map(|line| line.0).collect();
        let (rows, strangers) = Row::pair(truth, predictions)?;
        if strangers > 0 {
            eprintln!("{strangers} predictions have an id that no row of the truth has");
        }
        let score = evaluation::score(&rows);
        let mistakes = match self.wrong {
            true => evaluation::wrong(&rows),
            false => Vec::new(),
        };
        let text = match self.format {
            Format::Json => {
                let report = Report {
                    score: &score,
                    wrong: &mistakes,
                };
                serde_json::to_string_pretty(&report)? + "\n"
            }
            Format::Text => mistakes.iter().map(mistake).collect::<String>() + &text(&score),
        };
        crate::cli::print(&text)?;
        Ok(())
    }
}

/// A line of predictions; nothing where it only says why a text could not be read.
struct Line(Option<Prediction>);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let line = Value::deserialize(from)?;
        let has = |key: &str| line.get(key).is_some_and(|value| !value.is_null());
        if has("error") && !["verdict", "categories", "scores"].into_iter().any(has) {
            return Ok(Self(None));
        }
        let prediction = Prediction::deserialize(line).map_err(D::Error::custom)?;
        Ok(Self(Some(prediction)))
    }
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    score: &'a evaluation::Score,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    wrong: &'a [Mistake],
}

fn mistake(mistake: &Mistake) -> String {
    let what = match (mistake.missed, mistake.spans.as_slice()) {
        (false, _) => "wrongly flagged".to_owned(),
        (true, []) => "missed".to_owned(),
        (true, spans) => format!("missed: \"{}\"", shown(&spans.join("\", \""))),
    };
    let mut lines = format!(
        "{} {} {} {what} ({:.3})\n    {}\n",
        said(&mistake.family),
        shown(&mistake.id.to_string()),
        shown(mistake.kind.as_deref().unwrap_or("-")),
        mistake.certainty,
        paragraphs(&mistake.text)
    );
    for (rule, words) in &mistake.findings {
        lines += &format!("      {rule} \"{}\"\n", shown(words));
    }
    lines
}

fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(shown).collect();
    lines.join("\n    ")
}

fn text(score: &evaluation::Score) -> String {
    let mut lines = String::new();
    for (family, of) in &score.families {
        lines += &family_text(&said(family), of);
    }
    lines += &flags_text("seriousness", score.seriousness.as_ref());
    lines += &flags_text("special situations", score.special_situations.as_ref());
    lines += &format!(
        "all families together\n  {:<34} {}\n",
        "not clear, of rows with something", score.not_cleared
    );
    lines += &format!(
        "  {:<34} {}\n",
        "clear, of rows with nothing", score.cleared
    );
    let (rows, unanswered) = (score.rows, score.unanswered);
    lines + &format!("{rows} rows, {unanswered} without a prediction (they count as not flagged)\n")
}

fn family_text(name: &str, score: &FamilyScore) -> String {
    let mut lines = format!("{name}\n");
    for (what, rate) in [
        ("precision", score.precision),
        ("recall", score.recall),
        ("false-positive rate", score.false_positive_rate),
        ("share flagged", score.flagged),
        ("precision at recall .95", score.precision_at_recall_95),
        (
            "recall at false-positive rate .20",
            score.recall_at_false_positive_rate_20,
        ),
    ] {
        lines += &format!("  {what:<34} {rate}\n");
    }
    if score.spans.of > 0 {
        lines += &format!("  {:<34} {}\n", "spans found", score.spans);
        lines += &rates(&score.span_kinds);
    }
    lines + &groups("by source", &score.sources) + &groups("by kind", &score.kinds)
}

fn rates(rates: &BTreeMap<String, Rate>) -> String {
    rates
        .iter()
        .map(|(name, rate)| format!("    {name:<32} {rate}\n"))
        .collect()
}

fn groups(title: &str, groups: &BTreeMap<String, Group>) -> String {
    let mut lines = format!("  {title:<34} {:<40} false-positive rate\n", "recall");
    for (name, group) in groups {
        let (recall, wrong) = (group.recall.to_string(), group.false_positive_rate);
        lines += &format!("    {name:<32} {recall:<40} {wrong}\n");
    }
    lines
}

fn flags_text<T: Ord + Serialize>(name: &str, score: Option<&FlagScore<T>>) -> String {
    let Some(score) = score else {
        return String::new();
    };
    let by_flag: BTreeMap<String, Rate> = score
        .by_flag
        .iter()
        .map(|(flag, rate)| (said(flag), *rate))
        .collect();
    format!(
        "{name}\n  {:<34} {}\n  {:<34} {}\n{}",
        "found",
        score.found,
        "rows without any, wrongly told one",
        score.wrongly_found,
        rates(&by_flag)
    )
}
