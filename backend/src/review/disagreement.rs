//! Two reviewers disagree on an item: who may settle it, for those who tell them.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::assessments::{of_item, standing};
use super::entity::review_item;
use crate::clock::Timestamp;
use crate::communities::policy::Act;
use crate::communities::{Known, holders_within};
use crate::jobs::Job;
use crate::posts::ItemState;

/// The kind of job that tells people of a disagreement.
pub const DISAGREEMENT_JOB: &str = "review.disagreement";

/// The job that tells people of the disagreement on this item.
pub(super) fn disagreement_job(item: Uuid) -> Job {
    Job {
        kind: DISAGREEMENT_JOB,
        payload: json!({ "item": item }),
    }
}

/// A disagreement that somebody is to settle.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// The item.
    pub item: Uuid,
    /// Its community.
    pub community: Uuid,
    /// Since when.
    pub since: Timestamp,
    /// When a decision is due.
    pub due_at: Timestamp,
    /// Who may settle it: not the author, and none of those who disagree.
    pub people: Vec<Uuid>,
}

/// The disagreement on this item, if nobody has settled it.
pub async fn disagreement(
    on: &impl ConnectionTrait,
    known: &Known,
    item: Uuid,
) -> Result<Option<Disagreement>, DbErr> {
    let item = review_item::Entity::find_by_id(item).one(on).await?;
    let Some(item) = item.filter(|item| item.state == ItemState::LeadReview.word()) else {
        return Ok(None);
    };
    let assessments = of_item(on, item.id).await?;
    let judged = standing(&assessments);
    let in_force = known.policy_of(on, item.community_id).await?;
    let roles = in_force.policy.roles_for(Act::SettleDisagreement);
    let organisation = item.organisation.as_deref();
    let people = holders_within(on, item.community_id, roles, organisation).await?;
    let concerned = |one: &Uuid| {
        *one == item.author_id || judged.iter().any(|judged| judged.assessed_by == *one)
    };
    Ok(judged.last().map(|last| Disagreement {
        item: item.id,
        community: item.community_id,
        since: Timestamp::from_micros(last.assessed_at),
        due_at: Timestamp::from_micros(item.due_at),
        people: people.into_iter().filter(|one| !concerned(one)).collect(),
    }))
}
