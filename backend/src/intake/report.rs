//! Report a released post: the first report opens an item, further ones join it.

use sea_orm::{DbErr, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::place::context_at;
use super::refusal::SubmitError;
use super::submit::Intake;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::authority::Member;
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::{Surface, store as posts};
use crate::publication::{publication_to_change, released_revision};
use crate::review::{
    self, MemberReport, Origin, ReportReason, again, keep_report, open_report_item, standing_of,
};

/// Why a report was not taken. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// There is no such post, or the words are refused, or they come too fast.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// It is the person's own post.
    #[error("this is your own post; edit it instead")]
    OwnText,
    /// The person reported it, and nobody has decided since.
    #[error("you have reported this post already; a person looks at it")]
    AlreadyReported,
    /// The reason `other` says nothing by itself.
    #[error("say what is wrong with it")]
    WordsNeeded,
}

impl From<DbErr> for ReportError {
    fn from(cause: DbErr) -> Self {
        Self::Submit(SubmitError::Database(cause))
    }
}

impl Intake {
    /// Takes the report of a released post; gives its identifier and when a decision is due.
    pub async fn report(
        &self,
        member: &Member,
        id: Uuid,
        reason: ReportReason,
        words: Option<&str>,
    ) -> Result<(Uuid, Timestamp), ReportError> {
        let (who, clock) = (member.who.account_id, self.audit.clock());
        let on = self.audit.db().read();
        let post = posts::post(on, &member.communities(), id).await?;
        let post = post.ok_or(SubmitError::NotFound)?;
        let shown = released_revision(on, id).await?;
        if shown.and_then(|shown| shown.revision_id).is_none() {
            return Err(SubmitError::NotFound.into());
        }
        if post.author_id == who {
            return Err(ReportError::OwnText);
        }
        let words = words.map(str::trim).filter(|words| !words.is_empty());
        if reason == ReportReason::Other && words.is_none() {
            return Err(ReportError::WordsNeeded);
        }
        self.keeps_the_rate(who)?;
        let actor = member.actor(post.community_id);
        let seat = member
            .seat(post.community_id)
            .ok_or(SubmitError::NotFound)?;
        let policy = self.known.policy(seat).await?;
        let said = match words {
            Some(words) => {
                let context = context_at(self, member, &post).await?;
                let surface = Surface::Report;
                Some(self.to_staff(&actor, surface, &post, who, words, &context)?)
            }
            None => None,
        };

        let tx = self.audit.begin().await?;
        let now = clock.now();
        let shown = publication_to_change(&tx, id).await?;
        let revision = shown.and_then(|shown| shown.revision_id);
        let revision = revision.ok_or(SubmitError::NotFound)?;
        let open = open_report_item(&tx, id).await?;
        let opened = open.is_none();
        let item = match open {
            Some(item) => item,
            None => {
                let mut first = standing_of(tx.conn(), &[revision]).await?;
                let first = first.remove(&revision).ok_or(SubmitError::NotFound)?.item;
                let risk = match reason {
                    ReportReason::SideEffect => RiskClass::Safety,
                    _ => RiskClass::from_word(&first.risk).unwrap_or(RiskClass::Safety),
                };
                let due = policy.policy.due(risk, false, now);
                let mut item = again(first, clock.new_id(), Origin::Report, now, due);
                item.risk = risk.word().to_owned();
                review::keep(&tx, Vec::new(), vec![item.clone()]).await?;
                item
            }
        };
        let report = MemberReport {
            id: clock.new_id(),
            community_id: post.community_id,
            item_id: item.id,
            post_id: id,
            revision_id: revision,
            reason: reason.word().to_owned(),
            words_revision_id: said.as_ref().map(|said| said.revision.id),
            screening_id: said.as_ref().map(|said| said.screening.id),
            reporter_id: who,
            reported_at: now.micros(),
        };
        keep_report(&tx, report.clone())
            .await
            .map_err(|cause| match cause.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => ReportError::AlreadyReported,
                _ => cause.into(),
            })?;
        let community = post.community_id;
        let items = if opened { Vec::new() } else { vec![item.id] };
        let changed = Signal::QueueChanged { community, items };
        enqueue(&tx, clock, [changed.into()]).await?;
        let event = Event::new(&actor, "post.reported", "member_report", report.id)
            .within(community)
            .change(json!({
                "item": item.id,
                "opened": opened,
                "post": id,
                "reported_at": report.reported_at,
                "revision": revision,
                "words_revision": report.words_revision_id,
            }))
            .why(Some(reason.word()));
        let due = Timestamp::from_micros(item.due_at);
        let stored = match said {
            Some(said) => Some(said.store(&tx).await?),
            None => None,
        };
        tx.commit_all(event, stored).await?;
        Ok((report.id, due))
    }
}
