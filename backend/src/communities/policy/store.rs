//! Rows of policies, and how one comes into force.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::changes::{Change, recorded};
use super::entity::policy_version;
use super::state::VersionState;
use super::weakens::Weakening;
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::communities::Community;
use crate::communities::entity::community;

/// A version of a policy.
pub type Version = policy_version::Model;

/// The community, locked against another change of its policy.
pub async fn locked(tx: &Tx, id: Uuid) -> Result<Option<Community>, DbErr> {
    community::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.conn())
        .await
}

/// A version of this community.
pub async fn version(
    on: &impl ConnectionTrait,
    community: Uuid,
    id: Uuid,
) -> Result<Option<Version>, DbErr> {
    policy_version::Entity::find_by_id(id)
        .filter(policy_version::Column::CommunityId.eq(community))
        .one(on)
        .await
}

/// The version that waits for a second person.
pub async fn proposed(
    on: &impl ConnectionTrait,
    community: Uuid,
) -> Result<Option<Version>, DbErr> {
    policy_version::Entity::find()
        .filter(policy_version::Column::CommunityId.eq(community))
        .filter(policy_version::Column::State.eq(VersionState::Proposed.word()))
        .one(on)
        .await
}

/// The version with this number.
pub async fn numbered(
    on: &impl ConnectionTrait,
    community: Uuid,
    number: i64,
) -> Result<Option<Version>, DbErr> {
    policy_version::Entity::find()
        .filter(policy_version::Column::CommunityId.eq(community))
        .filter(policy_version::Column::Number.eq(number))
        .one(on)
        .await
}

/// Versions, the newest first.
pub async fn versions(
    on: &impl ConnectionTrait,
    community: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Version>, DbErr> {
    let mut query = policy_version::Entity::find()
        .filter(policy_version::Column::CommunityId.eq(community))
        .order_by_desc(policy_version::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(policy_version::Column::Id.lt(before));
    }
    query.all(on).await
}

/// Who decided on a version, when, and what they said.
pub struct Decided<'a> {
    /// The account.
    pub by: Uuid,
    /// When.
    pub at: Timestamp,
    /// Why, if they said so.
    pub words: Option<&'a str>,
}

/// Notes what became of a proposed version.
pub async fn decided(
    tx: &Tx,
    version: Uuid,
    state: VersionState,
    decided: &Decided<'_>,
) -> Result<(), DbErr> {
    policy_version::Entity::update(policy_version::ActiveModel {
        id: Unchanged(version),
        state: Set(state.word().to_owned()),
        decided_by: Set(Some(decided.by)),
        decided_at: Set(Some(decided.at.micros())),
        decision_words: Set(decided.words.map(str::to_owned)),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    Ok(())
}

/// Makes the version the one that holds: the one before becomes a former one, and what else was proposed is outdated.
pub async fn put_in_force(tx: &Tx, version: &Version) -> Result<(), DbErr> {
    let of_community = || {
        policy_version::Entity::update_many()
            .filter(policy_version::Column::CommunityId.eq(version.community_id))
            .filter(policy_version::Column::Id.ne(version.id))
    };
    for (from, to) in [
        (VersionState::InForce, VersionState::Former),
        (VersionState::Proposed, VersionState::Outdated),
    ] {
        of_community()
            .filter(policy_version::Column::State.eq(from.word()))
            .col_expr(
                policy_version::Column::State,
                sea_orm::sea_query::Expr::value(to.word()),
            )
            .exec(tx.conn())
            .await?;
    }
    let number = version.base + 1;
    policy_version::Entity::update(policy_version::ActiveModel {
        id: Unchanged(version.id),
        state: Set(VersionState::InForce.word().to_owned()),
        number: Set(Some(number)),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    community::Entity::update(community::ActiveModel {
        id: Unchanged(version.community_id),
        policy_version: Set(number),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    Ok(())
}

/// What the audit log says of a version: old and new of every field that differs, words only by their hash.
pub fn in_record(version: &Version, changes: &[Change], weakened: &[Weakening]) -> Value {
    let weakened: Vec<String> = weakened
        .iter()
        .map(|one| format!("{}:{}", one.control.word(), one.what))
        .collect();
    json!({
        "base": version.base,
        "content_hash": version.content_hash,
        "fields": recorded(changes),
        "weakens": weakened,
    })
}
