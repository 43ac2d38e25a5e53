//! Queries on seeds, on what was drawn, and on golden texts.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{golden_text, sample, sample_seed};
use crate::clock::Timestamp;

/// Values in one `IN`.
const AT_ONCE: usize = 5_000;

pub use super::entity::golden_text::Model as GoldenText;
pub use super::entity::sample::Model as Sample;
pub use super::entity::sample_seed::Model as SampleSeed;

/// The seeds of these communities, oldest first.
pub async fn seeds(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
) -> Result<Vec<SampleSeed>, DbErr> {
    sample_seed::Entity::find()
        .filter(sample_seed::Column::CommunityId.is_in(communities.iter().copied()))
        .order_by_asc(sample_seed::Column::Id)
        .all(on)
        .await
}

/// The seeds of a community that are not revealed yet, oldest first.
pub(super) async fn secret_seeds(
    on: &impl ConnectionTrait,
    community: Uuid,
) -> Result<Vec<SampleSeed>, DbErr> {
    sample_seed::Entity::find()
        .filter(sample_seed::Column::CommunityId.eq(community))
        .filter(sample_seed::Column::RevealedAt.is_null())
        .order_by_asc(sample_seed::Column::Id)
        .all(on)
        .await
}

/// What was drawn in these communities, oldest first.
pub async fn samples(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
) -> Result<Vec<Sample>, DbErr> {
    sample::Entity::find()
        .filter(sample::Column::CommunityId.is_in(communities.iter().copied()))
        .order_by_asc(sample::Column::Id)
        .all(on)
        .await
}

/// What was drawn in a community from one time until before another.
pub(super) async fn samples_between(
    on: &impl ConnectionTrait,
    community: Uuid,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Sample>, DbErr> {
    sample::Entity::find()
        .filter(sample::Column::CommunityId.eq(community))
        .filter(sample::Column::DrawnAt.gte(from.micros()))
        .filter(sample::Column::DrawnAt.lt(until.micros()))
        .order_by_asc(sample::Column::Id)
        .all(on)
        .await
}

/// Every time that a golden text of a community came to the desk, oldest first.
pub(super) async fn golden_samples(
    on: &impl ConnectionTrait,
    community: Uuid,
) -> Result<Vec<Sample>, DbErr> {
    sample::Entity::find()
        .filter(sample::Column::CommunityId.eq(community))
        .filter(sample::Column::GoldenId.is_not_null())
        .order_by_asc(sample::Column::Id)
        .all(on)
        .await
}

/// Those of these decisions for which something was drawn, with the word of the draw.
pub(super) async fn drawn_for(
    on: &impl ConnectionTrait,
    decisions: &[Uuid],
) -> Result<HashSet<(Uuid, String)>, DbErr> {
    let mut drawn = HashSet::new();
    for some in decisions.chunks(AT_ONCE) {
        let rows: Vec<(Uuid, String)> = sample::Entity::find()
            .select_only()
            .columns([sample::Column::DecisionId, sample::Column::Kind])
            .filter(sample::Column::DecisionId.is_in(some.iter().copied()))
            .into_tuple()
            .all(on)
            .await?;
        drawn.extend(rows);
    }
    Ok(drawn)
}

/// The golden texts of these communities, oldest first.
pub async fn golden_texts(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
) -> Result<Vec<GoldenText>, DbErr> {
    golden_text::Entity::find()
        .filter(golden_text::Column::CommunityId.is_in(communities.iter().copied()))
        .order_by_asc(golden_text::Column::Id)
        .all(on)
        .await
}
