//! What a person reads of a bundle: `report.html` and `README.txt`. No script, nothing loaded from anywhere.

use moderation_rules::Screening;
use serde_json::Value;

use super::ExportError;
use super::people::People;
use super::spool::{Spool, Spooled};
use crate::audit::store::Checkpoint;
use crate::clock::Timestamp;
use crate::communities::Community;
use crate::identity::signing::SignatureView;
use crate::posts::Revision;
use crate::publication::Retraction;
use crate::review::{Decision, StoredScreening};
use crate::safety::SafetyCase;

/// What stands at the top.
pub struct Heading<'a> {
    pub origin: &'a str,
    pub public_key: &'a str,
    pub exported_at: Timestamp,
    pub exported_by: &'a str,
    pub communities: &'a [Community],
    pub everything: bool,
    pub checkpoint: &'a Checkpoint,
    pub certifications: &'a [String],
    pub counts: &'a [(&'static str, u64)],
}

/// The report: heading, how to verify, safety cases, texts with their decisions, records.
pub fn write(
    heading: &Heading<'_>,
    texts: Spooled,
    cases: Spooled,
    signatures: Spooled,
    records: Spooled,
) -> Result<Spooled, ExportError> {
    let mut page = Spool::new("report.html")?;
    page.text(&head(heading))?;
    page.text("<h2 id=\"cases\">Safety cases</h2>\n<table>\n<thead><tr><th>Number</th><th>Day 0 (UTC)</th><th>Author</th><th>Valid report</th><th>Serious</th><th>Disposition</th><th>By</th><th>At (UTC)</th><th>Reason</th></tr></thead>\n<tbody>\n")?;
    page.append(cases)?;
    page.text("</tbody>\n</table>\n<h2 id=\"signatures\">Electronic signatures</h2>\n")?;
    page.text(&certified(heading.certifications))?;
    page.text("<table>\n<thead><tr><th>Signed by</th><th>Role</th><th>At (UTC)</th><th>Meaning</th><th>Did</th><th>Reason</th><th>On</th><th>Text</th><th>Hash of the signed bytes</th></tr></thead>\n<tbody>\n")?;
    page.append(signatures)?;
    page.text("</tbody>\n</table>\n<h2 id=\"texts\">Texts and decisions</h2>\n")?;
    page.append(texts)?;
    page.text("<h2 id=\"records\">Records</h2>\n<p>Who did what, when and from where, in the order of the log. The number is the place in the log.</p>\n<table>\n<thead><tr><th>No.</th><th>At (UTC)</th><th>Who</th><th>Role</th><th>Did</th><th>To</th><th>Change</th><th>Why</th><th>From</th></tr></thead>\n<tbody>\n")?;
    page.append(records)?;
    page.text("</tbody>\n</table>\n</main>\n</body>\n</html>\n")?;
    page.end()
}

const STYLE: &str = include_str!("report.css");

fn head(heading: &Heading<'_>) -> String {
    let communities: String = heading
        .communities
        .iter()
        .map(|community| {
            format!(
                "<li>{} <span>({}, for {})</span></li>",
                escaped(&community.name),
                escaped(&community.slug),
                escaped(&community.audience)
            )
        })
        .collect();
    let counts: String = heading
        .counts
        .iter()
        .map(|(what, count)| format!("<tr><th>{what}</th><td>{count}</td></tr>\n"))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Inspection report of {origin}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Inspection report</h1>\n\
         <p>The log <b>{origin}</b> as of {at} (UTC), exported by {by}. {scope}</p>\n<ul>{communities}</ul>\n\
         <table class=\"counts\">\n{counts}</table>\n\
         <h2 id=\"verify\">Is it unchanged?</h2>\n\
         <p>This page alone proves nothing. Run <code>hortus audit verify</code> on the ZIP it came in, on any machine, \
         without a network; it recomputes every hash and names the first byte that is wrong. Give it the public key that \
         was handed over to you before, and a checkpoint that you kept from an earlier visit. The format is described in \
         docs/BUNDLE.md of the source, so that you can check it with a program of your own.</p>\n\
         <table>\n<tr><th>Public key</th><td><code>{key}</code></td></tr>\n\
         <tr><th>Records in the log</th><td>{size}</td></tr>\n<tr><th>Root</th><td><code>{root}</code></td></tr>\n</table>\n\
         <p>Keep this checkpoint for the next visit:</p>\n<pre>{note}</pre>\n\
         <nav><a href=\"#cases\">Safety cases</a> <a href=\"#signatures\">Signatures</a> <a href=\"#texts\">Texts and decisions</a> <a href=\"#records\">Records</a></nav>\n",
        origin = escaped(heading.origin),
        at = time(heading.exported_at.micros()),
        by = escaped(heading.exported_by),
        scope = if heading.everything {
            "It holds every record of the log. Communities:"
        } else {
            "It holds what happened in these communities, and in none (sign-ins and the server itself). Of every other record only the hash is here:"
        },
        key = escaped(heading.public_key),
        size = heading.checkpoint.size,
        root = hex::encode(heading.checkpoint.root),
        note = escaped(&heading.checkpoint.note),
    )
}

/// A safety case as a row.
pub fn case_row(case: &SafetyCase, people: &People) -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    cells(&[
        &format!("AE-{:06}", case.number),
        &time(case.day_zero),
        &people.name(case.author_id),
        yes(case.valid_icsr),
        yes(case.serious),
        &words(case.disposition.as_deref().unwrap_or("awaited")),
        &case
            .disposed_by
            .map(|by| people.name(by))
            .unwrap_or_default(),
        &case.disposed_at.map(time).unwrap_or_default(),
        &[case.reason_code.as_deref(), case.words.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(": "),
    ])
}

/// That the agency was told that electronic signatures bind (21 CFR 11.100(c)).
fn certified(letters: &[String]) -> String {
    if letters.is_empty() {
        return "<p>No letter of certification under 21 CFR 11.100(c) is noted.</p>\n".to_owned();
    }
    format!(
        "<p>Certified under 21 CFR 11.100(c): {}.</p>\n",
        escaped(&letters.join("; "))
    )
}

/// A signature as a row: printed name, time and meaning (21 CFR 11.50).
pub fn signature_row(signature: &SignatureView) -> String {
    cells(&[
        &signature.signer.name,
        &words(&signature.role),
        &time(signature.signed_at.micros()),
        &signature.meaning_text,
        &words(&signature.action),
        &words(signature.reason.as_deref().unwrap_or_default()),
        &format!("{} {}", signature.object.kind, signature.object.id),
        signature.revision_hash.as_deref().unwrap_or_default(),
        &signature.manifest_hash,
    ])
}

/// A revision with what the rules and people said of it. `place` is the community and the surface.
pub fn text_row(
    revision: &Revision,
    place: (&str, &str),
    screening: Option<&StoredScreening>,
    decisions: &[&Decision],
    shown: bool,
    people: &People,
) -> String {
    let title = revision
        .title
        .as_deref()
        .map(|title| format!("<h4>{}</h4>\n", escaped(title)))
        .unwrap_or_default();
    let found = screening.map_or_else(String::new, |screening| {
        let reasons = serde_json::from_str::<Screening>(&screening.result)
            .map(|result| result.reasons)
            .unwrap_or_default();
        let reasons = if reasons.is_empty() {
            "no findings".to_owned()
        } else {
            reasons.join("; ")
        };
        format!(
            "<p><b>Rules</b> {}: {}</p>\n",
            escaped(&screening.verdict),
            escaped(&reasons)
        )
    });
    let decided: String = decisions
        .iter()
        .map(|decision| decided(decision, people))
        .collect();
    let decided = if decided.is_empty() {
        "<p><b>No decision</b></p>\n".to_owned()
    } else {
        decided
    };
    format!(
        "<article>\n<h3>{surface} in {community}, revision {number}{shown}</h3>\n<p>{author}, {at} (UTC) <code>{hash}</code></p>\n{title}<pre>{body}</pre>\n{found}{decided}</article>\n",
        surface = escaped(&words(place.1)),
        community = escaped(place.0),
        number = revision.number,
        shown = if shown { ", seen by readers" } else { "" },
        author = escaped(&people.name(revision.author_id)),
        at = time(revision.submitted_at),
        hash = escaped(&revision.hash),
        body = escaped(&revision.body),
    )
}

fn decided(decision: &Decision, people: &People) -> String {
    format!(
        "<p><b>{}</b> by {} ({}) at {} {}</p>\n",
        escaped(&words(&decision.action)),
        escaped(&people.name(decision.decided_by)),
        escaped(&words(&decision.role)),
        time(decision.decided_at),
        escaped(
            &[decision.reason_code.as_deref(), decision.words.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(": ")
        ),
    )
}

/// What somebody decided who looked at the text a second time, beneath it. It had no effect.
pub fn look_row(decision: &Decision, people: &People) -> String {
    format!(
        "<article>\n<p>Second look, without effect:</p>\n{}</article>\n",
        decided(decision, people)
    )
}

/// A retraction or a restoration, beneath its text.
pub fn retraction_row(row: &Retraction, people: &People) -> String {
    let public = row.tombstone.as_deref().map_or_else(String::new, |text| {
        format!("<p>Readers saw in its place: {}</p>\n", escaped(text))
    });
    format!(
        "<article>\n<p><b>{}</b> by {} ({}) at {} {}</p>\n{public}</article>\n",
        escaped(&words(&row.action)),
        escaped(&people.name(row.done_by)),
        escaped(&words(&row.role)),
        time(row.done_at),
        escaped(&format!("{}: {}", row.reason_code, row.words)),
    )
}

/// A record as a row.
pub fn record_row(index: u64, name: Option<&str>, record: &Value) -> String {
    let text = |pointer: &str| {
        record
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let at = record
        .pointer("/at")
        .and_then(Value::as_i64)
        .map(time)
        .unwrap_or_default();
    let change = record
        .pointer("/change")
        .filter(|change| change.as_object().is_none_or(|members| !members.is_empty()));
    cells(&[
        &index.to_string(),
        &at,
        name.unwrap_or_else(|| text("/actor/id")),
        &words(text("/actor/role")),
        text("/action"),
        &format!("{} {}", text("/object/kind"), text("/object/id")),
        &change.map(Value::to_string).unwrap_or_default(),
        text("/why"),
        text("/from"),
    ])
}

/// What a person reads first.
pub fn readme(heading: &Heading<'_>) -> String {
    format!(
        "This is an inspection bundle of the log {origin}, exported {at} UTC.\n\n\
         report.html      read this\n\
         *.jsonl          the same, for programs: one JSON value on each line\n\
         leaves.txt       the hash of every record of the log\n\
         rule-sets/       the rules that texts were screened with\n\
         manifest.json    the list of these files with their hashes, signed in manifest.sig\n\n\
         Is it unchanged? On any machine, without a network:\n\n    \
         hortus audit verify BUNDLE.zip --key '{key}'\n\n\
         Do not copy the key from here if you can help it: use the one that was handed over to you before. With\n\
         --checkpoint FILE the bundle is compared with a checkpoint that you kept from an earlier visit.\n\n\
         The format is described in docs/BUNDLE.md of the source of Hortus.\n",
        origin = heading.origin,
        at = time(heading.exported_at.micros()),
        key = heading.public_key,
    )
}

fn cells(texts: &[&str]) -> String {
    let cells: String = texts
        .iter()
        .map(|text| format!("<td>{}</td>", escaped(text)))
        .collect();
    format!("<tr>{cells}</tr>\n")
}

/// To the second; the files have the microseconds.
fn time(micros: i64) -> String {
    Timestamp::from_micros(micros)
        .rfc3339()
        .chars()
        .take(19)
        .collect::<String>()
        .replace('T', " ")
}

/// A code as words.
fn words(code: &str) -> String {
    code.replace('_', " ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
