//! Rule packs: TOML files that regulatory people write, own and version.

mod canonical;
mod compile;
mod condition;
mod format;
mod handbook;
mod reach;
mod shipped;
mod validate;
mod words;

pub(crate) use compile::Compiled;
pub use handbook::{document, explain};
pub(crate) use shipped::SHIPPED;
pub use words::rule_words;

use crate::error::{Fault, LoadError};
use crate::terminology::Terminology;

/// A pack as it is handed in: its name for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct PackSource<'a> {
    /// The name of the file, for messages.
    pub name: &'a str,
    /// The text of the file.
    pub toml: &'a str,
}

/// Reads, checks and compiles packs; gives every fault of every pack.
pub(crate) fn load(
    packs: &[PackSource<'_>],
    terminologies: Vec<Terminology>,
) -> Result<(Compiled, String), LoadError> {
    let mut faults = Vec::new();
    let read: Vec<_> = packs
        .iter()
        .filter_map(|source| format::read(source, &mut faults))
        .collect();
    if packs.is_empty() {
        faults.push(Fault {
            pack: "packs".to_owned(),
            line: None,
            subject: None,
            problem: "no pack was given".to_owned(),
            mend: "give at least one pack: without rules nothing can be screened".to_owned(),
        });
    }
    // Where a part could not be read, what others need of it is not to be called missing.
    let whole = faults.is_empty();
    validate::check(&read, whole, &mut faults);
    if !whole {
        return Err(LoadError { faults });
    }
    match compile::compile(&read, terminologies) {
        Ok(compiled) if faults.is_empty() => {
            let hash = canonical::hash(&read, &compiled.terms);
            Ok((compiled, hash))
        }
        Ok(_) => Err(LoadError { faults }),
        Err(more) => {
            let told = |new: &Fault| {
                faults
                    .iter()
                    .any(|f| f.pack == new.pack && f.line == new.line && f.subject == new.subject)
            };
            let more: Vec<_> = more.into_iter().filter(|fault| !told(fault)).collect();
            faults.extend(more);
            Err(LoadError { faults })
        }
    }
}
