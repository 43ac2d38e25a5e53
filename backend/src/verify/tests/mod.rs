//! A small bundle, written by hand from `docs/BUNDLE.md`, and everything that may be done to it.

mod attacks;
mod bytes;
mod derivations;
mod referrals;
mod rescreening;
mod retractions;
mod sampling;
mod signatures;

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::verify::json::canonical;
use crate::verify::tree::{Hash, leaf, sha256};
use crate::verify::{Report, Trust, verify};

const ORIGIN: &str = "garden.example/audit";
const GARDEN: &str = "0197a000-0000-7000-8000-0000000000c1";
const WRITER: &str = "0197a000-0000-7000-8000-0000000000a1";
const REVIEWER: &str = "0197a000-0000-7000-8000-0000000000a2";
const OFFICER: &str = "0197a000-0000-7000-8000-0000000000a3";
const POST: &str = "0197a000-0000-7000-8000-0000000000b1";
const REVISION: &str = "0197a000-0000-7000-8000-0000000000b2";
const SCREENING: &str = "0197a000-0000-7000-8000-0000000000b3";
const ITEM: &str = "0197a000-0000-7000-8000-0000000000b4";
const CASE: &str = "0197a000-0000-7000-8000-0000000000b5";
const DECISION: &str = "0197a000-0000-7000-8000-0000000000b6";
const ASSESSMENT: &str = "0197a000-0000-7000-8000-0000000000b7";
const POSTED: u64 = 1_795_314_900_000_000;
/// Three of the four criteria are met, and nothing says that it is serious.
const EVIDENCE: &str = r#"{"patient":{"met":true},"product":{"met":false},"reaction":{"met":true},"reporter":{"met":true},"seriousness":[]}"#;
const PACK: &str = "id = \"conduct\"\n";

/// A bundle in the making: rows by file, and the log they came from.
#[derive(Clone)]
struct Story {
    rows: BTreeMap<&'static str, Vec<Value>>,
    /// Every record of the log; those of other communities are in it by their leaf only.
    log: Vec<Value>,
    checkpoints: Vec<usize>,
    everything: bool,
    sealed_reason: Option<&'static str>,
    seed: [u8; 32],
}

fn commitment(salt: &str, name: &str) -> String {
    hex::encode(sha256(&[hex::decode(salt).unwrap(), name.into()].concat()))
}

fn person(account: &str, name: &str) -> Value {
    let salt = hex::encode(&sha256(name.as_bytes())[..16]);
    json!({"account": account, "commitment": commitment(&salt, name), "name": name, "salt": salt})
}

fn revision(title: Option<&str>, body: &str) -> Value {
    let mut row = json!({
        "author": WRITER, "body": body, "number": 1, "post": POST, "salt": "00112233445566778899aabbccddeeff",
        "submitted_at": POSTED, "title": title,
    });
    row["hash"] = hex::encode(sha256(canonical(&row).unwrap().as_bytes())).into();
    row["id"] = REVISION.into();
    row
}

/// By hand from the definition in `docs/BUNDLE.md`.
fn pack_hash() -> String {
    let canonical = "{2\"id:7\"conduct,}";
    hex::encode(sha256(
        &[
            &(canonical.len() as u64).to_be_bytes(),
            canonical.as_bytes(),
        ]
        .concat(),
    ))
}

fn result() -> String {
    format!(r#"{{"verdict":"escalate","adverse_event":{EVIDENCE},"technical_reason":null}}"#)
}

fn screening_hash() -> String {
    let judged = json!({"context": "{}", "priority": 500, "result": result()});
    hex::encode(sha256(canonical(&judged).unwrap().as_bytes()))
}

impl Story {
    /// A member's post with a possible adverse event is submitted, disposed of, released; elsewhere something happens.
    fn new() -> Self {
        let people = [
            person(WRITER, "Ana Lima"),
            person(REVIEWER, "Béa Noël"),
            person(OFFICER, "Cy Okoro"),
        ];
        let revision = revision(Some("Grüße"), "No \"rash\" so far.\nThank you \u{1f600}");
        let (hash, rules) = (revision["hash"].clone(), pack_hash());
        let mut log: Vec<Value> = Vec::new();
        let mut record = |action: &str,
                          who: usize,
                          role: &str,
                          object: (&str, &str),
                          community: Option<&str>,
                          change: Value| {
            log.push(json!({
                "action": action,
                "actor": {"id": people[who]["account"], "name_commitment": people[who]["commitment"], "role": role},
                "at": 1_795_314_900_000_000_u64 + log.len() as u64, "change": change, "community": community,
                "from": "session:0197a000-0000-7000-8000-0000000000d1",
                "id": format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + log.len()),
                "object": {"id": object.1, "kind": object.0}, "why": null,
            }));
        };
        record(
            "session.opened",
            0,
            "member",
            ("session", "0197a000-0000-7000-8000-0000000000d1"),
            None,
            json!({}),
        );
        record(
            "revision.submitted",
            0,
            "member",
            ("revision", REVISION),
            Some(GARDEN),
            json!({
                "item": ITEM, "number": 1, "post": POST, "revision_hash": hash, "rule_set_hash": rules,
                "safety_case": CASE, "screening": SCREENING, "screening_hash": screening_hash(),
                "submitted_at": POSTED, "verdict": "escalate",
            }),
        );
        record(
            "session.opened",
            0,
            "member",
            ("session", "elsewhere"),
            Some("another community"),
            json!({}),
        );
        record(
            "safety_case.disposed",
            2,
            "safety_officer",
            ("safety_case", CASE),
            Some(GARDEN),
            json!({
                "disposed_at": 2, "disposition": {"old": null, "new": "not_adverse_event"}, "revision": REVISION,
                "words_hash": null,
            }),
        );
        record(
            "assessment.made",
            1,
            "moderator",
            ("assessment", ASSESSMENT),
            Some(GARDEN),
            json!({
                "action": "release_with_balance", "assessed_at": 3,
                "balance_hash": hex::encode(sha256(format!("{ASSESSMENT}\nSee the label.").as_bytes())),
                "balance_key": "velmora", "balance_version": 2, "item": ITEM, "number": 1, "revision": REVISION,
                "revision_hash": hash, "rule_set_hash": rules,
                "words_hash": hex::encode(sha256(format!("{ASSESSMENT}\nWell said.").as_bytes())),
            }),
        );
        record(
            "decision.made",
            1,
            "moderator",
            ("decision", DECISION),
            Some(GARDEN),
            json!({
                "action": "release_with_balance", "assessment": ASSESSMENT, "decided_at": 3, "item": ITEM, "revision": REVISION, "revision_hash": hash,
                "rule_set_hash": rules,
                "words_hash": hex::encode(sha256(format!("{DECISION}\nWell said.").as_bytes())),
            }),
        );
        record(
            "revision.published",
            1,
            "moderator",
            ("post", POST),
            Some(GARDEN),
            json!({
                "appended_hash": hex::encode(sha256(format!("{DECISION}\nSee the label.").as_bytes())),
                "decision": DECISION, "released_at": 4, "revision": REVISION, "revision_hash": hash,
            }),
        );
        record(
            "audit.exported",
            1,
            "inspector",
            ("bundle", "1"),
            None,
            json!({}),
        );

        log[3]["why"] = "no_event".into();

        let row = |value: Value| vec![value];
        let rows = BTreeMap::from([
            ("people.jsonl", people.to_vec()),
            (
                "communities.jsonl",
                row(json!({
                    "audience": "patients", "created_at": 1, "id": GARDEN, "name": "Garden", "slug": "garden",
                })),
            ),
            (
                "posts.jsonl",
                row(json!({
                    "author": WRITER, "community": GARDEN, "created_at": 1, "id": POST, "parent": null,
                    "surface": "thread", "thread": POST,
                })),
            ),
            ("revisions.jsonl", row(revision)),
            (
                "screenings.jsonl",
                row(json!({
                    "context": "{}", "id": SCREENING, "priority": 500, "result": result(), "revision": REVISION,
                    "rule_set_hash": rules, "screened_at": POSTED, "technical_reason": null, "verdict": "escalate",
                })),
            ),
            (
                "safety-cases.jsonl",
                row(json!({
                    "author": WRITER, "community": GARDEN, "day_zero": POSTED, "disposed_at": 2, "disposed_by": OFFICER,
                    "disposition": "not_adverse_event", "evidence": EVIDENCE, "id": CASE, "number": 1, "post": POST,
                    "reason_code": "no_event", "revision": REVISION, "screening": SCREENING, "serious": false,
                    "valid_icsr": false, "words": null,
                })),
            ),
            (
                "assessments.jsonl",
                row(json!({
                    "action": "release_with_balance", "assessed_at": 3, "assessed_by": REVIEWER,
                    "assessed_by_commitment": people[1]["commitment"], "balance_key": "velmora",
                    "balance_text": "See the label.", "tombstone": null, "particulars": null, "balance_version": 2, "id": ASSESSMENT, "item": ITEM, "number": 1,
                    "reason_code": null, "revision": REVISION, "revision_hash": hash, "role": "moderator",
                    "rule_set_hash": rules, "settles_at": null, "signature": null, "words": "Well said.",
                })),
            ),
            (
                "decisions.jsonl",
                row(json!({
                    "action": "release_with_balance", "assessment": ASSESSMENT, "decided_at": 3, "decided_by": REVIEWER,
                    "decided_by_commitment": people[1]["commitment"], "id": DECISION, "item": ITEM, "reason_code": null,
                    "revision": REVISION, "revision_hash": hash, "role": "moderator", "rule_set_hash": rules,
                    "words": "Well said.",
                })),
            ),
            (
                "publications.jsonl",
                row(json!({
                    "appended": "See the label.", "community": GARDEN, "decision": DECISION, "first_released_at": 4,
                    "post": POST, "released_at": 4, "retraction": null, "revision": REVISION, "seq": 1, "thread": POST,
                })),
            ),
            ("retractions.jsonl", Vec::new()),
            ("signatures.jsonl", Vec::new()),
            ("reports.jsonl", Vec::new()),
            ("appeals.jsonl", Vec::new()),
            ("golden-texts.jsonl", Vec::new()),
            ("sample-seeds.jsonl", Vec::new()),
            ("samples.jsonl", Vec::new()),
            ("derivations.jsonl", Vec::new()),
            ("sealed-readings.jsonl", Vec::new()),
            ("referrals.jsonl", Vec::new()),
        ]);
        Self {
            rows,
            log,
            checkpoints: vec![3, 8],
            everything: false,
            sealed_reason: None,
            seed: [9; 32],
        }
    }

    fn in_scope(&self, record: &Value) -> bool {
        self.everything || record["community"].is_null() || record["community"] == GARDEN
    }

    /// Seals the log and writes down all files but the manifest.
    fn files(&self) -> Files {
        let texts: Vec<String> = self
            .log
            .iter()
            .map(|record| canonical(record).unwrap())
            .collect();
        let leaves: Vec<Hash> = texts.iter().map(|text| leaf(text)).collect();
        let mut files = Files {
            content: BTreeMap::new(),
            seed: self.seed,
            everything: self.everything,
            sealed_reason: self.sealed_reason,
        };
        for (name, rows) in &self.rows {
            files.write(name, rows);
        }
        let in_scope = || (0..self.log.len()).filter(|index| self.in_scope(&self.log[*index]));
        let records: Vec<_> = in_scope()
            .map(|index| json!({"leaf_index": index, "record": self.log[index]}))
            .collect();
        let proofs: Vec<_> = in_scope()
            .map(|index| {
                let path: Vec<_> = path(index, &leaves).iter().map(hex::encode).collect();
                json!({"hashes": path, "leaf_index": index, "tree_size": leaves.len()})
            })
            .collect();
        let checkpoints: Vec<_> = self
            .checkpoints
            .iter()
            .map(|size| json!({"note": files.checkpoint(*size, &root(&leaves[..*size])), "signed_at": 5, "size": size}))
            .collect();
        files.write("records.jsonl", &records);
        files.write("inclusion-proofs.jsonl", &proofs);
        files.write("checkpoints.jsonl", &checkpoints);
        files.write("keys.json", &[json!({"vkey": files.vkey()})]);
        let hashes: String = leaves
            .iter()
            .map(|leaf| format!("{}\n", hex::encode(leaf)))
            .collect();
        files.content.insert("leaves.txt".to_owned(), hashes.into());
        files
            .content
            .insert("README.txt".to_owned(), b"How to read this.\n".to_vec());
        files.content.insert(
            "report.html".to_owned(),
            b"<!doctype html><title>Report</title>\n".to_vec(),
        );
        files.content.insert(
            format!("rule-sets/{}/00-conduct.toml", pack_hash()),
            PACK.into(),
        );
        files
    }

    fn row(&mut self, file: &'static str) -> &mut Value {
        &mut self.rows.get_mut(file).unwrap()[0]
    }
}

#[derive(Clone)]
struct Files {
    content: BTreeMap<String, Vec<u8>>,
    seed: [u8; 32],
    everything: bool,
    sealed_reason: Option<&'static str>,
}

impl Files {
    fn write(&mut self, name: &str, rows: &[Value]) {
        let text: String = rows
            .iter()
            .map(|row| format!("{}\n", canonical(row).unwrap()))
            .collect();
        self.content.insert(name.to_owned(), text.into());
    }

    /// Changes a file as one who knows what to write, and can still write it as text.
    fn edit(&mut self, name: &str, edit: impl FnOnce(&mut Vec<String>)) {
        let mut lines: Vec<String> = String::from_utf8(self.content[name].clone())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        edit(&mut lines);
        self.content.insert(
            name.to_owned(),
            lines
                .iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>()
                .into(),
        );
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed)
    }

    fn typed_key(&self) -> Vec<u8> {
        [&[1], self.key().verifying_key().as_bytes().as_slice()].concat()
    }

    fn id(&self) -> Vec<u8> {
        sha256(&[format!("{ORIGIN}\n").as_bytes(), &self.typed_key()].concat())[..4].to_vec()
    }

    fn vkey(&self) -> String {
        format!(
            "{ORIGIN}+{}+{}",
            hex::encode(self.id()),
            BASE64.encode(self.typed_key())
        )
    }

    fn sign(&self, text: &str) -> String {
        let signature = [
            self.id(),
            self.key().sign(text.as_bytes()).to_bytes().to_vec(),
        ]
        .concat();
        format!("{text}\n\u{2014} {ORIGIN} {}\n", BASE64.encode(signature))
    }

    fn checkpoint(&self, size: usize, root: &Hash) -> String {
        self.sign(&format!("{ORIGIN}\n{size}\n{}\n", BASE64.encode(root)))
    }

    /// Signs a manifest for the files as they are, and packs them.
    fn zip(&self) -> Vec<u8> {
        let last: Value = self.content["checkpoints.jsonl"]
            .split(|byte| *byte == b'\n')
            .rfind(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .unwrap();
        let root = BASE64
            .decode(last["note"].as_str().unwrap().lines().nth(2).unwrap())
            .unwrap();
        let listed: Vec<_> = self
            .content
            .iter()
            .map(|(path, content)| {
                let lines = content.iter().filter(|byte| **byte == b'\n').count();
                json!({"bytes": content.len(), "lines": lines, "path": path, "sha256": hex::encode(sha256(content))})
            })
            .collect();
        let manifest = canonical(&json!({
            "checkpoint": {"root": hex::encode(root), "size": last["size"]}, "exported_at": 6,
            "exported_by": {"id": REVIEWER, "role": "inspector"}, "files": listed, "format": "hortus-bundle/1",
            "origin": ORIGIN, "scope": {"communities": [GARDEN], "everything": self.everything},
            "sealed_reason": self.sealed_reason,
        }))
        .unwrap()
            + "\n";
        let signature = self.sign(&format!(
            "hortus-bundle/1 manifest\n{}\n",
            hex::encode(sha256(manifest.as_bytes()))
        ));
        let mut all = self.content.clone();
        all.insert("manifest.json".to_owned(), manifest.into());
        all.insert("manifest.sig".to_owned(), signature.into());
        pack(&all)
    }
}

fn pack(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// `MTH` and `PATH` word for word from RFC 6962 section 2.1.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
            sha256(&[[1].as_slice(), &root(left), &root(right)].concat())
        }
    }
}

fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    if index < left.len() {
        [path(index, left), vec![root(right)]].concat()
    } else {
        [path(index - left.len(), right), vec![root(left)]].concat()
    }
}

/// What a report without trust says, as a person reads it.
fn fault(zip: &[u8]) -> String {
    verify(zip, &Trust::default())
        .fault
        .map_or_else(|| "no fault".to_owned(), |fault| fault.to_string())
}

fn count(report: &Report, what: &str) -> u64 {
    report
        .passed
        .iter()
        .find(|(_, said)| said.contains(what))
        .map_or(0, |(count, _)| *count)
}
