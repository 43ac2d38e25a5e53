//! Names of substances and products with their identifiers, separated by tabs: UNII names, and lists of IDMP identifiers.

use super::rows::{Draft, Faults, rows};
use crate::terminology::{Edition, ImportError, RowFault, SourceFile, Terminology};

/// What the columns are called that are read; case, gaps and signs do not count.
const NAME: [&str; 5] = [
    "name",
    "substancename",
    "substance",
    "productname",
    "synonym",
];
const CODE: [&str; 7] = [
    "unii",
    "code",
    "substanceid",
    "smsid",
    "mpid",
    "phpid",
    "identifier",
];
const PREFERRED: [&str; 4] = ["displayname", "preferredterm", "pt", "preferredname"];
const KIND: [&str; 2] = ["type", "nametype"];

/// Names of one letter or two are words of every language.
const SHORTEST_NAME: usize = 3;

/// Imports a list with a heading. A name and an identifier are needed; a preferred name and a type are read if there.
///
/// # Errors
/// [`ImportError`] with file, line and column of each malformed row, or where the heading lacks a column.
pub fn substances(
    file: &SourceFile<'_>,
    edition: &Edition<'_>,
) -> Result<Terminology, ImportError> {
    let mut draft = Draft::default();
    let mut faults = Faults::default();
    let heading = file.text.lines().next().unwrap_or_default();
    let columns: Vec<String> = heading
        .trim_start_matches('\u{FEFF}')
        .split('\t')
        .map(|name| {
            let letters = name.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        })
        .collect();
    let find = |names: &[&str]| {
        let at = names
            .iter()
            .find_map(|name| columns.iter().position(|c| c == name));
        at.map(|at| at + 1)
    };
    let (Some(name), Some(code)) = (find(&NAME), find(&CODE)) else {
        faults.add(RowFault {
            file: file.name.to_owned(),
            line: 1,
            column: None,
            problem: "the heading names no column for the name or none for the identifier"
                .to_owned(),
            mend: format!(
                "call them `{}` and one of `{}`, separated by tabs",
                "name",
                CODE.join("`, `")
            ),
        });
        return draft.finish("substances", file, edition, faults);
    };
    let (preferred, kind) = (find(&PREFERRED), find(&KIND));
    let needed = NEEDED.get(..name.max(code)).unwrap_or(NEEDED);
    rows(file, '\t', needed, &mut faults, |row| {
        if row.column(name) == heading.split('\t').nth(name - 1).unwrap_or_default().trim() {
            return Ok(());
        }
        let (text, id) = (row.filled(name)?, row.filled(code)?);
        if !id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        {
            let problem = format!("`{id}` is no identifier");
            return Err(row.fault(
                code,
                problem,
                "an identifier is letters and digits; the columns may be shifted",
            ));
        }
        let main = preferred.map(|at| row.column(at)).filter(|p| !p.is_empty());
        let group = kind.map_or("", |at| row.column(at));
        let concept = draft.concept(id, main.unwrap_or(text), group);
        if text.chars().count() >= SHORTEST_NAME {
            draft.term(id, text, concept);
        }
        Ok(())
    });
    draft.finish("substances", file, edition, faults)
}

/// Columns before the ones that are needed must be there, whatever they are.
const NEEDED: &[&str] = &[
    "1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th",
];
