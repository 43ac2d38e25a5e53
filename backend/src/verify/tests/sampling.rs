//! What may be done to a bundle in which a decision was drawn for a second look.

use serde_json::{Value, json};

use super::{ASSESSMENT, DECISION, GARDEN, ITEM, OFFICER, REVISION, Story, count, fault};
use crate::verify::tree::sha256;
use crate::verify::{Trust, verify};

const SEED: &str = "0197a000-0000-7000-8000-000000000a01";
const NEXT: &str = "0197a000-0000-7000-8000-000000000a02";
const SAMPLE: &str = "0197a000-0000-7000-8000-000000000a03";
const LOOK: &str = "0197a000-0000-7000-8000-000000000a04";
const SAID: &str = "0197a000-0000-7000-8000-000000000a05";
const MADE: &str = "0197a000-0000-7000-8000-000000000a06";
const SECRET: [u8; 32] = [7; 32];

impl Story {
    fn tells(&mut self, action: &str, object: (&str, &str), change: Value) {
        let number = self.log.len();
        self.log.push(json!({
            "action": action,
            "actor": {"id": null, "name_commitment": null, "role": "server"},
            "at": 1_795_314_900_000_000_u64 + number as u64, "change": change, "community": GARDEN,
            "from": "server", "id": format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + number),
            "object": {"id": object.1, "kind": object.0}, "why": null,
        }));
        self.checkpoints.push(self.log.len());
    }

    /// A seed that draws so many of a hundred from then on, and its record.
    fn seeded(&mut self, id: &str, share: u64, at: u64) {
        let commitment = hex::encode(sha256(&SECRET));
        let change = json!({
            "commitment": commitment, "drawn_at": at, "month": "2026-11", "share_percent": share,
        });
        self.tells("sample_seed.drawn", ("sample_seed", id), change);
        self.rows.get_mut("sample-seeds.jsonl").unwrap().push(json!({
            "commitment": commitment, "community": GARDEN, "drawn_at": at, "id": id, "month": "2026-11",
            "revealed_at": null, "seed": null, "share_percent": share,
        }));
    }

    fn revealed(&mut self) {
        let seed = hex::encode(SECRET);
        let change = json!({ "ended_at": 20, "revealed_at": 30, "seed": seed });
        self.tells("sample_seed.revealed", ("sample_seed", SEED), change);
        let row = &mut self.rows.get_mut("sample-seeds.jsonl").unwrap()[0];
        row["revealed_at"] = 30.into();
        row["seed"] = seed.into();
    }

    fn sampled(&mut self) {
        let change = json!({
            "decision": DECISION, "drawn_at": 5, "golden_text": null, "item": LOOK, "kind": "sample",
            "revision": REVISION, "seed": SEED,
        });
        self.tells("sample.drawn", ("sample", SAMPLE), change);
        self.rows.get_mut("samples.jsonl").unwrap().push(json!({
            "community": GARDEN, "decision": DECISION, "drawn_at": 5, "golden_text": null, "id": SAMPLE,
            "item": LOOK, "kind": "sample", "revision": REVISION, "seed": SEED,
        }));
    }

    /// Somebody else decides on it, otherwise.
    fn looked_at(&mut self) {
        let officer = self.rows["people.jsonl"][2]["commitment"].clone();
        for (file, kind, action, id, first) in [
            (
                "assessments.jsonl",
                "assessment",
                "assessment.made",
                SAID,
                ASSESSMENT,
            ),
            (
                "decisions.jsonl",
                "decision",
                "decision.made",
                MADE,
                DECISION,
            ),
        ] {
            let of = |one: &Value| one["object"]["id"] == first;
            let mut record = self.log.iter().find(|one| of(one)).unwrap().clone();
            let mut row = self.rows[file][0].clone();
            for one in [&mut record["change"], &mut row] {
                one["action"] = "reject".into();
                one["item"] = LOOK.into();
                for gone in [
                    "balance_key",
                    "balance_version",
                    "balance_text",
                    "balance_hash",
                    "words",
                    "words_hash",
                ] {
                    if one.get(gone).is_some() {
                        one[gone] = Value::Null;
                    }
                }
                if one.get("assessment").is_some() {
                    one["assessment"] = SAID.into();
                }
            }
            let number = self.log.len();
            record["id"] = format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + number).into();
            record["object"] = json!({ "id": id, "kind": kind });
            record["action"] = action.into();
            record["actor"] =
                json!({ "id": OFFICER, "name_commitment": officer, "role": "moderator" });
            self.log.push(record);
            row["id"] = id.into();
            for who in ["assessed_by", "decided_by"] {
                if row.get(who).is_some() {
                    row[who] = OFFICER.into();
                    row[format!("{who}_commitment")] = officer.clone();
                }
            }
            self.rows.get_mut(file).unwrap().push(row);
        }
        self.checkpoints.push(self.log.len());
    }

    /// All decisions were drawn, one was looked at, and the seed is known by now.
    fn looked_through() -> Self {
        let mut story = Self::new();
        story.seeded(SEED, 100, 1);
        story.sampled();
        story.looked_at();
        story.seeded(NEXT, 100, 20);
        story.revealed();
        story
    }
}

#[test]
fn a_draw_that_its_seed_confirms_is_accepted() {
    let report = verify(&Story::looked_through().files().zip(), &Trust::default());
    assert!(report.is_good(), "{report}");
    assert_eq!(count(&report, "samples and golden texts were drawn"), 1);
    assert_eq!(count(&report, "drawn or not as the revealed seeds say"), 1);
    assert_eq!(count(&report, "seeds that are revealed"), 1);
}

#[test]
fn a_decision_that_the_seed_draws_cannot_be_left_out() {
    let mut story = Story::new();
    story.seeded(SEED, 100, 1);
    story.seeded(NEXT, 100, 20);
    story.revealed();
    let found = fault(&story.files().zip());
    assert!(found.contains("nobody looked at it again"), "{found}");
    let mut story = Story::new();
    story.seeded(SEED, 0, 1);
    story.seeded(NEXT, 0, 20);
    story.revealed();
    assert_eq!(fault(&story.files().zip()), "no fault");
}

#[test]
fn a_seed_is_the_one_that_was_committed_to() {
    let mut story = Story::looked_through();
    let other = hex::encode([8; 32]);
    story.rows.get_mut("sample-seeds.jsonl").unwrap()[0]["seed"] = other.clone().into();
    assert!(fault(&story.files().zip()).contains("no record reveals this seed"));
    let of = |one: &&mut Value| one["action"] == "sample_seed.revealed";
    story.log.iter_mut().find(of).unwrap()["change"]["seed"] = other.into();
    let found = fault(&story.files().zip());
    assert!(
        found.contains("not the one that was committed to"),
        "{found}"
    );
}

#[test]
fn what_was_drawn_is_what_the_seed_draws_and_what_the_log_says() {
    let mut story = Story::looked_through();
    story.rows.get_mut("samples.jsonl").unwrap().clear();
    assert!(fault(&story.files().zip()).contains("missing from samples.jsonl"));

    let mut story = Story::looked_through();
    for row in story.rows.get_mut("sample-seeds.jsonl").unwrap() {
        row["share_percent"] = 0.into();
    }
    assert!(fault(&story.files().zip()).contains("no record commits to this seed"));
    let of = |one: &&mut Value| one["action"] == "sample_seed.drawn";
    for record in story.log.iter_mut().filter(of) {
        record["change"]["share_percent"] = 0.into();
    }
    let found = fault(&story.files().zip());
    assert!(
        found.contains("the seed does not draw this decision"),
        "{found}"
    );

    let mut story = Story::looked_through();
    story.rows.get_mut("samples.jsonl").unwrap()[0]["item"] = ITEM.into();
    let of = |one: &&mut Value| one["action"] == "sample.drawn";
    story.log.iter_mut().find(of).unwrap()["change"]["item"] = ITEM.into();
    let found = fault(&story.files().zip());
    assert!(found.contains("not what the draw was for"), "{found}");
}

#[test]
fn no_reader_sees_anything_because_of_a_second_look() {
    let mut story = Story::looked_through();
    let of = |one: &&Value| one["action"] == "revision.published";
    let mut shown = story.log.iter().find(of).unwrap().clone();
    shown["change"]["decision"] = MADE.into();
    shown["id"] = format!("0197a000-0000-7000-8000-{:012x}", 0xe00 + story.log.len()).into();
    story.log.push(shown);
    story.checkpoints.push(story.log.len());
    let found = fault(&story.files().zip());
    assert!(found.contains("because of a second look"), "{found}");
}
