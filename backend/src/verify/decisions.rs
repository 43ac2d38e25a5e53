//! What people decided: safety cases, decisions, publications.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Report;
use super::archive::Archive;
use super::assessments::{Assessed, Assessments};
use super::content::{Content, Screening};
use super::derivations::{self, Derivations};
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{DECIDED, DISPOSED, Log, PUBLISHED, Record};
use super::manifest::Manifest;
use super::reopenings;
use super::retractions::{self, Standing};
use super::sampling;
use super::tree::sha256;

/// A decision at the desk.
#[derive(Debug)]
pub struct Decision {
    pub action: String,
    pub revision: String,
    pub item: String,
    pub by: String,
    pub by_commitment: String,
    pub role: String,
    /// What was said beyond the action.
    pub particulars: Option<String>,
    appended: Option<String>,
}

/// What readers may see because of it.
const RELEASES: [&str; 4] = [
    "release",
    "release_with_balance",
    "redact_and_release",
    "overturn",
];

/// Checks them against the log and against each other.
pub fn check(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    content: &Content,
    assessments: &Assessments,
    log: &Log,
    report: &mut Report,
) -> Result<(), Fault> {
    let open_cases = safety_cases(archive, content, log, report)?;
    let decisions = decisions(archive, content, assessments, log, &open_cases, report)?;
    let derived = derivations::check(archive, manifest, content, log, &decisions, report)?;
    reopenings::check(archive, content, log, &decisions, report)?;
    sampling::check(archive, log, &decisions, report)?;
    let standing = retractions::check(archive, content, log, &decisions, report)?;
    let seen = Seen {
        decisions: &decisions,
        derived: &derived,
        standing: &standing,
    };
    publications(archive, content, log, &seen, report)
}

/// What publications are compared with.
struct Seen<'a> {
    decisions: &'a HashMap<String, Decision>,
    derived: &'a Derivations,
    standing: &'a HashMap<String, Standing>,
}

/// Gives the revisions whose case has no disposition yet, and where in the log it was opened.
fn safety_cases(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<HashMap<String, usize>, Fault> {
    let (mut cases, mut open) = (HashSet::new(), HashMap::new());
    for line in json::lines(archive.get("safety-cases.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "author community day_zero disposed_at disposed_by disposition evidence id number post reason_code revision \
             screening serious valid_icsr words",
        )?;
        let (id, revision) = (line.text("/id")?, line.text("/revision")?);
        let known = content.revisions.get(revision).ok_or_else(|| {
            line.fault("the revision of the case is missing from revisions.jsonl")
        })?;
        if known.post != line.text("/post")? || known.author != line.text("/author")? {
            return Err(
                line.fault("the post or the author of the case is not that of its revision")
            );
        }
        let stated = [
            ("/change/safety_case", Some(id)),
            ("/community", Some(line.text("/community")?)),
        ];
        let opened = log.screened(revision).find(|record| record.says(&stated));
        let Some(opened) = opened else {
            return Err(line.fault(format!(
                "no record says that a screening of the revision opened the case `{id}`"
            )));
        };
        let original = known.original.as_ref();
        // What a decision made of a text, its author said when they wrote the whole.
        let since = original
            .and_then(|id| content.revisions.get(id))
            .unwrap_or(known);
        let mut screenings = content.screenings.get(revision).into_iter().flatten();
        let screening = screenings.find(|one| opened.says(&[("/change/screening", Some(&one.id))]));
        case_fits_screening(&line, known.withheld, since.submitted_at, screening)?;
        let disposition = line.maybe_text("/disposition")?;
        let (words, disposed_at) = (line.words_hash(id)?, line.maybe_number("/disposed_at")?);
        let stated = [
            ("/change/disposition/new", disposition),
            ("/actor/id", line.maybe_text("/disposed_by")?),
            ("/change/words_hash", words.as_deref()),
            ("/why", line.maybe_text("/reason_code")?),
        ];
        // A later disposition replaces an earlier one; both are in the log.
        match log.of(DISPOSED, id).last() {
            Some(record)
                if record.says(&stated) && record.number("/change/disposed_at") == disposed_at => {}
            Some(_) => {
                return Err(
                    line.fault("the last record of a disposition of this case says another one")
                );
            }
            None if disposed_at.is_some() || stated.iter().any(|(_, text)| text.is_some()) => {
                return Err(line.fault("no record says that the case was disposed of"));
            }
            None => {
                open.insert(revision.to_owned(), opened.order);
            }
        }
        if !cases.insert(id.to_owned()) {
            return Err(line.fault("the case is twice in the file"));
        }
    }
    let lost = log.all_screened().find(|record| {
        let case = record.text("/change/safety_case");
        case.is_some_and(|case| !cases.contains(case))
    });
    if let Some(record) = lost {
        return Err(record.fault(
            "the safety case that this record says was opened is missing from safety-cases.jsonl",
        ));
    }
    report.passed(
        cases.len() as u64,
        "safety cases are all there, with the dispositions that the records state",
    );
    Ok(open)
}

/// Day 0 is when the text was submitted; all else that the case says of it, the rules said in the screening.
fn case_fits_screening(
    line: &Line<'_>,
    withheld: bool,
    day_zero: u64,
    screening: Option<&Screening>,
) -> Result<(), Fault> {
    const CRITERIA: [&str; 4] = ["reporter", "patient", "product", "reaction"];
    if line.number("/day_zero")? != day_zero {
        return Err(line.fault("day 0 of the case is not when its text was submitted"));
    }
    let screening = screening
        .filter(|screening| line.text("/screening") == Ok(&*screening.id))
        .ok_or_else(|| line.fault("the screening of the case is not that of its revision"))?;
    let (result, evidence) = match (&screening.result, line.maybe_text("/evidence")?) {
        (Some(result), Some(evidence)) => (result, evidence),
        (None, None) if withheld => return Ok(()),
        _ => {
            return Err(line.fault("the evidence is withheld if the text is sealed, and only then"));
        }
    };
    if !result.contains(&format!("\"adverse_event\":{evidence},")) {
        return Err(line.fault("the evidence of the case is not what the rules found in the text"));
    }
    let found: Value = serde_json::from_str(evidence)
        .map_err(|cause| line.fault(format!("the evidence is not JSON: {cause}")))?;
    let met = |criterion: &&str| found.pointer(&format!("/{criterion}/met")) == Some(&true.into());
    if line.flag("/valid_icsr")? != CRITERIA.iter().all(met) {
        return Err(line.fault("`/valid_icsr` is not what the four criteria of the evidence say"));
    }
    let serious = found
        .pointer("/seriousness")
        .and_then(Value::as_array)
        .is_some_and(|ways| !ways.is_empty());
    if line.flag("/serious")? != serious {
        return Err(line.fault("`/serious` is not what the evidence says"));
    }
    Ok(())
}

fn decisions(
    archive: &Archive<'_>,
    content: &Content,
    assessments: &Assessments,
    log: &Log,
    open_cases: &HashMap<String, usize>,
    report: &mut Report,
) -> Result<HashMap<String, Decision>, Fault> {
    let mut decisions = HashMap::new();
    for line in json::lines(archive.get("decisions.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "action assessment decided_at decided_by decided_by_commitment id item reason_code revision revision_hash role \
             rule_set_hash words",
        )?;
        let (id, action, by) = (
            line.text("/id")?,
            line.text("/action")?,
            line.text("/decided_by")?,
        );
        let (revision, hash) = (line.text("/revision")?, line.text("/revision_hash")?);
        let rule_set = line.text("/rule_set_hash")?;
        let known = content.revisions.get(revision).ok_or_else(|| {
            line.fault("the revision that was decided on is missing from revisions.jsonl")
        })?;
        if known.hash != hash {
            return Err(line.fault(
                "the decision names another text: its revision hash is not that of the revision",
            ));
        }
        if known.author == by {
            return Err(line.fault("somebody decided on their own text"));
        }
        if content
            .screenings
            .get(revision)
            .is_none_or(|all| all.iter().all(|screened| screened.rule_set != rule_set))
        {
            return Err(line
                .fault("the revision was not screened with the rule set that the decision names"));
        }
        let (words, decided_at) = (line.words_hash(id)?, line.number("/decided_at")?);
        let stated = [
            ("/actor/id", Some(by)),
            (
                "/actor/name_commitment",
                Some(line.text("/decided_by_commitment")?),
            ),
            ("/actor/role", Some(line.text("/role")?)),
            ("/change/action", Some(action)),
            ("/change/assessment", Some(line.text("/assessment")?)),
            ("/change/item", Some(line.text("/item")?)),
            ("/change/revision", Some(revision)),
            ("/change/revision_hash", Some(hash)),
            ("/change/rule_set_hash", Some(rule_set)),
            ("/change/words_hash", words.as_deref()),
            ("/why", line.maybe_text("/reason_code")?),
        ];
        let mut records = log.of(DECIDED, id).iter();
        let made = records.find(|record| {
            record.says(&stated) && record.number("/change/decided_at") == Some(decided_at)
        });
        let Some(made) = made else {
            return Err(line.fault(format!(
                "no record says that `{by}` made the decision `{id}` ({action}) on this text, under these rules, for this reason, with these words, at this time"
            )));
        };
        if open_cases
            .get(revision)
            .is_some_and(|opened| *opened < made.order)
        {
            return Err(
                line.fault("the text was decided on while its safety case had no disposition")
            );
        }
        let assessed = assessments.behind(&line)?;
        rests_on(&line, assessed)?;
        let decision = Decision {
            action: action.to_owned(),
            revision: revision.to_owned(),
            appended: assessed.balance.clone(),
            item: line.text("/item")?.to_owned(),
            by: by.to_owned(),
            by_commitment: assessed.by_commitment.clone(),
            role: assessed.role.clone(),
            particulars: assessed.particulars.clone(),
        };
        if decisions.insert(id.to_owned(), decision).is_some() {
            return Err(line.fault("the decision is twice in the file"));
        }
    }
    if let Some((_, record)) = log
        .all(DECIDED)
        .find(|(id, _)| !decisions.contains_key(*id))
    {
        return Err(
            record.fault("the decision that this record tells of is missing from decisions.jsonl")
        );
    }
    report.passed(
        decisions.len() as u64,
        "decisions name the text and the rules they were made on, as their records do",
    );
    Ok(decisions)
}

/// A decision says what the judgement says that it rests on.
fn rests_on(line: &Line<'_>, assessed: &Assessed) -> Result<(), Fault> {
    let same = assessed.item == line.text("/item")?
        && assessed.revision == line.text("/revision")?
        && assessed.action == line.text("/action")?
        && assessed.by == line.text("/decided_by")?
        && assessed.by_commitment == line.text("/decided_by_commitment")?
        && assessed.role == line.text("/role")?
        && assessed.reason.as_deref() == line.maybe_text("/reason_code")?
        && assessed.words.as_deref() == line.maybe_text("/words")?;
    if same {
        return Ok(());
    }
    Err(line.fault("the decision is not what the assessment says that it rests on"))
}

/// The hash of what was appended, as the record has it.
fn appended_hash(record: &Record, decision: &Decision) -> Option<String> {
    let (id, text) = (
        record.text("/change/decision")?,
        decision.appended.as_ref()?,
    );
    Some(hex::encode(sha256(format!("{id}\n{text}").as_bytes())))
}

/// Every time that something was shown to readers, a decision to release exactly that text was there; and what readers
/// see now is what was shown last.
fn publications(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    seen: &Seen<'_>,
    report: &mut Report,
) -> Result<(), Fault> {
    let Seen {
        decisions,
        derived,
        standing,
    } = seen;
    let mut shown = 0;
    for (post, record) in log.all(PUBLISHED) {
        let decision = record
            .text("/change/decision")
            .and_then(|id| decisions.get(id));
        let decision = decision
            .ok_or_else(|| record.fault("a text was shown to readers without a decision"))?;
        if !RELEASES.contains(&decision.action.as_str()) {
            return Err(record.fault(format!(
                "a text was shown to readers on the decision to {}",
                decision.action
            )));
        }
        // What is left of a text was released, where words were taken out of it.
        let id = record.text("/change/decision").unwrap_or_default();
        let released = derived.left_by(id).unwrap_or(&decision.revision);
        let revision = content.revisions.get(released);
        let appended = appended_hash(record, decision);
        let stated = [
            ("/change/appended_hash", appended.as_deref()),
            ("/change/revision", Some(released)),
            (
                "/change/revision_hash",
                revision.map(|revision| revision.hash.as_str()),
            ),
        ];
        if !record.says(&stated) || revision.is_none_or(|revision| revision.post != post) {
            return Err(record
                .fault("the text that was shown to readers is not the text that was released"));
        }
        shown += 1;
    }
    report.passed(
        shown,
        "times a text was shown to readers, a decision had released exactly that text",
    );

    let mut posts = HashSet::new();
    for line in json::lines(archive.get("publications.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "appended community decision first_released_at post released_at retraction revision seq thread",
        )?;
        let post = line.text("/post")?;
        let (revision, retraction) = (
            line.maybe_text("/revision")?,
            line.maybe_text("/retraction")?,
        );
        let released = match (standing.get(post), revision, retraction) {
            (Some(Standing::Shown(seen)), Some(revision), None) if seen == revision => seen,
            (Some(Standing::Retracted(id, taken)), None, Some(retraction)) if id == retraction => {
                taken
            }
            _ => {
                return Err(line.fault(
                    "what readers see is not what the records of releases and retractions say",
                ));
            }
        };
        let stated = [
            ("/change/decision", Some(line.text("/decision")?)),
            ("/change/revision", Some(released)),
        ];
        let released = decisions.get(line.text("/decision")?);
        if released.is_some_and(|one| Ok(one.appended.as_deref()) != line.maybe_text("/appended")) {
            return Err(line.fault(
                "the company's text under the post is not the one that was appended by the decision",
            ));
        }
        let shown = log.of(PUBLISHED, post);
        let at = |record: Option<&Record>| record?.number("/change/released_at");
        if !shown.last().is_some_and(|record| record.says(&stated)) {
            return Err(line.fault(
                "what readers see is not what was released last: no record of this publication",
            ));
        }
        if at(shown.last()) != Some(line.number("/released_at")?)
            || at(shown.first()) != Some(line.number("/first_released_at")?)
        {
            return Err(line.fault("the records say that it was released at another time"));
        }
        if !posts.insert(post.to_owned()) {
            return Err(line.fault("the post is twice in the file"));
        }
    }
    if let Some((_, record)) = log.all(PUBLISHED).find(|(post, _)| !posts.contains(*post)) {
        return Err(record.fault(
            "the publication that this record tells of is missing from publications.jsonl",
        ));
    }
    report.passed(
        posts.len() as u64,
        "publications are what was released last",
    );
    Ok(())
}
