//! `hortus rules screen`: one JSON object a line in, one out.

use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Write};

use clap::Args;
use moderation_rules::evaluation::{Answer, Record};
use moderation_rules::{Context, RuleSet};
use serde::Serialize;
use serde_json::Value;

use super::packs::Packs;
use super::screen_one::One;
use super::{said, shown};
use crate::clock::Clock;

#[derive(Debug, Args)]
pub struct Screen {
    #[command(flatten)]
    packs: Packs,
    /// How answers are printed.
    #[arg(long, default_value = "jsonl")]
    format: AnswerFormat,
    #[command(flatten)]
    one: One,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum AnswerFormat {
    /// One JSON object a line.
    Jsonl,
    /// For people.
    Text,
}

/// A line that could not be read.
#[derive(Serialize)]
struct BadLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    error: String,
    /// Counted from 1.
    line: u64,
}

impl Screen {
    pub fn run(self) -> anyhow::Result<()> {
        let rules = self.packs.load()?;
        let today = Clock::system().now().day();
        if let Some(text) = &self.one.text {
            let answer = self.one.answer(text, &rules, today)?;
            let line = match self.format {
                AnswerFormat::Jsonl => serde_json::to_string(&answer)? + "\n",
                AnswerFormat::Text => self::text(&answer),
            };
            return Ok(crate::cli::print(&line)?);
        }
        let out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        match stream(&rules, &today, self.format, out) {
            Ok(0) => Ok(()),
            Ok(bad) => {
                anyhow::bail!("{bad} lines could not be read; each is answered with its error")
            }
            // A reader that has gone away, as `head` does, is no fault.
            Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(cause) => Err(cause.into()),
        }
    }
}

/// Answers line by line, and says how many lines could not be read.
fn stream(
    rules: &RuleSet,
    today: &str,
    format: AnswerFormat,
    mut out: impl Write,
) -> std::io::Result<u64> {
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let (mut line, mut number, mut bad) = (Vec::new(), 0, 0);
    loop {
        // Whoever sends one line and waits for its answer gets it before the next line is awaited.
        if !input.buffer().contains(&b'\n') {
            out.flush()?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            out.flush()?;
            return Ok(bad);
        }
        number += 1;
        // Files that were written on Windows and joined begin with this mark, wherever one begins.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let record: Record = match serde_json::from_slice(line) {
            Ok(record) => record,
            Err(cause) => {
                bad += 1;
                write_bad(line, &cause, number, format, &mut out)?;
                continue;
            }
        };
        let context = Context {
            date: Some(today.to_owned()),
            ..record.context()
        };
        let screening = rules.screen(&record.submission(), &context);
        let answer = Answer::of(record.id, screening, rules);
        match format {
            AnswerFormat::Jsonl => {
                serde_json::to_writer(&mut out, &answer)?;
                out.write_all(b"\n")?;
            }
            AnswerFormat::Text => out.write_all(text(&answer).as_bytes())?,
        }
    }
}

fn write_bad(
    line: &[u8],
    cause: &serde_json::Error,
    number: u64,
    format: AnswerFormat,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let value: Option<Value> = serde_json::from_slice(line).ok();
    let bad = BadLine {
        id: value.and_then(|value| value.get("id").cloned()),
        error: format!("the line is no text to screen: {}", told(cause)),
        line: number,
    };
    match format {
        AnswerFormat::Jsonl => {
            serde_json::to_writer(&mut *out, &bad)?;
            out.write_all(b"\n")
        }
        AnswerFormat::Text => writeln!(out, "line {number}: {}", shown(&bad.error)),
    }
}

/// The message without its line, which is always 1: the number of the line in the input is given beside it.
fn told(cause: &serde_json::Error) -> String {
    let message = cause.to_string();
    match message.rsplit_once(" at line 1 column ") {
        Some((problem, column)) => format!("{problem} (column {column})"),
        None => message,
    }
}

fn text(answer: &Answer) -> String {
    let families: Vec<String> = answer
        .categories
        .iter()
        .map(|family| {
            let score = answer.scores.get(family).copied().unwrap_or_default();
            format!("{} {score:.2}", said(family))
        })
        .collect();
    let mut lines = format!(
        "{}: {} (priority {:.3}) {}\n",
        shown(&answer.id.to_string()),
        said(&answer.verdict),
        answer.priority,
        families.join(", ")
    );
    for finding in &answer.findings {
        let status: Vec<String> = finding.status.iter().map(said).collect();
        let meant = match status.as_slice() {
            [] => String::new(),
            _ => format!(" [{}]", status.join(", ")),
        };
        lines += &format!(
            "  {} {} \"{}\"{meant} ({} {}..{})\n      {} ({})\n",
            finding.rule,
            said(&finding.severity),
            shown(&finding.matched),
            said(&finding.field),
            finding.start,
            finding.end,
            finding.message,
            finding.clause
        );
    }
    if let Some(reason) = &answer.technical_reason {
        lines += &format!("  {}\n", shown(reason));
    }
    lines
}
