//! The file format of a pack, key by key. Unknown keys are refused: a misspelt key must not silently do nothing.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use super::{PackSource, canonical};
use crate::balance::Measure;
use crate::context::{Audience, Context, Product, Speaker, Surface};
use crate::error::Fault;
use crate::finding::{Family, Severity, Status};
use crate::matching::check::Check;
use crate::matching::condition::{Label, ProductName, Within};
use crate::matching::unit::Kind;
use crate::rule::{Evidence, Scope};

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub pack: Header,
    #[serde(default, rename = "lexicon")]
    pub lexicons: Vec<LexiconFile>,
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleFile>,
}

/// Who the pack is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub id: String,
    pub version: String,
    pub title: String,
    pub jurisdictions: Vec<String>,
    pub languages: Vec<String>,
    /// The first day on which the pack holds.
    pub effective: String,
    /// The last day on which it holds.
    pub until: Option<String>,
}

/// A named list of what to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LexiconFile {
    pub name: Spanned<String>,
    #[serde(default)]
    pub about: String,
    /// The words add to a lexicon of another pack.
    #[serde(default)]
    pub adds: bool,
    #[serde(default)]
    pub phrases: Vec<Spanned<String>>,
    #[serde(default)]
    pub except: Vec<Spanned<String>>,
    #[serde(default)]
    pub stems: Vec<Spanned<String>>,
    #[serde(default)]
    pub patterns: Vec<Spanned<String>>,
    #[serde(default)]
    pub except_patterns: Vec<Spanned<String>>,
    /// Patterns look at capitals.
    #[serde(default)]
    pub as_written: bool,
    /// Phrases are found in leetspeak, drawn out and spelled out too.
    #[serde(default)]
    pub leet: bool,
    pub check: Option<Check>,
}

/// A rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub code: Spanned<String>,
    pub title: String,
    pub family: Family,
    pub severity: Severity,
    #[serde(default)]
    pub lowered_by: Vec<Status>,
    #[serde(default = "info")]
    pub lowered_severity: Severity,
    #[serde(default)]
    pub set_aside_by: Vec<Status>,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub evidence: Evidence,
    pub when: ConditionFile,
    pub message: String,
    pub remedy: String,
    pub clause: String,
    pub source: String,
    pub rationale: String,
    pub owner: String,
    pub score: Option<f64>,
    #[serde(default)]
    pub hits: Vec<String>,
    #[serde(default)]
    pub misses: Vec<String>,
    #[serde(default)]
    pub example_context: ExampleContext,
}

/// Under which circumstances the examples of a rule are read; what is not given is as in an unknown place.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExampleContext {
    pub speaker: Speaker,
    pub audience: Audience,
    pub surface: Surface,
    pub products: Vec<Product>,
    pub thread_product: Option<String>,
    pub thread_title: Option<String>,
    pub parent_body: Option<String>,
    pub market: Option<String>,
}

impl From<&ExampleContext> for Context {
    fn from(example: &ExampleContext) -> Self {
        Self {
            speaker: example.speaker,
            audience: example.audience,
            surface: example.surface,
            products: example.products.clone(),
            thread_product: example.thread_product.clone(),
            thread_title: example.thread_title.clone(),
            parent_body: example.parent_body.clone(),
            market: example.market.clone(),
            ..Self::default()
        }
    }
}

fn info() -> Severity {
    Severity::Info
}

/// A condition; exactly one of the kinds must be given, with the keys that go with it.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConditionFile {
    pub lexicon: Option<String>,
    pub lexicons: Option<Vec<String>>,
    pub phrases: Option<Vec<String>>,
    pub patterns: Option<Vec<String>>,
    pub leet: bool,
    pub product: Option<ProductName>,
    pub balance: Option<Measure>,
    pub disguised: bool,
    pub near: Option<Vec<ConditionFile>>,
    pub all: Option<Vec<ConditionFile>>,
    pub any: Option<Vec<ConditionFile>>,
    pub count: Option<CountFile>,
    pub quantity: Option<QuantityFile>,
    pub not: Option<Box<ConditionFile>>,
    pub with: Vec<Status>,
    pub without: Vec<Status>,
    pub label: Option<Label>,
    pub words: Option<u32>,
    pub ordered: bool,
    pub within: Option<Within>,
}

impl ConditionFile {
    /// The conditions within this one.
    pub(super) fn parts(&self) -> impl Iterator<Item = &ConditionFile> {
        let lists = [&self.near, &self.all, &self.any];
        let single = self
            .not
            .iter()
            .chain(self.count.as_ref().map(|count| &count.of));
        lists
            .into_iter()
            .flatten()
            .flatten()
            .chain(single.map(|part| &**part))
    }
}

/// How often something must be there.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountFile {
    pub of: Box<ConditionFile>,
    pub at_least: u32,
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuantityFile {
    pub kind: Kind,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// In which the limits are written; each kind has a usual one.
    pub unit: Option<String>,
}

/// A pack that could be read, with what messages and hashes need.
pub(super) struct Pack {
    pub name: String,
    pub file: PackFile,
    /// What its hash is taken of.
    pub canonical: String,
    line_starts: Vec<usize>,
}

impl Pack {
    /// The line of a byte of the file, counted from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte)
    }

    pub(super) fn fault(
        &self,
        at: Option<usize>,
        subject: &str,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) -> Fault {
        Fault {
            pack: self.name.clone(),
            line: at.map(|byte| self.line(byte)),
            subject: (!subject.is_empty()).then(|| subject.to_owned()),
            problem: problem.into(),
            mend: mend.into(),
        }
    }
}

/// Reads the TOML of a pack. A rule or lexicon that cannot be read is one fault, and the rest is read without it.
pub(super) fn read(source: &PackSource<'_>, faults: &mut Vec<Fault>) -> Option<Pack> {
    let line_starts: Vec<usize> = std::iter::once(0)
        .chain(source.toml.match_indices('\n').map(|(i, _)| i + 1))
        .collect();
    let mut text = source.toml.to_owned();
    loop {
        let read = DeTable::parse(&text).and_then(|table| {
            let canonical = canonical::text(table.get_ref());
            PackFile::deserialize(Deserializer::from(table)).map(|file| (file, canonical))
        });
        let error = match read {
            Ok((file, canonical)) => {
                return Some(Pack {
                    name: source.name.to_owned(),
                    file,
                    canonical,
                    line_starts,
                });
            }
            Err(error) => error,
        };
        let at = error.span().map(|span| span.start);
        faults.push(Fault {
            pack: source.name.to_owned(),
            line: at.map(|at| line_starts.partition_point(|start| *start <= at)),
            subject: None,
            problem: error.message().trim().to_owned(),
            mend: "compare with packs/README.md, which names every key".to_owned(),
        });
        let block = block(&text, at?)?;
        // Blank lines instead of the part, so that the lines of the others stay.
        let lines = "\n".repeat(text.get(block.clone())?.matches('\n').count());
        let spaces = " ".repeat(block.len() - lines.len());
        text.replace_range(block, &(spaces + &lines));
    }
}

/// The rule or lexicon around a byte of the file; the head of the pack is none.
fn block(text: &str, at: usize) -> Option<Range<usize>> {
    let begin = text.get(..=at)?.rfind("[[")?;
    let opens = |from: usize| {
        ["[[rule]]", "[[lexicon]]"]
            .iter()
            .any(|h| text.get(from..).is_some_and(|t| t.starts_with(h)))
    };
    let begin = text
        .match_indices("[[")
        .map(|(i, _)| i)
        .filter(|i| *i <= begin && opens(*i))
        .last()?;
    let next = text
        .match_indices("\n[[")
        .map(|(i, _)| i + 1)
        .find(|i| *i > begin && opens(*i));
    Some(begin..next.unwrap_or(text.len()))
}
