//! What may be done to a bundle in which a text was taken from readers, and shown to them again.

use serde_json::{Value, json};

use super::{GARDEN, POST, REVIEWER, REVISION, Story, fault};
use crate::verify::tree::sha256;

const TAKEN: &str = "0197a000-0000-7000-8000-0000000000f1";
const BACK: &str = "0197a000-0000-7000-8000-0000000000f2";

fn hash(id: &str, words: &str) -> String {
    hex::encode(sha256(format!("{id}\n{words}").as_bytes()))
}

impl Story {
    /// Somebody retracts the text, or restores it; the log and the file say so.
    fn turns(&mut self, id: &str, action: &str, tombstone: Option<&str>, at: u64) {
        let reviewer = self.rows["people.jsonl"][1].clone();
        let text = self.rows["revisions.jsonl"][0]["hash"].clone();
        let told = if action == "retract" {
            "post.retracted"
        } else {
            "post.restored"
        };
        self.log.push(json!({
            "action": told,
            "actor": {"id": REVIEWER, "name_commitment": reviewer["commitment"], "role": "lead"},
            "at": 1_795_314_900_000_000_u64 + self.log.len() as u64,
            "change": {
                "decision": null, "done_at": at, "retraction": id, "revision": REVISION, "revision_hash": text,
                "tombstone_hash": tombstone.map(|words| hash(id, words)), "words_hash": hash(id, "Sorry."),
            },
            "community": GARDEN, "from": "session:0197a000-0000-7000-8000-0000000000d1",
            "id": format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + self.log.len()),
            "object": {"id": POST, "kind": "post"}, "why": "privacy",
        }));
        self.checkpoints.push(self.log.len());
        self.rows.get_mut("retractions.jsonl").unwrap().push(json!({
            "action": action, "community": GARDEN, "decision": null, "done_at": at, "done_by": REVIEWER,
            "done_by_commitment": reviewer["commitment"], "id": id, "post": POST, "reason_code": "privacy",
            "revision": REVISION, "revision_hash": text, "role": "lead", "tombstone": tombstone, "words": "Sorry.",
        }));
    }

    fn shows(&mut self, revision: Value, retraction: Value) {
        let row = self.row("publications.jsonl");
        row["revision"] = revision;
        row["retraction"] = retraction;
    }

    fn retracted() -> Self {
        let mut story = Self::new();
        story.turns(TAKEN, "retract", Some("Removed."), 10);
        story.shows(Value::Null, TAKEN.into());
        story
    }
}

#[test]
fn a_text_that_was_retracted_and_restored_fits_its_records() {
    assert_eq!(fault(&Story::retracted().files().zip()), "no fault");
    let mut story = Story::retracted();
    story.turns(BACK, "restore", None, 11);
    story.shows(REVISION.into(), Value::Null);
    assert_eq!(fault(&story.files().zip()), "no fault");
}

#[test]
fn a_retracted_text_cannot_be_shown_again_without_a_record() {
    let mut story = Story::retracted();
    story.shows(REVISION.into(), Value::Null);
    assert!(fault(&story.files().zip()).contains("what readers see is not what"));
    let mut story = Story::new();
    story.shows(Value::Null, TAKEN.into());
    assert!(fault(&story.files().zip()).contains("what readers see is not what"));
}

#[test]
fn neither_a_retraction_nor_its_words_can_be_changed_or_left_out() {
    for (member, value) in [
        ("tombstone", "Never said."),
        ("words", "Another reason."),
        ("reason_code", "conduct"),
        ("role", "moderator"),
    ] {
        let mut story = Story::retracted();
        story.row("retractions.jsonl")[member] = value.into();
        assert!(
            fault(&story.files().zip()).contains("no record says"),
            "{member}"
        );
    }
    let mut story = Story::retracted();
    story.rows.insert("retractions.jsonl", Vec::new());
    assert!(fault(&story.files().zip()).contains("is missing from retractions.jsonl"));
}

#[test]
fn what_was_not_seen_cannot_be_retracted_nor_what_was_not_retracted_restored() {
    let mut story = Story::new();
    story.turns(BACK, "restore", None, 11);
    assert!(fault(&story.files().zip()).contains("readers did not see this text"));
    let mut story = Story::retracted();
    story.turns(BACK, "retract", Some("Removed."), 11);
    assert!(fault(&story.files().zip()).contains("readers did not see this text"));
}
