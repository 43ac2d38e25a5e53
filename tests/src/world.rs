//! What must be true of the whole world when a story has been told, whatever happened in it.

use serde_json::Value;

use crate::store::Rows;
use crate::{Caller, Story, eventually, openapi};

/// Most identifiers of a kind that are tried in each address at the end of every story.
const A_FEW: usize = 5;

/// Looks at everything that must hold; ends the story.
pub async fn holds(mut story: Story) {
    if !story.node.is_running() {
        story.node.restart().await;
    }
    let rows = story.rows().await;
    work_is_done(&rows).await;
    streams_have_no_gaps(&rows).await;
    nothing_is_visible_without_a_release(&rows).await;
    every_text_went_through_the_gate(&rows).await;
    nobody_sees_what_is_held(&story, &rows).await;
    the_log_verifies(&story).await;
    rows.close().await;
    let ended = story.node.stop().await;
    assert!(ended.success(), "the server did not stop cleanly: {ended}");
}

/// The outbox is drained, and every record has its place in the log.
pub async fn work_is_done(rows: &Rows) {
    // What a killed process had claimed is taken up when its claim runs out, which is now.
    let claims = "UPDATE job SET claimed_until = 0 WHERE done_at IS NULL";
    rows.run(claims).await.expect("claims run out");
    eventually("every job is done and every record is sealed", async || {
        let jobs = rows
            .count("SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL")
            .await;
        let unsealed = rows.count("SELECT COUNT(*) AS n FROM audit_unsealed").await;
        (jobs == 0 && unsealed == 0).then_some(())
    })
    .await;
}

/// Every stream counts from one without a gap, and knows its last number.
pub async fn streams_have_no_gaps(rows: &Rows) {
    let streams = rows
        .find(
            "SELECT s.name AS name, s.last_seq AS last, COUNT(e.seq) AS events, \
             COALESCE(MIN(e.seq), 1) AS first, COALESCE(MAX(e.seq), 0) AS newest \
             FROM stream s LEFT JOIN stream_event e ON e.stream = s.name GROUP BY s.name, s.last_seq",
        )
        .await;
    for stream in streams {
        assert_eq!(stream["first"], 1, "{stream}");
        assert_eq!(stream["events"], stream["last"], "{stream}");
        assert_eq!(stream["newest"], stream["last"], "{stream}");
    }
}

async fn nothing_is_visible_without_a_release(rows: &Rows) {
    let unfounded = rows
        .count(
            "SELECT COUNT(*) AS n FROM publication p LEFT JOIN decision d \
             ON d.id = p.decision_id AND d.revision_id = p.revision_id AND d.action IN ('release', 'overturn') \
             LEFT JOIN derivation x ON x.decision_id = p.decision_id AND x.revision_id = p.revision_id AND x.kind = 'redacted' \
             WHERE d.id IS NULL AND x.revision_id IS NULL AND p.revision_id IS NOT NULL",
        )
        .await;
    assert_eq!(unfounded, 0, "something is visible that nobody released");
    let own = rows
        .count(
            "SELECT COUNT(*) AS n FROM decision d JOIN revision r ON r.id = d.revision_id \
             WHERE r.author_id = d.decided_by",
        )
        .await;
    assert_eq!(own, 0, "somebody decided on their own text");
    let neither = rows
        .count(
            "SELECT COUNT(*) AS n FROM publication p LEFT JOIN retraction r ON r.id = p.retraction_id \
             WHERE (p.revision_id IS NULL) <> (r.id IS NOT NULL AND r.action = 'retract')",
        )
        .await;
    assert_eq!(
        neither, 0,
        "a post has neither words nor a tombstone, or both"
    );
}

/// Every revision has one screening, one item and one audit record; every decision has its record.
pub async fn every_text_went_through_the_gate(rows: &Rows) {
    let audited = "SELECT object_id FROM audit_record WHERE action";
    let texts = rows.count("SELECT COUNT(*) AS n FROM revision").await;
    let to_staff = rows
        .count(
            "SELECT COUNT(*) AS n FROM revision r JOIN post p ON p.id = r.post_id \
             WHERE p.surface IN ('report', 'appeal')",
        )
        .await;
    // What is left of a text from which words were taken out was decided on with it.
    let left = rows
        .count("SELECT COUNT(*) AS n FROM derivation WHERE kind = 'redacted'")
        .await;
    for (what, query) in [
        (
            "screenings",
            "SELECT COUNT(DISTINCT revision_id) AS n FROM screening".to_owned(),
        ),
        (
            "items",
            "SELECT COUNT(*) AS n FROM review_item WHERE origin = 'submission'".to_owned(),
        ),
        (
            "records",
            format!(
                "SELECT COUNT(*) AS n FROM ({audited} IN ('revision.submitted', 'revision.derived')) AS r"
            ),
        ),
    ] {
        // What is said to the desk is screened and recorded, and nobody decides on it.
        let due = if what == "items" {
            texts - to_staff - left
        } else {
            texts
        };
        assert_eq!(rows.count(&query).await, due, "{what} for {texts} texts");
    }
    let decisions = rows.count("SELECT COUNT(*) AS n FROM decision").await;
    let recorded = rows
        .count(&format!(
            "SELECT COUNT(*) AS n FROM ({audited} = 'decision.made') AS r"
        ))
        .await;
    assert_eq!(recorded, decisions, "records of decisions");
}

/// A text that nobody has released, or that was retracted, and who may see it all the same.
struct Held {
    probe: String,
    author: String,
    slug: String,
    /// It may report an adverse event, or the safety team was asked about it.
    safety: bool,
}

impl Held {
    /// Whether this person may see it: its author, the desk, and for cases and questions to it the safety team.
    fn may_be_seen_by(&self, who: &crate::people::Identity) -> bool {
        let desk = &["moderator", "lead", "medical_reviewer", "mlr_approver"];
        who.account == self.author
            || who.is(&self.slug, desk)
            || (self.safety && who.is(&self.slug, &["safety_officer"]))
    }
}

async fn nobody_sees_what_is_held(story: &Story, rows: &Rows) {
    let held = held_texts(story, rows).await;
    if held.is_empty() {
        return;
    }
    let paths = addresses(&story.visitor(), rows, story, A_FEW).await;
    for key in [
        "colleague",
        "inspector",
        "safety_officer",
        "steward",
        "patient",
        "neighbour",
    ] {
        let person = story.person(key);
        let seen = see(&person, &paths).await;
        for text in &held {
            // Two people may have written the same words.
            let same = held
                .iter()
                .filter(|other| other.probe.contains(&text.probe));
            if same
                .into_iter()
                .any(|other| other.may_be_seen_by(&person.who))
            {
                continue;
            }
            let leak = seen.iter().find(|(_, answer)| answer.contains(&text.probe));
            let leak = leak.map(|(path, _)| path);
            assert!(
                leak.is_none(),
                "{key} sees a held text at {leak:?}: {}",
                text.probe
            );
        }
    }
}

async fn held_texts(story: &Story, rows: &Rows) -> Vec<Held> {
    let texts = rows
        .find(
            "SELECT r.body AS body, r.author_id AS author_id, p.community_id AS community_id, \
             (SELECT COUNT(*) FROM safety_case c WHERE c.revision_id = r.id) \
             + (SELECT COUNT(*) FROM referral q WHERE q.revision_id = r.id AND q.field = 'safety') AS safety, \
             CASE WHEN EXISTS (SELECT 1 FROM publication q WHERE q.post_id = p.id AND q.retraction_id IS NOT NULL) THEN 0 ELSE \
             (SELECT COUNT(*) FROM decision d WHERE d.revision_id = r.id AND d.action IN ('release', 'overturn')) \
             + (SELECT COUNT(*) FROM derivation x WHERE x.revision_id = r.id AND x.kind = 'redacted') END AS releases \
             FROM revision r JOIN post p ON p.id = r.post_id ORDER BY r.id DESC",
        )
        .await;
    let released: Vec<&str> = texts
        .iter()
        .filter(|text| text["releases"] != 0)
        .filter_map(|text| text["body"].as_str())
        .collect();
    let held = texts
        .iter()
        .filter(|text| text["releases"] == 0)
        .filter_map(|text| {
            let probe = probe(text["body"].as_str()?)?;
            if released.iter().any(|body| body.contains(&probe)) {
                return None;
            }
            let community = text["community_id"].as_str()?;
            let slug = story
                .cast
                .communities
                .iter()
                .find(|(_, id)| *id == community)?
                .0;
            Some(Held {
                probe,
                author: text["author_id"].as_str()?.to_owned(),
                slug: slug.clone(),
                safety: text["safety"] != 0,
            })
        });
    held.take(20).collect()
}

/// The longest plain stretch near the beginning of a text: it looks the same in JSON, HTML and excerpts.
fn probe(body: &str) -> Option<String> {
    let beginning: String = body.chars().take(120).collect();
    let plain = beginning.split(|c: char| !(c.is_ascii_alphanumeric() || c == ' '));
    let longest = plain.map(str::trim).max_by_key(|part| part.len())?;
    (longest.len() >= 10).then(|| longest.to_owned())
}

/// Every address that can be read, with up to `most` identifiers of each kind in place of its parameters.
pub async fn addresses(caller: &Caller, rows: &Rows, story: &Story, most: usize) -> Vec<String> {
    let ids = async |query: &str| -> Vec<String> {
        let found = rows.find(&format!("{query} ORDER BY id DESC")).await;
        let ids = found.iter().filter_map(|row| row["id"].as_str());
        ids.take(most).map(str::to_owned).collect()
    };
    let slugs: Vec<String> = story.cast.communities.keys().cloned().collect();
    let mut all = Vec::new();
    for operation in openapi::operations(caller).await {
        if operation.writes() || ["open_live", "get_openapi"].contains(&operation.id.as_str()) {
            continue;
        }
        let path = operation.path.as_str();
        if !path.contains('{') {
            all.push(path.to_owned());
            continue;
        }
        let (name, values) = if path.starts_with("/api/communities/{slug}") {
            ("slug", slugs.clone())
        } else if path.starts_with("/api/threads/{id}") {
            ("id", ids("SELECT id FROM thread").await)
        } else if path.starts_with("/api/submissions/{id}") {
            ("id", ids("SELECT id FROM revision").await)
        } else if path.starts_with("/api/review/items/{id}") {
            ("id", ids("SELECT id FROM review_item").await)
        } else if path.starts_with("/api/review/referrals/{id}") {
            ("id", ids("SELECT id FROM referral").await)
        } else if path.starts_with("/api/review/sealed/{id}") {
            ("id", ids("SELECT id FROM revision").await)
        } else if path.starts_with("/api/safety/cases/{id}") {
            ("id", ids("SELECT id FROM safety_case").await)
        } else if path.starts_with("/api/audit/records/{id}") {
            ("id", ids("SELECT id FROM audit_record").await)
        } else if path.starts_with("/api/signatures/{id}") {
            ("id", ids("SELECT id FROM signature").await)
        } else if path.starts_with("/api/rules/{code}") {
            ("code", vec!["PR-006".to_owned()])
        } else if path.starts_with("/api/invitations/{token}") {
            ("token", vec!["unknown".to_owned()])
        } else {
            panic!("{path} can be read, but tests/src/world.rs does not know what to put into it");
        };
        all.extend(values.iter().map(|value| operation.at(&[(name, value)])));
    }
    all
}

/// What this caller is answered at each of these addresses: headers and body.
pub async fn see(caller: &Caller, paths: &[String]) -> Vec<(String, String)> {
    let mut seen = Vec::with_capacity(paths.len());
    for path in paths {
        let answer = caller.get(path).await;
        assert!(answer.status < 500, "{answer}");
        let headers = format!("{:?}", answer.headers);
        seen.push((path.clone(), format!("{headers}\n{}", answer.text())));
    }
    seen
}

async fn the_log_verifies(story: &Story) {
    let inspector = story.person("inspector");
    let found = inspector.ask("/api/audit/verification").await.is(200);
    assert_eq!(found["ok"], true, "the log does not verify: {found}");
}

/// A field of every row as text, for messages.
pub fn column(rows: &[Value], name: &str) -> Vec<String> {
    let text = |row: &Value| row[name].as_str().map(str::to_owned);
    rows.iter().filter_map(text).collect()
}
