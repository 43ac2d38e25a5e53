//! What was written, screened, decided and published, and the safety cases, in the bundle.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::DatabaseTransaction;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::people::People;
use super::spool::{Spool, Spooled};
use super::{ExportError, report};
use crate::communities::Community;
use crate::posts::derived::derived_from;
use crate::posts::{Derivation, Kind, Revision, store as posts};
use crate::publication::{Publication, Retraction, released_of, retractions_of};
use crate::quality::{golden_texts, samples, seeds};
use crate::review::{
    Appeal, Assessment, Decision, MemberReport, Referral, ReferralAnswer, SealedReading,
    StoredScreening, appeals_in, assessments, decisions_of, referrals_in, reports_in, rescreening,
    rule_sets, screenings, screenings_of_words, sealed_readings, standing_of,
};
use crate::safety::{SafetyCase, cases_of};

/// Posts fetched at a time.
const PAGE: u64 = 500;
/// Values in one `IN`.
const AT_ONCE: usize = 5_000;

/// What came out of writing the content.
pub struct Content {
    /// The files.
    pub files: Vec<Spooled>,
    /// The texts as rows of the report.
    pub texts: Spooled,
    /// The safety cases as rows of the report.
    pub cases: Spooled,
    /// Posts, revisions, decisions, safety cases, publications, retractions, reports, appeals and questions to other
    /// desks, by those names.
    pub counts: [(&'static str, u64); 9],
}

/// Writes down what these communities hold, the words of sealed texts only if that is wanted.
pub async fn write(
    on: &DatabaseTransaction,
    communities: &[Community],
    people: &People,
    with_sealed: bool,
) -> Result<Content, ExportError> {
    let mut files = Files::new(with_sealed)?;
    for community in communities {
        files.communities.row(&json!({
            "audience": community.audience,
            "created_at": community.created_at,
            "id": community.id,
            "name": community.name,
            "slug": community.slug,
        }))?;
    }
    let ids: Vec<Uuid> = communities.iter().map(|community| community.id).collect();
    let looks = files.quality(on, &ids).await?;
    let slugs: HashMap<Uuid, &str> = communities
        .iter()
        .map(|community| (community.id, community.slug.as_str()))
        .collect();
    let mut after = None;
    loop {
        let page = posts::all_posts(on, &ids, after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.id);
        let post_ids: Vec<Uuid> = page.iter().map(|post| post.id).collect();
        let published: HashMap<Uuid, Publication> = released_of(on, &post_ids)
            .await?
            .into_iter()
            .map(|row| (row.post_id, row))
            .collect();
        let revisions = posts::revisions_of(on, &post_ids).await?;
        for post in &page {
            files.posts.row(&json!({
                "author": post.author_id,
                "community": post.community_id,
                "created_at": post.created_at,
                "id": post.id,
                "parent": post.parent_id,
                "surface": post.surface,
                "thread": post.thread_id,
            }))?;
        }
        for row in page.iter().filter_map(|post| published.get(&post.id)) {
            files.publication(row)?;
        }
        for row in reports_in(on, &post_ids).await? {
            files.report(&row)?;
        }
        let texts: Vec<Uuid> = revisions.iter().map(|revision| revision.id).collect();
        for row in appeals_in(on, &texts).await? {
            files.appeal(&row)?;
        }
        for (row, end) in referrals_in(on, &texts).await? {
            files.referral(&row, end.as_ref())?;
        }
        let retracted = retractions_of(on, &post_ids).await?;
        for row in &retracted {
            files.retraction(row)?;
        }
        let places: HashMap<Uuid, (&str, &str)> = page
            .iter()
            .map(|post| {
                (
                    post.id,
                    (
                        slugs.get(&post.community_id).copied().unwrap_or_default(),
                        post.surface.as_str(),
                    ),
                )
            })
            .collect();
        for some in revisions.chunks(AT_ONCE) {
            files
                .revisions(on, some, &places, &published, &retracted, (people, &looks))
                .await?;
        }
    }
    files.rule_sets(on).await?;
    files.end()
}

/// The files that are written side by side.
struct Files {
    communities: Spool,
    posts: Spool,
    revisions: Spool,
    screenings: Spool,
    assessments: Spool,
    decisions: Spool,
    cases: Spool,
    publications: Spool,
    retractions: Spool,
    reports: Spool,
    appeals: Spool,
    seeds: Spool,
    samples: Spool,
    golden: Spool,
    referrals: Spool,
    derivations: Spool,
    sealed_readings: Spool,
    with_sealed: bool,
    packs: Vec<Spooled>,
    rule_set_hashes: BTreeSet<String>,
    report_texts: Spool,
    report_cases: Spool,
    counts: [(&'static str, u64); 9],
}

impl Files {
    fn new(with_sealed: bool) -> Result<Self, ExportError> {
        Ok(Self {
            communities: Spool::new("communities.jsonl")?,
            posts: Spool::new("posts.jsonl")?,
            revisions: Spool::new("revisions.jsonl")?,
            screenings: Spool::new("screenings.jsonl")?,
            assessments: Spool::new("assessments.jsonl")?,
            decisions: Spool::new("decisions.jsonl")?,
            cases: Spool::new("safety-cases.jsonl")?,
            publications: Spool::new("publications.jsonl")?,
            retractions: Spool::new("retractions.jsonl")?,
            reports: Spool::new("reports.jsonl")?,
            appeals: Spool::new("appeals.jsonl")?,
            seeds: Spool::new("sample-seeds.jsonl")?,
            samples: Spool::new("samples.jsonl")?,
            golden: Spool::new("golden-texts.jsonl")?,
            referrals: Spool::new("referrals.jsonl")?,
            derivations: Spool::new("derivations.jsonl")?,
            sealed_readings: Spool::new("sealed-readings.jsonl")?,
            with_sealed,
            packs: Vec::new(),
            rule_set_hashes: BTreeSet::new(),
            report_texts: Spool::new("texts")?,
            report_cases: Spool::new("cases")?,
            counts: [
                ("posts", 0),
                ("revisions", 0),
                ("decisions", 0),
                ("safety cases", 0),
                ("publications", 0),
                ("retractions", 0),
                ("reports", 0),
                ("appeals", 0),
                ("questions to other desks", 0),
            ],
        })
    }

    async fn revisions(
        &mut self,
        on: &DatabaseTransaction,
        revisions: &[Revision],
        places: &HashMap<Uuid, (&str, &str)>,
        published: &HashMap<Uuid, Publication>,
        retracted: &[Retraction],
        (people, looks): (&People, &HashSet<Uuid>),
    ) -> Result<(), ExportError> {
        let ids: Vec<Uuid> = revisions.iter().map(|revision| revision.id).collect();
        let standing = standing_of(on, &ids).await?;
        let mut at: HashMap<Uuid, Uuid> = standing
            .iter()
            .map(|(revision, standing)| (*revision, standing.item.screening_id))
            .collect();
        at.extend(screenings_of_words(on, &ids).await?);
        let screened: Vec<Uuid> = at.values().copied().collect();
        let screened = screenings(on, &screened).await?;
        let later = rescreening::later_screenings(on, &ids).await?;
        let mut later: Vec<StoredScreening> = screenings(on, &later).await?.into_values().collect();
        later.sort_by_key(|screening| screening.id);
        let decisions = decisions_of(on, &ids).await?;
        let cases: HashMap<Uuid, SafetyCase> = cases_of(on, &ids)
            .await?
            .into_iter()
            .map(|case| (case.revision_id, case))
            .collect();
        for row in assessments(on, &ids).await? {
            self.assessment(&row)?;
        }
        let mut sealed = HashSet::new();
        for row in derived_from(on, &ids).await? {
            if row.kind == Kind::Redacted.word() {
                sealed.insert(row.original_id);
            }
            self.derivation(&row)?;
        }
        for row in sealed_readings(on, &ids).await? {
            self.sealed_reading(&row)?;
        }
        for revision in revisions {
            let withheld = !self.with_sealed && sealed.contains(&revision.id);
            self.revision(revision, withheld)?;
            let screening = at.get(&revision.id).and_then(|id| screened.get(id));
            let decided: Vec<&Decision> = decisions
                .iter()
                .filter(|decision| decision.revision_id == revision.id)
                .collect();
            if let Some(screening) = screening {
                self.screening(screening, withheld)?;
            }
            for screening in later.iter().filter(|one| one.revision_id == revision.id) {
                self.screening(screening, withheld)?;
            }
            for decision in &decided {
                self.decision(decision)?;
            }
            if let Some(case) = cases.get(&revision.id) {
                self.case(case, withheld)?;
                self.report_cases.text(&report::case_row(case, people))?;
            }
            // What was decided on a second look had no effect: the report tells it apart.
            let (again, decided): (Vec<&Decision>, Vec<&Decision>) = decided
                .into_iter()
                .partition(|decision| looks.contains(&decision.item_id));
            let shown = published
                .get(&revision.post_id)
                .is_some_and(|row| row.revision_id == Some(revision.id));
            let place = places.get(&revision.post_id).copied().unwrap_or_default();
            let screening = screening.filter(|_| !withheld);
            let withheld = withheld.then(|| Revision {
                title: None,
                body: "(sealed)".to_owned(),
                ..revision.clone()
            });
            let revision = withheld.as_ref().unwrap_or(revision);
            self.report_texts.text(&report::text_row(
                revision, place, screening, &decided, shown, people,
            ))?;
            for decision in again {
                self.report_texts
                    .text(&report::look_row(decision, people))?;
            }
            for row in retracted
                .iter()
                .filter(|row| row.revision_id == revision.id)
            {
                self.report_texts
                    .text(&report::retraction_row(row, people))?;
            }
        }
        Ok(())
    }

    /// How decisions were drawn for a second look, and what is right to decide on golden texts. Gives the items of the looks.
    async fn quality(
        &mut self,
        on: &DatabaseTransaction,
        communities: &[Uuid],
    ) -> Result<HashSet<Uuid>, ExportError> {
        for row in seeds(on, communities).await? {
            let revealed = row.revealed_at.map(|_| hex::encode(&row.seed));
            self.seeds.row(&json!({
                "commitment": row.commitment,
                "community": row.community_id,
                "drawn_at": row.drawn_at,
                "id": row.id,
                "month": row.month,
                "revealed_at": row.revealed_at,
                "seed": revealed,
                "share_percent": row.share_percent,
            }))?;
        }
        for row in golden_texts(on, communities).await? {
            self.golden.row(&json!({
                "action": row.action,
                "community": row.community_id,
                "ended_at": row.ended_at,
                "ended_by": row.ended_by,
                "id": row.id,
                "item": row.item_id,
                "kept_at": row.kept_at,
                "kept_by": row.kept_by,
                "kept_by_commitment": row.kept_by_commitment,
                "reason_code": row.reason_code,
                "revision": row.revision_id,
                "role": row.role,
                "words": row.words,
            }))?;
        }
        let mut looks = HashSet::new();
        for row in samples(on, communities).await? {
            self.samples.row(&json!({
                "community": row.community_id,
                "decision": row.decision_id,
                "drawn_at": row.drawn_at,
                "golden_text": row.golden_id,
                "id": row.id,
                "item": row.item_id,
                "kind": row.kind,
                "revision": row.revision_id,
                "seed": row.seed_id,
            }))?;
            looks.insert(row.item_id);
        }
        Ok(looks)
    }

    fn derivation(&mut self, row: &Derivation) -> Result<(), ExportError> {
        self.derivations.row(&json!({
            "community": row.community_id,
            "decision": row.decision_id,
            "item": row.item_id,
            "kind": row.kind,
            "made_at": row.made_at,
            "made_by": row.made_by,
            "made_by_commitment": row.made_by_commitment,
            "original": row.original_id,
            "part": row.part,
            "revision": row.revision_id,
            "role": row.role,
            "screening": row.screening_id,
        }))
    }

    fn sealed_reading(&mut self, row: &SealedReading) -> Result<(), ExportError> {
        self.sealed_readings.row(&json!({
            "community": row.community_id,
            "id": row.id,
            "read_at": row.read_at,
            "read_by": row.read_by,
            "read_by_commitment": row.read_by_commitment,
            "revision": row.revision_id,
            "role": row.role,
            "words": row.words,
        }))
    }

    fn revision(&mut self, row: &Revision, withheld: bool) -> Result<(), ExportError> {
        // With the salt, a few words that were taken out could be guessed from the hash.
        self.revisions.row(&json!({
            "author": row.author_id,
            "body": (!withheld).then_some(&row.body),
            "hash": row.hash,
            "id": row.id,
            "number": row.number,
            "post": row.post_id,
            "salt": (!withheld).then_some(&row.salt),
            "submitted_at": row.submitted_at,
            "title": row.title.as_ref().filter(|_| !withheld),
        }))
    }

    fn screening(&mut self, row: &StoredScreening, withheld: bool) -> Result<(), ExportError> {
        self.rule_set_hashes.insert(row.rule_set_hash.clone());
        self.screenings.row(&json!({
            "context": row.context,
            "id": row.id,
            "priority": row.priority,
            "result": (!withheld).then_some(&row.result),
            "revision": row.revision_id,
            "rule_set_hash": row.rule_set_hash,
            "screened_at": row.screened_at,
            "technical_reason": row.technical_reason,
            "verdict": row.verdict,
        }))
    }

    fn assessment(&mut self, row: &Assessment) -> Result<(), ExportError> {
        self.assessments.row(&json!({
            "action": row.action,
            "assessed_at": row.assessed_at,
            "assessed_by": row.assessed_by,
            "assessed_by_commitment": row.assessed_by_commitment,
            "balance_key": row.balance_key,
            "balance_text": row.balance_text,
            "tombstone": row.tombstone,
            "balance_version": row.balance_version,
            "id": row.id,
            "item": row.item_id,
            "number": row.number,
            "particulars": row.particulars,
            "reason_code": row.reason_code,
            "revision": row.revision_id,
            "revision_hash": row.revision_hash,
            "role": row.role,
            "rule_set_hash": row.rule_set_hash,
            "settles_at": row.settles_at,
            "signature": row.signature_id,
            "words": row.words,
        }))
    }

    fn decision(&mut self, row: &Decision) -> Result<(), ExportError> {
        self.decisions.row(&json!({
            "action": row.action,
            "assessment": row.assessment_id,
            "decided_at": row.decided_at,
            "decided_by": row.decided_by,
            "decided_by_commitment": row.decided_by_commitment,
            "id": row.id,
            "item": row.item_id,
            "reason_code": row.reason_code,
            "revision": row.revision_id,
            "revision_hash": row.revision_hash,
            "role": row.role,
            "rule_set_hash": row.rule_set_hash,
            "words": row.words,
        }))
    }

    fn case(&mut self, row: &SafetyCase, withheld: bool) -> Result<(), ExportError> {
        self.cases.row(&json!({
            "author": row.author_id,
            "community": row.community_id,
            "day_zero": row.day_zero,
            "disposed_at": row.disposed_at,
            "disposed_by": row.disposed_by,
            "disposition": row.disposition,
            "evidence": (!withheld).then_some(&row.evidence),
            "id": row.id,
            "number": row.number,
            "post": row.post_id,
            "reason_code": row.reason_code,
            "revision": row.revision_id,
            "screening": row.screening_id,
            "serious": row.serious,
            "valid_icsr": row.valid_icsr,
            "words": row.words,
        }))
    }

    fn publication(&mut self, row: &Publication) -> Result<(), ExportError> {
        self.publications.row(&json!({
            "appended": row.appended,
            "community": row.community_id,
            "decision": row.decision_id,
            "first_released_at": row.first_released_at,
            "post": row.post_id,
            "released_at": row.released_at,
            "retraction": row.retraction_id,
            "revision": row.revision_id,
            "seq": row.seq,
            "thread": row.thread_id,
        }))
    }

    fn report(&mut self, row: &MemberReport) -> Result<(), ExportError> {
        self.reports.row(&json!({
            "community": row.community_id,
            "id": row.id,
            "item": row.item_id,
            "post": row.post_id,
            "reason": row.reason,
            "reported_at": row.reported_at,
            "reporter": row.reporter_id,
            "revision": row.revision_id,
            "screening": row.screening_id,
            "words_revision": row.words_revision_id,
        }))
    }

    fn appeal(&mut self, row: &Appeal) -> Result<(), ExportError> {
        self.appeals.row(&json!({
            "appealed_at": row.appealed_at,
            "author": row.author_id,
            "community": row.community_id,
            "decision": row.decision_id,
            "id": row.id,
            "item": row.item_id,
            "revision": row.revision_id,
            "screening": row.screening_id,
            "words_revision": row.words_revision_id,
        }))
    }

    fn referral(
        &mut self,
        row: &Referral,
        end: Option<&ReferralAnswer>,
    ) -> Result<(), ExportError> {
        self.referrals.row(&json!({
            "asked_at": row.asked_at,
            "asked_by": row.asked_by,
            "asked_by_commitment": row.asked_by_commitment,
            "community": row.community_id,
            "due_at": row.due_at,
            "end": end.map(|end| json!({
                "at": end.answered_at,
                "by": end.answered_by,
                "by_commitment": end.answered_by_commitment,
                "id": end.id,
                "outcome": end.outcome,
                "role": end.role,
                "words": end.words,
            })),
            "field": row.field,
            "id": row.id,
            "item": row.item_id,
            "number": row.number,
            "question": row.question,
            "revision": row.revision_id,
            "role": row.role,
        }))
    }

    fn retraction(&mut self, row: &Retraction) -> Result<(), ExportError> {
        self.retractions.row(&json!({
            "action": row.action,
            "community": row.community_id,
            "decision": row.decision_id,
            "done_at": row.done_at,
            "done_by": row.done_by,
            "done_by_commitment": row.done_by_commitment,
            "id": row.id,
            "post": row.post_id,
            "reason_code": row.reason_code,
            "revision": row.revision_id,
            "revision_hash": row.revision_hash,
            "role": row.role,
            "tombstone": row.tombstone,
            "words": row.words,
        }))
    }

    /// The packs that the screenings name, as they were loaded.
    async fn rule_sets(&mut self, on: &DatabaseTransaction) -> Result<(), ExportError> {
        #[derive(Deserialize)]
        struct Pack {
            name: String,
            toml: String,
        }
        for set in rule_sets(on, self.rule_set_hashes.iter().cloned()).await? {
            let packs: Vec<Pack> = serde_json::from_str(&set.packs).map_err(|_| {
                ExportError::Damaged(format!(
                    "the packs of the rule set {} cannot be read",
                    set.hash
                ))
            })?;
            for (place, pack) in packs.iter().enumerate() {
                let mut file = Spool::new(format!(
                    "rule-sets/{}/{place:02}-{}",
                    set.hash,
                    file_name(&pack.name)
                ))?;
                file.text(&pack.toml)?;
                self.packs.push(file.end()?);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Content, ExportError> {
        let mut files = vec![
            self.communities.end()?,
            self.screenings.end()?,
            self.assessments.end()?,
            self.seeds.end()?,
            self.samples.end()?,
            self.golden.end()?,
            self.derivations.end()?,
            self.sealed_readings.end()?,
        ];
        let mut counts = self.counts;
        let counted = [
            self.posts,
            self.revisions,
            self.decisions,
            self.cases,
            self.publications,
            self.retractions,
            self.reports,
            self.appeals,
            self.referrals,
        ];
        for ((_, count), spool) in counts.iter_mut().zip(counted) {
            let file = spool.end()?;
            *count = file.lines;
            files.push(file);
        }
        files.extend(self.packs);
        Ok(Content {
            files,
            texts: self.report_texts.end()?,
            cases: self.report_cases.end()?,
            counts,
        })
    }
}

/// The name of a pack as the bundle can have it: printable ASCII without a slash, ending in `.toml`.
fn file_name(name: &str) -> String {
    let plain: String = name
        .trim_end_matches(".toml")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!("{}.toml", if plain.is_empty() { "pack" } else { &plain })
}
