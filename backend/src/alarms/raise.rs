//! Raises an alarm: writes that it was raised, tells people, and sends what leaves the server, in one transaction.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::entity::alarm;
use super::watch::Watch;
use super::words;
use crate::audit::{Actor, Event};
use crate::clock::Timestamp;
use crate::communities::policy::Policy;
use crate::communities::roles::Role;
use crate::communities::{Community, holders};
use crate::db::{Lock, insert_all};
use crate::identity::addresses;
use crate::notices::{Notice, NoticeKind, send_mail, send_webhook, tell};
use crate::review::DueItem;

/// Most items that a record and a message name.
const MOST_NAMED: usize = 50;

/// What an alarm is about.
pub(super) struct Raised {
    pub kind: NoticeKind,
    /// The items, for alarms of deadlines.
    pub items: Vec<DueItem>,
    /// What it is about and its threshold: each is raised once.
    subjects: Vec<(Uuid, i64)>,
    subject_kind: &'static str,
    /// About how many texts it is.
    pub count: u64,
    /// Since when nobody has worked.
    pub since: Option<Timestamp>,
    /// Who proposed the policy that waits for somebody else.
    proposed_by: Option<Uuid>,
}

impl Raised {
    pub fn deadline(kind: NoticeKind, items: Vec<DueItem>) -> Self {
        Self {
            kind,
            subjects: items
                .iter()
                .map(|item| (item.id, item.due_at.micros()))
                .collect(),
            subject_kind: "review_item",
            count: items.len() as u64,
            items,
            since: None,
            proposed_by: None,
        }
    }

    pub fn unattended(community: Uuid, since: Timestamp, count: u64) -> Self {
        Self {
            kind: NoticeKind::QueueUnattended,
            items: Vec::new(),
            subjects: vec![(community, since.micros())],
            subject_kind: "community",
            count,
            since: Some(since),
            proposed_by: None,
        }
    }

    pub fn proposal(version: Uuid, by: Uuid) -> Self {
        Self {
            kind: NoticeKind::PolicyProposed,
            items: Vec::new(),
            subjects: vec![(version, 0)],
            subject_kind: "policy",
            count: 1,
            since: None,
            proposed_by: Some(by),
        }
    }

    /// The items that a record and a message name.
    pub fn named(&self) -> &[DueItem] {
        self.items.get(..MOST_NAMED).unwrap_or(&self.items)
    }
}

impl Watch {
    /// Those of the items for whose deadline no alarm of this kind was raised, this many at most.
    pub(super) async fn fresh(
        &self,
        kind: NoticeKind,
        items: &[DueItem],
        most: u64,
    ) -> Result<Vec<DueItem>, DbErr> {
        let mut fresh = Vec::new();
        // A statement takes a limited number of values.
        for some in items.chunks(500) {
            let subjects: Vec<_> = some
                .iter()
                .map(|item| (item.id, item.due_at.micros()))
                .collect();
            let known = known(self.audit.db().read(), kind, &subjects).await?;
            let unknown = |item: &&DueItem| !known.contains(&(item.id, item.due_at.micros()));
            fresh.extend(some.iter().filter(unknown).copied());
            if fresh.len() as u64 >= most {
                fresh.truncate(usize::try_from(most).unwrap_or(usize::MAX));
                break;
            }
        }
        Ok(fresh)
    }

    /// Raises the alarm, unless it was raised before or another node is about to.
    pub(super) async fn raise(
        &self,
        place: &Community,
        policy: &Policy,
        alarm: &Raised,
    ) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        if !known(on, alarm.kind, &alarm.subjects).await?.is_empty() {
            return Ok(());
        }
        // Of a proposal those are told who may approve it, and nobody on call.
        let people: Vec<Uuid> = match alarm.proposed_by {
            Some(by) => {
                let approve = [Role::Administrator, Role::MlrApprover];
                let people = holders(on, place.id, &approve).await?;
                people.into_iter().filter(|one| *one != by).collect()
            }
            None => holders(on, place.id, &policy.alarms.roles).await?,
        };
        let alarms = alarm.proposed_by.is_none();
        let mut mail_to = Vec::new();
        if alarms {
            mail_to.clone_from(&policy.alarms.mail_to);
        }
        if policy.alarms.mail {
            mail_to.extend(addresses(on, &people).await?);
        }
        mail_to.sort();
        mail_to.dedup();

        let clock = self.audit.clock();
        let tx = self.audit.begin().await?;
        if !Lock::Alarms.try_take(tx.conn()).await? {
            return Ok(());
        }
        if !known(tx.conn(), alarm.kind, &alarm.subjects)
            .await?
            .is_empty()
        {
            return Ok(());
        }
        let now = clock.now();
        let rows: Vec<alarm::Model> = alarm
            .subjects
            .iter()
            .map(|(subject, threshold)| alarm::Model {
                id: clock.new_id(),
                community_id: place.id,
                kind: alarm.kind.word().to_owned(),
                subject_id: *subject,
                threshold: *threshold,
                raised_at: now.micros(),
            })
            .collect();
        insert_all(tx.conn(), rows).await?;
        let subject = alarm
            .subjects
            .first()
            .map_or(place.id, |(subject, _)| *subject);
        let notice = Notice {
            count: u32::try_from(alarm.count).unwrap_or(u32::MAX),
            ..Notice::of(alarm.kind, place.id, alarm.subject_kind, subject)
        };
        tell(&tx, clock, &people, &notice).await?;
        if self.post.is_open() && !mail_to.is_empty() {
            let letter = words::letter(place, alarm, &self.url);
            send_mail(&tx, clock, &notice, &mail_to, &letter).await?;
        }
        if let Some(url) = policy.alarms.webhook.as_ref().filter(|_| alarms) {
            let content = words::message(place, alarm, &self.url, now);
            send_webhook(&tx, clock, &notice, url, &content).await?;
        }
        let named: Vec<Uuid> = alarm.named().iter().map(|item| item.id).collect();
        let event = Event::new(&Actor::server(), "alarm.raised", "alarm", subject)
            .within(place.id)
            .change(json!({
                "count": alarm.count,
                "items": named,
                "kind": alarm.kind.word(),
                "people": people,
                "since": alarm.since.map(Timestamp::micros),
            }));
        tx.commit(event).await?;
        metrics::counter!("alarms_raised_total", "kind" => alarm.kind.word()).increment(1);
        Ok(())
    }
}

/// Those of these subjects and thresholds for which an alarm of this kind was raised.
async fn known(
    on: &impl ConnectionTrait,
    kind: NoticeKind,
    subjects: &[(Uuid, i64)],
) -> Result<HashSet<(Uuid, i64)>, DbErr> {
    let rows: Vec<(Uuid, i64)> = alarm::Entity::find()
        .select_only()
        .columns([alarm::Column::SubjectId, alarm::Column::Threshold])
        .filter(alarm::Column::Kind.eq(kind.word()))
        .filter(alarm::Column::SubjectId.is_in(subjects.iter().map(|(subject, _)| *subject)))
        .into_tuple()
        .all(on)
        .await?;
    let rows = rows.into_iter();
    Ok(rows.filter(|row| subjects.contains(row)).collect())
}
