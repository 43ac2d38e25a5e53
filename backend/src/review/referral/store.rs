//! Queries on questions and their ends.

use std::collections::HashMap;

use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::entity::{referral, referral_answer};
use super::{Field, Referral, ReferralAnswer};
use crate::clock::Timestamp;
use crate::communities::holders_within;
use crate::posts::ItemState;
use crate::review::ReviewItem;
use crate::review::entity::review_item;
use crate::review::scope::open as open_item;

/// A question and how it ended, if it did.
pub(super) type Asked = (Referral, Option<ReferralAnswer>);

/// An open question, as those know it who watch its clock.
#[derive(Debug, Clone)]
pub struct OpenQuestion {
    /// The question.
    pub id: Uuid,
    /// The community.
    pub community: Uuid,
    /// What it is put to.
    pub field: Field,
    /// When the answer is due.
    pub due_at: Timestamp,
    /// Who can answer it.
    pub people: Vec<Uuid>,
}

/// The item of a question.
pub(super) fn of_item() -> RelationDef {
    referral::Entity::belongs_to(review_item::Entity)
        .from(referral::Column::ItemId)
        .to(review_item::Column::Id)
        .into()
}

/// Whether something ended the question.
fn ended() -> SimpleExpr {
    let ends = Query::select()
        .expr(Expr::cust("1"))
        .from(referral_answer::Entity)
        .and_where(
            Expr::col((referral_answer::Entity, referral_answer::Column::ReferralId))
                .equals((referral::Entity, referral::Column::Id)),
        )
        .take();
    Expr::exists(ends)
}

/// The open questions, in a query that knows their items.
pub(super) fn is_open() -> Condition {
    Condition::all()
        .add(open_item())
        .add(review_item::Column::State.eq(ItemState::Referred.word()))
        .add(ended().not())
}

/// The same questions, each with how it ended.
pub(super) async fn with_ends(
    on: &impl ConnectionTrait,
    rows: Vec<Referral>,
) -> Result<Vec<Asked>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut ends: HashMap<Uuid, ReferralAnswer> = referral_answer::Entity::find()
        .filter(referral_answer::Column::ReferralId.is_in(rows.iter().map(|row| row.id)))
        .all(on)
        .await?
        .into_iter()
        .map(|end| (end.referral_id, end))
        .collect();
    let pair = |row: Referral| {
        let end = ends.remove(&row.id);
        (row, end)
    };
    Ok(rows.into_iter().map(pair).collect())
}

/// The questions on this item, in the order in which they were asked.
pub(super) async fn asked_on(on: &impl ConnectionTrait, item: Uuid) -> Result<Vec<Asked>, DbErr> {
    let rows = referral::Entity::find()
        .filter(referral::Column::ItemId.eq(item))
        .order_by_asc(referral::Column::Number)
        .all(on)
        .await?;
    with_ends(on, rows).await
}

/// The questions on these revisions, in the order of their items.
pub async fn referrals_in(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Asked>, DbErr> {
    let rows = referral::Entity::find()
        .filter(referral::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(referral::Column::ItemId)
        .order_by_asc(referral::Column::Number)
        .all(on)
        .await?;
    with_ends(on, rows).await
}

/// The open questions on this item, which is `referred`.
pub async fn open_on(on: &impl ConnectionTrait, item: &ReviewItem) -> Result<Vec<Referral>, DbErr> {
    if item.state != ItemState::Referred.word() {
        return Ok(Vec::new());
    }
    referral::Entity::find()
        .filter(referral::Column::ItemId.eq(item.id))
        .filter(ended().not())
        .order_by_asc(referral::Column::Number)
        .all(on)
        .await
}

/// One question.
pub(super) async fn asked(on: &impl ConnectionTrait, id: Uuid) -> Result<Option<Asked>, DbErr> {
    let row = referral::Entity::find_by_id(id).one(on).await?;
    let found = with_ends(on, row.into_iter().collect()).await?.pop();
    Ok(found)
}

/// The question with this identifier, if it is open.
pub async fn open_question(
    on: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<OpenQuestion>, DbErr> {
    let found = open_ones(on, Condition::all().add(referral::Column::Id.eq(id))).await?;
    Ok(found.into_iter().next())
}

/// The open questions of a community whose answer is due by then, the nearest deadline first.
pub async fn questions_due_by(
    on: &impl ConnectionTrait,
    community: Uuid,
    until: Timestamp,
) -> Result<Vec<OpenQuestion>, DbErr> {
    let wanted = Condition::all()
        .add(review_item::Column::CommunityId.eq(community))
        .add(referral::Column::DueAt.lte(until.micros()));
    open_ones(on, wanted).await
}

async fn open_ones(
    on: &impl ConnectionTrait,
    wanted: Condition,
) -> Result<Vec<OpenQuestion>, DbErr> {
    let rows: Vec<(Referral, Option<ReviewItem>)> = referral::Entity::find()
        .join(JoinType::InnerJoin, of_item())
        .select_also(review_item::Entity)
        .filter(wanted)
        .filter(is_open())
        .order_by_asc(referral::Column::DueAt)
        .order_by_asc(referral::Column::Id)
        .all(on)
        .await?;
    let mut open = Vec::with_capacity(rows.len());
    for (row, item) in rows {
        let (Some(item), Some(field)) = (item, Field::from_word(&row.field)) else {
            continue;
        };
        open.push(OpenQuestion {
            people: who_can_answer(on, &item, field, row.asked_by).await?,
            id: row.id,
            community: row.community_id,
            field,
            due_at: Timestamp::from_micros(row.due_at),
        });
    }
    Ok(open)
}

/// Who can answer a question in this field on this item: not its author, and not whoever asks.
pub(super) async fn who_can_answer(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    field: Field,
    asked_by: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let organisation = item.organisation.as_deref();
    let people = holders_within(on, item.community_id, &[field.role()], organisation).await?;
    Ok(people
        .into_iter()
        .filter(|one| ![item.author_id, asked_by].contains(one))
        .collect())
}
