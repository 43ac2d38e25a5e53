//! What people decided: decisions, safety cases, publications.

use std::collections::HashMap;

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::fault::Fault;
use super::json;
use super::log::Log;

/// The action of the record that every decision has.
pub const DECIDED: &str = "review.decided";

#[derive(Debug)]
struct Decision {
    action: String,
    revision: String,
}

/// Checks them against the log and against each other.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<(), Fault> {
    let open_cases = safety_cases(archive, content, log, report)?;
    let decisions = decisions(archive, content, log, &open_cases, report)?;
    publications(archive, content, &decisions, report)
}

/// Gives the revisions whose case has no disposition yet.
fn safety_cases(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<Vec<String>, Fault> {
    let mut open = Vec::new();
    let mut count = 0;
    for line in json::lines(archive.get("safety-cases.jsonl")?) {
        let line = line?;
        line.members("", "author community day_zero disposed_at disposed_by disposition evidence id number post reason_code revision screening serious valid_icsr words")?;
        let (id, revision) = (line.text("/id")?, line.text("/revision")?);
        let known = content.revisions.get(revision).ok_or_else(|| {
            line.fault("the revision of the case is missing from revisions.jsonl")
        })?;
        if known.post != line.text("/post")? || known.author != line.text("/author")? {
            return Err(
                line.fault("the post or the author of the case is not that of its revision")
            );
        }
        if log.record_of(id, &known.author, &[]).is_none() {
            return Err(line.fault(format!(
                "no record says that the case `{id}` was opened by the submission of its author"
            )));
        }
        match (
            line.maybe_text("/disposition")?,
            line.maybe_text("/disposed_by")?,
        ) {
            (Some(disposition), Some(officer)) => {
                if log.record_of(id, officer, &[disposition]).is_none() {
                    return Err(line.fault(format!(
                        "no record says that `{officer}` disposed of the case as `{disposition}`"
                    )));
                }
            }
            (None, None) => open.push(revision.to_owned()),
            _ => {
                return Err(line.fault(
                    "a disposition and the one who made it are there together or not at all",
                ));
            }
        }
        count += 1;
    }
    report.passed(
        count,
        "safety cases, and their dispositions, are the ones in the records",
    );
    Ok(open)
}

fn decisions(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    open_cases: &[String],
    report: &mut Report,
) -> Result<HashMap<String, Decision>, Fault> {
    let mut decisions = HashMap::new();
    for line in json::lines(archive.get("decisions.jsonl")?) {
        let line = line?;
        line.members("", "action decided_at decided_by decided_by_commitment id item reason_code revision revision_hash role rule_set_hash words")?;
        let (id, action, by) = (
            line.text("/id")?,
            line.text("/action")?,
            line.text("/decided_by")?,
        );
        let (revision, hash, rule_set) = (
            line.text("/revision")?,
            line.text("/revision_hash")?,
            line.text("/rule_set_hash")?,
        );
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
        if !content
            .screenings
            .get(revision)
            .is_some_and(|sets| sets.contains(rule_set))
        {
            return Err(line
                .fault("the revision was not screened with the rule set that the decision names"));
        }
        if !content
            .people
            .contains(line.text("/decided_by_commitment")?)
        {
            return Err(line.fault("the name of the one who decided is missing from people.jsonl"));
        }
        if open_cases.iter().any(|open| open == revision) {
            return Err(
                line.fault("the text was decided on while its safety case had no disposition")
            );
        }
        if log
            .record_of(id, by, &[action, hash, rule_set])
            .is_none_or(|record| record.action != DECIDED)
        {
            return Err(line.fault(format!("no record says that `{by}` made the decision `{id}` ({action}) on this text under this rule set")));
        }
        let decision = Decision {
            action: action.to_owned(),
            revision: revision.to_owned(),
        };
        if decisions.insert(id.to_owned(), decision).is_some() {
            return Err(line.fault("the decision is twice in the file"));
        }
    }
    for record in log.records.iter().filter(|record| record.action == DECIDED) {
        if record.speaks_of(|said| decisions.get(said)).is_none() {
            let what =
                "the decision that this record tells of is missing from decisions.jsonl".to_owned();
            return Err(Fault {
                what,
                ..record.place.clone()
            });
        }
    }
    report.passed(
        decisions.len() as u64,
        "decisions name the text and the rules they were made on, as their records do",
    );
    Ok(decisions)
}

fn publications(
    archive: &Archive<'_>,
    content: &Content,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut count = 0;
    for line in json::lines(archive.get("publications.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "community decision first_released_at post released_at revision seq thread",
        )?;
        let (decision, revision) = (line.text("/decision")?, line.text("/revision")?);
        let made = decisions
            .get(decision)
            .ok_or_else(|| line.fault("it was published without a decision"))?;
        if made.action != "release" {
            return Err(line.fault(format!(
                "it was published on the decision to {}",
                made.action
            )));
        }
        if made.revision != revision {
            return Err(line.fault("the text that was published is not the text that was released"));
        }
        let known = content.revisions.get(revision).ok_or_else(|| {
            line.fault("the revision that was published is missing from revisions.jsonl")
        })?;
        if known.post != line.text("/post")? {
            return Err(line.fault("the revision that was published belongs to another post"));
        }
        count += 1;
    }
    report.passed(
        count,
        "publications show exactly the text that a release decision names",
    );
    Ok(())
}
