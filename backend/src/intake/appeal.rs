//! Appeal against the rejection of one's own text: once, and somebody else decides.

use std::time::Duration;

use sea_orm::{DbErr, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::place::context_at;
use super::refusal::SubmitError;
use super::submit::Intake;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::communities::authority::Member;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::{SubmissionState, Surface, store as posts};
use crate::review::{self, Appeal, Origin, again, appeal_against, keep_appeal, standing_of};

const DAY: u64 = 24 * 3600;

/// Why an appeal was not taken. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    /// There is no such submission, or the words are refused, or they come too fast.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Only the rejection of the newest revision is appealed against.
    #[error("only a rejected text without a newer version can be appealed")]
    NotRejected,
    /// There is one level.
    #[error("you have appealed against this decision already")]
    AlreadyAppealed,
    /// The time has passed.
    #[error("appeals are taken within {0} days of the decision; send a new text instead")]
    TooLate(u64),
}

impl From<DbErr> for AppealError {
    fn from(cause: DbErr) -> Self {
        Self::Submit(SubmitError::Database(cause))
    }
}

impl Intake {
    /// Takes the appeal; gives its identifier and when a decision is due.
    pub async fn appeal(
        &self,
        member: &Member,
        submission: Uuid,
        words: &str,
    ) -> Result<(Uuid, Timestamp), AppealError> {
        let (who, clock) = (member.who.account_id, self.audit.clock());
        let on = self.audit.db().read();
        let revision = posts::own_revision(on, who, submission).await?;
        let revision = revision.ok_or(SubmitError::NotFound)?;
        let post = posts::post(on, &member.communities(), revision.post_id).await?;
        let post = post.ok_or(SubmitError::NotFound)?;
        self.keeps_the_rate(who)?;
        let actor = member.actor(post.community_id);
        let context = context_at(self, member, &post).await?;
        let seat = member
            .seat(post.community_id)
            .ok_or(SubmitError::NotFound)?;
        let policy = self.known.policy(seat).await?;
        let said = self.to_staff(&actor, Surface::Appeal, &post, who, words, &context)?;

        let tx = self.audit.begin().await?;
        let now = clock.now();
        let standing = standing_of(tx.conn(), &[submission]).await?;
        let standing = standing.into_values().next().ok_or(SubmitError::NotFound)?;
        let newest = posts::newest_revision(tx.conn(), post.id).await?;
        let newest = newest.is_some_and(|newest| newest.id == submission);
        let rejected = standing.state == SubmissionState::Rejected;
        let (true, true, Some(decision)) = (newest, rejected, standing.decision) else {
            return Err(AppealError::NotRejected);
        };
        if appeal_against(tx.conn(), decision.id).await?.is_some() {
            return Err(AppealError::AlreadyAppealed);
        }
        let days = self.limits.appeal_within_days;
        let last = Timestamp::from_micros(decision.decided_at)
            .plus(Duration::from_secs(days.saturating_mul(DAY)));
        if last < now {
            return Err(AppealError::TooLate(days));
        }
        let due = policy.policy.appeal_due(now);
        let item = again(standing.item, clock.new_id(), Origin::Appeal, now, due);
        let appeal = Appeal {
            id: clock.new_id(),
            community_id: post.community_id,
            item_id: item.id,
            decision_id: decision.id,
            revision_id: submission,
            author_id: who,
            words_revision_id: said.revision.id,
            screening_id: said.screening.id,
            appealed_at: now.micros(),
        };
        keep_appeal(&tx, appeal.clone())
            .await
            .map_err(|cause| match cause.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => AppealError::AlreadyAppealed,
                _ => cause.into(),
            })?;
        let community = post.community_id;
        let signals = [
            Signal::QueueChanged {
                community,
                items: Vec::new(),
            }
            .into(),
            Signal::SubmissionChanged {
                account: who,
                submission,
            }
            .into(),
        ];
        enqueue(&tx, clock, signals).await?;
        let event = Event::new(&actor, "decision.appealed", "appeal", appeal.id)
            .within(community)
            .change(json!({
                "appealed_at": appeal.appealed_at,
                "decision": decision.id,
                "item": item.id,
                "revision": submission,
                "words_revision": appeal.words_revision_id,
            }));
        review::keep(&tx, Vec::new(), vec![item]).await?;
        let stored = said.store(&tx).await?;
        tx.commit_all(event, [stored]).await?;
        Ok((appeal.id, due))
    }
}
