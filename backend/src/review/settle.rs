//! A judgement takes effect: the decision is written, and what it says happens. At once, or by a durable job when the
//! window has passed in which it could be undone.

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr};
use serde_json::{Value, json};
use uuid::Uuid;

use super::assessments::{of_item, standing};
use super::derived::{Derived, derive};
use super::entity::{decision, review_item};
use super::particulars::Particulars;
use super::reopening::take_effect;
use super::store::{any_item_to_change, items};
use super::{Assessment, Decision, Origin, ReviewItem};
use crate::audit::{Actor, Audit, Event, Tx, words_hash};
use crate::clock::{Clock, Timestamp};
use crate::db::insert;
use crate::jobs::{Job, enqueue};
use crate::live::{Hub, Signal};
use crate::posts::{ItemState, Post, Revision, store as posts};
use crate::publication::{WithdrawalError, publish, thread_stream};

/// The kind of job that ends an undo window.
pub const SETTLE_JOB: &str = "review.settle";

/// The job that ends the undo window of this item.
pub(super) fn settle_job(item: Uuid) -> Job {
    Job {
        kind: SETTLE_JOB,
        payload: json!({ "item": item }),
    }
}

/// What takes effect, on what.
pub(super) struct Settled<'a> {
    pub item: &'a ReviewItem,
    pub post: &'a Post,
    pub revision: &'a Revision,
    pub assessment: &'a Assessment,
}

/// What else belongs to the commit, and who is told after it.
pub(super) struct Effects {
    pub decision: Decision,
    pub events: Vec<Event>,
    pub streams: Vec<String>,
}

/// Writes the decision and does what it says. The state of the item is the caller's.
pub(super) async fn conclude(
    tx: &Tx,
    clock: &Clock,
    actor: &Actor,
    settled: Settled<'_>,
    derived: Option<Derived>,
    now: Timestamp,
) -> Result<Effects, DbErr> {
    let Settled {
        item,
        post,
        revision,
        assessment,
    } = settled;
    let community = item.community_id;
    let decision = decision::Model {
        id: clock.new_id(),
        item_id: item.id,
        assessment_id: assessment.id,
        revision_id: revision.id,
        revision_hash: revision.hash.clone(),
        rule_set_hash: assessment.rule_set_hash.clone(),
        action: assessment.action.clone(),
        reason_code: assessment.reason_code.clone(),
        words: assessment.words.clone(),
        decided_by: assessment.assessed_by,
        decided_by_commitment: assessment.assessed_by_commitment.clone(),
        role: assessment.role.clone(),
        decided_at: now.micros(),
    };
    // INVARIANT: one item, one decision; the database refuses a second.
    insert(tx.conn(), decision.clone()).await?;
    let told = Signal::SubmissionChanged {
        account: item.author_id,
        submission: revision.id,
    };
    let effective = Origin::from_word(&item.origin).is_some_and(Origin::has_effect);
    let mut jobs: Vec<Job> = effective.then(|| told.into()).into_iter().collect();
    let made = Event::new(actor, "decision.made", "decision", decision.id)
        .within(community)
        .change(json!({
            "action": decision.action,
            "assessment": assessment.id,
            "decided_at": decision.decided_at,
            "item": item.id,
            "revision": revision.id,
            "revision_hash": revision.hash,
            "rule_set_hash": decision.rule_set_hash,
            "state": { "old": item.state, "new": ItemState::Decided.word() },
            "words_hash": words_hash(decision.id, decision.words.as_deref()),
        }))
        .why(decision.reason_code.clone());
    let (mut events, mut streams) = (vec![made], Vec::new());
    let public = assessment.tombstone.as_deref();
    // Where readers see it no more, as a newer text or a colleague was quicker, there is nothing to take from them.
    match take_effect(tx, clock, actor, post, &decision, public).await {
        Ok(Some(change)) => {
            jobs.extend(change.jobs);
            events.push(change.event);
            streams.extend(change.streams);
        }
        Ok(None) | Err(WithdrawalError::Unknown | WithdrawalError::AlreadyRetracted) => {}
        Err(WithdrawalError::Database(cause)) => return Err(cause),
        Err(cause) => return Err(DbErr::Custom(cause.to_string())),
    }
    let mut released = revision;
    let made = derive(tx, actor, item, assessment, decision.id, derived).await?;
    if let Some(made) = &made {
        released = made.shown.as_ref().unwrap_or(revision);
        if !made.items.is_empty() {
            let items = made.items.clone();
            jobs.push(Signal::QueueChanged { community, items }.into());
        }
        events.extend(made.events.iter().cloned());
    }
    if effective
        && assessment
            .judgement()
            .is_some_and(|action| action.is_public())
    {
        let appended = assessment.balance_text.as_deref();
        jobs.extend(publish::publish(tx, post, released.id, decision.id, appended, now).await?);
        let shown = Event::new(actor, "revision.published", "post", post.id).within(community);
        events.push(shown.change(json!({
            "appended_hash": words_hash(decision.id, appended),
            "decision": decision.id,
            "released_at": now.micros(),
            "revision": released.id,
            "revision_hash": released.hash,
        })));
        streams.extend(post.thread_id.map(thread_stream));
    }
    enqueue(tx, clock, jobs).await?;
    Ok(Effects {
        decision,
        events,
        streams,
    })
}

/// The item that the payload names.
fn named(payload: &Value) -> Option<Uuid> {
    payload.get("item")?.as_str()?.parse().ok()
}

/// The item that the payload names, and what the judgement that may take effect on it says beyond its action, where it
/// says something.
pub async fn settling(
    on: &impl ConnectionTrait,
    payload: &Value,
) -> Result<Option<(ReviewItem, Particulars)>, DbErr> {
    let Some(id) = named(payload) else {
        return Ok(None);
    };
    let item = items(on, &[id]).await?.pop();
    let Some(item) = item.filter(|item| item.state == ItemState::Settling.word()) else {
        return Ok(None);
    };
    let assessments = of_item(on, id).await?;
    let last = standing(&assessments).last().copied();
    Ok(last
        .and_then(Assessment::particulars)
        .map(|particulars| (item, particulars)))
}

/// Ends the undo window of the item that the payload names, if it has passed, with the texts that the gate made ready for
/// it. Running twice does no harm.
pub async fn settle(
    audit: &Audit,
    live: &Hub,
    payload: &Value,
    derived: Option<Derived>,
) -> Result<(), String> {
    let item = named(payload).ok_or("the payload names no item")?;
    let streams = settle_item(audit, item, derived)
        .await
        .map_err(|cause| cause.to_string())?;
    for stream in streams {
        live.signal(&Signal::StreamGrew { stream });
    }
    Ok(())
}

async fn settle_item(
    audit: &Audit,
    id: Uuid,
    derived: Option<Derived>,
) -> Result<Vec<String>, DbErr> {
    let (tx, now) = (audit.begin().await?, audit.clock().now());
    let Some(item) = any_item_to_change(&tx, id).await? else {
        return Ok(Vec::new());
    };
    let assessments = of_item(tx.conn(), item.id).await?;
    let last = standing(&assessments).last().copied();
    // It may have been undone and judged again since: then another job ends the later window.
    let due = last.filter(|one| one.settles_at.is_some_and(|at| at <= now.micros()));
    let Some(assessment) = due.filter(|_| item.state == ItemState::Settling.word()) else {
        return Ok(Vec::new());
    };
    let revision = posts::revisions(tx.conn(), &[item.revision_id])
        .await?
        .pop();
    let post = posts::posts(tx.conn(), &[item.post_id]).await?.pop();
    let (Some(revision), Some(post)) = (revision, post) else {
        return Err(DbErr::RecordNotFound("the text of an item".to_owned()));
    };
    let mut row: review_item::ActiveModel = item.clone().into();
    row.state = Set(ItemState::Decided.word().to_owned());
    row.update(tx.conn()).await?;
    let community = item.community_id;
    let changed = Signal::QueueChanged {
        community,
        items: vec![item.id],
    };
    enqueue(&tx, audit.clock(), [changed.into()]).await?;
    // The person decided; the window that they had let pass is where the record comes from.
    let actor = Actor {
        id: Some(assessment.assessed_by),
        name_commitment: Some(assessment.assessed_by_commitment.clone()),
        role: assessment.role.clone(),
        from: format!("assessment:{}", assessment.id),
    };
    let settled = Settled {
        item: &item,
        post: &post,
        revision: &revision,
        assessment,
    };
    let mut effects = conclude(&tx, audit.clock(), &actor, settled, derived, now).await?;
    let first = effects.events.remove(0);
    tx.commit_all(first, effects.events).await?;
    Ok(effects.streams)
}
