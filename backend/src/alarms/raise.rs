//! Raises an alarm: writes that it was raised, tells people, and sends what leaves the server, in one transaction.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::entity::alarm;
use super::watch::Watch;
use super::words;
use crate::audit::{Actor, Event, Tx};
use crate::clock::Timestamp;
use crate::communities::policy::Policy;
use crate::communities::{Community, RiskClass, holders};
use crate::db::{Lock, insert_all};
use crate::identity::addresses;
use crate::notices::{Notice, NoticeKind, send_mail, send_webhook, tell};
use crate::review::{Disagreement, DueItem, Field, OpenQuestion};

/// Most items that a record and a message name.
const MOST_NAMED: usize = 50;

/// Something that an alarm and its message name: an item or a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub id: Uuid,
    pub due_at: Timestamp,
    /// What is at stake with an item.
    pub risk: Option<RiskClass>,
    /// What a question is put to.
    pub field: Option<Field>,
}

impl From<DueItem> for Named {
    fn from(item: DueItem) -> Self {
        Self {
            id: item.id,
            due_at: item.due_at,
            risk: Some(item.risk),
            field: None,
        }
    }
}

impl From<&OpenQuestion> for Named {
    fn from(question: &OpenQuestion) -> Self {
        Self {
            id: question.id,
            due_at: question.due_at,
            risk: None,
            field: Some(question.field),
        }
    }
}

/// Who is told of an alarm.
enum Told {
    /// Whom the policy names, and these people.
    ByPolicyAnd(Vec<Uuid>),
    /// These people and nobody on call.
    Only(Vec<Uuid>),
}

/// What an alarm is about.
pub(super) struct Raised {
    pub kind: NoticeKind,
    /// What is named, where it can be.
    pub items: Vec<Named>,
    /// What it is about and its threshold: each is raised once.
    subjects: Vec<(Uuid, i64)>,
    subject_kind: &'static str,
    /// What a notice of it names.
    subject: Option<Uuid>,
    /// About how many it is.
    pub count: u64,
    /// Since when it is so.
    pub since: Option<Timestamp>,
    told: Told,
}

impl Raised {
    /// Of an alarm of this kind about these.
    fn of(kind: NoticeKind, subject_kind: &'static str, subjects: Vec<(Uuid, i64)>) -> Self {
        Self {
            kind,
            items: Vec::new(),
            subject: subjects.first().map(|(subject, _)| *subject),
            count: subjects.len() as u64,
            subjects,
            subject_kind,
            since: None,
            told: Told::ByPolicyAnd(Vec::new()),
        }
    }

    pub fn deadline(kind: NoticeKind, items: Vec<Named>) -> Self {
        let subjects = items.iter().map(|item| (item.id, item.due_at.micros()));
        let subjects = subjects.collect();
        Self {
            items,
            ..Self::of(kind, "review_item", subjects)
        }
    }

    /// Of questions in one field whose answers are due: those are told, too, who can answer.
    pub fn answers_due(kind: NoticeKind, questions: &[OpenQuestion]) -> Self {
        let subjects = questions.iter().map(|one| (one.id, one.due_at.micros()));
        let mut people: Vec<Uuid> = questions
            .iter()
            .flat_map(|one| one.people.clone())
            .collect();
        people.sort_unstable();
        people.dedup();
        Self {
            items: questions.iter().map(Named::from).collect(),
            told: Told::ByPolicyAnd(people),
            ..Self::of(kind, "referral", subjects.collect())
        }
    }

    /// Of a question that waits for an answer.
    pub fn referred(question: &OpenQuestion) -> Self {
        Self {
            items: vec![Named::from(question)],
            told: Told::Only(question.people.clone()),
            ..Self::of(NoticeKind::Referred, "referral", vec![(question.id, 0)])
        }
    }

    /// Of two reviewers who disagree. Where nobody is left who could settle it, whom the policy names must know.
    pub fn disagreement(found: Disagreement) -> Self {
        let item = Named {
            id: found.item,
            due_at: found.due_at,
            risk: None,
            field: None,
        };
        let subjects = vec![(found.item, found.since.micros())];
        Self {
            items: vec![item],
            told: match found.people.is_empty() {
                true => Told::ByPolicyAnd(Vec::new()),
                false => Told::Only(found.people),
            },
            ..Self::of(NoticeKind::Disagreement, "review_item", subjects)
        }
    }

    /// Of somebody who failed to sign too often, by their membership.
    pub fn signing_locked(account: Uuid, membership: Uuid, until: i64, people: Vec<Uuid>) -> Self {
        Self {
            subject: Some(account),
            told: Told::ByPolicyAnd(people),
            ..Self::of(
                NoticeKind::SigningLocked,
                "account",
                vec![(membership, until)],
            )
        }
    }

    pub fn unattended(community: Uuid, since: Timestamp, count: u64) -> Self {
        Self {
            count,
            since: Some(since),
            ..Self::of(
                NoticeKind::QueueUnattended,
                "community",
                vec![(community, since.micros())],
            )
        }
    }

    /// Of a policy that waits for one of these people.
    pub fn proposal(version: Uuid, approvers: Vec<Uuid>) -> Self {
        Self {
            told: Told::Only(approvers),
            ..Self::of(NoticeKind::PolicyProposed, "policy", vec![(version, 0)])
        }
    }

    /// The items that a record and a message name.
    pub fn named(&self) -> &[Named] {
        self.items.get(..MOST_NAMED).unwrap_or(&self.items)
    }
}

impl Watch {
    /// Those of the items for whose deadline no alarm of this kind was raised, this many at most.
    pub(super) async fn fresh(
        &self,
        kind: NoticeKind,
        items: &[Named],
        most: u64,
    ) -> Result<Vec<Named>, DbErr> {
        let mut fresh = Vec::new();
        // A statement takes a limited number of values.
        for some in items.chunks(500) {
            let subjects: Vec<_> = some
                .iter()
                .map(|item| (item.id, item.due_at.micros()))
                .collect();
            let known = known(self.audit.db().read(), kind, &subjects).await?;
            let unknown = |item: &&Named| !known.contains(&(item.id, item.due_at.micros()));
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
        let tx = self.audit.begin().await?;
        if Lock::Alarms.try_take(tx.conn()).await? {
            self.write(tx, place, policy, alarm).await?;
        }
        Ok(())
    }

    /// The same, but waits for its turn: for what is not looked for again.
    pub(super) async fn raise_for_sure(
        &self,
        place: &Community,
        policy: &Policy,
        alarm: &Raised,
    ) -> Result<(), DbErr> {
        let tx = self.audit.begin().await?;
        Lock::Alarms.wait(tx.conn()).await?;
        self.write(tx, place, policy, alarm).await
    }

    /// Writes that it was raised and tells people, if nobody has.
    async fn write(
        &self,
        tx: Tx,
        place: &Community,
        policy: &Policy,
        alarm: &Raised,
    ) -> Result<(), DbErr> {
        if !known(tx.conn(), alarm.kind, &alarm.subjects)
            .await?
            .is_empty()
        {
            return Ok(());
        }
        let (clock, on) = (self.audit.clock(), tx.conn());
        let (mut people, by_policy) = match &alarm.told {
            Told::Only(people) => (people.clone(), false),
            Told::ByPolicyAnd(more) => {
                let named = holders(on, place.id, &policy.alarms.roles).await?;
                (named.into_iter().chain(more.clone()).collect(), true)
            }
        };
        people.sort_unstable();
        people.dedup();
        let mut mail_to = Vec::new();
        if by_policy {
            mail_to.clone_from(&policy.alarms.mail_to);
        }
        if policy.alarms.mail {
            mail_to.extend(addresses(on, &people).await?);
        }
        mail_to.sort();
        mail_to.dedup();
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
        let subject = alarm.subject.unwrap_or(place.id);
        let notice = Notice {
            count: u32::try_from(alarm.count).unwrap_or(u32::MAX),
            ..Notice::of(alarm.kind, place.id, alarm.subject_kind, subject)
        };
        tell(&tx, clock, &people, &notice).await?;
        if self.post.is_open() && !mail_to.is_empty() {
            let letter = words::letter(place, alarm, &self.url);
            send_mail(&tx, clock, &notice, &mail_to, &letter).await?;
        }
        if let Some(url) = policy.alarms.webhook.as_ref().filter(|_| by_policy) {
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
