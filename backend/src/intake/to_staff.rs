//! Words of members to the desk: beside a report, in an appeal. They are members' words as any others (R-PV-01): kept,
//! screened, with a safety case where an adverse event is possible. Only staff and their author ever see them, so there is
//! no item of their own to decide on.

use governor::clock::{Clock as _, DefaultClock};
use moderation_rules::{Context, Submission};
use rand::RngExt as _;
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::draft::checked;
use super::refusal::SubmitError;
use super::submit::{Intake, screening_hash, word};
use crate::audit::{Actor, Event, Tx};
use crate::posts::{self, Post, Revision, Surface, revision_hash};
use crate::review::{self, StoredScreening};
use crate::safety::{self, SafetyCaseRow};

/// Words that are not stored yet.
pub(super) struct ToStaff {
    post: Post,
    pub(super) revision: Revision,
    pub(super) screening: StoredScreening,
    case: Option<SafetyCaseRow>,
    event: Event,
}

impl Intake {
    /// Refuses more than the rate of texts that one person may send.
    pub(super) fn keeps_the_rate(&self, author: Uuid) -> Result<(), SubmitError> {
        let waits = self.submissions.check_key(&author).map_err(|wait| {
            SubmitError::TooFast(wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
        });
        waits.map(|_| ())
    }

    /// Screens words to the desk about a post.
    pub(super) fn to_staff(
        &self,
        actor: &Actor,
        surface: Surface,
        about: &Post,
        author: Uuid,
        words: &str,
        context: &Context,
    ) -> Result<ToStaff, SubmitError> {
        let (_, body) = checked(surface, None, words, &self.limits).map_err(|faults| {
            let named = |(_, fault)| ("words", fault);
            SubmitError::Invalid(faults.into_iter().map(named).collect())
        })?;
        let clock = self.audit.clock();
        let now = clock.now();
        let post = Post {
            id: clock.new_id(),
            community_id: about.community_id,
            thread_id: None,
            parent_id: Some(about.id),
            depth: 0,
            surface: surface.word().to_owned(),
            author_id: author,
            created_at: now.micros(),
        };
        let mut revision = Revision {
            id: clock.new_id(),
            post_id: post.id,
            number: 1,
            author_id: author,
            title: None,
            body,
            salt: hex::encode(rand::rng().random::<[u8; 16]>()),
            hash: String::new(),
            submitted_at: now.micros(),
            idempotency_key: None,
        };
        revision.hash =
            revision_hash(&revision).map_err(|cause| DbErr::Custom(cause.to_string()))?;
        let text = Submission {
            title: None,
            body: &revision.body,
        };
        let screened = self.rules.screen(&text, context);
        let stored = StoredScreening {
            id: clock.new_id(),
            revision_id: revision.id,
            rule_set_hash: screened.rule_set_hash.clone(),
            verdict: word(&screened.verdict),
            priority: i64::from(screened.priority),
            context: serde_json::to_string(context).unwrap_or_default(),
            result: serde_json::to_string(&screened).unwrap_or_default(),
            technical_reason: screened.technical_reason.clone(),
            screened_at: now.micros(),
        };
        let case_id = screened.adverse_event.is_some().then(|| clock.new_id());
        let case = case_id
            .zip(screened.adverse_event.as_ref())
            .map(|(id, event)| safety::case_row(id, &post, &revision, stored.id, event));
        let event = Event::new(actor, "revision.submitted", "revision", revision.id)
            .within(post.community_id)
            .change(json!({
                "findings": screened.findings.len(),
                "item": null,
                "number": revision.number,
                "post": post.id,
                "revision_hash": revision.hash,
                "rule_set_hash": stored.rule_set_hash,
                "safety_case": case_id,
                "screening": stored.id,
                "screening_hash": screening_hash(&stored)?,
                "submitted_at": revision.submitted_at,
                "surface": surface.word(),
                "verdict": stored.verdict,
            }));
        Ok(ToStaff {
            post,
            revision,
            screening: stored,
            case,
            event,
        })
    }
}

impl ToStaff {
    /// Stores the words; they give the event to commit them with.
    pub(super) async fn store(self, tx: &Tx) -> Result<Event, DbErr> {
        posts::store::keep(tx, self.post, self.revision).await?;
        review::keep(tx, vec![self.screening], Vec::new()).await?;
        if let Some(case) = self.case {
            safety::keep(tx, case).await?;
        }
        Ok(self.event)
    }
}
