//! Terminologies that a company is licensed for and brings itself: MedDRA, RxNorm, substance names, its own products.
//!
//! A distribution is imported once into a lexicon file, which names its source, version and licence and carries a hash
//! over its content. A [`crate::RuleSet`] is loaded with such files beside the packs. The terms that a text holds are
//! suggested with their codes; a terminology may also add its words to a lexicon of the packs.
//!
//! ```
//! use moderation_rules::terminology::{Edition, SourceFile, Terminology, import};
//! use moderation_rules::{Context, RuleSet, Submission};
//!
//! let names = SourceFile { name: "names.txt", text: "Name\tUNII\nzelvoritinib\tZ3LV0R1T1N\n" };
//! let edition = Edition { version: "2026-11", licence: "public domain", joins: None };
//! let terminology = import::substances(&names, &edition)?;
//! let read = Terminology::read("unii.terms", &terminology.to_text())?;
//! let rules = RuleSet::load_with(&RuleSet::shipped_packs(), vec![read])?;
//! let text = Submission { title: None, body: "I was switched to Zelvoritinib." };
//! let terms = rules.screen(&text, &Context::default()).terms;
//! assert_eq!(terms.first().map(|t| t.code.as_str()), Some("Z3LV0R1T1N"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compile;
mod file;
pub mod import;
mod suggest;

pub(crate) use compile::{Terms, add};
pub(crate) use suggest::suggested;

use serde::{Deserialize, Serialize};

use crate::finding::Status;
use crate::submission::Field;

/// A file of a distribution as it is handed in.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What a distribution does not say of itself.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The version of the distribution, such as `27.1`.
    pub version: &'a str,
    /// On what terms it may be used here, in a line.
    pub licence: &'a str,
    /// The lexicon of the packs that the names are added to, if any.
    pub joins: Option<&'a str>,
}

/// What terms stand for: a preferred term, an ingredient, a product.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Concept {
    code: Box<str>,
    name: Box<str>,
    /// What it belongs to: the system organ class, the kind of name, the status of a product.
    group: Box<str>,
}

/// A name under which a concept is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    code: Box<str>,
    name: Box<str>,
    /// Index of its concept.
    concept: u32,
}

/// One edition of a terminology, ready to be written to a lexicon file or loaded with the packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminology {
    source: String,
    version: String,
    licence: String,
    joins: Option<String>,
    concepts: Vec<Concept>,
    terms: Vec<Term>,
    hash: String,
}

impl Terminology {
    /// What it was imported from: `MedDRA`, `RxNorm`, `substances`, `products`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The version of the distribution.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// On what terms it may be used here.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.licence
    }

    /// The lexicon of the packs that its names are added to.
    #[must_use]
    pub fn joins(&self) -> Option<&str> {
        self.joins.as_deref()
    }

    /// How many names it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// It has no names at all; no import gives such a one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// SHA-256 over everything the lexicon file says, in hexadecimal; part of the hash of the rule set.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// A term of a terminology that stands in a text. A suggestion: a person codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SuggestedTerm {
    /// The terminology, such as `MedDRA`.
    pub source: String,
    /// Its version.
    pub version: String,
    /// The code of the name that was found: the lowest level term.
    pub code: String,
    /// The name as the terminology writes it.
    pub name: String,
    /// The code of what it stands for: the preferred term.
    pub concept_code: String,
    /// The name of what it stands for.
    pub concept_name: String,
    /// What that belongs to: the system organ class. Empty where the distribution does not say.
    pub group: String,
    /// The field in which the words stand.
    pub field: Field,
    /// Byte offset of the first byte in that field.
    pub start: usize,
    /// Byte offset after the last byte in that field.
    pub end: usize,
    /// The words as they were written.
    pub matched: String,
    /// How the words are meant.
    pub status: Vec<Status>,
}

/// One row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The name of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1, and its name; `None` where the row as a whole is wrong.
    pub column: Option<(usize, String)>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` line {}", self.file, self.line)?;
        if let Some((number, name)) = &self.column {
            write!(f, ", column {number} ({name})")?;
        }
        write!(f, ": {}; {}", self.problem, self.mend)
    }
}

/// A distribution or a lexicon file that was refused. Nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the terminology was refused: {}", self.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ImportError {
    /// The faults in the order of the files, at most twenty of them.
    pub faults: Vec<RowFault>,
}
