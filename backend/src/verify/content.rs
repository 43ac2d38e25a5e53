//! What was written and what the rules said of it: people, communities, posts, revisions, rule sets, screenings.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::Report;
use super::archive::Archive;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{DERIVED, Log, Record, SUBMITTED};
use super::manifest::Manifest;
use super::rule_sets::{self, UNREADABLE};
use super::tree::sha256;

/// A text exactly as it was submitted.
#[derive(Debug)]
pub struct Revision {
    pub hash: String,
    pub author: String,
    pub post: String,
    pub submitted_at: u64,
    /// The text that a decision made it from.
    pub original: Option<String>,
    /// It is sealed, and its words are not in the bundle.
    pub withheld: bool,
}

/// What the rules said of a revision.
#[derive(Debug)]
pub struct Screening {
    pub id: String,
    pub rule_set: String,
    /// Exactly as it is stored; nothing where it would tell of words that are withheld.
    pub result: Option<String>,
}

/// What decisions are compared with.
#[derive(Debug, Default)]
pub struct Content {
    pub revisions: HashMap<String, Revision>,
    /// By revision: the one of its submission, and those under later rules.
    pub screenings: HashMap<String, Vec<Screening>>,
}

/// Checks all of it against the log.
pub fn check(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    log: &Log,
    report: &mut Report,
) -> Result<Content, Fault> {
    people(archive, log, report)?;
    let communities = communities(archive, manifest, report)?;
    let posts = posts(archive, manifest, &communities, report)?;
    let revisions = revisions(archive, &posts, log, manifest.with_sealed, report)?;
    let rule_sets = rule_sets::check(archive, report)?;
    let screenings = screenings(archive, &revisions, &rule_sets, log, report)?;
    Ok(Content {
        revisions,
        screenings,
    })
}

/// A name is committed to as `SHA-256(salt || name)`, the salt being 16 bytes.
fn people(archive: &Archive<'_>, log: &Log, report: &mut Report) -> Result<(), Fault> {
    let mut people = HashSet::new();
    let (mut named, mut erased) = (0, 0);
    for line in json::lines(archive.get("people.jsonl")?) {
        let line = line?;
        line.members("", "account commitment name salt")?;
        line.text("/account")?;
        line.hash("/commitment")?;
        let commitment = line.text("/commitment")?;
        match (line.maybe_text("/name")?, line.maybe_text("/salt")?) {
            (Some(name), Some(salt)) => {
                let salt = hex::decode(salt).ok().filter(|salt| salt.len() == 16);
                let salt = salt.ok_or_else(|| line.fault("the salt is not 16 bytes in hex"))?;
                if hex::encode(sha256(&[&salt, name.as_bytes()].concat())) != commitment {
                    return Err(line.fault("the name is not the one that the records commit to"));
                }
                named += 1;
            }
            (None, None) => erased += 1,
            _ => {
                return Err(line.fault("a name and its salt are there together or erased together"));
            }
        }
        if !people.insert(commitment.to_owned()) {
            return Err(line.fault("the commitment is twice in the file"));
        }
    }
    for (commitment, place) in &log.commitments {
        if !people.contains(commitment) {
            let what = format!(
                "the record commits to a name (`{commitment}`) that is not in people.jsonl"
            );
            return Err(Fault {
                what,
                ..place.clone()
            });
        }
    }
    report.passed(
        named,
        "printed names are the ones that the records commit to",
    );
    if erased > 0 {
        report.passed(erased, "further names were erased; their commitments stand");
    }
    Ok(())
}

fn communities(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    report: &mut Report,
) -> Result<HashSet<String>, Fault> {
    let mut communities = HashSet::new();
    for line in json::lines(archive.get("communities.jsonl")?) {
        let line = line?;
        line.members("", "audience created_at id name slug")?;
        let id = line.text("/id")?;
        if !manifest.communities.contains(id) || !communities.insert(id.to_owned()) {
            return Err(
                line.fault("the community is twice in the file or not in the scope of this bundle")
            );
        }
    }
    if let Some(missing) = manifest
        .communities
        .iter()
        .find(|id| !communities.contains(*id))
    {
        return Err(archive
            .get("communities.jsonl")?
            .fault(format!("the community `{missing}` is missing")));
    }
    report.passed(communities.len() as u64, "communities are in scope");
    Ok(communities)
}

fn posts(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    communities: &HashSet<String>,
    report: &mut Report,
) -> Result<HashMap<String, Option<String>>, Fault> {
    let mut posts = HashMap::new();
    for line in json::lines(archive.get("posts.jsonl")?) {
        let line = line?;
        line.members("", "author community created_at id parent surface thread")?;
        let community = line.text("/community")?;
        if !communities.contains(community) || !manifest.covers(Some(community)) {
            return Err(line
                .fault("the post belongs to a community that is not in the scope of this bundle"));
        }
        // A community's description is kept by whoever administers it; any other text only by its author.
        let only_author = match line.text("/surface")? {
            "community_description" => None,
            _ => Some(line.text("/author")?.to_owned()),
        };
        if posts
            .insert(line.text("/id")?.to_owned(), only_author)
            .is_some()
        {
            return Err(line.fault("the post is twice in the file"));
        }
    }
    report.passed(posts.len() as u64, "posts are in scope");
    Ok(posts)
}

/// A revision's hash is the SHA-256 of the canonical JSON of its content and salt.
fn revisions(
    archive: &Archive<'_>,
    posts: &HashMap<String, Option<String>>,
    log: &Log,
    with_sealed: bool,
    report: &mut Report,
) -> Result<HashMap<String, Revision>, Fault> {
    const HASHED: [&str; 7] = [
        "author",
        "body",
        "number",
        "post",
        "salt",
        "submitted_at",
        "title",
    ];
    let mut revisions = HashMap::new();
    for line in json::lines(archive.get("revisions.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "author body hash id number post salt submitted_at title",
        )?;
        let (id, hash, author, post) = (
            line.text("/id")?,
            line.text("/hash")?,
            line.text("/author")?,
            line.text("/post")?,
        );
        let submitted_at = line.number("/submitted_at")?;
        let mut content = serde_json::Map::new();
        for name in HASHED {
            content.insert(name.to_owned(), line.at(&format!("/{name}"))?.clone());
        }
        let withheld = line.maybe_text("/body")?.is_none();
        let canonical =
            json::canonical(&Value::Object(content)).map_err(|what| line.fault(what))?;
        if withheld {
            let told = line.maybe_text("/title")?.is_some() || line.maybe_text("/salt")?.is_some();
            if with_sealed || told {
                return Err(line.fault("the words of a text are withheld in part, or without need"));
            }
        } else if hex::encode(sha256(canonical.as_bytes())) != hash {
            return Err(line.fault(format!(
                "the text of revision `{id}` does not have its hash `{hash}`"
            )));
        }
        let kept_by = posts.get(post).map(Option::as_deref);
        if kept_by.is_none_or(|only_author| only_author.is_some_and(|only| only != author)) {
            return Err(line.fault("the revision belongs to no post of its author in posts.jsonl"));
        }
        let stated = |record: &&Record| {
            record.says(&[
                ("/change/post", Some(post)),
                ("/change/revision_hash", Some(hash)),
            ]) && record.number("/change/submitted_at") == Some(submitted_at)
        };
        let by_author = |record: &&Record| record.text("/actor/id") == Some(author);
        let submitted = log
            .of(SUBMITTED, id)
            .iter()
            .filter(stated)
            .any(|one| by_author(&one));
        // What a decision made of the text of an author was made by somebody else.
        let mut made = log.of(DERIVED, id).iter().filter(stated);
        let made = made.find(|one| !by_author(one));
        if submitted == made.is_some() {
            return Err(line.fault(format!(
                "no record says that `{author}` submitted revision `{id}` with this hash"
            )));
        }
        let revision = Revision {
            hash: hash.to_owned(),
            author: author.to_owned(),
            post: post.to_owned(),
            submitted_at,
            original: made
                .and_then(|record| record.text("/change/original"))
                .map(str::to_owned),
            withheld,
        };
        if revisions.insert(id.to_owned(), revision).is_some() {
            return Err(line.fault("the revision is twice in the file"));
        }
    }
    if let Some((_, record)) = log
        .all(SUBMITTED)
        .chain(log.all(DERIVED))
        .find(|(id, _)| !revisions.contains_key(*id))
    {
        return Err(record.fault(
            "the revision that this record says was submitted is missing from revisions.jsonl",
        ));
    }
    report.passed(
        revisions.len() as u64,
        "revisions have their hash, and each was submitted by a record that names it",
    );
    Ok(revisions)
}

fn screenings(
    archive: &Archive<'_>,
    revisions: &HashMap<String, Revision>,
    rule_sets: &HashSet<String>,
    log: &Log,
    report: &mut Report,
) -> Result<HashMap<String, Vec<Screening>>, Fault> {
    let mut screenings: HashMap<String, Vec<Screening>> = HashMap::new();
    let mut known = HashSet::new();
    for line in json::lines(archive.get("screenings.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "context id priority result revision rule_set_hash screened_at technical_reason verdict",
        )?;
        let (id, revision) = (line.text("/id")?, line.text("/revision")?);
        let (rule_set, verdict) = (line.text("/rule_set_hash")?, line.text("/verdict")?);
        let reason = line.maybe_text("/technical_reason")?;
        let screened = revisions.get(revision).ok_or_else(|| {
            line.fault("the revision that was screened is missing from revisions.jsonl")
        })?;
        if rule_set.starts_with(UNREADABLE) {
            if verdict != "hold" || reason.is_none() {
                return Err(
                    line.fault("a text that met no readable rules must be held, with the reason")
                );
            }
        } else if !rule_sets.contains(rule_set) {
            return Err(
                line.fault("the packs that it was screened with are missing from rule-sets/")
            );
        }
        let stated = log.screened(revision).find(|record| {
            record.says(&[
                ("/change/screening", Some(id)),
                ("/change/rule_set_hash", Some(rule_set)),
                ("/change/verdict", Some(verdict)),
            ])
        });
        let Some(stated) = stated else {
            return Err(line.fault(format!(
                "no record says that the verdict on revision `{revision}` was `{verdict}` under this rule set"
            )));
        };
        let screening = Screening {
            id: id.to_owned(),
            rule_set: rule_set.to_owned(),
            result: line.maybe_text("/result")?.map(str::to_owned),
        };
        if screened.withheld != screening.result.is_none() {
            return Err(line.fault("the result is withheld if the text is sealed, and only then"));
        }
        check_result(&line, screening.result.as_deref(), stated, reason)?;
        let screened_at = stated
            .number("/change/screened_at")
            .unwrap_or(screened.submitted_at);
        if line.number("/screened_at")? != screened_at {
            return Err(line.fault("the text was not screened when the record says"));
        }
        if !known.insert(id.to_owned()) {
            return Err(line.fault("the screening is twice in the file"));
        }
        screenings
            .entry(revision.to_owned())
            .or_default()
            .push(screening);
    }
    if let Some(id) = revisions.keys().find(|id| !screenings.contains_key(*id)) {
        return Err(archive
            .get("screenings.jsonl")?
            .fault(format!("revision `{id}` was never screened")));
    }
    let lost = log.all_screened().find(|record| {
        let id = record.text("/change/screening");
        id.is_some_and(|id| !known.contains(id))
    });
    if let Some(record) = lost {
        return Err(record
            .fault("the screening that this record tells of is missing from screenings.jsonl"));
    }
    let count = known.len() as u64;
    report.passed(
        count,
        "screenings have the context, the result and the verdict that the records of them commit to",
    );
    Ok(screenings)
}

/// The result is what the record of the screening commits to.
fn check_result(
    line: &Line<'_>,
    result: Option<&str>,
    stated: &Record,
    reason: Option<&str>,
) -> Result<(), Fault> {
    let Some(result) = result else {
        return Ok(());
    };
    let judged = json::canonical(&json!({
        "context": line.text("/context")?, "priority": line.number("/priority")?, "result": result,
    }))
    .map_err(|what| line.fault(what))?;
    let hash = hex::encode(sha256(judged.as_bytes()));
    if !stated.says(&[("/change/screening_hash", Some(&hash))]) {
        return Err(line.fault(
            "the context, the result or the priority is not the one that the record of the screening commits to",
        ));
    }
    let said: Value = serde_json::from_str(result)
        .map_err(|cause| line.fault(format!("the result is not JSON: {cause}")))?;
    if said.get("technical_reason").and_then(Value::as_str) != reason {
        return Err(line.fault("the technical reason is not the one in the result"));
    }
    Ok(())
}
