//! Why texts came to the desk again: reports of readers, appeals of authors.

use std::collections::{HashMap, HashSet};

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::decisions::Decision;
use super::fault::Fault;
use super::json;
use super::log::{APPEALED, Log, REPORTED};

/// Checks them against the log, the texts and the decisions.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<(), Fault> {
    reports(archive, content, log, report)?;
    appeals(archive, content, log, decisions, report)
}

fn reports(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut known = HashSet::new();
    for line in json::lines(archive.get("reports.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "community id item post reason reported_at reporter revision screening words_revision",
        )?;
        let (id, by) = (line.text("/id")?, line.text("/reporter")?);
        let text = content.revisions.get(line.text("/revision")?);
        if text.is_none_or(|text| Ok(&*text.post) != line.text("/post")) {
            return Err(line.fault("the text that was reported is missing from revisions.jsonl"));
        }
        let words = line.maybe_text("/words_revision")?;
        let said = words.map(|words| content.revisions.get(words));
        if said.is_some_and(|said| said.is_none_or(|said| said.author != by)) {
            return Err(line.fault("the words of the report are not those of whoever reported"));
        }
        let stated = [
            ("/actor/id", Some(by)),
            ("/change/item", Some(line.text("/item")?)),
            ("/change/post", Some(line.text("/post")?)),
            ("/change/revision", Some(line.text("/revision")?)),
            ("/change/words_revision", words),
            ("/community", Some(line.text("/community")?)),
            ("/why", Some(line.text("/reason")?)),
        ];
        let at = Some(line.number("/reported_at")?);
        let said = log.of(REPORTED, id).iter();
        if !said
            .into_iter()
            .any(|record| record.says(&stated) && record.number("/change/reported_at") == at)
        {
            return Err(line.fault("no record says that the text was reported so"));
        }
        if !known.insert(id.to_owned()) {
            return Err(line.fault("the report is twice in the file"));
        }
    }
    if let Some((_, record)) = log.all(REPORTED).find(|(id, _)| !known.contains(*id)) {
        return Err(
            record.fault("the report that this record tells of is missing from reports.jsonl")
        );
    }
    report.passed(known.len() as u64, "reports of readers have their record");
    Ok(())
}

fn appeals(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<(), Fault> {
    let (mut known, mut against) = (HashSet::new(), HashSet::new());
    for line in json::lines(archive.get("appeals.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "appealed_at author community decision id item revision screening words_revision",
        )?;
        let (id, item, by) = (
            line.text("/id")?,
            line.text("/item")?,
            line.text("/author")?,
        );
        let (decision, revision) = (line.text("/decision")?, line.text("/revision")?);
        let words = line.text("/words_revision")?;
        let own = |revision: &str| {
            let text = content.revisions.get(revision);
            text.is_some_and(|text| text.author == by)
        };
        if !own(revision) || !own(words) {
            return Err(line.fault("the appeal is not the author's of the text"));
        }
        let first = decisions
            .get(decision)
            .filter(|first| first.revision == revision && first.action == "reject");
        let first = first.ok_or_else(|| {
            line.fault("the appeal is not against a rejection of the text in decisions.jsonl")
        })?;
        if decisions
            .values()
            .any(|other| other.item == item && other.by == first.by)
        {
            return Err(line.fault("somebody decided on an appeal against their own decision"));
        }
        let stated = [
            ("/actor/id", Some(by)),
            ("/change/decision", Some(decision)),
            ("/change/item", Some(item)),
            ("/change/revision", Some(revision)),
            ("/change/words_revision", Some(words)),
            ("/community", Some(line.text("/community")?)),
        ];
        let at = Some(line.number("/appealed_at")?);
        let said = log.of(APPEALED, id).iter();
        if !said
            .into_iter()
            .any(|record| record.says(&stated) && record.number("/change/appealed_at") == at)
        {
            return Err(line.fault("no record says that the author appealed so"));
        }
        if !known.insert(id.to_owned()) || !against.insert(decision.to_owned()) {
            return Err(line.fault("there is an appeal against this decision already"));
        }
    }
    if let Some((_, record)) = log.all(APPEALED).find(|(id, _)| !known.contains(*id)) {
        return Err(
            record.fault("the appeal that this record tells of is missing from appeals.jsonl")
        );
    }
    report.passed(
        known.len() as u64,
        "appeals are of authors against rejections, and others decided on them",
    );
    Ok(())
}
