//! The manifest: what the bundle holds, signed with the key of the log.

use std::collections::BTreeSet;

use serde_json::Value;

use super::archive::{Archive, Entry};
use super::fault::Fault;
use super::json::{self, Line};
use super::note::PublicKey;
use super::tree::{Hash, sha256};

/// The one format that this verifier knows.
pub const FORMAT: &str = "hortus-bundle/1";
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const KEYS: &str = "keys.json";
/// Every file that the manifest lists; packs lie in `rule-sets/` beside them.
const FILES: [&str; 26] = [
    "README.txt",
    "appeals.jsonl",
    "assessments.jsonl",
    "checkpoints.jsonl",
    "communities.jsonl",
    "decisions.jsonl",
    "derivations.jsonl",
    "golden-texts.jsonl",
    "inclusion-proofs.jsonl",
    KEYS,
    "leaves.txt",
    "people.jsonl",
    "posts.jsonl",
    "publications.jsonl",
    "records.jsonl",
    "referrals.jsonl",
    "report.html",
    "reports.jsonl",
    "retractions.jsonl",
    "revisions.jsonl",
    "safety-cases.jsonl",
    "sample-seeds.jsonl",
    "samples.jsonl",
    "screenings.jsonl",
    "sealed-readings.jsonl",
    "signatures.jsonl",
];

/// What the signed manifest states of the bundle.
#[derive(Debug)]
pub struct Manifest<'a> {
    line: Line<'a>,
    /// Records in the log at the time of the export.
    pub size: u64,
    /// The root of the log at the time of the export.
    pub root: Hash,
    /// The communities whose records are in the bundle.
    pub communities: BTreeSet<String>,
    /// Whether the bundle holds every record of the log.
    pub everything: bool,
    /// Whether the words of sealed texts are in it, for a reason.
    pub with_sealed: bool,
}

/// The key that the bundle says it is signed with.
pub fn key(archive: &Archive<'_>) -> Result<PublicKey, Fault> {
    let entry = archive.get(KEYS)?;
    let line = json::document(entry)?;
    line.members("", "vkey")?;
    PublicKey::parse(line.text("/vkey")?).map_err(|what| line.fault(what))
}

impl<'a> Manifest<'a> {
    /// Reads the manifest and checks its signature.
    pub fn read(archive: &Archive<'a>, key: &PublicKey) -> Result<Self, Fault> {
        let (entry, signature) = (archive.get(MANIFEST)?, archive.get(SIGNATURE)?);
        let note = std::str::from_utf8(signature.content).map_err(|cause| Fault {
            offset: Some(signature.offset + cause.valid_up_to() as u64),
            ..signature.fault("this is not UTF-8")
        })?;
        let signed = key.open(note).map_err(|what| signature.fault(what))?;
        let wanted = format!(
            "{FORMAT} manifest\n{}\n",
            hex::encode(sha256(entry.content))
        );
        if signed != wanted {
            // The signature is good, so it is the manifest that is not the one that was signed.
            return Err(json::document(entry).err().unwrap_or_else(|| {
                entry.fault("the manifest is not the one that was signed: its SHA-256 is another")
            }));
        }

        Self::unsigned(archive, key)
    }

    /// Reads the manifest of a bundle that was never out of our hands, whatever its signature.
    pub fn unsigned(archive: &Archive<'a>, key: &PublicKey) -> Result<Self, Fault> {
        let line = json::document(archive.get(MANIFEST)?)?;
        line.members(
            "",
            "checkpoint exported_at exported_by files format origin scope sealed_reason",
        )?;
        line.members("/checkpoint", "root size")?;
        line.members("/scope", "communities everything")?;
        if line.text("/format")? != FORMAT {
            return Err(line.fault(format!(
                "the format is not {FORMAT}; use a verifier of that format"
            )));
        }
        if line.text("/origin")? != key.name() {
            return Err(line.fault("the origin is not the name of the key"));
        }
        let communities = line
            .at("/scope/communities")?
            .as_array()
            .and_then(|ids| {
                ids.iter()
                    .map(|id| id.as_str().map(str::to_owned))
                    .collect()
            })
            .ok_or_else(|| line.fault("`/scope/communities` is no list of identifiers"))?;
        let everything = line
            .at("/scope/everything")?
            .as_bool()
            .ok_or_else(|| line.fault("`/scope/everything` is neither true nor false"))?;
        Ok(Self {
            size: line.number("/checkpoint/size")?,
            root: line.hash("/checkpoint/root")?,
            communities,
            everything,
            with_sealed: line.maybe_text("/sealed_reason")?.is_some(),
            line,
        })
    }

    /// Compares the list of files with the files.
    pub fn check_files(&self, archive: &Archive<'_>) -> Result<usize, Fault> {
        let listed = self
            .line
            .at("/files")?
            .as_array()
            .ok_or_else(|| self.line.fault("`/files` is no list"))?;
        let paths: Vec<_> = listed
            .iter()
            .filter_map(|file| file.pointer("/path")?.as_str())
            .collect();
        let files = || {
            archive
                .entries()
                .iter()
                .filter(|entry| ![MANIFEST, SIGNATURE].contains(&entry.name))
        };
        if let Some(strange) = files().find(|entry| !paths.contains(&entry.name)) {
            return Err(strange.fault("the file is not in the signed manifest"));
        }
        let mut rest = files();
        for position in 0..listed.len() {
            let pointer = format!("/files/{position}");
            self.line.members(&pointer, "bytes lines path sha256")?;
            let path = self.line.text(&format!("{pointer}/path"))?;
            if !FILES.contains(&path) && !path.starts_with("rule-sets/") {
                return Err(self.line.fault(format!(
                    "`{path}` does not belong to a bundle of this format"
                )));
            }
            let entry = rest
                .next()
                .filter(|entry| entry.name == path)
                .ok_or_else(|| {
                    self.line.fault(format!(
                        "`{path}` is in the manifest but not at its place in the ZIP"
                    ))
                })?;
            if sha256(entry.content) != self.line.hash(&format!("{pointer}/sha256"))? {
                return Err(
                    entry.fault("the SHA-256 of the file is not the one in the signed manifest")
                );
            }
            if entry.content.len() as u64 != self.line.number(&format!("{pointer}/bytes"))? {
                return Err(
                    entry.fault("the size of the file is not the one in the signed manifest")
                );
            }
            if count_lines(entry) != self.line.number(&format!("{pointer}/lines"))? {
                return Err(
                    entry.fault("the number of lines is not the one in the signed manifest")
                );
            }
        }
        Ok(listed.len())
    }

    /// Whether the manifest states that the file at `path` has this content.
    pub fn states(&self, path: &str, content: &[u8]) -> bool {
        let files = self.line.value.pointer("/files").and_then(Value::as_array);
        let file = files.and_then(|files| {
            files
                .iter()
                .find(|file| file.pointer("/path").is_some_and(|at| at == path))
        });
        let stated = file
            .and_then(|file| file.pointer("/sha256")?.as_str())
            .and_then(json::hash);
        stated == Some(sha256(content))
    }

    /// Whether a record or an object of this community belongs into the bundle. What happened in no community does.
    pub fn covers(&self, community: Option<&str>) -> bool {
        self.everything || community.is_none_or(|id| self.communities.contains(id))
    }
}

fn count_lines(entry: &Entry<'_>) -> u64 {
    entry.content.iter().filter(|byte| **byte == b'\n').count() as u64
}
