//! RxNorm in the rich release format: `RXNCONSO.RRF`, columns separated by `|`, one more at the end of each row.

use super::rows::{Draft, Faults, rows};
use crate::terminology::{Edition, ImportError, SourceFile, Terminology};

const CONSO: &[&str] = &[
    "RXCUI", "LAT", "TS", "LUI", "STT", "SUI", "ISPREF", "RXAUI", "SAUI", "SCUI", "SDUI", "SAB",
    "TTY", "CODE", "STR", "SRL", "SUPPRESS", "CVF",
];

/// The kinds of names that are taken, and what they name.
const KINDS: [(&str, &str); 4] = [
    ("IN", "ingredient"),
    ("PIN", "precise ingredient"),
    ("MIN", "multiple ingredients"),
    ("BN", "brand name"),
];

/// Imports the names of ingredients and brands. Names of other vocabularies, of packs and of doses are passed over, and so
/// is what is suppressed.
///
/// # Errors
/// [`ImportError`] with file, line and column of each malformed row.
pub fn rxnorm(conso: &SourceFile<'_>, edition: &Edition<'_>) -> Result<Terminology, ImportError> {
    let mut draft = Draft::default();
    let mut faults = Faults::default();
    rows(conso, '|', CONSO, &mut faults, |row| {
        let code = row.filled(1)?;
        if !code.bytes().all(|b| b.is_ascii_digit()) {
            let problem = format!("`{code}` is no number");
            return Err(row.fault(
                1,
                problem,
                "concepts of RxNorm are numbers; the columns may be shifted",
            ));
        }
        let suppressed = row.column(17);
        if !matches!(suppressed, "" | "N" | "O" | "Y" | "E") {
            let problem = format!("`{suppressed}` is none of N, O, Y and E");
            return Err(row.fault(
                17,
                problem,
                "the columns may be shifted by a `|` within a name",
            ));
        }
        let kind = KINDS
            .iter()
            .find(|(kind, _)| *kind == row.filled(13).unwrap_or_default());
        let current = matches!(suppressed, "" | "N");
        if let Some((_, group)) = kind
            && current
            && row.column(2) == "ENG"
            && row.column(12) == "RXNORM"
        {
            let name = row.filled(15)?;
            let concept = draft.concept(code, name, group);
            draft.term(code, name, concept);
        }
        Ok(())
    });
    draft.finish("RxNorm", conso, edition, faults)
}
