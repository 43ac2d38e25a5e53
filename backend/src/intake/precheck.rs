//! What the rules would say of a draft. Nothing is stored, and nobody else learns of it.

use governor::clock::{Clock as _, DefaultClock};
use moderation_rules::{Submission, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::{Draft, checked};
use super::place;
use super::refusal::SubmitError;
use super::submit::Intake;
use crate::communities::authority::Member;
use crate::review::{AuthorFinding, author_findings};

/// What the rules would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct Precheck {
    /// Clear, hold or escalate. A person reads every text, whatever it is.
    pub verdict: Verdict,
    /// What they found, with what to do.
    pub findings: Vec<AuthorFinding>,
    /// The rules in force.
    pub rule_set_hash: String,
}

impl Intake {
    /// Screens a draft without storing it.
    pub async fn precheck(&self, member: &Member, draft: Draft) -> Result<Precheck, SubmitError> {
        if let Err(wait) = self.prechecks.check_key(&member.who.account_id) {
            return Err(SubmitError::TooFast(
                wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1,
            ));
        }
        let mut place = place::find(self, member, &draft.target).await?;
        let title = draft.title.clone().or_else(|| place.title.take());
        let untitled = title.is_none();
        // A thread is written body first as often as title first: a missing title is no fault yet.
        let title = if place.new_thread.is_some() && untitled {
            Some("-title-".to_owned())
        } else {
            title
        };
        let (title, body) = checked(place.surface, title.as_deref(), &draft.body, &self.limits)
            .map_err(SubmitError::Invalid)?;
        let title = title.filter(|_| !untitled);
        let screening = self.rules.screen(
            &Submission {
                title: title.as_deref(),
                body: &body,
            },
            &place.context,
        );
        Ok(Precheck {
            verdict: screening.verdict,
            findings: author_findings(
                screening.findings,
                self.rules.words(),
                title.as_deref(),
                &body,
            ),
            rule_set_hash: screening.rule_set_hash,
        })
    }
}
