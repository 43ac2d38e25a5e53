//! A person's notices, and that they have read them; and what left the server.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::{delivery, notice};
use crate::clock::Timestamp;
use crate::db::Db;

/// Most unread notices that are counted: beyond that, more is no news.
const MOST_COUNTED: u64 = 100;

/// The notices of this account, the newest first.
pub async fn notices(
    on: &impl ConnectionTrait,
    account: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<notice::Model>, DbErr> {
    let mut query = notice::Entity::find()
        .filter(notice::Column::AccountId.eq(account))
        .order_by_desc(notice::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(notice::Column::Id.lt(before));
    }
    query.all(on).await
}

/// How many of them are unread; a hundred for a hundred and more.
pub async fn unread(on: &impl ConnectionTrait, account: Uuid) -> Result<u64, DbErr> {
    notice::Entity::find()
        .filter(notice::Column::AccountId.eq(account))
        .filter(notice::Column::ReadAt.is_null())
        .limit(MOST_COUNTED)
        .count(on)
        .await
}

/// Marks the notices of this account up to this one as read.
pub async fn mark_read(db: &Db, account: Uuid, up_to: Uuid, now: Timestamp) -> Result<(), DbErr> {
    let tx = db.upkeep().await?;
    notice::Entity::update_many()
        .filter(notice::Column::AccountId.eq(account))
        .filter(notice::Column::ReadAt.is_null())
        .filter(notice::Column::Id.lte(up_to))
        .col_expr(notice::Column::ReadAt, Expr::value(now.micros()))
        .exec(&tx)
        .await?;
    tx.commit().await
}

/// The last deliveries of a community, the newest first.
pub async fn deliveries(
    on: &impl ConnectionTrait,
    community: Uuid,
    limit: u64,
) -> Result<Vec<delivery::Model>, DbErr> {
    delivery::Entity::find()
        .filter(delivery::Column::CommunityId.eq(community))
        .order_by_desc(delivery::Column::Id)
        .limit(limit)
        .all(on)
        .await
}
