//! What each reviewer said of a text before there was a decision: judgements, and that one was taken back.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{ASSESSED, Log, Record, UNDONE};
use super::signatures::{Signatures, Signed};

/// What takes the judgement before it back.
const UNDO: &str = "undo";
/// Who settles what two others disagree on.
const LEADS: [&str; 2] = ["lead", "mlr_approver"];

/// A judgement, as far as a decision must say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    pub item: String,
    pub revision: String,
    pub action: String,
    pub by: String,
    pub by_commitment: String,
    pub role: String,
    pub reason: Option<String>,
    pub words: Option<String>,
    pub balance: Option<String>,
    pub particulars: Option<String>,
}

/// The judgements that stand, by their identifiers, and the last one of each item.
#[derive(Debug, Default)]
pub struct Assessments {
    all: HashMap<String, Assessed>,
    last: HashMap<String, String>,
}

impl Assessments {
    /// The judgement on which a decision rests: the last one of its item that stands.
    pub fn behind(&self, decision: &Line<'_>) -> Result<&Assessed, Fault> {
        let id = decision.text("/assessment")?;
        let assessed = self.all.get(id).ok_or_else(|| {
            decision
                .fault("the assessment that the decision rests on is missing, or was taken back")
        })?;
        if self.last.get(&assessed.item).map(String::as_str) != Some(id) {
            return Err(decision.fault("the decision rests on an assessment that was not the last"));
        }
        Ok(assessed)
    }
}

/// Checks them against the log and against each other.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    signatures: &mut Signatures,
    log: &Log,
    report: &mut Report,
) -> Result<Assessments, Fault> {
    let mut items: BTreeMap<String, Vec<(String, Assessed)>> = BTreeMap::new();
    let mut numbers: HashMap<String, u64> = HashMap::new();
    let mut seen = HashSet::new();
    for line in json::lines(archive.get("assessments.jsonl")?) {
        let line = line?;
        let (id, assessed) = read(&line, content)?;
        signed(&line, id, &assessed, signatures)?;
        let number = line.number("/number")?;
        let before = numbers.insert(assessed.item.clone(), number).unwrap_or(0);
        if number != before + 1 {
            return Err(line.fault("an assessment of this item before this one is missing"));
        }
        let standing = items.entry(assessed.item.clone()).or_default();
        if assessed.action == UNDO {
            let Some((undone, taken_back)) = standing.pop() else {
                return Err(line.fault("nothing was judged that could be taken back"));
            };
            if taken_back.by != assessed.by {
                return Err(line.fault("somebody took back the judgement of somebody else"));
            }
            stated(&line, id, &assessed, log.of(UNDONE, id), Some(&undone))?;
        } else {
            stated(&line, id, &assessed, log.of(ASSESSED, id), None)?;
            joins(&line, &assessed, standing)?;
            standing.push((id.to_owned(), assessed));
        }
        if !seen.insert(id.to_owned()) {
            return Err(line.fault("the assessment is twice in the file"));
        }
    }
    for action in [ASSESSED, UNDONE] {
        if let Some((_, record)) = log.all(action).find(|(id, _)| !seen.contains(*id)) {
            return Err(record.fault(
                "the assessment that this record tells of is missing from assessments.jsonl",
            ));
        }
    }
    signatures.all_claimed("assessment")?;
    report.passed(
        seen.len() as u64,
        "assessments are those of the records, each by another person, and none of their own text",
    );
    let mut found = Assessments::default();
    for (item, standing) in items {
        if let Some((id, _)) = standing.last() {
            found.last.insert(item, id.clone());
        }
        found.all.extend(standing);
    }
    Ok(found)
}

/// A judgement that names a signature has one that was made for it.
fn signed(
    line: &Line<'_>,
    id: &str,
    assessed: &Assessed,
    signatures: &mut Signatures,
) -> Result<(), Fault> {
    let Some(signature) = line.maybe_text("/signature")? else {
        return Ok(());
    };
    let words = line.words_hash(id)?;
    let signed = Signed {
        kind: "assessment",
        object: id,
        by: &assessed.by,
        role: &assessed.role,
        action: &assessed.action,
        reason: assessed.reason.as_deref(),
        revision: &assessed.revision,
        revision_hash: line.text("/revision_hash")?,
        rule_set_hash: line.text("/rule_set_hash")?,
        words_hash: words.as_deref(),
    };
    signatures.fits(line, signature, &signed)
}

fn read<'a>(line: &'a Line<'_>, content: &Content) -> Result<(&'a str, Assessed), Fault> {
    line.members(
        "",
        "action assessed_at assessed_by assessed_by_commitment balance_key balance_text balance_version id item \
         number particulars reason_code revision revision_hash role rule_set_hash settles_at signature tombstone words",
    )?;
    let revision = line.text("/revision")?;
    let known = content.revisions.get(revision).ok_or_else(|| {
        line.fault("the revision that was judged is missing from revisions.jsonl")
    })?;
    if known.hash != line.text("/revision_hash")? {
        return Err(line.fault(
            "the assessment names another text: its revision hash is not that of the revision",
        ));
    }
    let by = line.text("/assessed_by")?;
    if known.author == by {
        return Err(line.fault("somebody judged their own text"));
    }
    let assessed = Assessed {
        item: line.text("/item")?.to_owned(),
        revision: revision.to_owned(),
        action: line.text("/action")?.to_owned(),
        by: by.to_owned(),
        by_commitment: line.text("/assessed_by_commitment")?.to_owned(),
        role: line.text("/role")?.to_owned(),
        reason: line.maybe_text("/reason_code")?.map(str::to_owned),
        words: line.maybe_text("/words")?.map(str::to_owned),
        balance: line.maybe_text("/balance_text")?.map(str::to_owned),
        particulars: line.maybe_text("/particulars")?.map(str::to_owned),
    };
    Ok((line.text("/id")?, assessed))
}

/// Four eyes: each judgement that stands is of another person; and after two that differ only a lead settles it.
fn joins(
    line: &Line<'_>,
    assessed: &Assessed,
    standing: &[(String, Assessed)],
) -> Result<(), Fault> {
    if standing.iter().any(|(_, one)| one.by == assessed.by) {
        return Err(line.fault("the same person judged twice"));
    }
    if standing.len() > 2 {
        return Err(line.fault("the item was settled before this assessment"));
    }
    if standing.len() == 2 && !LEADS.contains(&assessed.role.as_str()) {
        return Err(line.fault("two reviewers disagreed, and somebody who is no lead settled it"));
    }
    Ok(())
}

/// That a record says all of it.
fn stated(
    line: &Line<'_>,
    id: &str,
    assessed: &Assessed,
    records: &[Record],
    undone: Option<&str>,
) -> Result<(), Fault> {
    let words = line.words_hash(id)?;
    let balance = line.hash_of("/balance_text", id)?;
    let tombstone = line.hash_of("/tombstone", id)?;
    let stated = [
        ("/actor/id", Some(assessed.by.as_str())),
        ("/actor/name_commitment", Some(&assessed.by_commitment)),
        ("/actor/role", Some(&assessed.role)),
        ("/change/item", Some(&assessed.item)),
        ("/change/action", Some(&assessed.action)),
        ("/change/balance_hash", balance.as_deref()),
        ("/change/tombstone_hash", tombstone.as_deref()),
        ("/change/balance_key", line.maybe_text("/balance_key")?),
        ("/change/particulars", assessed.particulars.as_deref()),
        ("/change/revision", Some(&assessed.revision)),
        ("/change/revision_hash", Some(line.text("/revision_hash")?)),
        ("/change/rule_set_hash", Some(line.text("/rule_set_hash")?)),
        ("/change/signature", line.maybe_text("/signature")?),
        ("/change/undone", undone),
        ("/change/words_hash", words.as_deref()),
        ("/why", assessed.reason.as_deref()),
    ];
    let numbers = [
        ("/change/assessed_at", Some(line.number("/assessed_at")?)),
        (
            "/change/balance_version",
            line.maybe_number("/balance_version")?,
        ),
        ("/change/number", Some(line.number("/number")?)),
        ("/change/settles_at", line.maybe_number("/settles_at")?),
    ];
    let says = |record: &Record| {
        record.says(&stated)
            && numbers
                .iter()
                .all(|(pointer, number)| record.number(pointer) == *number)
    };
    if records.iter().any(says) {
        return Ok(());
    }
    Err(line.fault(format!(
        "no record says that `{}` made the assessment `{id}` ({}) on this text, with these words, at this time",
        assessed.by, assessed.action
    )))
}
