//! Questions to other desks: who asked and who answered, and that nobody judged while one was open.

use std::collections::{HashMap, HashSet};

use super::Report;
use super::archive::Archive;
use super::content::{Content, Revision};
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{ANSWERED, ASKED, ASSESSED, DECIDED, Log, RECALLED, Record, UNDONE};

/// What a question can be put to, and who answers it.
const FIELDS: [(&str, &str); 3] = [
    ("safety", "safety_officer"),
    ("medical", "medical_reviewer"),
    ("legal_regulatory", "mlr_approver"),
];
const OUTCOMES: [&str; 3] = ["no_objection", "objection", "cannot_say"];

/// Checks them against the log, the texts, and what was judged.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<(), Fault> {
    let judged = judged(log);
    let mut numbers: HashMap<String, u64> = HashMap::new();
    let mut known = HashSet::new();
    let mut answered = 0;
    for line in json::lines(archive.get("referrals.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "asked_at asked_by asked_by_commitment community due_at end field id item number question revision role",
        )?;
        let (id, item) = (line.text("/id")?, line.text("/item")?);
        let text = content.revisions.get(line.text("/revision")?);
        let text = text.ok_or_else(|| {
            line.fault("the text that was asked about is missing from revisions.jsonl")
        })?;
        let before = numbers.insert(item.to_owned(), line.number("/number")?);
        if line.number("/number")? != before.unwrap_or(0) + 1 {
            return Err(line.fault("a question about this item before this one is missing"));
        }
        let asked = asked(&line, id, text, log)?;
        let ended = if line.at("/end")?.is_null() {
            None
        } else {
            Some(ended(&line, id, text, log)?)
        };
        let open =
            |place: &&usize| **place > asked.order && ended.is_none_or(|end| **place < end.order);
        if judged
            .get(item)
            .is_some_and(|all| all.iter().any(|place| open(&place)))
        {
            return Err(line.fault("somebody judged the text while this question was open"));
        }
        answered += u64::from(ended.is_some());
        if !known.insert(id.to_owned()) {
            return Err(line.fault("the question is twice in the file"));
        }
    }
    for action in [ASKED, ANSWERED, RECALLED] {
        if let Some((_, record)) = log.all(action).find(|(id, _)| !known.contains(*id)) {
            return Err(record
                .fault("the question that this record tells of is missing from referrals.jsonl"));
        }
    }
    report.passed(
        known.len() as u64,
        "questions to other desks have their record, and nobody judged while one was open",
    );
    report.passed(
        answered,
        "of them were answered by whom they were put to, or taken back",
    );
    Ok(())
}

/// Where in the log something was judged or decided, by item.
fn judged(log: &Log) -> HashMap<&str, Vec<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for action in [ASSESSED, UNDONE, DECIDED] {
        for (_, record) in log.all(action) {
            if let Some(item) = record.text("/change/item") {
                places.entry(item).or_default().push(record.order);
            }
        }
    }
    places
}

/// The record that says that the question was asked so.
fn asked<'a>(
    line: &Line<'_>,
    id: &str,
    text: &Revision,
    log: &'a Log,
) -> Result<&'a Record, Fault> {
    let by = line.text("/asked_by")?;
    if text.author == by {
        return Err(line.fault("somebody asked about their own text"));
    }
    let question = line.hash_of("/question", id)?;
    let stated = [
        ("/actor/id", Some(by)),
        (
            "/actor/name_commitment",
            Some(line.text("/asked_by_commitment")?),
        ),
        ("/actor/role", Some(line.text("/role")?)),
        ("/change/field", Some(line.text("/field")?)),
        ("/change/item", Some(line.text("/item")?)),
        ("/change/question_hash", question.as_deref()),
        ("/change/revision", Some(line.text("/revision")?)),
        ("/change/revision_hash", Some(text.hash.as_str())),
        ("/community", Some(line.text("/community")?)),
    ];
    let numbers = ["asked_at", "due_at", "number"];
    one_that_says(line, log.of(ASKED, id), &stated, "", &numbers)
        .ok_or_else(|| line.fault("no record says that this was asked so"))
}

/// The record that says that the question ended so.
fn ended<'a>(
    line: &Line<'_>,
    id: &str,
    text: &Revision,
    log: &'a Log,
) -> Result<&'a Record, Fault> {
    line.members("/end", "at by by_commitment id outcome role words")?;
    let (end, by) = (line.text("/end/id")?, line.text("/end/by")?);
    let (outcome, role) = (line.text("/end/outcome")?, line.text("/end/role")?);
    let recalled = outcome == "recalled";
    if text.author == by {
        return Err(line.fault("somebody answered about their own text"));
    }
    if !recalled {
        let field = line.text("/field")?;
        if !FIELDS.contains(&(field, role)) {
            return Err(line.fault("somebody answered who does not hold the role that was asked"));
        }
        if by == line.text("/asked_by")? {
            return Err(line.fault("somebody answered their own question"));
        }
        if !OUTCOMES.contains(&outcome) {
            return Err(line.fault("there is no such outcome"));
        }
    }
    let words = line.hash_of("/end/words", end)?;
    let stated = [
        ("/actor/id", Some(by)),
        (
            "/actor/name_commitment",
            Some(line.text("/end/by_commitment")?),
        ),
        ("/actor/role", Some(role)),
        ("/change/answer", Some(end)),
        ("/change/item", Some(line.text("/item")?)),
        ("/change/outcome", (!recalled).then_some(outcome)),
        ("/change/words_hash", words.as_deref()),
        ("/community", Some(line.text("/community")?)),
    ];
    let records = log.of(if recalled { RECALLED } else { ANSWERED }, id);
    let at = line.number("/end/at")?;
    records
        .iter()
        .find(|record| record.says(&stated) && record.number("/change/answered_at") == Some(at))
        .ok_or_else(|| line.fault("no record says that the question ended so"))
}

/// The record that says all of it, with these numbers of the line.
fn one_that_says<'a>(
    line: &Line<'_>,
    records: &'a [Record],
    stated: &[(&str, Option<&str>)],
    within: &str,
    numbers: &[&str],
) -> Option<&'a Record> {
    let same = |record: &Record, name: &str| {
        line.number(&format!("{within}/{name}")).ok() == record.number(&format!("/change/{name}"))
    };
    records
        .iter()
        .find(|record| record.says(stated) && numbers.iter().all(|name| same(record, name)))
}
