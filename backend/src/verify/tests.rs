//! A small bundle, and everything that may be done to it.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::tree::{Hash, leaf, sha256};
use super::{Report, Trust, json::canonical, verify};

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
const PACK: &str = "id = \"conduct\"\n";

/// A bundle in the making: rows by file, and the log they came from.
#[derive(Clone)]
struct Story {
    rows: BTreeMap<&'static str, Vec<Value>>,
    /// Every record of the log; those of other communities are in it by their leaf only.
    log: Vec<Value>,
    checkpoints: Vec<usize>,
    everything: bool,
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
        "submitted_at": 1_795_314_900_000_000_u64, "title": title,
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
            "post.submitted",
            0,
            "member",
            ("post", POST),
            Some(GARDEN),
            json!({
                "revision": REVISION, "revision_hash": hash, "screening": SCREENING, "verdict": "escalate",
                "rule_set_hash": rules, "review_item": ITEM, "safety_case": CASE,
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
            "safety.disposed",
            2,
            "safety_officer",
            ("safety_case", CASE),
            Some(GARDEN),
            json!({
                "disposition": [null, "not_adverse_event"],
            }),
        );
        record(
            "review.decided",
            1,
            "moderator",
            ("review_item", ITEM),
            Some(GARDEN),
            json!({
                "decision": DECISION, "action": "release", "revision_hash": hash, "rule_set_hash": rules,
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
                    "context": "{}", "id": SCREENING, "priority": 500, "result": "{}", "revision": REVISION,
                    "rule_set_hash": rules, "screened_at": 1, "technical_reason": null, "verdict": "escalate",
                })),
            ),
            (
                "safety-cases.jsonl",
                row(json!({
                    "author": WRITER, "community": GARDEN, "day_zero": 1, "disposed_at": 2, "disposed_by": OFFICER,
                    "disposition": "not_adverse_event", "evidence": "{}", "id": CASE, "number": 1, "post": POST,
                    "reason_code": "no_event", "revision": REVISION, "screening": SCREENING, "serious": false,
                    "valid_icsr": false, "words": null,
                })),
            ),
            (
                "decisions.jsonl",
                row(json!({
                    "action": "release", "decided_at": 3, "decided_by": REVIEWER,
                    "decided_by_commitment": people[1]["commitment"], "id": DECISION, "item": ITEM, "reason_code": null,
                    "revision": REVISION, "revision_hash": hash, "role": "moderator", "rule_set_hash": rules, "words": null,
                })),
            ),
            (
                "publications.jsonl",
                row(json!({
                    "community": GARDEN, "decision": DECISION, "first_released_at": 3, "post": POST, "released_at": 3,
                    "revision": REVISION, "seq": 1, "thread": POST,
                })),
            ),
        ]);
        Self {
            rows,
            log,
            checkpoints: vec![3, 6],
            everything: false,
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

#[test]
fn an_untouched_bundle_is_good_and_the_report_counts_what_was_checked() {
    let files = Story::new().files();
    let trust = Trust {
        key: Some(files.vkey()),
        checkpoint: None,
    };
    let report = verify(&files.zip(), &trust);
    assert_eq!(report.fault, None);
    assert_eq!(count(&report, "records have the hash"), 5);
    assert_eq!(count(&report, "outside the scope"), 1);
    assert_eq!(count(&report, "checkpoints are signed"), 2);
    assert_eq!(count(&report, "publications show"), 1);
    assert!(
        report
            .to_string()
            .ends_with("GOOD  the bundle is complete and unchanged")
    );
}

#[test]
fn a_bundle_of_everything_has_no_leaf_without_its_record() {
    let mut story = Story::new();
    story.everything = true;
    let mut files = story.files();
    assert_eq!(fault(&files.zip()), "no fault");
    files.edit("records.jsonl", |lines| drop(lines.remove(2)));
    files.edit("inclusion-proofs.jsonl", |lines| drop(lines.remove(2)));
    assert!(fault(&files.zip()).contains("the record of leaf 2 is missing"));
}

#[test]
fn whichever_byte_is_changed_the_bundle_is_refused_and_the_fault_names_the_file_it_lies_in() {
    let zip = Story::new().files().zip();
    let archive = super::Archive::read(&zip).unwrap();
    let file_at = |position: usize| {
        let inside = |offset: u64, size: usize| {
            (offset as usize..offset as usize + size).contains(&position)
        };
        archive
            .entries()
            .iter()
            .find(|entry| inside(entry.offset, entry.content.len()))
            .map(|entry| entry.name)
    };
    let half = zip.len() / 2;
    let try_all = |range: std::ops::Range<usize>| {
        for position in range {
            // The lowest bit, then the bit that turns a lower-case letter into an upper-case one.
            let mut changed = zip.clone();
            changed[position] ^= if position % 2 == 0 { 0x01 } else { 0x20 };
            let Some(fault) = verify(&changed, &Trust::default()).fault else {
                panic!(
                    "byte {position} ({:?}) can be changed unseen",
                    file_at(position)
                );
            };
            let named = file_at(position).unwrap_or("(the ZIP itself)");
            assert_eq!(fault.file, named, "byte {position}: {fault}");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| try_all(0..half));
        try_all(half..zip.len());
    });
}

#[test]
fn whatever_is_cut_off_or_put_before_or_after_or_between_the_bundle_is_refused() {
    let zip = Story::new().files().zip();
    for size in 0..zip.len() {
        assert_ne!(fault(&zip[..size]), "no fault", "cut to {size} bytes");
    }
    assert_ne!(fault(&[&[0], zip.as_slice()].concat()), "no fault");
    assert_ne!(fault(&[zip.as_slice(), &[0]].concat()), "no fault");
    let directory = zip
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    for position in [
        4,
        30,
        40,
        directory,
        directory + 10,
        zip.len() - 22,
        zip.len() - 1,
    ] {
        let mut grown = zip.clone();
        grown.insert(position, 0);
        assert_ne!(fault(&grown), "no fault", "a byte put in at {position}");
    }
}

#[test]
fn a_file_that_is_missing_added_twice_or_renamed_is_named() {
    let good = Story::new().files();
    let whole: BTreeMap<_, _> = {
        let zip = good.zip();
        let archive = super::Archive::read(&zip).unwrap();
        archive
            .entries()
            .iter()
            .map(|entry| (entry.name.to_owned(), entry.content.to_vec()))
            .collect()
    };
    for name in whole.keys() {
        let mut less = whole.clone();
        less.remove(name);
        assert!(fault(&pack(&less)).contains(name), "{name}");
    }
    let mut more = whole.clone();
    more.insert("extra.txt".to_owned(), b"More.\n".to_vec());
    assert!(fault(&pack(&more)).contains("extra.txt"));
    let mut signed = good.clone();
    signed
        .content
        .insert("extra.txt".to_owned(), b"More.\n".to_vec());
    assert!(fault(&signed.zip()).contains("`extra.txt` does not belong to a bundle"));
}

/// R-ER-24. The attacker holds the log's own key and signs a new manifest; the sealed log still tells.
#[test]
fn a_record_that_is_changed_deleted_swapped_or_moved_in_time_does_not_fit_the_sealed_log() {
    let attack = |edit: &dyn Fn(&mut Files)| {
        let mut files = Story::new().files();
        edit(&mut files);
        fault(&files.zip())
    };
    let changed = attack(&|files| {
        files.edit("records.jsonl", |lines| {
            lines[3] = lines[3].replace("release", "reject")
        });
    });
    assert!(
        changed.starts_with("records.jsonl, line 4, ")
            && changed.contains("is not the one that was sealed as leaf 4")
    );
    let deleted = attack(&|files| files.edit("records.jsonl", |lines| drop(lines.remove(1))));
    assert!(
        deleted.starts_with("inclusion-proofs.jsonl, line 2, "),
        "{deleted}"
    );
    let deleted_with_its_proof = attack(&|files| {
        files.edit("records.jsonl", |lines| drop(lines.remove(1)));
        files.edit("inclusion-proofs.jsonl", |lines| drop(lines.remove(1)));
    });
    assert!(
        deleted_with_its_proof.contains("no record says that"),
        "{deleted_with_its_proof}"
    );
    let swapped = attack(&|files| files.edit("records.jsonl", |lines| lines.swap(1, 2)));
    assert!(
        swapped.starts_with("inclusion-proofs.jsonl, line 2, "),
        "{swapped}"
    );
    let swapped_leaves = attack(&|files| files.edit("leaves.txt", |lines| lines.swap(1, 3)));
    assert!(
        swapped_leaves.starts_with("checkpoints.jsonl, line 1, ")
            || swapped_leaves.contains("the first"),
        "{swapped_leaves}"
    );
    let back_dated = attack(&|files| {
        let forged = files.content["records.jsonl"].clone();
        let line = String::from_utf8(forged)
            .unwrap()
            .lines()
            .nth(1)
            .unwrap()
            .to_owned();
        files.edit("leaves.txt", |lines| {
            lines.insert(1, hex::encode(leaf(&line)))
        });
    });
    assert!(
        back_dated.starts_with("checkpoints.jsonl, line 1, "),
        "{back_dated}"
    );
    let replayed = attack(&|files| {
        files.edit("inclusion-proofs.jsonl", |lines| {
            lines[1] = lines[0].replace("\"leaf_index\":0", "\"leaf_index\":1");
        });
    });
    assert!(
        replayed.contains("the inclusion proof does not lead from leaf 1 to the root"),
        "{replayed}"
    );
}

#[test]
fn a_log_that_was_cut_off_or_rewritten_does_not_fit_a_checkpoint_that_was_kept() {
    let whole = Story::new();
    let kept = |size: usize| {
        let leaves: Vec<Hash> = whole.log[..size]
            .iter()
            .map(|record| leaf(&canonical(record).unwrap()))
            .collect();
        whole.files().checkpoint(size, &root(&leaves))
    };
    let with = |story: &Story, checkpoint: String| {
        let trust = Trust {
            key: None,
            checkpoint: Some(checkpoint),
        };
        verify(&story.files().zip(), &trust)
            .fault
            .map_or_else(|| "no fault".to_owned(), |fault| fault.to_string())
    };
    // Also one of a size between the two checkpoints in the bundle.
    for size in [1, 3, 5, 6] {
        assert_eq!(with(&whole, kept(size)), "no fault");
    }
    let mut cut = whole.clone();
    cut.log.truncate(5);
    cut.checkpoints = vec![3, 5];
    assert!(with(&cut, kept(6)).contains("it was cut off or rewritten"));
    let mut fork = whole.clone();
    fork.log[2]["at"] = 1.into();
    assert!(with(&fork, kept(3)).contains("it was cut off or rewritten"));
    assert_eq!(with(&fork, kept(2)), "no fault");
    let mut stranger = whole.clone();
    stranger.seed = [8; 32];
    assert!(with(&stranger, kept(3)).contains("signed with another key"));
}

#[test]
fn a_whole_forged_history_under_another_key_is_refused_by_one_who_knows_the_key() {
    let real = Story::new().files().vkey();
    let mut forged = Story::new();
    forged.seed = [8; 32];
    let zip = forged.files().zip();
    let report = verify(
        &zip,
        &Trust {
            key: Some(real),
            checkpoint: None,
        },
    );
    assert!(
        report
            .fault
            .is_some_and(|fault| fault.what.contains("another key than the one you trust"))
    );
    // Without it the report says what the inspector has to compare.
    let blind = verify(&zip, &Trust::default());
    assert!(
        blind.is_good()
            && blind
                .notes
                .iter()
                .any(|note| note.contains(&forged.files().vkey()))
    );
}

/// The attacker changes what the records speak of, and signs a new manifest with the log's own key.
#[test]
fn a_row_that_does_not_fit_its_record_is_named() {
    let attack = |file: &'static str, member: &str, value: Value, expected: &str| {
        let mut story = Story::new();
        story.row(file)[member] = value;
        let said = fault(&story.files().zip());
        assert!(
            said.starts_with(&format!("{file}, line 1, ")) && said.contains(expected),
            "{member}: {said}"
        );
    };
    attack(
        "people.jsonl",
        "name",
        json!("Ana Limb"),
        "the name is not the one that the records commit to",
    );
    attack("people.jsonl", "salt", json!(null), "erased together");
    attack(
        "posts.jsonl",
        "community",
        json!("another community"),
        "not in the scope",
    );
    attack(
        "communities.jsonl",
        "id",
        json!("another community"),
        "not in the scope",
    );
    attack(
        "revisions.jsonl",
        "body",
        json!("A rash."),
        "does not have its hash",
    );
    attack(
        "revisions.jsonl",
        "submitted_at",
        json!(1),
        "does not have its hash",
    );
    attack(
        "screenings.jsonl",
        "verdict",
        json!("clear"),
        "no record says that the verdict",
    );
    attack(
        "screenings.jsonl",
        "rule_set_hash",
        json!("00"),
        "missing from rule-sets/",
    );
    attack(
        "safety-cases.jsonl",
        "disposition",
        json!("adverse_event"),
        "no record says",
    );
    attack("safety-cases.jsonl", "id", json!(POST), "no record says");
    attack(
        "safety-cases.jsonl",
        "post",
        json!(CASE),
        "not that of its revision",
    );
    attack(
        "decisions.jsonl",
        "action",
        json!("reject"),
        "no record says",
    );
    attack(
        "decisions.jsonl",
        "decided_by",
        json!(OFFICER),
        "no record says",
    );
    attack(
        "decisions.jsonl",
        "decided_by",
        json!(WRITER),
        "decided on their own text",
    );
    attack(
        "decisions.jsonl",
        "revision_hash",
        json!("00"),
        "names another text",
    );
    attack(
        "decisions.jsonl",
        "rule_set_hash",
        json!("00"),
        "was not screened with",
    );
    attack(
        "publications.jsonl",
        "decision",
        json!(ITEM),
        "published without a decision",
    );
    attack(
        "publications.jsonl",
        "revision",
        json!(POST),
        "is not the text that was released",
    );
    attack(
        "publications.jsonl",
        "post",
        json!(CASE),
        "belongs to another post",
    );
}

#[test]
fn a_text_that_was_replaced_with_its_hash_does_not_fit_the_record_of_its_submission() {
    let mut story = Story::new();
    *story.row("revisions.jsonl") = revision(None, "Something else.");
    assert!(fault(&story.files().zip()).contains("no record says that"));
}

#[test]
fn a_row_that_a_record_tells_of_cannot_be_left_out() {
    let without = |files: &[&'static str]| {
        let mut story = Story::new();
        for file in files {
            story.rows.insert(file, Vec::new());
        }
        fault(&story.files().zip())
    };
    assert!(without(&["people.jsonl"]).contains("not in people.jsonl"));
    assert!(
        without(&["decisions.jsonl", "publications.jsonl"])
            .contains("is missing from decisions.jsonl")
    );
    let all = [
        "revisions.jsonl",
        "screenings.jsonl",
        "safety-cases.jsonl",
        "decisions.jsonl",
        "publications.jsonl",
    ];
    assert!(without(&all).contains("is missing from revisions.jsonl"));
    assert!(without(&["screenings.jsonl"]).contains("was never screened"));
}

#[test]
fn a_text_is_not_released_on_a_refusal_nor_while_its_safety_case_is_open() {
    let mut refused = Story::new();
    refused.row("decisions.jsonl")["action"] = "reject".into();
    refused.log[4]["change"]["action"] = "reject".into();
    assert!(fault(&refused.files().zip()).contains("published on the decision to reject"));

    let mut open = Story::new();
    for member in ["disposition", "disposed_by", "disposed_at"] {
        open.row("safety-cases.jsonl")[member] = Value::Null;
    }
    assert!(fault(&open.files().zip()).contains("while its safety case had no disposition"));
}

#[test]
fn rules_that_were_changed_do_not_have_the_hash_that_the_screening_names() {
    let mut files = Story::new().files();
    let path = format!("rule-sets/{}/00-conduct.toml", pack_hash());
    files.content.insert(path, b"id = \"lax\"\n".to_vec());
    assert!(fault(&files.zip()).contains("which is not the one of their folder"));
}

#[test]
fn an_erased_name_leaves_the_proof_whole() {
    let mut story = Story::new();
    for member in ["name", "salt"] {
        story.row("people.jsonl")[member] = Value::Null;
    }
    let report = verify(&story.files().zip(), &Trust::default());
    assert_eq!(
        (report.fault.clone(), count(&report, "names were erased")),
        (None, 1)
    );
}
