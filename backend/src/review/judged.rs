//! Decisions with their items, for those who look at how the desk decides.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

use super::entity::{decision, review_item, screening};
use super::store::decisions_on;
use super::{Decision, Origin, ReviewItem};
use crate::clock::Timestamp;
use crate::posts::Action;

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

/// Decisions that another person could make again: on what an author submitted, and of the four that need no more than the
/// text.
const REPEATABLE: [Action; 4] = [
    Action::Release,
    Action::ReleaseWithBalance,
    Action::RequestChanges,
    Action::Reject,
];

/// A decision that another person could make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeatable {
    /// The decision.
    pub decision: Uuid,
    /// Its item.
    pub item: Uuid,
    /// When it was made.
    pub at: Timestamp,
}

/// The repeatable decisions of a community from one time until before another, oldest first.
pub async fn repeatable_between(
    on: &impl ConnectionTrait,
    community: Uuid,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Repeatable>, DbErr> {
    let rows: Vec<(Uuid, Uuid, i64)> = decision::Entity::find()
        .select_only()
        .columns([
            decision::Column::Id,
            decision::Column::ItemId,
            decision::Column::DecidedAt,
        ])
        .join(JoinType::InnerJoin, item_of_decision())
        .filter(decision::Column::Id.gte(from.first_id()))
        .filter(decision::Column::Id.lt(until.first_id()))
        .filter(decision::Column::Action.is_in(REPEATABLE.map(Action::word)))
        .filter(review_item::Column::CommunityId.eq(community))
        .filter(review_item::Column::Origin.eq(Origin::Submission.word()))
        .order_by_asc(decision::Column::Id)
        .into_tuple()
        .all(on)
        .await?;
    let row = |(decision, item, at)| Repeatable {
        decision,
        item,
        at: Timestamp::from_micros(at),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The decision on what an author submitted in this community, if it is one that another person could make again.
pub async fn repeatable(
    on: &impl ConnectionTrait,
    community: Uuid,
    item: Uuid,
) -> Result<Option<Judged>, DbErr> {
    let wanted = decision::Entity::find()
        .filter(decision::Column::ItemId.eq(item))
        .filter(decision::Column::Action.is_in(REPEATABLE.map(Action::word)))
        .filter(review_item::Column::CommunityId.eq(community))
        .filter(review_item::Column::Origin.eq(Origin::Submission.word()));
    Ok(judged(on, wanted).await?.pop())
}

/// These items, and what was decided on them if they have a decision.
pub async fn judged_items(
    on: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<(ReviewItem, Option<Decision>)>, DbErr> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let rows = review_item::Entity::find()
            .filter(review_item::Column::Id.is_in(some.iter().copied()))
            .all(on)
            .await?;
        let mut made = decisions_on(on, some).await?;
        all.extend(rows.into_iter().map(|row| {
            let decision = made.remove(&row.id);
            (row, decision)
        }));
    }
    Ok(all)
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
