//! Rule packs: TOML files that regulatory people write, own and version.

mod canonical;
mod compile;
mod condition;
mod format;
mod shipped;
mod validate;

pub(crate) use compile::Compiled;
pub(crate) use shipped::SHIPPED;

use crate::error::{Fault, LoadError};

/// A pack as it is handed in: its name for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct PackSource<'a> {
    /// The name of the file, for messages.
    pub name: &'a str,
    /// The text of the file.
    pub toml: &'a str,
}

/// Reads, checks and compiles packs; gives every fault of every pack.
pub(crate) fn load(packs: &[PackSource<'_>]) -> Result<(Compiled, String), LoadError> {
    let mut faults = Vec::new();
    let mut read = Vec::new();
    for source in packs {
        match format::read(source) {
            Ok(pack) => read.push(pack),
            Err(fault) => faults.push(*fault),
        }
    }
    if packs.is_empty() {
        faults.push(Fault {
            pack: "packs".to_owned(),
            line: None,
            subject: None,
            problem: "no pack was given".to_owned(),
            mend: "give at least one pack: without rules nothing can be screened".to_owned(),
        });
    }
    if faults.is_empty() {
        validate::check(&read, &mut faults);
    }
    if !faults.is_empty() {
        return Err(LoadError { faults });
    }
    let hash = canonical::hash(&read);
    compile::compile(&read)
        .map(|compiled| (compiled, hash))
        .map_err(|faults| LoadError { faults })
}
