//! R-ER-05, 21 CFR 11.70: what may be done to an electronic signature, also by who holds the log's own key.

use serde_json::{Value, json};

use super::{DECISION, GARDEN, REVIEWER, REVISION, Story, count, fault, pack_hash};
use crate::verify::content::{Content, Revision};
use crate::verify::json::{Line, canonical};
use crate::verify::log::Log;
use crate::verify::signatures::{Signatures, Signed};
use crate::verify::tree::sha256;
use crate::verify::{Trust, verify};

const SIGNATURE: &str = "0197a000-0000-7000-8000-0000000000f1";
const SIGNED_AT: u64 = 1_795_314_960_000_001;

fn manifest(story: &Story) -> Value {
    let reviewer = &story.rows["people.jsonl"][1];
    json!({
        "action": "release", "community": GARDEN, "components": ["code", "password"], "id": SIGNATURE,
        "meaning": "approved_for_publication", "meaning_text": "I approve it.",
        "object": {"id": DECISION, "kind": "decision"}, "other": {}, "reason": null, "revision": REVISION,
        "revision_hash": story.rows["revisions.jsonl"][0]["hash"], "role": "moderator",
        "rule_set_hash": pack_hash(), "series": "first", "signed_at": SIGNED_AT,
        "signed_at_utc": "2026-11-22T02:36:00.000001Z", "signer": REVIEWER,
        "signer_commitment": reviewer["commitment"], "signer_name": reviewer["name"], "statement_hash": "5e",
        "version": 1, "words_hash": hex::encode(sha256(format!("{DECISION}\nWell said.").as_bytes())),
    })
}

fn row(manifest: &Value) -> Value {
    let text = canonical(manifest).unwrap();
    json!({
        "community": manifest["community"], "id": manifest["id"], "manifest_hash": hex::encode(sha256(text.as_bytes())),
        "manifest": text, "meaning": manifest["meaning"], "object": manifest["object"],
        "revision": manifest["revision"], "signed_at": manifest["signed_at"], "signer": manifest["signer"],
    })
}

fn record(manifest: &Value, row: &Value) -> Value {
    json!({
        "action": "signature.made",
        "actor": {"id": manifest["signer"], "name_commitment": manifest["signer_commitment"], "role": manifest["role"]},
        "at": SIGNED_AT, "change": {
            "components": manifest["components"], "manifest_hash": row["manifest_hash"],
            "meaning": manifest["meaning"], "object": manifest["object"], "revision": manifest["revision"],
            "signed_at": manifest["signed_at"],
        },
        "community": GARDEN, "from": "session:0197a000-0000-7000-8000-0000000000d1",
        "id": "0197a000-0000-7000-8000-000000000f99", "object": {"id": manifest["id"], "kind": "signature"}, "why": null,
    })
}

/// The story with a signature on its decision, whose manifest was edited before it was signed and sealed.
fn signed(edit: impl FnOnce(&mut Value)) -> Story {
    let mut story = Story::new();
    let mut manifest = manifest(&story);
    edit(&mut manifest);
    let row = row(&manifest);
    story.log.push(record(&manifest, &row));
    story.checkpoints.push(story.log.len());
    story.rows.insert("signatures.jsonl", vec![row]);
    story
}

fn fault_of(story: &Story) -> String {
    fault(&story.files().zip())
}

#[test]
fn er_04_a_signature_with_its_name_time_and_meaning_is_counted() {
    let report = verify(&signed(|_| ()).files().zip(), &Trust::default());
    assert!(report.is_good(), "{report}");
    assert_eq!(count(&report, "electronic signatures"), 1);
}

#[test]
fn er_05_signed_bytes_that_were_changed_copied_moved_or_left_out_are_refused() {
    let edited = |edit: &dyn Fn(&mut Vec<Value>)| {
        let mut story = signed(|_| ());
        edit(story.rows.get_mut("signatures.jsonl").unwrap());
        fault_of(&story)
    };
    let again = |rows: &mut Vec<Value>, edit: &dyn Fn(&mut Value)| {
        let mut manifest: Value =
            serde_json::from_str(rows[0]["manifest"].as_str().unwrap()).unwrap();
        edit(&mut manifest);
        rows[0] = row(&manifest);
    };
    for (what, said) in [
        (
            edited(&|rows| {
                let text = rows[0]["manifest"]
                    .as_str()
                    .unwrap()
                    .replace("release", "reject1");
                rows[0]["manifest"] = text.into();
            }),
            "do not have the hash of the signature",
        ),
        (
            edited(&|rows| {
                again(rows, &|manifest| {
                    manifest["meaning_text"] = "I reject it.".into()
                })
            }),
            "no record says that this person made the signature",
        ),
        (
            edited(&|rows| again(rows, &|manifest| manifest["object"]["id"] = REVISION.into())),
            "no record says that this person made the signature",
        ),
        (
            edited(&|rows| again(rows, &|manifest| manifest["signer"] = GARDEN.into())),
            "no record says that this person made the signature",
        ),
        (
            edited(&|rows| rows[0]["meaning"] = "rejected".into()),
            "`/meaning` is not what was signed",
        ),
        (
            edited(&|rows| rows[0]["object"]["id"] = REVISION.into()),
            "`/object/id` is not what was signed",
        ),
        (
            edited(&|rows| {
                let mut copy = rows[0].clone();
                copy["id"] = REVISION.into();
                rows.push(copy);
            }),
            "`/id` is not what was signed",
        ),
        (
            edited(&|rows| rows.push(rows[0].clone())),
            "this person signed this object already",
        ),
        (
            edited(&|rows| rows.clear()),
            "is missing from signatures.jsonl",
        ),
    ] {
        assert!(what.contains(said), "{what} instead of {said}");
    }
}

#[test]
fn er_04_er_05_not_even_a_record_makes_another_name_time_or_text_the_one_that_was_signed() {
    for (story, said) in [
        (
            signed(|manifest| manifest["signer_name"] = "Ana Lima".into()),
            "the printed name is not the one",
        ),
        (
            signed(|manifest| manifest["signed_at_utc"] = "2026-11-22T02:35:00.000001Z".into()),
            "the time that was shown is not the time",
        ),
        (
            signed(|manifest| manifest["revision_hash"] = pack_hash().into()),
            "another text was signed",
        ),
        (
            signed(|manifest| manifest["signer_commitment"] = pack_hash().into()),
            "people.jsonl",
        ),
        (
            signed(|manifest| drop(manifest.as_object_mut().unwrap().remove("meaning_text"))),
            "`/meaning_text` is missing",
        ),
    ] {
        let what = fault_of(&story);
        assert!(what.contains(said), "{what} instead of {said}");
    }
}

/// The signatures of the story, as the check of what was signed gets them.
fn checked() -> Signatures {
    let story = signed(|_| ());
    let zip = story.files().zip();
    let archive = crate::verify::archive::Archive::read(&zip).unwrap();
    let revision = &story.rows["revisions.jsonl"][0];
    let mut content = Content::default();
    content.revisions.insert(
        REVISION.to_owned(),
        Revision {
            hash: revision["hash"].as_str().unwrap().to_owned(),
            author: String::new(),
            post: String::new(),
            submitted_at: 0,
            original: None,
            withheld: false,
        },
    );
    let log = Log::of_one(story.log.last().unwrap().clone());
    crate::verify::signatures::check(
        &archive,
        &content,
        &log,
        &mut crate::verify::Report::default(),
    )
    .unwrap()
}

#[test]
fn er_05_a_row_has_the_signature_that_was_made_for_it_and_for_nothing_else() {
    let story = signed(|_| ());
    let decision = &story.rows["decisions.jsonl"][0];
    let text = canonical(decision).unwrap();
    let line = Line {
        file: "decisions.jsonl",
        number: 1,
        offset: 0,
        text: &text,
        value: decision.clone(),
    };
    let (hash, rules) = (decision["revision_hash"].as_str().unwrap(), pack_hash());
    let words = hex::encode(sha256(format!("{DECISION}\nWell said.").as_bytes()));
    let right = || Signed {
        kind: "decision",
        object: DECISION,
        by: REVIEWER,
        role: "moderator",
        action: "release",
        reason: None,
        revision: REVISION,
        revision_hash: hash,
        rule_set_hash: &rules,
        words_hash: Some(&words),
    };
    let mut signatures = checked();
    assert!(
        signatures.all_claimed("decision").is_err(),
        "nobody names it"
    );
    assert!(signatures.all_claimed("assessment").is_ok());
    signatures.fits(&line, SIGNATURE, &right()).unwrap();
    assert!(signatures.all_claimed("decision").is_ok());
    let twice = signatures.fits(&line, SIGNATURE, &right()).unwrap_err();
    assert!(twice.what.contains("is used twice"));
    assert!(
        checked().fits(&line, DECISION, &right()).is_err(),
        "there is none"
    );
    for wrong in [
        Signed {
            kind: "assessment",
            ..right()
        },
        Signed {
            object: REVISION,
            ..right()
        },
        Signed {
            by: GARDEN,
            ..right()
        },
        Signed {
            role: "lead",
            ..right()
        },
        Signed {
            action: "reject",
            ..right()
        },
        Signed {
            reason: Some("privacy"),
            ..right()
        },
        Signed {
            revision: DECISION,
            ..right()
        },
        Signed {
            revision_hash: &rules,
            ..right()
        },
        Signed {
            rule_set_hash: hash,
            ..right()
        },
        Signed {
            words_hash: None,
            ..right()
        },
    ] {
        let moved = checked().fits(&line, SIGNATURE, &wrong).unwrap_err();
        assert!(
            moved.what.contains("was made for something else"),
            "{moved}"
        );
    }
}
