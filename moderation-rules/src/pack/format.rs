//! The file format of a pack, key by key. Unknown keys are refused: a misspelt key must not silently do nothing.

use serde::Deserialize;
use toml::Spanned;

use super::PackSource;
use crate::balance::Measure;
use crate::error::Fault;
use crate::finding::{Family, Severity, Status};
use crate::matching::check::Check;
use crate::matching::condition::{Label, ProductName, Within};
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
    pub language: String,
    pub effective: String,
}

/// A named list of what to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LexiconFile {
    pub name: Spanned<String>,
    #[serde(default)]
    pub about: String,
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
}

fn info() -> Severity {
    Severity::Info
}

/// A condition; exactly one of the kinds must be given, with the keys that go with it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConditionFile {
    pub lexicon: Option<String>,
    pub lexicons: Option<Vec<String>>,
    pub phrases: Option<Vec<String>>,
    pub patterns: Option<Vec<String>>,
    pub product: Option<ProductName>,
    pub balance: Option<Measure>,
    pub near: Option<Vec<ConditionFile>>,
    pub all: Option<Vec<ConditionFile>>,
    pub any: Option<Vec<ConditionFile>>,
    pub not: Option<Box<ConditionFile>>,
    pub with: Vec<Status>,
    pub without: Vec<Status>,
    pub label: Option<Label>,
    pub words: Option<u32>,
    pub ordered: bool,
    pub within: Option<Within>,
}

/// A pack that could be read, with what messages and hashes need.
pub(super) struct Pack {
    pub name: String,
    pub file: PackFile,
    pub table: toml::Table,
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

/// Reads the TOML of a pack.
pub(super) fn read(source: &PackSource<'_>) -> Result<Pack, Box<Fault>> {
    let line_starts: Vec<usize> = std::iter::once(0)
        .chain(source.toml.match_indices('\n').map(|(i, _)| i + 1))
        .collect();
    let refuse = |error: toml::de::Error| {
        let line = error
            .span()
            .map(|span| line_starts.partition_point(|start| *start <= span.start));
        Box::new(Fault {
            pack: source.name.to_owned(),
            line,
            subject: None,
            problem: error.message().trim().to_owned(),
            mend: "compare with packs/README.md, which names every key".to_owned(),
        })
    };
    let file: PackFile = toml::from_str(source.toml).map_err(refuse)?;
    let table: toml::Table = toml::from_str(source.toml).map_err(refuse)?;
    Ok(Pack {
        name: source.name.to_owned(),
        file,
        table,
        line_starts,
    })
}
