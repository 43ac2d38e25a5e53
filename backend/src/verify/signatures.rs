//! Electronic signatures: the signed bytes have the hash that the record of the signing commits to, and are about exactly
//! the row that names them (21 CFR 11.50, 11.70).

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use time::OffsetDateTime;

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{Log, SIGNED};
use super::tree::sha256;

const MEMBERS: &str = "action community components id meaning meaning_text object other reason revision revision_hash role \
                       rule_set_hash series signed_at signed_at_utc signer signer_commitment signer_name statement_hash \
                       version words_hash";

/// A signature, as far as rows that name it must agree with it.
#[derive(Debug)]
struct Signature {
    manifest: Value,
    place: Fault,
    claimed: bool,
}

/// The signatures of the bundle, by identifier.
#[derive(Debug, Default)]
pub struct Signatures(BTreeMap<String, Signature>);

/// What a row that was signed says of itself.
#[derive(Debug)]
pub struct Signed<'a> {
    /// The kind of row, as in `assessment`.
    pub kind: &'a str,
    /// The row.
    pub object: &'a str,
    /// Who made it.
    pub by: &'a str,
    /// In which role.
    pub role: &'a str,
    pub action: &'a str,
    pub reason: Option<&'a str>,
    pub revision: &'a str,
    pub revision_hash: &'a str,
    pub rule_set_hash: &'a str,
    pub words_hash: Option<&'a str>,
}

impl Signatures {
    /// The row of this line names the signature `id`: it must be there, be about this very row, and be named once.
    pub fn fits(&mut self, line: &Line<'_>, id: &str, signed: &Signed<'_>) -> Result<(), Fault> {
        let signature = self.0.get_mut(id).ok_or_else(|| {
            line.fault(format!(
                "the signature `{id}` is missing from signatures.jsonl"
            ))
        })?;
        let stated = [
            ("/object/kind", Some(signed.kind)),
            ("/object/id", Some(signed.object)),
            ("/signer", Some(signed.by)),
            ("/role", Some(signed.role)),
            ("/action", Some(signed.action)),
            ("/reason", signed.reason),
            ("/revision", Some(signed.revision)),
            ("/revision_hash", Some(signed.revision_hash)),
            ("/rule_set_hash", Some(signed.rule_set_hash)),
            ("/words_hash", signed.words_hash),
        ];
        let manifest = &signature.manifest;
        if let Some((pointer, _)) = stated
            .iter()
            .find(|(pointer, text)| manifest.pointer(pointer).and_then(Value::as_str) != *text)
        {
            return Err(line.fault(format!(
                "the signature `{id}` was made for something else: its `{pointer}` is not that of this {}",
                signed.kind
            )));
        }
        if std::mem::replace(&mut signature.claimed, true) {
            return Err(line.fault(format!("the signature `{id}` is used twice")));
        }
        Ok(())
    }

    /// Every signature on a row of this kind was named by its row.
    pub fn all_claimed(&self, kind: &str) -> Result<(), Fault> {
        let of_kind = |signature: &&Signature| {
            signature
                .manifest
                .pointer("/object/kind")
                .and_then(Value::as_str)
                == Some(kind)
        };
        match self
            .0
            .values()
            .filter(of_kind)
            .find(|signature| !signature.claimed)
        {
            Some(loose) => Err(Fault {
                what: format!("the {kind} that was signed does not name this signature"),
                ..loose.place.clone()
            }),
            None => Ok(()),
        }
    }
}

/// Checks the signatures against the log, the names and the texts.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<Signatures, Fault> {
    let names = names(archive)?;
    let (mut signatures, mut objects) = (Signatures::default(), HashSet::new());
    for line in json::lines(archive.get("signatures.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "community id manifest manifest_hash meaning object revision signed_at signer",
        )?;
        line.members("/object", "id kind")?;
        let id = line.text("/id")?;
        let manifest = manifest(&line)?;
        let says = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str);
        let hash = line.text("/manifest_hash")?;
        let object = (line.text("/object/kind")?, line.text("/object/id")?);
        let stated = [
            ("/actor/id", says("/signer")),
            ("/actor/name_commitment", says("/signer_commitment")),
            ("/actor/role", says("/role")),
            ("/change/manifest_hash", Some(hash)),
            ("/change/meaning", says("/meaning")),
            ("/change/object/id", Some(object.1)),
            ("/change/object/kind", Some(object.0)),
            ("/change/revision", says("/revision")),
            ("/community", says("/community")),
        ];
        let signed_at = line.number("/signed_at")?;
        if !log.of(SIGNED, id).iter().any(|record| {
            record.says(&stated) && record.number("/change/signed_at") == Some(signed_at)
        }) {
            return Err(line.fault(format!(
                "no record says that this person made the signature `{id}` with these bytes, on this object, at this time"
            )));
        }
        let commitment = says("/signer_commitment").unwrap_or_default();
        let name = names
            .get(commitment)
            .ok_or_else(|| line.fault("the name of the signer is missing from people.jsonl"))?;
        if name
            .as_deref()
            .is_some_and(|name| says("/signer_name") != Some(name))
        {
            return Err(line.fault("the printed name is not the one that the signer had"));
        }
        text_was_read(&line, &manifest, content)?;
        if !objects.insert((
            object.0.to_owned(),
            object.1.to_owned(),
            line.text("/signer")?.to_owned(),
        )) {
            return Err(line.fault("this person signed this object already"));
        }
        let signature = Signature {
            manifest,
            place: line.fault(""),
            claimed: false,
        };
        if signatures.0.insert(id.to_owned(), signature).is_some() {
            return Err(line.fault("the signature is twice in the file"));
        }
    }
    if let Some((_, record)) = log
        .all(SIGNED)
        .find(|(id, _)| !signatures.0.contains_key(*id))
    {
        return Err(record
            .fault("the signature that this record tells of is missing from signatures.jsonl"));
    }
    report.passed(
        signatures.0.len() as u64,
        "electronic signatures have the bytes, the printed name, the time and the meaning that their records commit to",
    );
    Ok(signatures)
}

/// The signed bytes of this line, which agree with what stands beside them.
fn manifest(line: &Line<'_>) -> Result<Value, Fault> {
    let text = line.text("/manifest")?;
    if hex::encode(sha256(text.as_bytes())) != line.text("/manifest_hash")? {
        return Err(line.fault("the signed bytes do not have the hash of the signature"));
    }
    let manifest: Value = serde_json::from_str(text)
        .map_err(|cause| line.fault(format!("the signed bytes are not JSON: {cause}")))?;
    if json::canonical(&manifest).map_err(|what| line.fault(what))? != text {
        return Err(line.fault("the signed bytes are not the canonical spelling of their JSON"));
    }
    let within = Line {
        value: manifest.clone(),
        ..line.clone()
    };
    within.members("", MEMBERS)?;
    within.members("/object", "id kind")?;
    for (beside, inside) in [
        ("/id", "/id"),
        ("/community", "/community"),
        ("/meaning", "/meaning"),
        ("/object/id", "/object/id"),
        ("/object/kind", "/object/kind"),
        ("/revision", "/revision"),
        ("/signed_at", "/signed_at"),
        ("/signer", "/signer"),
    ] {
        if line.at(beside)? != within.at(inside)? {
            return Err(line.fault(format!("`{beside}` is not what was signed")));
        }
    }
    let micros = i128::from(within.number("/signed_at")?);
    let utc = OffsetDateTime::from_unix_timestamp_nanos(micros * 1000).ok();
    let utc = utc.map(|at| {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.microsecond()
        )
    });
    if utc.as_deref() != Some(within.text("/signed_at_utc")?) {
        return Err(line.fault("the time that was shown is not the time of the signature"));
    }
    Ok(manifest)
}

/// The signature names the text that was read, by its hash, and the rules whose findings were read.
fn text_was_read(line: &Line<'_>, manifest: &Value, content: &Content) -> Result<(), Fault> {
    let says = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str);
    let Some(revision) = says("/revision") else {
        return Ok(());
    };
    let known = content.revisions.get(revision).ok_or_else(|| {
        line.fault("the revision that was signed is missing from revisions.jsonl")
    })?;
    if says("/revision_hash") != Some(&known.hash) {
        return Err(line.fault("another text was signed: its hash is not that of the revision"));
    }
    Ok(())
}

/// The names by their commitments, as far as they were not erased. That they fit was checked before.
fn names(archive: &Archive<'_>) -> Result<HashMap<String, Option<String>>, Fault> {
    let mut names = HashMap::new();
    for line in json::lines(archive.get("people.jsonl")?) {
        let line = line?;
        names.insert(
            line.text("/commitment")?.to_owned(),
            line.maybe_text("/name")?.map(str::to_owned),
        );
    }
    Ok(names)
}
