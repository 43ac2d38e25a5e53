//! Texts that decisions made of the texts of authors: with words taken out, or in parts. And who read what is sealed.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::Report;
use super::archive::Archive;
use super::content::Content;
use super::decisions::Decision;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{DERIVED, Log, UNSEALED};
use super::manifest::Manifest;

/// What readers see in the place of words that were taken out.
const REMOVED: &str = "[removed]";

/// What decisions made.
#[derive(Debug, Default)]
pub struct Derivations {
    /// What is left of a text, by the decision that took words out of it.
    left: HashMap<String, String>,
}

impl Derivations {
    /// What this decision left of a text, if it took words out of it.
    pub fn left_by(&self, decision: &str) -> Option<&str> {
        self.left.get(decision).map(String::as_str)
    }
}

/// Title and body of a text.
type Text = (Option<String>, Option<String>);

/// Checks them against the log, the decisions and the texts.
pub fn check(
    archive: &Archive<'_>,
    manifest: &Manifest<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<Derivations, Fault> {
    let mut found = Derivations::default();
    let (mut made, mut sealed) = (HashSet::new(), HashSet::new());
    let mut by_decision: BTreeMap<String, BTreeMap<u64, String>> = BTreeMap::new();
    let file = archive.get("derivations.jsonl")?;
    for line in json::lines(file) {
        let line = line?;
        let (id, decision) = derivation(&line, content, log, decisions)?;
        if line.text("/kind")? == "redacted" {
            found.left.insert(decision.to_owned(), id.to_owned());
            sealed.insert(line.text("/original")?.to_owned());
        }
        let parts = by_decision.entry(decision.to_owned()).or_default();
        if parts.insert(line.number("/part")?, id.to_owned()).is_some()
            || !made.insert(id.to_owned())
        {
            return Err(line.fault("the text is twice in the file"));
        }
    }
    if let Some((_, record)) = log.all(DERIVED).find(|(id, _)| !made.contains(*id)) {
        return Err(
            record.fault("the text that this record tells of is missing from derivations.jsonl")
        );
    }
    let withheld = |id: &String| content.revisions.get(id).is_some_and(|one| one.withheld);
    if !manifest.with_sealed && !sealed.iter().all(withheld) {
        return Err(file.fault("the words of a sealed text are in a bundle without a reason"));
    }
    let unsealed = content.revisions.iter();
    let mut unsealed = unsealed.filter(|(id, one)| one.withheld && !sealed.contains(*id));
    if let Some((id, _)) = unsealed.next() {
        return Err(file.fault(format!(
            "the words of `{id}`, which is not sealed, are withheld"
        )));
    }
    let texts = texts(archive, &made, decisions, &by_decision)?;
    for (id, decision) in decisions {
        let parts = by_decision.get(id);
        let fits = match decision.action.as_str() {
            "redact_and_release" | "split" => fits(decision, parts, &texts),
            _ => parts.is_none(),
        };
        if !fits {
            return Err(file.fault(format!(
                "the texts that the decision `{id}` made are not what it says of the text"
            )));
        }
    }
    report.passed(
        made.len() as u64,
        "texts that decisions made are what those say of the author's text",
    );
    readings(archive, &sealed, log, report)?;
    Ok(found)
}

/// Gives the text and the decision of one that has its record.
fn derivation<'a>(
    line: &'a Line<'_>,
    content: &Content,
    log: &Log,
    decisions: &HashMap<String, Decision>,
) -> Result<(&'a str, &'a str), Fault> {
    line.members(
        "",
        "community decision item kind made_at made_by made_by_commitment original part revision role screening",
    )?;
    let (id, original) = (line.text("/revision")?, line.text("/original")?);
    let (new, old) = (content.revisions.get(id), content.revisions.get(original));
    let (Some(new), Some(old)) = (new, old) else {
        return Err(
            line.fault("the text, or the one that it was made of, is missing from revisions.jsonl")
        );
    };
    let kind = line.text("/kind")?;
    let made_by = match kind {
        "redacted" => "redact_and_release",
        "part" => "split",
        other => return Err(line.fault(format!("`{other}` is neither redacted nor part"))),
    };
    // What is left stands where the whole would have stood; a part has a place of its own.
    if new.author != old.author || (kind == "redacted") != (new.post == old.post) {
        return Err(line.fault("the text stands at another place, or is somebody else's"));
    }
    let decision = line.text("/decision")?;
    let (by, role) = (line.text("/made_by")?, line.text("/role")?);
    let commitment = line.text("/made_by_commitment")?;
    let said = decisions.get(decision).filter(|said| {
        said.action == made_by
            && said.revision == original
            && Ok(said.item.as_str()) == line.text("/item")
            && (&*said.by, &*said.by_commitment, &*said.role) == (by, commitment, role)
    });
    if said.is_none() {
        return Err(line.fault("no decision of this person made this text of that one"));
    }
    let screening = line.text("/screening")?;
    let mut screened = content.screenings.get(id).into_iter().flatten();
    let stated = [
        ("/actor/id", Some(by)),
        ("/actor/name_commitment", Some(commitment)),
        ("/actor/role", Some(role)),
        ("/change/decision", Some(decision)),
        ("/change/kind", Some(kind)),
        ("/change/original", Some(original)),
        ("/change/original_hash", Some(&*old.hash)),
        ("/change/revision_hash", Some(&*new.hash)),
        ("/change/screening", Some(screening)),
        ("/community", Some(line.text("/community")?)),
    ];
    let (part, at) = (line.number("/part")?, line.number("/made_at")?);
    let told = log.of(DERIVED, id).iter().any(|record| {
        record.says(&stated)
            && record.number("/change/part") == Some(part)
            && record.number("/change/submitted_at") == Some(at)
    });
    if !told || !screened.any(|one| one.id == screening) {
        return Err(line.fault("no record says that this text was made so"));
    }
    Ok((id, decision))
}

/// The words of the texts that were made, and of those that they were made of.
fn texts(
    archive: &Archive<'_>,
    made: &HashSet<String>,
    decisions: &HashMap<String, Decision>,
    by_decision: &BTreeMap<String, BTreeMap<u64, String>>,
) -> Result<HashMap<String, Text>, Fault> {
    let mut wanted: HashSet<&str> = made.iter().map(String::as_str).collect();
    let originals = by_decision.keys().filter_map(|id| decisions.get(id));
    wanted.extend(originals.map(|decision| decision.revision.as_str()));
    let mut texts = HashMap::new();
    if wanted.is_empty() {
        return Ok(texts);
    }
    for line in json::lines(archive.get("revisions.jsonl")?) {
        let line = line?;
        let id = line.text("/id")?;
        if wanted.contains(id) {
            let text = |name: &str| Ok(line.maybe_text(name)?.map(str::to_owned));
            texts.insert(id.to_owned(), (text("/title")?, text("/body")?));
        }
    }
    Ok(texts)
}

/// Whether these texts are what the decision says of the text; as far as its words are in the bundle.
fn fits(
    decision: &Decision,
    parts: Option<&BTreeMap<u64, String>>,
    texts: &HashMap<String, Text>,
) -> bool {
    let said: Option<Value> = decision
        .particulars
        .as_deref()
        .and_then(|said| serde_json::from_str(said).ok());
    let (Some(said), Some(parts)) = (said, parts) else {
        return false;
    };
    let numbered = (1..)
        .zip(parts.keys())
        .all(|(number, part)| number == *part);
    let made: Option<Vec<&Text>> = parts.values().map(|id| texts.get(id)).collect();
    let (true, Some(made), Some((title, body))) = (numbered, made, texts.get(&decision.revision))
    else {
        return false;
    };
    let places = |name: &str| said.get(name).and_then(Value::as_array);
    if decision.action == "split" {
        let (Some(cuts), Some(body)) = (places("cuts"), body) else {
            return false;
        };
        let all: Option<Vec<Text>> = divided(title.as_deref(), body, cuts);
        return all.is_some_and(|all| all.iter().eq(made));
    }
    let (Some(spans), [left]) = (places("spans"), made.as_slice()) else {
        return false;
    };
    let Some(body) = body else {
        // The words are withheld: their places are committed to, and what is left has as many marks.
        return spans.len() as u64 > 0;
    };
    let title = title.as_deref().map(|title| without(title, "title", spans));
    let body = without(body, "body", spans);
    match title {
        Some(None) => false,
        Some(title) => (&title, &body) == (&left.0, &left.1) && body.is_some(),
        None => left.0.is_none() && body.is_some() && body == left.1,
    }
}

/// The text without the words at these places of this field.
fn without(text: &str, field: &str, spans: &[Value]) -> Option<String> {
    let (mut left, mut at) = (String::new(), 0);
    for span in spans {
        if span.get("field")?.as_str()? != field {
            continue;
        }
        let place = |name: &str| usize::try_from(span.get(name)?.as_u64()?).ok();
        let (start, end) = (place("start")?, place("end")?);
        left.push_str(text.get(at..start)?);
        text.get(start..end)?;
        left.push_str(REMOVED);
        at = end;
    }
    left.push_str(text.get(at..)?);
    Some(left)
}

/// The parts of a text, cut at these places.
fn divided(title: Option<&str>, body: &str, cuts: &[Value]) -> Option<Vec<Text>> {
    let of = cuts.len() + 1;
    let (mut parts, mut begin) = (Vec::with_capacity(of), 0);
    let ends = cuts
        .iter()
        .map(Value::as_u64)
        .chain([Some(body.len() as u64)]);
    for (number, end) in (1..).zip(ends) {
        let end = usize::try_from(end?).ok()?;
        let part = body.get(begin..end)?.trim().to_owned();
        let title = title.map(|title| format!("{title} ({number}/{of})"));
        parts.push((title, Some(part)));
        begin = end;
    }
    Some(parts)
}

/// Every reading of a sealed text has its record, and every such record its row.
fn readings(
    archive: &Archive<'_>,
    sealed: &HashSet<String>,
    log: &Log,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut known = HashSet::new();
    for line in json::lines(archive.get("sealed-readings.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "community id read_at read_by read_by_commitment revision role words",
        )?;
        let (id, revision) = (line.text("/id")?, line.text("/revision")?);
        line.text("/words")?;
        let words = line.words_hash(id)?;
        let stated = [
            ("/actor/id", Some(line.text("/read_by")?)),
            (
                "/actor/name_commitment",
                Some(line.text("/read_by_commitment")?),
            ),
            ("/actor/role", Some(line.text("/role")?)),
            ("/change/reading", Some(id)),
            ("/change/words_hash", words.as_deref()),
            ("/community", Some(line.text("/community")?)),
        ];
        let at = Some(line.number("/read_at")?);
        let mut records = log.of(UNSEALED, revision).iter();
        if !sealed.contains(revision)
            || !records.any(|one| one.says(&stated) && one.number("/change/read_at") == at)
        {
            return Err(line.fault("no record says that this sealed text was read so"));
        }
        if !known.insert(id.to_owned()) {
            return Err(line.fault("the reading is twice in the file"));
        }
    }
    let lost = log.all(UNSEALED).find(|(_, record)| {
        let id = record.text("/change/reading");
        id.is_none_or(|id| !known.contains(id))
    });
    if let Some((_, record)) = lost {
        return Err(record
            .fault("the reading that this record tells of is missing from sealed-readings.jsonl"));
    }
    report.passed(
        known.len() as u64,
        "readings of sealed texts have their record",
    );
    Ok(())
}
