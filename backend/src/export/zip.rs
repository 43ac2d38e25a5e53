//! Puts the files together: manifest, signature, ZIP.

use std::fs::File;
use std::io::{Seek as _, copy};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::ExportError;
use super::spool::{Spool, Spooled};
use crate::audit::checkpoint::LogKey;

/// The format that `docs/BUNDLE.md` describes.
pub const FORMAT: &str = "hortus-bundle/1";

/// A ZIP without the 64-bit extension ends here.
const LARGEST: u64 = u32::MAX as u64;
/// What a file costs besides its content: two headers and its name, twice.
const OVERHEAD: u64 = 512;

/// Signs a manifest of `files` and packs all of it. `manifest` holds everything but the list of files.
pub fn pack(
    mut files: Vec<Spooled>,
    mut manifest: Value,
    key: &LogKey,
) -> Result<File, ExportError> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let listed: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({"bytes": file.bytes, "lines": file.lines, "path": file.path, "sha256": hex::encode(file.sha256)})
        })
        .collect();
    if let Some(members) = manifest.as_object_mut() {
        members.insert("files".to_owned(), listed.into());
    }
    let mut listing = Spool::new("manifest.json")?;
    listing.row(&manifest)?;
    let listing = listing.end()?;
    let mut signature = Spool::new("manifest.sig")?;
    signature.text(&key.sign(&format!(
        "{FORMAT} manifest\n{}\n",
        hex::encode(listing.sha256)
    )))?;
    files.push(listing);
    files.push(signature.end()?);
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let size: u64 = files.iter().map(|file| file.bytes + OVERHEAD).sum();
    if size > LARGEST || files.len() >= usize::from(u16::MAX) {
        return Err(ExportError::TooLarge);
    }
    // Stored, of one fixed time, without anything extra: the verifier refuses every other byte.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    for mut file in files {
        zip.start_file(file.path, options)?;
        copy(&mut file.file, &mut zip)?;
    }
    let mut zip = zip.finish()?;
    zip.rewind()?;
    Ok(zip)
}
