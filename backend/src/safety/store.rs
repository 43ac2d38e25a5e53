//! Queries on cases.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::SafetyCase;
use super::entity::safety_case;

/// The cases of these revisions.
pub async fn cases_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<SafetyCase>, DbErr> {
    if revisions.is_empty() {
        return Ok(Vec::new());
    }
    safety_case::Entity::find()
        .filter(safety_case::Column::RevisionId.is_in(revisions.iter().copied()))
        .all(on)
        .await
}

/// One page of the cases of these communities, newest first.
pub(super) async fn page(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    disposition: Option<Option<&str>>,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<SafetyCase>, DbErr> {
    let mut query = safety_case::Entity::find()
        .filter(safety_case::Column::CommunityId.is_in(communities.iter().copied()));
    query = match disposition {
        None => query,
        Some(None) => query.filter(safety_case::Column::Disposition.is_null()),
        Some(Some(word)) => query.filter(safety_case::Column::Disposition.eq(word)),
    };
    if let Some(before) = before {
        query = query.filter(safety_case::Column::Number.lt(before));
    }
    query
        .order_by_desc(safety_case::Column::Number)
        .limit(limit)
        .all(on)
        .await
}

/// A case in one of these communities.
pub(super) async fn case(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    id: Uuid,
) -> Result<Option<SafetyCase>, DbErr> {
    safety_case::Entity::find()
        .filter(safety_case::Column::CommunityId.is_in(communities.iter().copied()))
        .filter(safety_case::Column::Id.eq(id))
        .one(on)
        .await
}
