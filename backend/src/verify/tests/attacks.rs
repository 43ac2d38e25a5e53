//! R-ER-24: what an attacker may do who holds the log's own key and signs a new manifest each time.

use serde_json::{Value, json};

use super::{
    CASE, Files, ITEM, OFFICER, POST, Story, WRITER, count, fault, pack_hash, revision, root,
};
use crate::verify::json::canonical;
use crate::verify::tree::{Hash, leaf};
use crate::verify::{Trust, verify};

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
            lines[4] = lines[4].replace("release", "reject")
        });
    });
    assert!(
        changed.starts_with("records.jsonl, line 5, ")
            && changed.contains("is not the one that was sealed as leaf 5")
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

#[test]
fn a_row_that_does_not_fit_its_record_is_named() {
    let cases: [(&'static str, &str, Value, &str); 55] = [
        (
            "people.jsonl",
            "name",
            json!("Ana Limb"),
            "the name is not the one that the records commit to",
        ),
        ("people.jsonl", "salt", json!(null), "erased together"),
        (
            "posts.jsonl",
            "community",
            json!("another community"),
            "not in the scope",
        ),
        (
            "communities.jsonl",
            "id",
            json!("another community"),
            "not in the scope",
        ),
        (
            "revisions.jsonl",
            "body",
            json!("A rash."),
            "does not have its hash",
        ),
        (
            "revisions.jsonl",
            "submitted_at",
            json!(1),
            "does not have its hash",
        ),
        (
            "screenings.jsonl",
            "verdict",
            json!("clear"),
            "no record says that the verdict",
        ),
        (
            "screenings.jsonl",
            "id",
            json!(ITEM),
            "no record says that the verdict",
        ),
        (
            "screenings.jsonl",
            "rule_set_hash",
            json!("00"),
            "missing from rule-sets/",
        ),
        (
            "screenings.jsonl",
            "rule_set_hash",
            json!("unreadable-00"),
            "must be held, with the reason",
        ),
        (
            "safety-cases.jsonl",
            "disposition",
            json!("adverse_event"),
            "says another one",
        ),
        (
            "safety-cases.jsonl",
            "reason_code",
            json!("no_product"),
            "says another one",
        ),
        ("safety-cases.jsonl", "id", json!(POST), "opened the case"),
        (
            "safety-cases.jsonl",
            "post",
            json!(CASE),
            "not that of its revision",
        ),
        (
            "decisions.jsonl",
            "action",
            json!("reject"),
            "no record says that",
        ),
        (
            "decisions.jsonl",
            "decided_by",
            json!(OFFICER),
            "no record says that",
        ),
        (
            "decisions.jsonl",
            "role",
            json!("medical_reviewer"),
            "no record says that",
        ),
        (
            "decisions.jsonl",
            "decided_by",
            json!(WRITER),
            "decided on their own text",
        ),
        (
            "decisions.jsonl",
            "revision_hash",
            json!("00"),
            "names another text",
        ),
        (
            "decisions.jsonl",
            "rule_set_hash",
            json!("00"),
            "was not screened with",
        ),
        (
            "publications.jsonl",
            "decision",
            json!(ITEM),
            "no record of this publication",
        ),
        (
            "publications.jsonl",
            "revision",
            json!(POST),
            "what readers see is not what the records",
        ),
        (
            "assessments.jsonl",
            "action",
            json!("reject"),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "assessed_at",
            json!(2),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "assessed_by",
            json!(OFFICER),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "assessed_by",
            json!(WRITER),
            "judged their own text",
        ),
        (
            "assessments.jsonl",
            "balance_key",
            json!("other"),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "balance_text",
            json!("Buy it."),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "balance_version",
            json!(1),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "item",
            json!(CASE),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "number",
            json!(2),
            "before this one is missing",
        ),
        (
            "assessments.jsonl",
            "reason_code",
            json!("privacy"),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "revision_hash",
            json!("00"),
            "names another text",
        ),
        (
            "assessments.jsonl",
            "role",
            json!("lead"),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "settles_at",
            json!(9),
            "no record says that",
        ),
        (
            "assessments.jsonl",
            "words",
            json!("Badly said."),
            "no record says that",
        ),
        (
            "decisions.jsonl",
            "assessment",
            json!(CASE),
            "no record says that",
        ),
        (
            "publications.jsonl",
            "appended",
            json!("Buy it."),
            "appended by the decision",
        ),
        ("screenings.jsonl", "context", json!("{} "), "commits to"),
        ("screenings.jsonl", "priority", json!(1), "commits to"),
        ("screenings.jsonl", "result", json!("{}"), "commits to"),
        (
            "screenings.jsonl",
            "screened_at",
            json!(1),
            "when the record says",
        ),
        (
            "screenings.jsonl",
            "technical_reason",
            json!("late"),
            "not the one in the result",
        ),
        ("safety-cases.jsonl", "day_zero", json!(1), "day 0"),
        (
            "safety-cases.jsonl",
            "evidence",
            json!("{}"),
            "not what the rules found",
        ),
        (
            "safety-cases.jsonl",
            "valid_icsr",
            json!(true),
            "four criteria",
        ),
        ("safety-cases.jsonl", "serious", json!(true), "/serious"),
        (
            "safety-cases.jsonl",
            "screening",
            json!(ITEM),
            "not that of its revision",
        ),
        (
            "safety-cases.jsonl",
            "community",
            json!(ITEM),
            "opened the case",
        ),
        (
            "safety-cases.jsonl",
            "words",
            json!("No."),
            "says another one",
        ),
        (
            "safety-cases.jsonl",
            "disposed_at",
            json!(1),
            "says another one",
        ),
        (
            "decisions.jsonl",
            "words",
            json!("Well done."),
            "no record says that",
        ),
        (
            "decisions.jsonl",
            "decided_at",
            json!(2),
            "no record says that",
        ),
        (
            "publications.jsonl",
            "released_at",
            json!(5),
            "at another time",
        ),
        (
            "publications.jsonl",
            "first_released_at",
            json!(5),
            "at another time",
        ),
    ];
    for (file, member, value, expected) in cases {
        let mut story = Story::new();
        story.row(file)[member] = value;
        let said = fault(&story.files().zip());
        let place = format!("{file}, line 1, ");
        assert!(
            said.starts_with(&place) && said.contains(expected),
            "{file} {member}: {said}"
        );
    }
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
        "assessments.jsonl",
        "decisions.jsonl",
        "publications.jsonl",
    ];
    assert!(without(&all).contains("is missing from revisions.jsonl"));
    assert!(without(&["assessments.jsonl"]).contains("is missing from assessments.jsonl"));
    assert!(without(&["screenings.jsonl"]).contains("was never screened"));
    assert!(without(&["safety-cases.jsonl"]).contains("is missing from safety-cases.jsonl"));
    assert!(without(&["publications.jsonl"]).contains("is missing from publications.jsonl"));
}

#[test]
fn a_text_is_not_released_on_a_refusal_nor_while_its_safety_case_is_open() {
    let mut refused = Story::new();
    for file in ["assessments.jsonl", "decisions.jsonl"] {
        refused.row(file)["action"] = "reject".into();
    }
    for record in [4, 5] {
        refused.log[record]["change"]["action"] = "reject".into();
    }
    assert!(fault(&refused.files().zip()).contains("shown to readers on the decision to reject"));

    let mut open = Story::new();
    for member in ["disposition", "disposed_by", "disposed_at", "reason_code"] {
        open.row("safety-cases.jsonl")[member] = Value::Null;
    }
    assert!(fault(&open.files().zip()).contains("says another one"));
    open.log.remove(3);
    open.checkpoints = vec![3, 7];
    assert!(fault(&open.files().zip()).contains("while its safety case had no disposition"));

    let mut other_text = Story::new();
    other_text.log[6]["change"]["revision_hash"] = "00".into();
    assert!(fault(&other_text.files().zip()).contains("is not the text that was released"));
}

#[test]
fn rules_that_were_changed_do_not_have_the_hash_that_the_screening_names() {
    let mut files = Story::new().files();
    let path = format!("rule-sets/{}/00-conduct.toml", pack_hash());
    files.content.insert(path, b"id = \"lax\"\n".to_vec());
    assert!(fault(&files.zip()).contains("which is not the one of their folder"));

    let with = |terminology: String| {
        let mut files = Story::new().files();
        let path = format!("rule-sets/{}/01-words.terms.toml", pack_hash());
        files.content.insert(path, terminology.into_bytes());
        fault(&files.zip())
    };
    let added = with(format!("[terminology]\nsha256 = \"{}\"\n", pack_hash()));
    assert!(added.contains("which is not the one of their folder"));
    let without_hash = with("[terminology]\nsha256 = \"none\"\n".to_owned());
    assert!(without_hash.contains("the terminology has no `sha256`"));
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

/// A second judgement of the item in the story, by this person in this role.
fn judged_again(story: &mut Story, by: usize, role: &str, action: &str) {
    let mut row = story.rows["assessments.jsonl"][0].clone();
    let mut record = story.log[4].clone();
    let number = story.rows["assessments.jsonl"].len() + 1;
    let id = format!("0197a000-0000-7000-8000-{:012x}", 0xf00 + number);
    let person = story.rows["people.jsonl"][by].clone();
    row["id"] = id.as_str().into();
    row["number"] = number.into();
    row["action"] = action.into();
    row["role"] = role.into();
    row["assessed_by"] = person["account"].clone();
    row["assessed_by_commitment"] = person["commitment"].clone();
    for member in ["balance_key", "balance_text", "balance_version", "words"] {
        row[member] = Value::Null;
    }
    record["id"] = format!("0197a000-0000-7000-8000-{:012x}", 0xfe0 + number).into();
    record["object"]["id"] = id.as_str().into();
    record["actor"] = json!({
        "id": person["account"], "name_commitment": person["commitment"], "role": role,
    });
    for member in [
        "balance_hash",
        "balance_key",
        "balance_version",
        "words_hash",
    ] {
        record["change"][member] = Value::Null;
    }
    record["change"]["action"] = action.into();
    record["change"]["number"] = number.into();
    if action == "undo" {
        record["action"] = "assessment.undone".into();
        record["change"]["undone"] = story.rows["assessments.jsonl"][number - 2]["id"].clone();
    }
    story.rows.get_mut("assessments.jsonl").unwrap().push(row);
    story.log.push(record);
    story.checkpoints = vec![3, story.log.len()];
}

/// R-ER-08: four eyes are of two persons, the last one standing is what is decided, and a lead settles what two differ on.
#[test]
fn a_decision_rests_on_the_last_judgement_of_another_person() {
    let with = |edit: &dyn Fn(&mut Story)| {
        let mut story = Story::new();
        edit(&mut story);
        fault(&story.files().zip())
    };
    let twice = with(&|story| judged_again(story, 1, "moderator", "reject"));
    assert!(twice.contains("the same person judged twice"), "{twice}");
    let later = with(&|story| judged_again(story, 2, "moderator", "reject"));
    assert!(later.contains("was not the last"), "{later}");
    let undone = with(&|story| judged_again(story, 1, "moderator", "undo"));
    assert!(undone.contains("or was taken back"), "{undone}");
    let by_other = with(&|story| judged_again(story, 2, "moderator", "undo"));
    assert!(by_other.contains("of somebody else"), "{by_other}");
}
