//! What may be done to a bundle in which the desk asked safety a question.

use serde_json::{Value, json};

use super::{GARDEN, ITEM, OFFICER, REVIEWER, REVISION, Story, WRITER, fault};
use crate::verify::tree::sha256;

const QUESTION: &str = "0197a000-0000-7000-8000-0000000000f5";
const ANSWER: &str = "0197a000-0000-7000-8000-0000000000f6";

fn hash(id: &str, words: &str) -> String {
    hex::encode(sha256(format!("{id}\n{words}").as_bytes()))
}

impl Story {
    /// A record of the question, at this place of the log.
    fn notes(&mut self, place: usize, action: &str, by: usize, role: &str, change: Value) {
        let person = &self.rows["people.jsonl"][by];
        let record = json!({
            "action": action,
            "actor": {"id": person["account"], "name_commitment": person["commitment"], "role": role},
            "at": 1_795_314_900_000_000_u64 + place as u64, "change": change, "community": GARDEN,
            "from": "session:0197a000-0000-7000-8000-0000000000d1",
            "id": format!("0197a000-0000-7000-8000-{:012x}", 0xf00 + self.log.len()),
            "object": {"id": QUESTION, "kind": "referral"}, "why": null,
        });
        self.log.insert(place, record);
        self.checkpoints = vec![self.log.len()];
    }

    /// The place in the log of the first judgement.
    fn judgement(&self) -> usize {
        let mut records = self.log.iter();
        let place = records.position(|record| record["action"] == "assessment.made");
        place.unwrap()
    }

    /// The reviewer asks safety before judging; the officer answers.
    fn referred() -> Self {
        let mut story = Self::new();
        let text = story.rows["revisions.jsonl"][0]["hash"].clone();
        let commitments = [1, 2].map(|who| story.rows["people.jsonl"][who]["commitment"].clone());
        let place = story.judgement();
        let asked = json!({
            "asked_at": 20, "due_at": 30, "field": "safety", "item": ITEM, "number": 1,
            "question_hash": hash(QUESTION, "Known?"), "revision": REVISION, "revision_hash": text,
            "state": {"old": "waiting", "new": "referred"},
        });
        story.notes(place, "referral.asked", 1, "moderator", asked);
        let answered = json!({
            "answer": ANSWER, "answered_at": 25, "item": ITEM, "outcome": "objection",
            "state": {"old": "referred", "new": "waiting"}, "words_hash": hash(ANSWER, "No."),
        });
        story.notes(
            place + 1,
            "referral.answered",
            2,
            "safety_officer",
            answered,
        );
        story.rows.get_mut("referrals.jsonl").unwrap().push(json!({
            "asked_at": 20, "asked_by": REVIEWER, "asked_by_commitment": commitments[0], "community": GARDEN,
            "due_at": 30, "field": "safety", "id": QUESTION, "item": ITEM, "number": 1, "question": "Known?",
            "revision": REVISION, "role": "moderator",
            "end": {
                "at": 25, "by": OFFICER, "by_commitment": commitments[1], "id": ANSWER, "outcome": "objection",
                "role": "safety_officer", "words": "No.",
            },
        }));
        story
    }
}

#[test]
fn a_question_and_its_answer_fit_their_records() {
    assert_eq!(fault(&Story::referred().files().zip()), "no fault");
}

#[test]
fn neither_a_question_nor_its_answer_can_be_changed_or_left_out() {
    for (member, value) in [
        ("/question", "Never asked."),
        ("/role", "lead"),
        ("/field", "medical"),
        ("/end/words", "Yes."),
        ("/end/outcome", "no_objection"),
        ("/end/by", REVIEWER),
        ("/end/by", WRITER),
        ("/asked_by", WRITER),
        ("/end/outcome", "recalled"),
    ] {
        let mut story = Story::referred();
        let row = story.row("referrals.jsonl");
        *row.pointer_mut(member).unwrap() = value.into();
        let told = fault(&story.files().zip());
        assert!(
            told.starts_with("referrals.jsonl, line 1"),
            "{member}: {told}"
        );
    }
    let mut story = Story::referred();
    story.rows.insert("referrals.jsonl", Vec::new());
    assert!(fault(&story.files().zip()).contains("is missing from referrals.jsonl"));
    let mut story = Story::referred();
    story.row("referrals.jsonl")["end"] = Value::Null;
    assert!(fault(&story.files().zip()).contains("while this question was open"));
}

/// R-ER-08: nobody judges while a question is open, even if the log itself was forged so.
#[test]
fn a_judgement_while_a_question_was_open_is_seen() {
    let mut story = Story::referred();
    let answered = story
        .log
        .iter()
        .position(|record| record["action"] == "referral.answered");
    let record = story.log.remove(answered.unwrap());
    story.log.push(record);
    assert!(fault(&story.files().zip()).contains("while this question was open"));
}
