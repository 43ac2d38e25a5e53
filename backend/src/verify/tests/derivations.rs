//! What may be done to a bundle in which words were taken out of a text, and the text as it was written is sealed.

use serde_json::{Value, json};

use super::{
    DECISION, EVIDENCE, GARDEN, ITEM, OFFICER, POST, POSTED, REVIEWER, REVISION, SCREENING, Story,
    WRITER, fault, pack_hash,
};
use crate::verify::json::canonical;
use crate::verify::tree::sha256;

pub(super) const LEFT: &str = "0197a000-0000-7000-8000-0000000000f3";
const SCREENED: &str = "0197a000-0000-7000-8000-0000000000f4";
const READING: &str = "0197a000-0000-7000-8000-0000000000f5";
/// The words `"rash"` of the text of the story.
const SPANS: &str = r#"{"spans":[{"end":9,"field":"body","reason":"personal_data","start":3}]}"#;

fn words_hash(id: &str, words: &str) -> String {
    hex::encode(sha256(format!("{id}\n{words}").as_bytes()))
}

impl Story {
    /// Words are taken out of the text before it is released; then somebody reads what is sealed.
    fn redacted() -> Self {
        let mut story = Self::new();
        let result = r#"{"verdict":"clear","adverse_event":null,"technical_reason":null}"#;
        let judged = json!({"context": "{}", "priority": 0, "result": result});
        let screening_hash = hex::encode(sha256(canonical(&judged).unwrap().as_bytes()));
        let (posted, rules) = (POSTED + 5, pack_hash());
        let mut left = json!({
            "author": WRITER, "body": "No [removed] so far.\nThank you \u{1f600}", "number": 2, "post": POST,
            "salt": "ffeeddccbbaa99887766554433221100", "submitted_at": posted, "title": "Grüße",
        });
        let hash = hex::encode(sha256(canonical(&left).unwrap().as_bytes()));
        (left["hash"], left["id"]) = (json!(hash), json!(LEFT));
        let original_hash = story.rows["revisions.jsonl"][0]["hash"].clone();
        let people = story.rows["people.jsonl"].clone();

        for at in [4, 5] {
            story.log[at]["change"]["action"] = "redact_and_release".into();
        }
        let said = &mut story.log[4]["change"];
        said["particulars"] = SPANS.into();
        for member in ["balance_hash", "balance_key", "balance_version"] {
            said[member] = Value::Null;
        }
        let shown = &mut story.log[6]["change"];
        shown["appended_hash"] = Value::Null;
        (shown["revision"], shown["revision_hash"]) = (json!(LEFT), json!(hash));
        let mut made = story.log[6].clone();
        made["action"] = "revision.derived".into();
        made["object"] = json!({"id": LEFT, "kind": "revision"});
        made["change"] = json!({
            "decision": DECISION, "item": null, "kind": "redacted", "number": 2, "original": REVISION,
            "original_hash": original_hash, "part": 1, "post": POST, "revision_hash": hash, "rule_set_hash": rules,
            "safety_case": null, "screening": SCREENED, "screening_hash": screening_hash, "submitted_at": posted,
            "verdict": "clear",
        });
        story.log.insert(6, made);
        let mut read = story.log[6].clone();
        read["action"] = "sealed_text.read".into();
        read["actor"] = json!({"id": OFFICER, "name_commitment": people[2]["commitment"], "role": "safety_officer"});
        read["object"] = json!({"id": REVISION, "kind": "revision"});
        read["change"] = json!({
            "read_at": 9, "reading": READING, "words_hash": words_hash(READING, "Follow-up of the case."),
        });
        story.log.push(read);
        for (at, record) in story.log.iter_mut().enumerate() {
            record["id"] = format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + at).into();
        }
        story.checkpoints = vec![3, story.log.len()];

        let assessed = story.row("assessments.jsonl");
        assessed["action"] = "redact_and_release".into();
        assessed["particulars"] = SPANS.into();
        for member in ["balance_text", "balance_key", "balance_version"] {
            assessed[member] = Value::Null;
        }
        story.row("decisions.jsonl")["action"] = "redact_and_release".into();
        let shown = story.row("publications.jsonl");
        (shown["appended"], shown["revision"]) = (Value::Null, json!(LEFT));
        let add = |story: &mut Self, file: &str, row: Value| {
            story.rows.get_mut(file).unwrap().push(row);
        };
        add(&mut story, "revisions.jsonl", left);
        add(
            &mut story,
            "screenings.jsonl",
            json!({
                "context": "{}", "id": SCREENED, "priority": 0, "result": result, "revision": LEFT,
                "rule_set_hash": rules, "screened_at": posted, "technical_reason": null, "verdict": "clear",
            }),
        );
        add(
            &mut story,
            "derivations.jsonl",
            json!({
                "community": GARDEN, "decision": DECISION, "item": ITEM, "kind": "redacted", "made_at": posted,
                "made_by": REVIEWER, "made_by_commitment": people[1]["commitment"], "original": REVISION, "part": 1,
                "revision": LEFT, "role": "moderator", "screening": SCREENED,
            }),
        );
        add(
            &mut story,
            "sealed-readings.jsonl",
            json!({
                "community": GARDEN, "id": READING, "read_at": 9, "read_by": OFFICER,
                "read_by_commitment": people[2]["commitment"], "revision": REVISION, "role": "safety_officer",
                "words": "Follow-up of the case.",
            }),
        );
        story
    }

    /// The same without the words of the sealed text.
    pub(super) fn sealed() -> Self {
        let mut story = Self::redacted();
        for member in ["body", "title", "salt"] {
            story.row("revisions.jsonl")[member] = Value::Null;
        }
        story.row("screenings.jsonl")["result"] = Value::Null;
        story.row("safety-cases.jsonl")["evidence"] = Value::Null;
        story
    }

    pub(super) fn with_a_reason() -> Self {
        let mut story = Self::redacted();
        story.sealed_reason = Some("Inspection of the case.");
        story
    }
}

#[test]
fn a_redacted_text_fits_with_and_without_the_words_that_are_sealed() {
    assert_eq!(fault(&Story::sealed().files().zip()), "no fault");
    assert_eq!(fault(&Story::with_a_reason().files().zip()), "no fault");
}

#[test]
fn words_are_withheld_where_they_are_sealed_and_nowhere_else() {
    let told = fault(&Story::redacted().files().zip());
    assert!(told.contains("without a reason"), "{told}");
    let mut story = Story::sealed();
    story.sealed_reason = Some("Inspection of the case.");
    let told = fault(&story.files().zip());
    assert!(told.contains("without need"), "{told}");
    let mut story = Story::new();
    for member in ["body", "title", "salt"] {
        story.row("revisions.jsonl")[member] = Value::Null;
    }
    story.row("screenings.jsonl")["result"] = Value::Null;
    story.row("safety-cases.jsonl")["evidence"] = Value::Null;
    let told = fault(&story.files().zip());
    assert!(told.contains("which is not sealed"), "{told}");
    for (file, member, value) in [
        (
            "revisions.jsonl",
            "salt",
            json!("00112233445566778899aabbccddeeff"),
        ),
        ("screenings.jsonl", "result", json!("{}")),
        ("safety-cases.jsonl", "evidence", json!(EVIDENCE)),
    ] {
        let mut story = Story::sealed();
        story.row(file)[member] = value;
        let told = fault(&story.files().zip());
        assert!(told.contains("withheld"), "{file}: {told}");
    }
}

#[test]
fn the_hash_of_a_sealed_text_is_the_one_that_was_submitted() {
    let mut story = Story::sealed();
    let other = hex::encode(sha256(b"another text"));
    story.row("revisions.jsonl")["hash"] = other.into();
    assert!(fault(&story.files().zip()).contains("no record says that"));
}

#[test]
fn what_is_left_is_what_the_decision_says() {
    let other = SPANS.replace("\"end\":9", "\"end\":8");
    let mut story = Story::with_a_reason();
    story.row("assessments.jsonl")["particulars"] = other.clone().into();
    let told = fault(&story.files().zip());
    assert!(told.contains("no record says that"), "{told}");
    // With the record forged as well, the texts still tell.
    story.log[4]["change"]["particulars"] = other.into();
    let told = fault(&story.files().zip());
    assert!(told.contains("are not what it says of the text"), "{told}");
}

#[test]
fn neither_what_was_made_nor_who_read_what_is_sealed_can_be_changed_or_left_out() {
    for (member, value) in [
        ("made_by", OFFICER),
        ("role", "lead"),
        ("screening", SCREENING),
        ("kind", "part"),
        ("original", LEFT),
    ] {
        let mut story = Story::sealed();
        story.row("derivations.jsonl")[member] = value.into();
        assert_ne!(fault(&story.files().zip()), "no fault", "{member}");
    }
    let mut story = Story::sealed();
    story.row("derivations.jsonl")["part"] = 2.into();
    assert!(fault(&story.files().zip()).contains("no record says that this text"));
    for file in ["derivations.jsonl", "sealed-readings.jsonl"] {
        let mut story = Story::sealed();
        story.rows.insert(file, Vec::new());
        let told = fault(&story.files().zip());
        assert!(told.contains(&format!("is missing from {file}")), "{told}");
    }
    for (member, value) in [
        ("words", "Another reason."),
        ("read_by", WRITER),
        ("role", "lead"),
    ] {
        let mut story = Story::sealed();
        story.row("sealed-readings.jsonl")[member] = value.into();
        assert_ne!(fault(&story.files().zip()), "no fault", "{member}");
    }
}

#[test]
fn readers_see_what_is_left_and_not_the_sealed_text() {
    let mut story = Story::sealed();
    let hash = story.rows["revisions.jsonl"][0]["hash"].clone();
    (
        story.log[7]["change"]["revision"],
        story.log[7]["change"]["revision_hash"],
    ) = (json!(REVISION), hash);
    story.row("publications.jsonl")["revision"] = REVISION.into();
    let told = fault(&story.files().zip());
    assert!(told.contains("is not the text that was released"), "{told}");
}
