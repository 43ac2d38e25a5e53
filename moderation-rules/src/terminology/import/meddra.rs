//! The ASCII distribution of MedDRA: columns separated by `$`, one more at the end of each row.

use super::rows::{Draft, Faults, rows};
use crate::terminology::{Edition, ImportError, SourceFile, Terminology};

/// The files of the distribution that are read.
#[derive(Clone, Copy, Debug)]
pub struct MeddraFiles<'a> {
    /// `llt.asc`: the lowest level terms.
    pub llt: SourceFile<'a>,
    /// `pt.asc`: the preferred terms.
    pub pt: SourceFile<'a>,
    /// `mdhier.asc`: the hierarchy, for the primary system organ class of each preferred term.
    pub mdhier: Option<SourceFile<'a>>,
}

const PT: &[&str] = &["pt_code", "pt_name", "null_field", "pt_soc_code"];
const LLT: &[&str] = &[
    "llt_code",
    "llt_name",
    "pt_code",
    "llt_whoart_code",
    "llt_harts_code",
    "llt_costart_sym",
    "llt_icd9_code",
    "llt_icd9cm_code",
    "llt_icd10_code",
    "llt_currency",
];
const MDHIER: &[&str] = &[
    "pt_code",
    "hlt_code",
    "hlgt_code",
    "soc_code",
    "pt_name",
    "hlt_name",
    "hlgt_name",
    "soc_name",
    "soc_abbrev",
    "null_field",
    "pt_soc_code",
    "primary_soc_fg",
];

/// Imports MedDRA. Only current lowest level terms are taken, for only they may code a report.
///
/// # Errors
/// [`ImportError`] with file, line and column of each row that is malformed or names a term that is not there.
pub fn meddra(files: &MeddraFiles<'_>, edition: &Edition<'_>) -> Result<Terminology, ImportError> {
    let mut draft = Draft::default();
    let mut faults = Faults::default();
    rows(&files.pt, '$', PT, &mut faults, |row| {
        let code = row.filled(1)?;
        if !numeric(code) {
            return Err(row.fault(1, format!("`{code}` is no number"), NUMBER));
        }
        draft.concept(code, row.filled(2)?, "");
        Ok(())
    });
    if let Some(mdhier) = &files.mdhier {
        rows(mdhier, '$', MDHIER, &mut faults, |row| {
            let code = row.filled(1)?;
            let Some(concept) = draft.known(code) else {
                let problem = format!("there is no preferred term {code}");
                return Err(row.fault(1, problem, SAME_VERSION));
            };
            match row.column(12) {
                "Y" => draft.group(concept, row.filled(8)?),
                "N" => {}
                other => {
                    let problem = format!("`{other}` is neither Y nor N");
                    return Err(row.fault(12, problem, SAME_VERSION));
                }
            }
            Ok(())
        });
    }
    rows(&files.llt, '$', LLT, &mut faults, |row| {
        let (code, name) = (row.filled(1)?, row.filled(2)?);
        if !numeric(code) {
            return Err(row.fault(1, format!("`{code}` is no number"), NUMBER));
        }
        let pt = row.filled(3)?;
        let Some(concept) = draft.known(pt) else {
            let problem = format!("there is no preferred term {pt}");
            return Err(row.fault(3, problem, SAME_VERSION));
        };
        match row.column(10) {
            "Y" => draft.term(code, name, concept),
            "N" => {}
            other => {
                let problem = format!("`{other}` is neither Y nor N");
                return Err(row.fault(10, problem, SAME_VERSION));
            }
        }
        Ok(())
    });
    draft.finish("MedDRA", &files.llt, edition, faults)
}

const SAME_VERSION: &str = "take all files from the same version of the distribution";
const NUMBER: &str = "codes of MedDRA are numbers; the columns may be shifted";

fn numeric(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_digit())
}
