//! What may be done to a bundle in which a text was screened again under later rules.

use serde_json::{Value, json};

use super::derivations::LEFT;
use super::{
    CASE, EVIDENCE, POSTED, REVISION, SCREENING, Story, count, fault, pack_hash, result,
    screening_hash,
};
use crate::verify::json::canonical;
use crate::verify::tree::sha256;
use crate::verify::{Trust, verify};

const LATER: &str = "0197a000-0000-7000-8000-0000000000f6";
const LATE_CASE: &str = "0197a000-0000-7000-8000-0000000000f7";
const SCREENED_AT: u64 = POSTED + 1_000;

impl Story {
    /// Later rules find an adverse event in this text; that opens this case.
    fn screens_again(&mut self, revision: &str, case: Option<&str>) {
        let mut record = self.log[1].clone();
        record["action"] = "revision.rescreened".into();
        record["actor"] = json!({"id": null, "name_commitment": null, "role": "server"});
        record["object"]["id"] = revision.into();
        let said = &mut record["change"];
        said["screening"] = LATER.into();
        said["screening_hash"] = screening_hash().into();
        said["screened_at"] = SCREENED_AT.into();
        said["safety_case"] = case.into();
        said["verdict"] = "escalate".into();
        self.log.push(record);
        for (at, record) in self.log.iter_mut().enumerate() {
            record["id"] = format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + at).into();
        }
        self.checkpoints = vec![3, self.log.len()];
        self.add(
            "screenings.jsonl",
            json!({
                "context": "{}", "id": LATER, "priority": 500, "result": result(), "revision": revision,
                "rule_set_hash": pack_hash(), "screened_at": SCREENED_AT, "technical_reason": null,
                "verdict": "escalate",
            }),
        );
    }

    fn add(&mut self, file: &str, row: Value) {
        self.rows.get_mut(file).unwrap().push(row);
    }

    /// Nobody noticed the adverse event before the text was released; the case that later rules open waits.
    fn rescreened() -> Self {
        let mut story = Self::new();
        let nothing = r#"{"verdict":"clear","adverse_event":null,"technical_reason":null}"#;
        let judged = json!({"context": "{}", "priority": 0, "result": nothing});
        let said = &mut story.log[1]["change"];
        said["screening_hash"] = hex::encode(sha256(canonical(&judged).unwrap().as_bytes())).into();
        said["safety_case"] = Value::Null;
        said["verdict"] = "clear".into();
        let first = story.row("screenings.jsonl");
        (first["result"], first["priority"]) = (nothing.into(), 0.into());
        first["verdict"] = "clear".into();
        story.log.remove(3);
        let case = story.row("safety-cases.jsonl");
        case["screening"] = LATER.into();
        for member in ["disposed_at", "disposed_by", "disposition", "reason_code"] {
            case[member] = Value::Null;
        }
        story.screens_again(REVISION, Some(CASE));
        story
    }

    fn later(&mut self) -> &mut Value {
        self.rows
            .get_mut("screenings.jsonl")
            .unwrap()
            .last_mut()
            .unwrap()
    }
}

#[test]
fn a_case_that_later_rules_open_leaves_what_was_decided_before() {
    let report = verify(&Story::rescreened().files().zip(), &Trust::default());
    assert_eq!(report.fault.as_ref().map(ToString::to_string), None);
    assert_eq!(count(&report, "screenings have"), 2);
    // Decided after the case was opened, the text would have had to wait for its disposition.
    let mut story = Story::rescreened();
    let opened = story.log.pop().unwrap();
    story.log.insert(2, opened);
    let told = fault(&story.files().zip());
    assert!(told.contains("had no disposition"), "{told}");
}

#[test]
fn a_later_screening_can_neither_be_changed_nor_left_out_nor_added() {
    for (member, value, expected) in [
        ("verdict", json!("clear"), "no record says that the verdict"),
        ("id", json!(LEFT), "no record says that the verdict"),
        ("context", json!("{} "), "commits to"),
        ("priority", json!(1), "commits to"),
        ("result", json!("{}"), "commits to"),
        ("result", Value::Null, "only then"),
        ("screened_at", json!(POSTED), "when the record says"),
        (
            "technical_reason",
            json!("late"),
            "not the one in the result",
        ),
    ] {
        let mut story = Story::rescreened();
        story.later()[member] = value;
        let told = fault(&story.files().zip());
        assert!(
            told.starts_with("screenings.jsonl, line 2, ") && told.contains(expected),
            "{member}: {told}"
        );
    }
    let mut story = Story::rescreened();
    story.rows.get_mut("screenings.jsonl").unwrap().pop();
    let told = fault(&story.files().zip());
    assert!(told.contains("is missing from screenings.jsonl"), "{told}");
    let mut story = Story::rescreened();
    let again = story.later().clone();
    story.add("screenings.jsonl", again);
    let told = fault(&story.files().zip());
    assert!(told.contains("twice in the file"), "{told}");
    let mut story = Story::rescreened();
    let last = story.log.len() - 1;
    story.log[last]["action"] = "revision.screened".into();
    let told = fault(&story.files().zip());
    assert!(told.contains("no record says that the verdict"), "{told}");
}

#[test]
fn the_case_that_later_rules_opened_is_there_as_they_said_it() {
    let mut story = Story::rescreened();
    story.rows.insert("safety-cases.jsonl", Vec::new());
    let told = fault(&story.files().zip());
    assert!(
        told.contains("is missing from safety-cases.jsonl"),
        "{told}"
    );
    for (member, value, expected) in [
        ("day_zero", json!(SCREENED_AT), "day 0"),
        ("screening", json!(SCREENING), "not that of its revision"),
        ("evidence", json!("{}"), "not what the rules found"),
        ("disposition", json!("no_event"), "was disposed of"),
    ] {
        let mut story = Story::rescreened();
        story.row("safety-cases.jsonl")[member] = value;
        let told = fault(&story.files().zip());
        assert!(told.contains(expected), "{member}: {told}");
    }
}

#[test]
fn a_later_screening_of_a_sealed_text_is_withheld_as_the_first_is() {
    let mut story = Story::sealed();
    story.screens_again(REVISION, None);
    let told = fault(&story.files().zip());
    assert!(told.contains("is withheld if the text is sealed"), "{told}");
    story.later()["result"] = Value::Null;
    assert_eq!(fault(&story.files().zip()), "no fault");
    let mut story = Story::with_a_reason();
    story.screens_again(REVISION, None);
    assert_eq!(fault(&story.files().zip()), "no fault");
}

#[test]
fn what_later_rules_find_in_what_is_left_was_said_when_the_whole_was_written() {
    let mut story = Story::sealed();
    story.screens_again(LEFT, Some(LATE_CASE));
    let mut case = story.row("safety-cases.jsonl").clone();
    case["id"] = LATE_CASE.into();
    case["number"] = 2.into();
    (case["revision"], case["screening"]) = (LEFT.into(), LATER.into());
    case["evidence"] = EVIDENCE.into();
    for member in ["disposed_at", "disposed_by", "disposition", "reason_code"] {
        case[member] = Value::Null;
    }
    story.add("safety-cases.jsonl", case.clone());
    assert_eq!(fault(&story.files().zip()), "no fault");
    case["day_zero"] = (POSTED + 5).into();
    *story
        .rows
        .get_mut("safety-cases.jsonl")
        .unwrap()
        .last_mut()
        .unwrap() = case;
    let told = fault(&story.files().zip());
    assert!(told.contains("day 0"), "{told}");
}
