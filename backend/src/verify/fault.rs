//! Where a bundle is wrong, and in what.

use std::fmt;

/// The first thing found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file in the bundle.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: Option<u64>,
    /// The byte in the ZIP, counted from 0: the wrong byte itself where it is known, else where its line or file begins.
    pub offset: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset} of the ZIP")?;
        }
        write!(f, ": {}", self.what)
    }
}
