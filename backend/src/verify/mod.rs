//! PROVE it elsewhere: checks an inspection bundle offline, byte by byte.
//!
//! INVARIANT: nothing here imports anything of the rest of Hortus. Who writes the evidence and who checks it share the
//! documented format (`docs/BUNDLE.md`) and no line of code, so that one mistake cannot hide in both.
//! INVARIANT: no byte of a bundle is free: whichever is changed, the bundle is refused and the place is named.

mod archive;
mod assessments;
mod content;
mod crc;
mod decisions;
mod derivations;
mod fault;
mod json;
mod log;
mod manifest;
mod note;
mod referrals;
mod reopenings;
mod retractions;
mod rule_sets;
mod running;
mod sampling;
mod signatures;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt;

use archive::Archive;
pub use fault::Fault;
use manifest::Manifest;
use note::PublicKey;
pub use running::RunningLog;

/// What the inspector knows from elsewhere. A bundle alone proves that it fits together; only these prove that it is
/// not another history, forged as a whole.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The public key of the log (C2SP vkey), as it was handed over before.
    pub key: Option<String>,
    /// A signed checkpoint from an earlier visit.
    pub checkpoint: Option<String>,
}

/// What was checked, and the first fault if there is one.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many of what passed, in the order of the checks.
    pub passed: Vec<(u64, &'static str)>,
    /// What the inspector should know that is no fault.
    pub notes: Vec<String>,
    /// Where the bundle is wrong. Nothing after it was checked.
    pub fault: Option<Fault>,
}

impl Report {
    fn passed(&mut self, count: u64, what: &'static str) {
        self.passed.push((count, what));
    }

    /// Whether every check passed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.fault.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, what) in &self.passed {
            writeln!(f, "ok    {count:>9} {what}")?;
        }
        for note in &self.notes {
            writeln!(f, "note  {note}")?;
        }
        match &self.fault {
            None => f.write_str("GOOD  the bundle is complete and unchanged"),
            Some(fault) => write!(f, "FAULT {fault}"),
        }
    }
}

/// Checks a bundle. It needs no network, no database and no clock.
#[must_use]
pub fn verify(zip: &[u8], trust: &Trust) -> Report {
    let mut report = Report::default();
    report.fault = check(zip, trust, &mut report).err();
    report
}

/// Checks what a bundle holds that was written on the spot from a database: as [`verify`], but for the manifest, whose
/// signature would say no more than that this process wrote it.
///
/// `key` is the public key (C2SP vkey) that signed the checkpoints.
#[must_use]
pub fn verify_state(zip: &[u8], key: &str) -> Report {
    let mut report = Report::default();
    report.fault = state(zip, key, &mut report).err();
    report
}

fn state(zip: &[u8], key: &str, report: &mut Report) -> Result<(), Fault> {
    let archive = Archive::read(zip)?;
    let key = PublicKey::parse(key).map_err(|what| Fault {
        file: "(the key)".to_owned(),
        line: None,
        offset: None,
        what,
    })?;
    let manifest = Manifest::unsigned(&archive, &key)?;
    evidence(&archive, &manifest, &key, &Trust::default(), report)
}

/// What is wrong with a public key (C2SP vkey), if it is none.
#[must_use]
pub fn key_fault(text: &str) -> Option<String> {
    PublicKey::parse(text.trim()).err()
}

fn check(zip: &[u8], trust: &Trust, report: &mut Report) -> Result<(), Fault> {
    let archive = Archive::read(zip)?;
    report.passed(
        archive.entries().len() as u64,
        "files in the ZIP, with no byte between, before or after them",
    );

    let key = manifest::key(&archive).map_err(|fault| blame(&archive, fault))?;
    if let Some(trusted) = &trust.key {
        if PublicKey::parse(trusted.trim()).as_ref() != Ok(&key) {
            return Err(archive
                .get("keys.json")?
                .fault("the bundle is signed with another key than the one you trust"));
        }
        report.passed(1, "public key is the one you trust");
    } else {
        report.notes.push(format!(
            "the public key came with the bundle; compare it with the one you were given (--key): {}",
            key.text()
        ));
    }
    let manifest = Manifest::read(&archive, &key).map_err(|fault| blame(&archive, fault))?;
    report.passed(1, "manifest is signed");

    match manifest.check_files(&archive) {
        Ok(count) => report.passed(
            count as u64,
            "files have the SHA-256 that the manifest states",
        ),
        // The signed manifest says which file is wrong; its CRC-32 and the checks of its content may say where.
        Err(fault) => {
            if let Some(exactly) = archive
                .get(&fault.file)
                .ok()
                .and_then(|entry| entry.changed_byte(|right| manifest.states(&fault.file, right)))
            {
                return Err(exactly);
            }
            let closer = evidence(&archive, &manifest, &key, trust, &mut Report::default()).err();
            return Err(match closer {
                Some(closer) if closer.file == fault.file => Fault {
                    what: format!("{} ({})", closer.what, fault.what),
                    ..closer
                },
                Some(closer) => Fault {
                    what: format!("{}; seen in {closer}", fault.what),
                    ..fault
                },
                None => fault,
            });
        }
    }
    if let Some(entry) = archive.entries().iter().find(|entry| !entry.has_its_crc()) {
        return Err(entry.fault("the content does not have the CRC-32 of its header"));
    }
    evidence(&archive, &manifest, &key, trust, report)
}

fn evidence(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    key: &PublicKey,
    trust: &Trust,
    report: &mut Report,
) -> Result<(), Fault> {
    let log = log::check(archive, manifest, key, trust, report)?;
    let content = content::check(archive, manifest, &log, report)?;
    let mut signatures = signatures::check(archive, &content, &log, report)?;
    let assessments = assessments::check(archive, &content, &mut signatures, &log, report)?;
    decisions::check(archive, manifest, &content, &assessments, &log, report)?;
    referrals::check(archive, &content, &log, report)
}

/// If the key, the manifest or its signature is damaged, the CRC-32 tells which of the three it is, and where.
fn blame(archive: &Archive<'_>, fault: Fault) -> Fault {
    let damaged = archive
        .entries()
        .iter()
        .filter(|entry| ["keys.json", "manifest.json", "manifest.sig"].contains(&entry.name))
        .find(|entry| !entry.has_its_crc());
    let Some(entry) = damaged else {
        return fault;
    };
    entry.changed_byte(|_| true).unwrap_or_else(|| {
        entry.fault(format!(
            "the file was changed after the bundle was made; seen in {fault}"
        ))
    })
}
