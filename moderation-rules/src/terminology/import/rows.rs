//! Rows of separated columns, with their place for messages, and what is collected from them.

use std::collections::HashMap;

use crate::terminology::{Concept, Edition, ImportError, RowFault, SourceFile, Term, Terminology};

/// More faults than this nobody reads at once.
const MOST_FAULTS: usize = 20;

/// One row of a file.
pub(super) struct Row<'a> {
    file: &'a str,
    line: usize,
    fields: Vec<&'a str>,
    names: &'static [&'static str],
}

impl<'a> Row<'a> {
    /// A column, counted from 1; the reader has checked that it is there.
    pub(super) fn column(&self, number: usize) -> &'a str {
        self.fields
            .get(number.saturating_sub(1))
            .map_or("", |field| field.trim())
    }

    /// A column that must say something.
    pub(super) fn filled(&self, number: usize) -> Result<&'a str, RowFault> {
        let text = self.column(number);
        if text.is_empty() {
            return Err(self.fault(number, "it is empty", "fill it in, or take the row out"));
        }
        Ok(text)
    }

    pub(super) fn fault(&self, column: usize, problem: impl Into<String>, mend: &str) -> RowFault {
        let name = self.names.get(column.saturating_sub(1)).copied();
        RowFault {
            file: self.file.to_owned(),
            line: self.line,
            column: name.map(|name| (column, name.to_owned())),
            problem: problem.into(),
            mend: mend.to_owned(),
        }
    }
}

/// Reads a file row by row; `names` are the columns that must be there, in their order.
pub(super) fn rows<'a>(
    file: &SourceFile<'a>,
    separator: char,
    names: &'static [&'static str],
    faults: &mut Faults,
    mut read: impl FnMut(&Row<'a>) -> Result<(), RowFault>,
) {
    for (index, text) in file.text.lines().enumerate() {
        if text.is_empty() {
            continue;
        }
        let row = Row {
            file: file.name,
            line: index + 1,
            fields: text.split(separator).collect(),
            names,
        };
        let outcome = if row.fields.len() < names.len() {
            let missing = row.fields.len() + 1;
            let problem = format!(
                "the row ends before it: it has {} columns separated by `{}`, and {} are needed",
                row.fields.len(),
                separator.escape_default(),
                names.len()
            );
            Err(row.fault(
                missing,
                problem,
                "compare it with the distribution; the file may be cut off",
            ))
        } else {
            read(&row)
        };
        if let Err(fault) = outcome
            && !faults.add(fault)
        {
            return;
        }
    }
}

/// The faults of all files.
#[derive(Default)]
pub(super) struct Faults(Vec<RowFault>);

impl Faults {
    /// Keeps a fault, and says whether more are wanted.
    pub(super) fn add(&mut self, fault: RowFault) -> bool {
        self.0.push(fault);
        self.0.len() < MOST_FAULTS
    }

    /// An error if there is any.
    pub(super) fn none(self) -> Result<(), ImportError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ImportError { faults: self.0 })
    }
}

/// A terminology that is being put together.
#[derive(Default)]
pub(super) struct Draft<'a> {
    concepts: Vec<Concept>,
    by_code: HashMap<&'a str, u32>,
    terms: Vec<Term>,
}

impl<'a> Draft<'a> {
    /// Adds a concept, or gives the one of that code.
    pub(super) fn concept(&mut self, code: &'a str, name: &str, group: &str) -> u32 {
        let fresh = self.concepts.len() as u32;
        let index = *self.by_code.entry(code).or_insert(fresh);
        if index == fresh {
            self.concepts.push(Concept {
                code: code.into(),
                name: name.into(),
                group: group.into(),
            });
        }
        index
    }

    pub(super) fn known(&self, code: &str) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    /// Says what a concept belongs to.
    pub(super) fn group(&mut self, concept: u32, group: &str) {
        if let Some(concept) = self.concepts.get_mut(concept as usize) {
            concept.group = group.into();
        }
    }

    pub(super) fn term(&mut self, code: &str, name: &str, concept: u32) {
        self.terms.push(Term {
            code: code.into(),
            name: name.into(),
            concept,
        });
    }

    /// The terminology, if no row was at fault and there is anything in it.
    pub(super) fn finish(
        self,
        source: &str,
        file: &SourceFile<'_>,
        edition: &Edition<'_>,
        mut faults: Faults,
    ) -> Result<Terminology, ImportError> {
        let mut refuse = |problem: &str, mend: &str| {
            faults.add(RowFault {
                file: file.name.to_owned(),
                line: 1,
                column: None,
                problem: problem.to_owned(),
                mend: mend.to_owned(),
            });
        };
        for (what, text) in [("version", edition.version), ("licence", edition.licence)] {
            if text.trim().is_empty() || text.contains(['\n', '\r']) {
                let problem = format!("the {what} is not one line of text");
                refuse(&problem, "say it in one line when importing");
            }
        }
        if edition
            .joins
            .is_some_and(|name| name.contains(char::is_whitespace))
        {
            refuse(
                "the lexicon to join has a gap in its name",
                "name one lexicon",
            );
        }
        if self.terms.is_empty() {
            refuse(
                "there is no current name in it",
                "import the file of a whole distribution",
            );
        }
        faults.none()?;
        let mut terminology = Terminology {
            source: source.to_owned(),
            version: edition.version.trim().to_owned(),
            licence: edition.licence.trim().to_owned(),
            joins: edition.joins.map(str::to_owned),
            concepts: self.concepts,
            terms: self.terms,
            hash: String::new(),
        };
        terminology.hash = terminology.content_hash();
        Ok(terminology)
    }
}
