//! Looks at every community's queue: what is near its deadline, what is past it, where nobody works.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use super::raise::{Named, Raised};
use crate::audit::{Audit, last_at};
use crate::clock::Timestamp;
use crate::communities::policy::{Policy, proposed};
use crate::communities::roles::Role;
use crate::communities::{Community, Known, RiskClass, communities, holders};
use crate::notices::{NoticeKind, Post};
use crate::review::{DueItem, Field, OpenQuestion, Waiting, due_by, questions_due_by, waiting};

/// Most items of a community that one look raises alarms for; the next look takes up the rest.
const MOST: u64 = 500;
/// What a person does at the desk, by the kinds of objects in their audit records.
const WORK: [&str; 4] = ["review_item", "assessment", "decision", "referral"];

/// Watches the queues. Clones share what they know.
#[derive(Clone)]
pub struct Watch {
    pub(super) audit: Audit,
    pub(super) known: Known,
    pub(super) post: Post,
    /// The address of the web app, for links.
    pub(super) url: String,
}

impl Watch {
    /// Watches with these.
    pub fn new(audit: Audit, known: Known, post: Post, url: String) -> Self {
        Self {
            audit,
            known,
            post,
            url,
        }
    }

    /// Looks again and again until stopped.
    pub async fn run(self, every: Duration, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
            if let Err(cause) = self.look().await {
                tracing::error!(cause = %cause, "the queues cannot be watched; trying again");
            }
        }
    }

    /// Looks once at every community.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn look(&self) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let mut waits: BTreeMap<RiskClass, u64> = BTreeMap::new();
        let mut overdue: BTreeMap<RiskClass, u64> = BTreeMap::new();
        let mut unanswered: u64 = 0;
        for place in communities(on, None).await? {
            let in_force = self.known.policy_of(on, place.id).await?;
            let now = self.audit.clock().now();
            for item in self.deadlines(&place, &in_force.policy, now).await? {
                *overdue.entry(item.risk).or_default() += 1;
            }
            let there = waiting(on, place.id, now).await?;
            for (risk, (_, items)) in &there.by_risk {
                *waits.entry(*risk).or_default() += items;
            }
            self.unattended(&place, &in_force.policy, &there, now)
                .await?;
            unanswered += self.answers(&place, &in_force.policy, now).await?;
            if let Some(waits) = proposed(on, place.id).await? {
                let approve = [Role::Administrator, Role::MlrApprover];
                let mut people = holders(on, place.id, &approve).await?;
                people.retain(|one| *one != waits.proposed_by);
                let told = Raised::proposal(waits.id, people);
                self.raise(&place, &in_force.policy, &told).await?;
            }
        }
        metrics::gauge!("review_answers_overdue").set(unanswered as f64);
        for risk in [RiskClass::Safety, RiskClass::Promotion, RiskClass::Routine] {
            let of =
                |counts: &BTreeMap<RiskClass, u64>| counts.get(&risk).copied().unwrap_or(0) as f64;
            metrics::gauge!("review_items_waiting", "risk" => risk.word()).set(of(&waits));
            metrics::gauge!("review_items_overdue", "risk" => risk.word()).set(of(&overdue));
        }
        Ok(())
    }

    /// Raises alarms for what is near its deadline or past it; gives what is past it.
    async fn deadlines(
        &self,
        place: &Community,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Vec<DueItem>, DbErr> {
        let near = Duration::from_secs(u64::from(policy.alarms.near_minutes) * 60);
        let on = self.audit.db().read();
        let found = due_by(on, place.id, now.plus(near), u64::MAX / 2).await?;
        let (missed, soon): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|item| item.due_at <= now);
        for (kind, items) in [
            (NoticeKind::DeadlineMissed, &missed),
            (NoticeKind::DeadlineNear, &soon),
        ] {
            let named: Vec<Named> = items.iter().copied().map(Named::from).collect();
            let fresh = self.fresh(kind, &named, MOST).await?;
            if !fresh.is_empty() {
                self.raise(place, policy, &Raised::deadline(kind, fresh))
                    .await?;
            }
        }
        Ok(missed)
    }

    /// Raises alarms for answers that are near their deadline or past it; says how many are past it.
    async fn answers(
        &self,
        place: &Community,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<u64, DbErr> {
        let near = Duration::from_secs(u64::from(policy.alarms.near_minutes) * 60);
        let on = self.audit.db().read();
        let found = questions_due_by(on, place.id, now.plus(near)).await?;
        let (missed, soon): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| one.due_at <= now);
        for (kind, questions) in [
            (NoticeKind::AnswerMissed, &missed),
            (NoticeKind::AnswerNear, &soon),
        ] {
            let named: Vec<Named> = questions.iter().map(Named::from).collect();
            let fresh = self.fresh(kind, &named, MOST).await?;
            for field in Field::ALL {
                let those = fresh.iter().filter(|one| one.field == Some(field));
                let those: Vec<OpenQuestion> = those
                    .filter_map(|one| questions.iter().find(|question| question.id == one.id))
                    .cloned()
                    .collect();
                if !those.is_empty() {
                    let alarm = Raised::answers_due(kind, &those);
                    self.raise(place, policy, &alarm).await?;
                }
            }
        }
        Ok(missed.len() as u64)
    }

    /// Raises an alarm where texts wait and nobody has worked for long.
    async fn unattended(
        &self,
        place: &Community,
        policy: &Policy,
        there: &Waiting,
        now: Timestamp,
    ) -> Result<(), DbErr> {
        let longest = Duration::from_secs(u64::from(policy.alarms.unattended_minutes) * 60);
        let oldest = there.by_risk.values().map(|(since, _)| *since).min();
        let Some(oldest) = oldest.filter(|_| !there.held && !longest.is_zero()) else {
            return Ok(());
        };
        let worked = last_at(self.audit.db().read(), place.id, &WORK, oldest).await?;
        let quiet_since = |since: Timestamp| worked.map_or(since, |worked| worked.max(since));
        let quiet = quiet_since(oldest);
        let safety = there.by_risk.get(&RiskClass::Safety);
        // Side effects do not wait for office hours (R-PV-05).
        let long = match safety.map(|(since, _)| quiet_since(*since)) {
            Some(quiet) if now >= quiet.plus(longest) => Some(quiet),
            _ if policy.calendar.business_time(quiet, now) >= longest => Some(quiet),
            _ => None,
        };
        if let Some(since) = long {
            let waits = there.by_risk.values().map(|(_, items)| items).sum();
            let alarm = Raised::unattended(place.id, since, waits);
            self.raise(place, policy, &alarm).await?;
        }
        Ok(())
    }
}
