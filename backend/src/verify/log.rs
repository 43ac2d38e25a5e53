//! The log: leaves, signed checkpoints, records, inclusion proofs.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::archive::Archive;
use super::fault::Fault;
use super::json::{self, Line};
use super::manifest::Manifest;
use super::note::PublicKey;
use super::tree::{Hash, Tree, is_included, leaf};
use super::{Report, Trust};

/// What was submitted: object is the revision.
pub const SUBMITTED: &str = "revision.submitted";
/// What a decision made of a text: object is the new revision.
pub const DERIVED: &str = "revision.derived";
/// What was read although it is sealed: object is the revision.
pub const UNSEALED: &str = "sealed_text.read";
/// What was screened again under later rules: object is the revision.
pub const RESCREENED: &str = "revision.rescreened";
/// What states a screening, and the safety case that it opened.
const SCREENED: [&str; 3] = [SUBMITTED, DERIVED, RESCREENED];
/// What was judged: object is the assessment.
pub const ASSESSED: &str = "assessment.made";
/// What was taken back: object is the assessment that says so.
pub const UNDONE: &str = "assessment.undone";
/// What was decided: object is the decision.
pub const DECIDED: &str = "decision.made";
/// What was shown to readers: object is the post.
pub const PUBLISHED: &str = "revision.published";
/// What was taken from readers: object is the post.
pub const RETRACTED: &str = "post.retracted";
/// What readers see again: object is the post.
pub const RESTORED: &str = "post.restored";
/// What a reader reported: object is the report.
pub const REPORTED: &str = "post.reported";
/// What an author appealed against: object is the appeal.
pub const APPEALED: &str = "decision.appealed";
/// What was asked of another desk: object is the question.
pub const ASKED: &str = "referral.asked";
/// What was answered: object is the question.
pub const ANSWERED: &str = "referral.answered";
/// Which question was taken back: object is the question.
pub const RECALLED: &str = "referral.recalled";
/// What was said of a safety case: object is the case.
pub const DISPOSED: &str = "safety_case.disposed";
/// What was signed: object is the signature.
pub const SIGNED: &str = "signature.made";
/// What a seed was committed to: object is the seed.
pub const SEEDED: &str = "sample_seed.drawn";
/// What a seed was: object is the seed.
pub const REVEALED: &str = "sample_seed.revealed";
/// What was drawn: object is the sample.
pub const SAMPLED: &str = "sample.drawn";
/// What is right to decide on a text: object is the golden text.
pub const GOLDEN_KEPT: &str = "golden_text.kept";
/// That it comes to the desk no more: object is the golden text.
pub const GOLDEN_ENDED: &str = "golden_text.ended";

/// A record that other files of the bundle must agree with.
#[derive(Debug)]
pub struct Record {
    record: Value,
    place: Fault,
    /// Its place among the records of the bundle.
    pub order: usize,
}

impl Record {
    /// The text at a JSON pointer into the record, if there is one.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.record.pointer(pointer)?.as_str()
    }

    /// The whole number at a JSON pointer into the record, if there is one.
    pub fn number(&self, pointer: &str) -> Option<u64> {
        self.record.pointer(pointer)?.as_u64()
    }

    /// Whether the record says these, each at its JSON pointer; `null` and absent are the same.
    pub fn says(&self, stated: &[(&str, Option<&str>)]) -> bool {
        stated
            .iter()
            .all(|(pointer, text)| self.text(pointer) == *text)
    }

    /// A fault at the line of this record.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault {
            what: what.into(),
            ..self.place.clone()
        }
    }
}

/// What the other files are compared with.
#[derive(Debug, Default)]
pub struct Log {
    /// By action and object, in the order of the log.
    records: HashMap<(&'static str, String), Vec<Record>>,
    /// How many are kept.
    kept: usize,
    /// The commitments to names in the records, each with the line that has it first.
    pub commitments: BTreeMap<String, Fault>,
}

impl Log {
    /// The records of this action on this object, in the order of the log.
    pub fn of(&self, action: &'static str, object: &str) -> &[Record] {
        self.records
            .get(&(action, object.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    /// The records that state a screening of this revision: of its submission, of the decision that made it, and under
    /// later rules.
    pub fn screened(&self, revision: &str) -> impl Iterator<Item = &Record> {
        SCREENED
            .into_iter()
            .flat_map(|action| self.of(action, revision))
    }

    /// All records that state a screening, in no order.
    pub fn all_screened(&self) -> impl Iterator<Item = &Record> {
        let all = SCREENED.into_iter().flat_map(|action| self.all(action));
        all.map(|(_, record)| record)
    }

    /// All records of this action with their objects, in no order.
    pub fn all(&self, action: &'static str) -> impl Iterator<Item = (&str, &Record)> {
        self.records
            .iter()
            .filter(move |((of, _), _)| *of == action)
            .flat_map(|((_, object), records)| {
                records.iter().map(|record| (object.as_str(), record))
            })
    }

    /// A log of one record.
    #[cfg(test)]
    pub fn of_one(record: Value) -> Self {
        let object = record["object"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let place = Fault {
            file: "records.jsonl".to_owned(),
            line: None,
            offset: None,
            what: String::new(),
        };
        Self {
            records: HashMap::from([(
                (SIGNED, object),
                vec![Record {
                    record,
                    place,
                    order: 0,
                }],
            )]),
            ..Self::default()
        }
    }

    fn keep(&mut self, line: &Line<'_>) -> Result<(), Fault> {
        if let Some(commitment) = line.maybe_text("/record/actor/name_commitment")? {
            self.commitments
                .entry(commitment.to_owned())
                .or_insert_with(|| line.fault(""));
        }
        let action = line.text("/record/action")?;
        if let Some(action) = [
            SUBMITTED,
            RESCREENED,
            ASSESSED,
            UNDONE,
            DECIDED,
            PUBLISHED,
            RETRACTED,
            RESTORED,
            DISPOSED,
            REPORTED,
            APPEALED,
            SIGNED,
            SEEDED,
            REVEALED,
            SAMPLED,
            GOLDEN_KEPT,
            GOLDEN_ENDED,
            ASKED,
            ANSWERED,
            RECALLED,
            DERIVED,
            UNSEALED,
        ]
        .into_iter()
        .find(|known| *known == action)
        {
            let object = line.text("/record/object/id")?.to_owned();
            let record = Record {
                record: line.at("/record")?.clone(),
                place: line.fault(""),
                order: self.kept,
            };
            self.kept += 1;
            self.records
                .entry((action, object))
                .or_default()
                .push(record);
        }
        Ok(())
    }
}

/// Checks the log from its leaves up.
pub fn check(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    key: &PublicKey,
    trust: &Trust,
    report: &mut Report,
) -> Result<Log, Fault> {
    let leaves = leaves(archive)?;
    checkpoints(archive, &leaves, manifest, key, trust, report)?;
    let mut log = Log::default();
    let mut proofs = json::lines(archive.get("inclusion-proofs.jsonl")?);
    let (mut count, mut next_index) = (0_u64, 0_u64);
    for line in json::lines(archive.get("records.jsonl")?) {
        let line = line?;
        let index = record(&line, &leaves, manifest)?;
        if index < next_index {
            return Err(line.fault(format!("leaf {index} is twice in the file or out of order")));
        }
        if manifest.everything && index != next_index {
            return Err(line.fault(format!(
                "the record of leaf {next_index} is missing before this one"
            )));
        }
        next_index = index + 1;
        count += 1;
        let proof = proofs
            .next()
            .ok_or_else(|| line.fault("there is no inclusion proof for this record"))??;
        inclusion(&proof, index, &leaves, manifest)?;
        log.keep(&line)?;
    }
    if let Some(strange) = proofs.next() {
        return Err(strange?.fault("this inclusion proof belongs to no record"));
    }
    if manifest.everything && next_index != leaves.len() as u64 {
        return Err(archive.get("records.jsonl")?.fault(format!(
            "the record of leaf {next_index} is missing at the end"
        )));
    }
    report.passed(
        count,
        "records have the hash of their leaf, and an inclusion proof that leads to the root",
    );
    let outside = leaves.len() as u64 - count;
    if outside > 0 {
        report.passed(
            outside,
            "further leaves are records outside the scope of this bundle, known by their hash only",
        );
    }
    Ok(log)
}

fn leaves(archive: &Archive<'_>) -> Result<Vec<Hash>, Fault> {
    let entry = archive.get("leaves.txt")?;
    let mut offset = entry.offset;
    let mut leaves = Vec::with_capacity(entry.content.len() / 65);
    for (position, raw) in entry
        .content
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
    {
        let hash = raw
            .strip_suffix(b"\n")
            .and_then(|text| std::str::from_utf8(text).ok())
            .and_then(json::hash);
        leaves.push(hash.ok_or_else(|| Fault {
            line: Some(position as u64 + 1),
            offset: Some(offset),
            ..entry.fault("this is not a SHA-256 in lower-case hex on a line of its own")
        })?);
        offset += raw.len() as u64;
    }
    Ok(leaves)
}

/// Recomputes the root at the size of each checkpoint. As all of them fit the one list of leaves, each is consistent
/// with each other: nothing was changed, removed or inserted between any two.
fn checkpoints(
    archive: &Archive<'_>,
    leaves: &[Hash],
    manifest: &Manifest<'_>,
    key: &PublicKey,
    trust: &Trust,
    report: &mut Report,
) -> Result<(), Fault> {
    let entry = archive.get("checkpoints.jsonl")?;
    let mut tree = Tree::default();
    let mut rest = leaves.iter();
    let mut grow = |size: u64| -> Option<Hash> {
        while tree.size() < size {
            tree.push(*rest.next()?);
        }
        (tree.size() == size).then(|| tree.root())
    };

    let mut kept = trust
        .checkpoint
        .as_deref()
        .map(|note| key.checkpoint(note))
        .transpose()
        .map_err(|what| Fault {
            file: "(the checkpoint that you kept)".to_owned(),
            line: None,
            offset: None,
            what,
        })?;
    let (mut count, mut last) = (0_u64, None);
    for line in json::lines(entry) {
        let line = line?;
        line.members("", "note signed_at size")?;
        line.number("/signed_at")?;
        let (size, root) = key
            .checkpoint(line.text("/note")?)
            .map_err(|what| line.fault(what))?;
        if size != line.number("/size")? {
            return Err(line.fault("`size` is not the size in the signed note"));
        }
        if last.is_some_and(|(before, _)| before >= size) {
            return Err(line.fault("the checkpoints do not grow"));
        }
        if let Some((kept_size, kept_root)) = kept.take_if(|(kept_size, _)| *kept_size <= size)
            && grow(kept_size) != Some(kept_root)
        {
            return Err(forked(kept_size));
        }
        match grow(size) {
            None => {
                return Err(line.fault(format!(
                    "the checkpoint covers {size} records, but there are only {} leaves",
                    leaves.len()
                )));
            }
            Some(computed) if computed != root => {
                return Err(line.fault(format!(
                    "the first {size} leaves have the root {}, the signed checkpoint says {}: a leaf up to line {size} of leaves.txt is not the one that was sealed",
                    hex::encode(computed),
                    hex::encode(root)
                )));
            }
            Some(_) => {}
        }
        last = Some((size, root));
        count += 1;
    }
    if let Some((kept_size, _)) = kept {
        return Err(forked(kept_size));
    }
    let (size, root) = last.ok_or_else(|| entry.fault("there is no checkpoint"))?;
    if size != leaves.len() as u64 {
        return Err(entry.fault(format!(
            "the last checkpoint covers {size} records, but there are {} leaves",
            leaves.len()
        )));
    }
    if (size, root) != (manifest.size, manifest.root) {
        return Err(entry.fault("the last checkpoint is not the one that the manifest names"));
    }
    report.passed(size, "leaves make up the Merkle tree");
    report.passed(
        count,
        "checkpoints are signed, and each has the root of the leaves up to it: they are consistent",
    );
    if trust.checkpoint.is_some() {
        report.passed(1, "checkpoint that you kept is part of the same history");
    }
    Ok(())
}

fn forked(size: u64) -> Fault {
    Fault {
        file: "(the checkpoint that you kept)".to_owned(),
        line: None,
        offset: None,
        what: format!(
            "this log does not contain the history of {size} records that you have a checkpoint of: it was cut off or rewritten"
        ),
    }
}

/// Checks one line of `records.jsonl` and gives its leaf index.
fn record(line: &Line<'_>, leaves: &[Hash], manifest: &Manifest<'_>) -> Result<u64, Fault> {
    line.members("", "leaf_index record")?;
    line.members(
        "/record",
        "action actor at change community from id object why",
    )?;
    line.members("/record/actor", "id name_commitment role")?;
    line.members("/record/object", "id kind")?;
    line.number("/record/at")?;
    for text in [
        "id",
        "action",
        "from",
        "actor/role",
        "object/id",
        "object/kind",
    ] {
        line.text(&format!("/record/{text}"))?;
    }
    line.maybe_text("/record/why")?;
    let index = line.number("/leaf_index")?;
    // The line is canonical, so what stands between its two fixed ends is the record as it was sealed.
    let sealed = line
        .text
        .strip_prefix(&format!("{{\"leaf_index\":{index},\"record\":"))
        .and_then(|rest| rest.strip_suffix('}'))
        .ok_or_else(|| line.fault("the line is not a leaf index and a record"))?;
    let stated = usize::try_from(index)
        .ok()
        .and_then(|index| leaves.get(index));
    let stated = stated.ok_or_else(|| line.fault(format!("there is no leaf {index}")))?;
    if leaf(sealed) != *stated {
        return Err(line.fault(format!(
            "the record `{}` is not the one that was sealed as leaf {index}: its hash is {}, the leaf is {}",
            line.text("/record/id")?,
            hex::encode(leaf(sealed)),
            hex::encode(stated)
        )));
    }
    let community = line.maybe_text("/record/community")?;
    if !manifest.covers(community) {
        return Err(
            line.fault("the record belongs to a community that is not in the scope of this bundle")
        );
    }
    Ok(index)
}

fn inclusion(
    proof: &Line<'_>,
    index: u64,
    leaves: &[Hash],
    manifest: &Manifest<'_>,
) -> Result<(), Fault> {
    proof.members("", "hashes leaf_index tree_size")?;
    if proof.number("/leaf_index")? != index {
        return Err(proof.fault(format!("this is not the inclusion proof of leaf {index}")));
    }
    if proof.number("/tree_size")? != manifest.size {
        return Err(proof.fault("the inclusion proof is for another tree"));
    }
    let path: Option<Vec<Hash>> = proof.at("/hashes")?.as_array().and_then(|hashes| {
        hashes
            .iter()
            .map(|hash| hash.as_str().and_then(json::hash))
            .collect()
    });
    let path =
        path.ok_or_else(|| proof.fault("`/hashes` is no list of SHA-256 in lower-case hex"))?;
    let leaf = usize::try_from(index)
        .ok()
        .and_then(|index| leaves.get(index))
        .copied()
        .unwrap_or_default();
    if is_included(leaf, index, manifest.size, &path, &manifest.root) {
        Ok(())
    } else {
        Err(proof.fault(format!(
            "the inclusion proof does not lead from leaf {index} to the root"
        )))
    }
}
