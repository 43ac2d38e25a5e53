//! What people decided: safety cases, decisions, publications.

use std::collections::{HashMap, HashSet};

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::fault::Fault;
use super::json;
use super::log::{DECIDED, DISPOSED, Log, PUBLISHED, SUBMITTED};

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
    publications(archive, content, log, &decisions, report)
}

/// Gives the revisions whose case has no disposition yet.
fn safety_cases(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<HashSet<String>, Fault> {
    let (mut cases, mut open) = (HashSet::new(), HashSet::new());
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
        let opened = log.of(SUBMITTED, revision);
        if !opened
            .iter()
            .any(|record| record.says(&[("/change/safety_case", Some(id))]))
        {
            return Err(line.fault(format!(
                "no record says that the submission of the revision opened the case `{id}`"
            )));
        }
        let disposition = line.maybe_text("/disposition")?;
        let stated = [
            ("/change/disposition/new", disposition),
            ("/actor/id", line.maybe_text("/disposed_by")?),
            ("/why", line.maybe_text("/reason_code")?),
        ];
        // A later disposition replaces an earlier one; both are in the log.
        match log.of(DISPOSED, id).last() {
            Some(record) if record.says(&stated) => {}
            Some(_) => {
                return Err(
                    line.fault("the last record of a disposition of this case says another one")
                );
            }
            None if stated.iter().any(|(_, text)| text.is_some()) => {
                return Err(line.fault("no record says that the case was disposed of"));
            }
            None => {
                open.insert(revision.to_owned());
            }
        }
        if !cases.insert(id.to_owned()) {
            return Err(line.fault("the case is twice in the file"));
        }
    }
    let lost = log.all(SUBMITTED).find(|(_, record)| {
        record
            .text("/change/safety_case")
            .is_some_and(|case| !cases.contains(case))
    });
    if let Some((_, record)) = lost {
        return Err(record.fault(
            "the safety case that this submission opened is missing from safety-cases.jsonl",
        ));
    }
    report.passed(
        cases.len() as u64,
        "safety cases are all there, with the dispositions that the records state",
    );
    Ok(open)
}

fn decisions(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    open_cases: &HashSet<String>,
    report: &mut Report,
) -> Result<HashMap<String, Decision>, Fault> {
    let mut decisions = HashMap::new();
    for line in json::lines(archive.get("decisions.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "action decided_at decided_by decided_by_commitment id item reason_code revision revision_hash role \
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
            .is_none_or(|screened| screened != rule_set)
        {
            return Err(line
                .fault("the revision was not screened with the rule set that the decision names"));
        }
        if open_cases.contains(revision) {
            return Err(
                line.fault("the text was decided on while its safety case had no disposition")
            );
        }
        let stated = [
            ("/actor/id", Some(by)),
            (
                "/actor/name_commitment",
                Some(line.text("/decided_by_commitment")?),
            ),
            ("/actor/role", Some(line.text("/role")?)),
            ("/change/action", Some(action)),
            ("/change/item", Some(line.text("/item")?)),
            ("/change/revision", Some(revision)),
            ("/change/revision_hash", Some(hash)),
            ("/change/rule_set_hash", Some(rule_set)),
            ("/why", line.maybe_text("/reason_code")?),
        ];
        if !log
            .of(DECIDED, id)
            .iter()
            .any(|record| record.says(&stated))
        {
            return Err(line.fault(format!(
                "no record says that `{by}` made the decision `{id}` ({action}) on this text, under these rules, for this reason"
            )));
        }
        let decision = Decision {
            action: action.to_owned(),
            revision: revision.to_owned(),
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

/// Every time that something was shown to readers, a decision to release exactly that text was there; and what readers
/// see now is what was shown last.
fn publications(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut shown = 0;
    for (post, record) in log.all(PUBLISHED) {
        let decision = record
            .text("/change/decision")
            .and_then(|id| decisions.get(id));
        let decision = decision
            .ok_or_else(|| record.fault("a text was shown to readers without a decision"))?;
        if decision.action != "release" {
            return Err(record.fault(format!(
                "a text was shown to readers on the decision to {}",
                decision.action
            )));
        }
        let revision = content.revisions.get(&decision.revision);
        let stated = [
            ("/change/revision", Some(decision.revision.as_str())),
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
            "community decision first_released_at post released_at revision seq thread",
        )?;
        let post = line.text("/post")?;
        let stated = [
            ("/change/decision", Some(line.text("/decision")?)),
            ("/change/revision", Some(line.text("/revision")?)),
        ];
        if !log
            .of(PUBLISHED, post)
            .last()
            .is_some_and(|record| record.says(&stated))
        {
            return Err(line.fault(
                "what readers see is not what was released last: no record of this publication",
            ));
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
