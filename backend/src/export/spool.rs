//! A file of the bundle while it grows: on disk, with its hash.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, Write as _};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ExportError;
use crate::audit::canonical::to_canonical;

/// A file of the bundle that is being written.
pub struct Spool {
    path: String,
    file: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
    lines: u64,
}

/// A file of the bundle that is complete.
pub struct Spooled {
    /// Its name in the bundle.
    pub path: String,
    /// Its content, from the beginning.
    pub file: File,
    /// The hash of its content.
    pub sha256: [u8; 32],
    /// Its size.
    pub bytes: u64,
    /// Its line feeds.
    pub lines: u64,
}

impl Spool {
    /// An empty file with this name in the bundle.
    pub fn new(path: impl Into<String>) -> Result<Self, ExportError> {
        Ok(Self {
            path: path.into(),
            file: BufWriter::new(tempfile::tempfile()?),
            digest: Sha256::new(),
            bytes: 0,
            lines: 0,
        })
    }

    /// Adds one value as canonical JSON on a line of its own.
    pub fn row(&mut self, value: &Value) -> Result<(), ExportError> {
        let mut line = to_canonical(value)?;
        line.push('\n');
        self.text(&line)
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> Result<(), ExportError> {
        self.file.write_all(text.as_bytes())?;
        self.digest.update(text);
        self.bytes += text.len() as u64;
        self.lines += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        Ok(())
    }

    /// Adds what another file holds.
    pub fn append(&mut self, other: Spooled) -> Result<(), ExportError> {
        let mut lines = BufReader::new(other.file);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            self.text(&line)?;
            line.clear();
        }
        Ok(())
    }

    /// Ends the file.
    pub fn end(self) -> Result<Spooled, ExportError> {
        let mut file = self
            .file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Spooled {
            path: self.path,
            file,
            sha256: self.digest.finalize().into(),
            bytes: self.bytes,
            lines: self.lines,
        })
    }
}
