//! Texts that were taken from readers after their release, and shown to them again.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::decisions::Decision;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{Log, PUBLISHED, RESTORED, RETRACTED, Record};

/// What readers see at a post.
#[derive(Debug)]
pub enum Standing {
    /// This revision.
    Shown(String),
    /// The tombstone of this retraction, in the place of this revision.
    Retracted(String, String),
}

/// Checks every retraction and restoration against its record, and gives how each post stands after all of them.
pub fn check(
    archive: &Archive<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<HashMap<String, Standing>, Fault> {
    let mut known = HashSet::new();
    for line in json::lines(archive.get("retractions.jsonl")?) {
        let line = line?;
        let id = retraction(&line, content, log)?;
        if let Some(decision) = line.maybe_text("/decision")? {
            let said = decisions.get(decision);
            let said = said.map(|decision| (decision.action.as_str(), decision.revision.as_str()));
            if said != Some((line.text("/action")?, line.text("/revision")?)) {
                return Err(line.fault("the decision that it names did not say so"));
            }
        }
        if !known.insert(id) {
            return Err(line.fault("the retraction is twice in the file"));
        }
    }
    let standing = standing(log, &known)?;
    report.passed(
        known.len() as u64,
        "retractions and restorations are of what readers saw, as their records say",
    );
    Ok(standing)
}

/// Gives the identifier of one that has its record.
fn retraction(line: &Line<'_>, content: &Content, log: &Log) -> Result<String, Fault> {
    line.members(
        "",
        "action community decision done_at done_by done_by_commitment id post reason_code revision revision_hash role \
         tombstone words",
    )?;
    let (id, post, by) = (
        line.text("/id")?,
        line.text("/post")?,
        line.text("/done_by")?,
    );
    let revision = line.text("/revision")?;
    let text = content.revisions.get(revision).ok_or_else(|| {
        line.fault("the revision that was retracted is missing from revisions.jsonl")
    })?;
    if text.post != post || text.hash != line.text("/revision_hash")? {
        return Err(line.fault(
            "the retraction names another text: its hash or its post is not that of the revision",
        ));
    }
    if text.author == by {
        return Err(line.fault("somebody retracted or restored their own text"));
    }
    let action = match line.text("/action")? {
        "retract" => RETRACTED,
        "restore" => RESTORED,
        other => return Err(line.fault(format!("`{other}` is neither retract nor restore"))),
    };
    if (action == RETRACTED) != line.maybe_text("/tombstone")?.is_some() {
        return Err(line.fault("a retraction has a public text, and a restoration has none"));
    }
    let words = line.words_hash(id)?;
    let tombstone = line.hash_of("/tombstone", id)?;
    let stated = [
        ("/actor/id", Some(by)),
        (
            "/actor/name_commitment",
            Some(line.text("/done_by_commitment")?),
        ),
        ("/actor/role", Some(line.text("/role")?)),
        ("/change/decision", line.maybe_text("/decision")?),
        ("/change/retraction", Some(id)),
        ("/change/revision", Some(revision)),
        ("/change/revision_hash", Some(text.hash.as_str())),
        ("/change/tombstone_hash", tombstone.as_deref()),
        ("/change/words_hash", words.as_deref()),
        ("/community", Some(line.text("/community")?)),
        ("/why", Some(line.text("/reason_code")?)),
    ];
    let done_at = Some(line.number("/done_at")?);
    let said = log.of(action, post).iter();
    if !said
        .into_iter()
        .any(|record| record.says(&stated) && record.number("/change/done_at") == done_at)
    {
        return Err(line.fault(format!(
            "no record says that `{by}` did this to this text, for this reason, with these words, at this time"
        )));
    }
    Ok(id.to_owned())
}

/// How each post stands when all its records are read in their order. A retraction takes what readers saw; a restoration
/// brings back what was taken last.
fn standing(log: &Log, known: &HashSet<String>) -> Result<HashMap<String, Standing>, Fault> {
    let mut events: BTreeMap<usize, (&'static str, &str, &Record)> = BTreeMap::new();
    for action in [PUBLISHED, RETRACTED, RESTORED] {
        for (post, record) in log.all(action) {
            events.insert(record.order, (action, post, record));
        }
    }
    let mut standing: HashMap<String, Standing> = HashMap::new();
    for (action, post, record) in events.into_values() {
        let revision = record
            .text("/change/revision")
            .unwrap_or_default()
            .to_owned();
        let retraction = record.text("/change/retraction").unwrap_or_default();
        if action != PUBLISHED && !known.contains(retraction) {
            return Err(record.fault(
                "the retraction that this record tells of is missing from retractions.jsonl",
            ));
        }
        let next = match (action, standing.remove(post)) {
            (PUBLISHED, _) => Standing::Shown(revision),
            (RETRACTED, Some(Standing::Shown(seen))) if seen == revision => {
                Standing::Retracted(retraction.to_owned(), revision)
            }
            (RESTORED, Some(Standing::Retracted(_, taken))) if taken == revision => {
                Standing::Shown(revision)
            }
            _ => {
                return Err(record.fault(
                    "readers did not see this text, or it was not the one that was taken from them",
                ));
            }
        };
        standing.insert(post.to_owned(), next);
    }
    Ok(standing)
}
