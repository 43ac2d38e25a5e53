//! Decisions with their items, for those who look at how the desk decides.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

use super::entity::{decision, review_item, screening};
use super::{Decision, ReviewItem};
use crate::clock::Timestamp;

/// Values in one `IN`.
const AT_ONCE: usize = 5_000;

/// A decision, and what it decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The decision.
    pub decision: Decision,
    /// Its item.
    pub item: ReviewItem,
}

fn item_of_decision() -> RelationDef {
    decision::Entity::belongs_to(review_item::Entity)
        .from(decision::Column::ItemId)
        .to(review_item::Column::Id)
        .into()
}

async fn judged(
    on: &impl ConnectionTrait,
    wanted: Select<decision::Entity>,
) -> Result<Vec<Judged>, DbErr> {
    let rows = wanted
        .select_also(review_item::Entity)
        .join(JoinType::InnerJoin, item_of_decision())
        .all(on)
        .await?;
    let both = |(decision, item): (Decision, Option<ReviewItem>)| {
        let item = item?;
        Some(Judged { decision, item })
    };
    Ok(rows.into_iter().filter_map(both).collect())
}

/// What was decided in a community from one time until before another, the newest first, this many at most.
pub async fn judged_between(
    on: &impl ConnectionTrait,
    community: Uuid,
    from: Timestamp,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<Judged>, DbErr> {
    // An identifier says when it was made, so the index of the key is walked.
    let wanted = decision::Entity::find()
        .filter(decision::Column::Id.gte(from.first_id()))
        .filter(decision::Column::Id.lt(until.first_id()))
        .filter(review_item::Column::CommunityId.eq(community))
        .order_by_desc(decision::Column::Id)
        .limit(limit);
    judged(on, wanted).await
}

/// Every decision on these revisions, in the order in which they were made.
pub async fn judged_on(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Judged>, DbErr> {
    let mut all = Vec::new();
    for some in revisions.chunks(AT_ONCE) {
        let wanted = decision::Entity::find()
            .filter(decision::Column::RevisionId.is_in(some.iter().copied()))
            .order_by_asc(decision::Column::Id);
        all.extend(judged(on, wanted).await?);
    }
    Ok(all)
}

/// The revisions of these communities that were submitted, decided and in which a rule of this code found something; the
/// newest first, this many at most. The code must be one of letters, digits and `-`.
pub async fn revisions_found_by(
    on: &impl ConnectionTrait,
    communities: Option<&[Uuid]>,
    rule: &str,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let screened: RelationDef = review_item::Entity::belongs_to(screening::Entity)
        .from(review_item::Column::ScreeningId)
        .to(screening::Column::Id)
        .into();
    let mut wanted = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::RevisionId)
        .join(JoinType::InnerJoin, screened)
        .filter(review_item::Column::State.eq("decided"))
        .filter(Expr::cust("review_item.origin = 'submission'"))
        .filter(review_item::Column::Severity.is_not_null())
        .filter(screening::Column::Result.contains(format!("\"rule\":\"{rule}\"")))
        .order_by_desc(review_item::Column::Id)
        .limit(limit);
    if let Some(communities) = communities {
        wanted = wanted.filter(review_item::Column::CommunityId.is_in(communities.iter().copied()));
    }
    wanted.into_tuple().all(on).await
}
