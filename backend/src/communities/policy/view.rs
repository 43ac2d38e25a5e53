//! Policies as staff read them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::changes::{Change, changes};
use super::document::Policy;
use super::in_force::parsed;
use super::state::VersionState;
use super::store::{self, Version};
use super::weakens::Weakening;
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::Seat;
use crate::identity::printed_names;

/// Somebody by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyPerson {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
    /// Whether it is the person who asks.
    pub you: bool,
}

/// A version of a policy and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyVersion {
    /// The version.
    pub id: Uuid,
    /// The number of the policy that it changes.
    pub base: i64,
    /// Its own number, if it came into force.
    pub number: Option<i64>,
    /// How it stands.
    pub state: VersionState,
    /// SHA-256 of its content as canonical JSON, in hex.
    pub content_hash: String,
    /// Why it was proposed.
    pub words: String,
    /// By whom.
    pub proposed_by: PolicyPerson,
    /// When.
    pub proposed_at: Timestamp,
    /// Who approved, refused or withdrew it; nobody where it weakened nothing and held at once.
    pub decided_by: Option<PolicyPerson>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_words: Option<String>,
    /// The controls that it weakens.
    pub weakens: Vec<Weakening>,
    /// The fields that differ from the policy that it changes.
    pub changes: Vec<Change>,
}

/// The policy of a community.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyView {
    /// Its number; 0 while none was put in force and the server's settings hold.
    pub number: i64,
    /// Since when it holds.
    pub in_force_since: Option<Timestamp>,
    /// What it says.
    pub policy: Policy,
    /// What waits for a second person.
    pub proposal: Option<PolicyVersion>,
}

/// The policy in force, and what was proposed.
pub async fn policy(
    on: &impl ConnectionTrait,
    known: &Known,
    seat: &Seat,
    asks: Uuid,
) -> Result<PolicyView, DbErr> {
    let in_force = known.policy_of(on, seat.community_id).await?;
    let row = store::numbered(on, seat.community_id, in_force.number).await?;
    let since = row.map(|row| Timestamp::from_micros(row.decided_at.unwrap_or(row.proposed_at)));
    let open = store::proposed(on, seat.community_id).await?;
    Ok(PolicyView {
        number: in_force.number,
        in_force_since: since,
        policy: in_force.policy.clone(),
        proposal: views(on, known, seat, asks, open.into_iter().collect())
            .await?
            .pop(),
    })
}

/// One version.
pub async fn version(
    on: &impl ConnectionTrait,
    known: &Known,
    seat: &Seat,
    asks: Uuid,
    version: Version,
) -> Result<Option<PolicyVersion>, DbErr> {
    Ok(views(on, known, seat, asks, vec![version]).await?.pop())
}

/// Versions of this community, in the same order.
pub async fn views(
    on: &impl ConnectionTrait,
    known: &Known,
    seat: &Seat,
    asks: Uuid,
    rows: Vec<Version>,
) -> Result<Vec<PolicyVersion>, DbErr> {
    let people = rows.iter().map(|row| row.proposed_by);
    let people = people.chain(rows.iter().filter_map(|row| row.decided_by));
    let names = printed_names(on, people).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let base = known
            .policies
            .numbered(on, seat.community_id, row.base)
            .await?;
        views.extend(view(&names, asks, &base.policy, row)?);
    }
    Ok(views)
}

fn view(
    names: &HashMap<Uuid, String>,
    asks: Uuid,
    base: &Policy,
    row: Version,
) -> Result<Option<PolicyVersion>, DbErr> {
    let person = |id: Uuid| {
        let name = names.get(&id)?.clone();
        let you = id == asks;
        Some(PolicyPerson { id, name, you })
    };
    let changes = changes(base, &parsed(&row)?);
    let (Some(state), Some(proposed_by)) =
        (VersionState::from_word(&row.state), person(row.proposed_by))
    else {
        return Ok(None);
    };
    Ok(Some(PolicyVersion {
        id: row.id,
        base: row.base,
        number: row.number,
        state,
        content_hash: row.content_hash,
        words: row.words,
        proposed_by,
        proposed_at: Timestamp::from_micros(row.proposed_at),
        decided_by: row.decided_by.and_then(person),
        decided_at: row.decided_at.map(Timestamp::from_micros),
        decision_words: row.decision_words,
        weakens: serde_json::from_str(&row.weakens).unwrap_or_default(),
        changes,
    }))
}
