//! Submit a text: validate, screen, store, answer.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use moderation_rules::{Context, Family, Screening, Submission, Verdict};
use rand::RngExt as _;
use sea_orm::{DbErr, SqlErr};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{Draft, Target, checked, key_fault};
use super::group_commit::{Gate, Package, Refused};
use super::place::{self, Place};
use super::recent_keys::RecentKeys;
use super::refusal::SubmitError;
use super::rules::Rules;
use crate::audit::canonical::to_canonical;
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;
use crate::communities::authority::Member;
use crate::communities::policy::Policy;
use crate::communities::{Known, RiskClass};
use crate::config::Submissions;
use crate::posts::{
    ItemState, Post, Revision, SubmissionState, Surface, revision_hash, store as posts,
};
use crate::publication::ReleasedTexts;
use crate::review::{Origin, ReviewItem, StoredScreening, standing_of};
use crate::safety;

/// A text was stored and waits for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Accepted {
    /// The submission: one revision of the text.
    pub submission_id: Uuid,
    /// The place where it will stand.
    pub post_id: Uuid,
    /// The thread it belongs to.
    pub thread_id: Option<Uuid>,
    /// How it stands.
    pub state: SubmissionState,
    /// Where to ask how it stands.
    pub status_url: String,
    /// When a decision is due.
    pub expected_by: Timestamp,
}

/// The gate. Clones share it.
#[derive(Clone)]
pub struct Intake {
    pub(super) audit: Audit,
    pub(super) known: Known,
    pub(super) released: ReleasedTexts,
    pub(super) rules: Arc<Rules>,
    pub(super) limits: Submissions,
    pub(super) prechecks: Arc<DefaultKeyedRateLimiter<Uuid>>,
    pub(super) submissions: Arc<DefaultKeyedRateLimiter<Uuid>>,
    recent_keys: RecentKeys,
    gate: Gate,
}

fn a_minute(count: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))
}

impl Intake {
    /// A gate with these rules and limits.
    pub fn new(
        audit: Audit,
        known: Known,
        rules: Arc<Rules>,
        limits: Submissions,
        gate: Gate,
    ) -> Self {
        let burst = NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN);
        Self {
            submissions: Arc::new(RateLimiter::keyed(
                a_minute(limits.per_minute).allow_burst(burst),
            )),
            prechecks: Arc::new(RateLimiter::keyed(a_minute(limits.prechecks_per_minute))),
            recent_keys: RecentKeys::default(),
            released: ReleasedTexts::new(audit.clone()),
            audit,
            known,
            rules,
            limits,
            gate,
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Submits a text. It is stored durably when this returns, and nobody but its author and staff sees it.
    ///
    /// A text whose idempotency key is known is answered as it was the first time, whatever has changed since.
    pub async fn submit(&self, member: &Member, draft: Draft) -> Result<Accepted, SubmitError> {
        if let Some(fault) = draft.idempotency_key.as_deref().and_then(key_fault) {
            return Err(SubmitError::Invalid(vec![fault]));
        }
        // A key that came lately is looked up at once, so that sending again does not count against the author's rate;
        // others only where something was refused, which is seldom.
        let late = draft.idempotency_key.as_ref();
        if late.is_some_and(|key| self.recent_keys.has(member.who.account_id, key))
            && let Some(known) = self.known_text(member, &draft).await?
        {
            return self.again(member, &draft, known).await;
        }
        let outcome = self.store(member, &draft).await;
        if let Some(key) = &draft.idempotency_key {
            self.recent_keys.add(member.who.account_id, key);
        }
        match outcome {
            Err(refused) if !matches!(refused, SubmitError::Database(_)) => {
                match self.known_text(member, &draft).await? {
                    Some(known) => self.again(member, &draft, known).await,
                    None => Err(refused),
                }
            }
            outcome => outcome,
        }
    }

    /// The text that came under the key of this draft before.
    async fn known_text(
        &self,
        member: &Member,
        draft: &Draft,
    ) -> Result<Option<Revision>, SubmitError> {
        let Some(key) = &draft.idempotency_key else {
            return Ok(None);
        };
        let on = self.audit.db().read();
        Ok(posts::by_idempotency_key(on, member.who.account_id, key).await?)
    }

    async fn store(&self, member: &Member, draft: &Draft) -> Result<Accepted, SubmitError> {
        if let Err(wait) = self.submissions.check_key(&member.who.account_id) {
            return Err(SubmitError::TooFast(
                wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1,
            ));
        }
        let mut place = place::find(self, member, &draft.target).await?;
        let title = draft.title.clone().or_else(|| place.title.take());
        let (title, body) = checked(place.surface, title.as_deref(), &draft.body, &self.limits)
            .map_err(SubmitError::Invalid)?;
        let screening = self.rules.screen(
            &Submission {
                title: title.as_deref(),
                body: &body,
            },
            &place.context,
        );
        let policy = self.known.policy(place.seat).await?;
        let text = (title, body);
        let (package, accepted) =
            self.package(member, draft, place, text, screening, &policy.policy)?;
        match self.gate.store(package).await {
            Ok(()) => Ok(accepted),
            Err(Refused::Busy) => Err(SubmitError::Busy),
            Err(Refused::Database(cause)) => match cause.sql_err() {
                // The same key came before, or two revisions came at once.
                Some(SqlErr::UniqueConstraintViolation(_)) => Err(SubmitError::Conflict),
                _ => Err(SubmitError::Database(cause)),
            },
        }
    }

    /// The answer to a submission that was stored before.
    async fn again(
        &self,
        member: &Member,
        draft: &Draft,
        known: Revision,
    ) -> Result<Accepted, SubmitError> {
        let on = self.audit.db().read();
        let post = posts::posts(on, &[known.post_id])
            .await?
            .pop()
            .ok_or(SubmitError::NotFound)?;
        let first_of = |surface: Surface, community: &str| {
            post.surface == surface.word()
                && member
                    .seat_at(community)
                    .is_some_and(|seat| seat.community_id == post.community_id)
        };
        let same_place = match &draft.target {
            Target::NewThread { community, .. } => first_of(Surface::Thread, community),
            Target::Reply { thread, parent } => {
                post.thread_id == Some(*thread) && post.parent_id == *parent
            }
            Target::Revision { post: id } => post.id == *id,
            Target::ProfileLine { community } => first_of(Surface::ProfileLine, community),
            Target::Description { community } => first_of(Surface::CommunityDescription, community),
        };
        let same_title = draft
            .title
            .as_deref()
            .is_none_or(|title| known.title.as_deref() == Some(title.trim()));
        let same_body = known.body == draft.body.replace("\r\n", "\n").trim();
        if !(same_place && same_title && same_body) {
            return Err(SubmitError::KeyReused);
        }
        let standing = standing_of(on, &[known.id])
            .await?
            .remove(&known.id)
            .ok_or(SubmitError::NotFound)?;
        Ok(accepted(
            &post,
            known.id,
            standing.state,
            Timestamp::from_micros(standing.item.due_at),
        ))
    }

    fn package(
        &self,
        member: &Member,
        draft: &Draft,
        place: Place<'_>,
        (title, body): (Option<String>, String),
        screening: Screening,
        policy: &Policy,
    ) -> Result<(Package, Accepted), SubmitError> {
        let clock = self.audit.clock();
        let now = clock.now();
        let post = place.post;
        let mut revision = Revision {
            id: clock.new_id(),
            post_id: post.id,
            number: place.number,
            author_id: member.who.account_id,
            title,
            body,
            salt: hex::encode(rand::rng().random::<[u8; 16]>()),
            hash: String::new(),
            submitted_at: now.micros(),
            idempotency_key: draft.idempotency_key.clone(),
        };
        revision.hash =
            revision_hash(&revision).map_err(|cause| DbErr::Custom(cause.to_string()))?;
        let escalated = screening.verdict == Verdict::Escalate;
        let due = policy.due(risk(&screening), escalated, now);
        let verdict = word(&screening.verdict);
        let screening_id = clock.new_id();
        let stored = StoredScreening {
            id: screening_id,
            revision_id: revision.id,
            rule_set_hash: screening.rule_set_hash.clone(),
            verdict: verdict.clone(),
            priority: i64::from(screening.priority),
            context: serde_json::to_string(&place.context).unwrap_or_default(),
            result: serde_json::to_string(&screening).unwrap_or_default(),
            technical_reason: screening.technical_reason.clone(),
            screened_at: now.micros(),
        };
        let item = ReviewItem {
            id: clock.new_id(),
            revision_id: revision.id,
            origin: Origin::Submission.word().to_owned(),
            post_id: post.id,
            community_id: post.community_id,
            author_id: revision.author_id,
            screening_id,
            rule_set_hash: screening.rule_set_hash.clone(),
            verdict: verdict.clone(),
            priority: i64::from(screening.priority),
            families: families(&screening),
            risk: risk(&screening).word().to_owned(),
            severity: severity(&screening),
            product_id: place.product,
            language: language(&screening, &place.context).to_owned(),
            speaker: place.seat.speaker.word().to_owned(),
            organisation: place.seat.compartment().map(str::to_owned),
            submitted_at: now.micros(),
            due_at: due.micros(),
            state: ItemState::Waiting.word().to_owned(),
            claimed_by: None,
            claimed_until: None,
            fence: 0,
        };
        let case_id = screening.adverse_event.is_some().then(|| clock.new_id());
        let case = case_id
            .zip(screening.adverse_event.as_ref())
            .map(|(id, event)| safety::case_row(id, &post, &revision, screening_id, event));
        let event = Event::new(
            &member.actor(place.seat.community_id),
            "revision.submitted",
            "revision",
            revision.id,
        )
        .within(post.community_id)
        .change(json!({
            "findings": screening.findings.len(),
            "item": item.id,
            "number": revision.number,
            "post": post.id,
            "revision_hash": revision.hash,
            "rule_set_hash": screening.rule_set_hash,
            "safety_case": case_id,
            "screening": screening_id,
            "screening_hash": screening_hash(&stored)?,
            "submitted_at": revision.submitted_at,
            "surface": place.surface.word(),
            "verdict": verdict,
        }));
        let accepted = accepted(&post, revision.id, SubmissionState::InReview, due);
        let package = Package {
            thread: place.new_thread,
            post: place.new_post.then_some(post),
            revises: !place.new_post,
            revision,
            screening: stored,
            item,
            case,
            event,
        };
        Ok((package, accepted))
    }
}

fn accepted(post: &Post, revision: Uuid, state: SubmissionState, due: Timestamp) -> Accepted {
    Accepted {
        submission_id: revision,
        post_id: post.id,
        thread_id: post.thread_id,
        state,
        status_url: format!("/api/submissions/{revision}"),
        expected_by: due,
    }
}

/// SHA-256 of what the rules were given and what they said, as it is stored: the log commits to it without its words.
pub(super) fn screening_hash(stored: &StoredScreening) -> Result<String, DbErr> {
    let canonical = to_canonical(&json!({
        "context": stored.context,
        "priority": stored.priority,
        "result": stored.result,
    }))
    .map_err(|cause| DbErr::Custom(cause.to_string()))?;
    Ok(hex::encode(Sha256::digest(canonical)))
}

pub(super) fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// What is at stake with the text. One that could not be read may report anything.
pub(super) fn risk(screening: &Screening) -> RiskClass {
    let found = |families: &[Family]| {
        let mut findings = screening.findings.iter();
        findings.any(|finding| families.contains(&finding.family))
    };
    let unread = screening.technical_reason.is_some();
    if screening.adverse_event.is_some() || found(&[Family::AdverseEvent]) || unread {
        RiskClass::Safety
    } else if found(&[Family::FairBalance, Family::OffLabel]) {
        RiskClass::Promotion
    } else {
        RiskClass::Routine
    }
}

/// The severity of the worst finding.
pub(super) fn severity(screening: &Screening) -> Option<String> {
    let worst = screening.findings.iter().map(|finding| finding.severity);
    worst.max().map(|severity| word(&severity))
}

/// In which language the text was read; undetermined (`und`) where the rules could not read it.
pub(super) fn language<'a>(screening: &Screening, context: &'a Context) -> &'a str {
    if screening.technical_reason.is_some() {
        "und"
    } else {
        &context.language
    }
}

/// The families found, each once, between commas, so that one can be looked for.
pub(super) fn families(screening: &Screening) -> String {
    let mut found: Vec<String> = screening
        .findings
        .iter()
        .map(|finding| word(&finding.family))
        .collect();
    if screening.adverse_event.is_some() {
        found.push("adverse_event".to_owned());
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        String::new()
    } else {
        format!(",{},", found.join(","))
    }
}
