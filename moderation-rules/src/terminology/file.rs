//! The lexicon file: a terminology as text, one line a concept and one a name, with a hash over all of it.
//!
//! ```text
//! hortus terminology 1
//! source    MedDRA
//! version   27.1
//! licence   licensed to the company that imported it
//! joins     reaction_term
//! sha256    …
//! concept   code, name, group
//! term      code, index of its concept counted from 0, name
//! ```
//! Columns are separated by tabs. `joins` may be missing.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Concept, ImportError, RowFault, Term, Terminology};

const FORMAT: &str = "hortus terminology 1";

impl Terminology {
    /// The lexicon file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let body = self.body();
        let head = self.head();
        format!("{FORMAT}\n{head}sha256\t{}\n{body}", self.hash)
    }

    /// Reads a lexicon file.
    ///
    /// # Errors
    /// [`ImportError`] where a line is malformed, or the content is not what its hash says.
    pub fn read(name: &str, text: &str) -> Result<Self, ImportError> {
        Reader { name }.read(text).map_err(|fault| ImportError {
            faults: vec![*fault],
        })
    }

    /// SHA-256 over the head and the body.
    pub(super) fn content_hash(&self) -> String {
        hash(&self.head(), &self.body())
    }

    fn head(&self) -> String {
        let mut head = format!(
            "source\t{}\nversion\t{}\nlicence\t{}\n",
            plain(&self.source),
            plain(&self.version),
            plain(&self.licence)
        );
        if let Some(joins) = &self.joins {
            head.push_str("joins\t");
            head.push_str(&plain(joins));
            head.push('\n');
        }
        head
    }

    fn body(&self) -> String {
        let mut body = String::with_capacity(self.terms.len() * 48 + self.concepts.len() * 64);
        // Writing to a string cannot fail.
        for Concept { code, name, group } in &self.concepts {
            let (code, name, group) = (plain(code), plain(name), plain(group));
            let _ = writeln!(body, "concept\t{code}\t{name}\t{group}");
        }
        for Term {
            code,
            name,
            concept,
        } in &self.terms
        {
            let _ = writeln!(body, "term\t{}\t{concept}\t{}", plain(code), plain(name));
        }
        body
    }
}

/// Text without the marks that structure the file.
fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['\t', '\n', '\r']) {
        text.replace(['\t', '\n', '\r'], " ").into()
    } else {
        text.into()
    }
}

fn hash(head: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(head.as_bytes());
    hasher.update(body.as_bytes());
    let digest = hasher.finalize();
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

struct Reader<'a> {
    name: &'a str,
}

impl Reader<'_> {
    fn fault(&self, line: usize, column: Option<(usize, &str)>, problem: &str) -> Box<RowFault> {
        Box::new(RowFault {
            file: self.name.to_owned(),
            line,
            column: column.map(|(number, name)| (number, name.to_owned())),
            problem: problem.to_owned(),
            mend: "import the terminology again; lexicon files are not written by hand".to_owned(),
        })
    }

    fn read(&self, text: &str) -> Result<Terminology, Box<RowFault>> {
        let Some(rest) = text.strip_prefix(FORMAT).and_then(|t| t.strip_prefix('\n')) else {
            let problem = format!("it does not begin with `{FORMAT}`");
            return Err(self.fault(1, None, &problem));
        };
        let mut line = 1;
        let mut rest = rest;
        let mut head: Vec<(&str, &str)> = Vec::new();
        let head_text = rest;
        let (said, body) = loop {
            line += 1;
            let (row, after) = rest
                .split_once('\n')
                .ok_or_else(|| self.fault(line, None, "the file ends within its head"))?;
            let (key, value) = row
                .split_once('\t')
                .ok_or_else(|| self.fault(line, None, "the line has no tab"))?;
            if key == "sha256" {
                break (value, after);
            }
            head.push((key, value));
            rest = after;
        };
        let head_text = head_text
            .get(..head_text.len() - rest.len())
            .unwrap_or_default();
        let hash = hash(head_text, body);
        if hash != said {
            let problem = "the content is not what the hash says: it was changed or cut off";
            return Err(self.fault(line, Some((2, "sha256")), problem));
        }
        let value = |key: &str| head.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
        let needed = |key: &str| {
            let missing = || self.fault(2, None, &format!("the head has no `{key}`"));
            value(key).map(str::to_owned).ok_or_else(missing)
        };
        let mut terminology = Terminology {
            source: needed("source")?,
            version: needed("version")?,
            licence: needed("licence")?,
            joins: value("joins").map(str::to_owned),
            concepts: Vec::new(),
            terms: Vec::new(),
            hash,
        };
        for row in body.lines() {
            line += 1;
            self.row(row, line, &mut terminology)?;
        }
        Ok(terminology)
    }

    fn row(&self, row: &str, line: usize, into: &mut Terminology) -> Result<(), Box<RowFault>> {
        let mut columns = row.split('\t');
        let mut next = |number: usize, name: &str| {
            let missing = || self.fault(line, Some((number, name)), "it is missing");
            columns.next().ok_or_else(missing)
        };
        match next(1, "kind")? {
            "concept" => into.concepts.push(Concept {
                code: next(2, "code")?.into(),
                name: next(3, "name")?.into(),
                group: next(4, "group")?.into(),
            }),
            "term" => {
                let code = next(2, "code")?.into();
                let concept = next(3, "concept")?.parse::<u32>().ok();
                let concept = concept
                    .filter(|at| (*at as usize) < into.concepts.len())
                    .ok_or_else(|| {
                        self.fault(line, Some((3, "concept")), "there is no such concept")
                    })?;
                let name = next(4, "name")?.into();
                into.terms.push(Term {
                    code,
                    name,
                    concept,
                });
            }
            other => {
                let problem = format!("`{other}` is neither concept nor term");
                return Err(self.fault(line, Some((1, "kind")), &problem));
            }
        }
        Ok(())
    }
}
