//! One page of the queue, and where the next one begins.

use std::collections::HashMap;

use sea_orm::sea_query::{Cond, Condition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use std::time::Duration;
use uuid::Uuid;

use super::ReviewItem;
use super::entity::{decision, review_item};
use super::scope::in_scope;
use super::search::has_words;
use super::views::{Filter, Order, View};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;

/// How far back a decision is recent.
const RECENT: Duration = Duration::from_secs(7 * 24 * 3600);
/// Items whose texts are looked through at once.
const AT_ONCE: u64 = 500;

/// An item, and the place in its order after which the next page begins.
type Placed = (ReviewItem, String);

/// One page of the items wanted, and where the next one begins; nothing where the cursor is none of this order.
pub(super) async fn page(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    filter: &Filter,
    cursor: Option<&str>,
    limit: u64,
    now: Timestamp,
) -> Result<Option<(Vec<ReviewItem>, Option<String>)>, DbErr> {
    let mut cursor = cursor.map(str::to_owned);
    let mut found: Vec<Placed> = Vec::new();
    loop {
        let size = if filter.words.is_empty() {
            limit
        } else {
            AT_ONCE
        };
        let Some(some) = rows(on, moderator, filter, cursor.as_deref(), size, now).await? else {
            return Ok(None);
        };
        let last = (some.len() as u64) < size;
        cursor = some.last().map(|(_, place)| place.clone());
        if filter.words.is_empty() {
            found = some;
        } else {
            found.extend(has_words(on, some, &filter.words).await?);
        }
        if last || found.len() as u64 >= limit {
            break;
        }
    }
    let full = found.len() as u64 >= limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = full.then(|| found.last().map(|(_, place)| place.clone()));
    let items = found.into_iter().map(|(item, _)| item).collect();
    Ok(Some((items, next.flatten())))
}

/// These items, whatever their state, in the order of the list.
pub(super) async fn by_ids(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    ids: &[Uuid],
) -> Result<Vec<ReviewItem>, DbErr> {
    let rows = review_item::Entity::find()
        .filter(in_scope(moderator))
        .filter(review_item::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await?;
    let mut rows: HashMap<Uuid, ReviewItem> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Those of these items that the question lets through.
pub(super) async fn fitting(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    filter: &Filter,
    items: &[ReviewItem],
    now: Timestamp,
) -> Result<Vec<Uuid>, DbErr> {
    let found: Vec<Uuid> = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::Id)
        .filter(filter.condition(moderator, now))
        .filter(review_item::Column::Id.is_in(items.iter().map(|item| item.id)))
        .into_tuple()
        .all(on)
        .await?;
    if filter.words.is_empty() {
        return Ok(found);
    }
    let found = items.iter().filter(|item| found.contains(&item.id));
    let found = found.map(|item| (item.clone(), ())).collect();
    let found = has_words(on, found, &filter.words).await?;
    Ok(found.into_iter().map(|(item, ())| item.id).collect())
}

async fn rows(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    filter: &Filter,
    cursor: Option<&str>,
    limit: u64,
    now: Timestamp,
) -> Result<Option<Vec<Placed>>, DbErr> {
    if filter.view == View::RecentlyDecided && filter.state.is_none() {
        return decided(on, moderator, filter, cursor, limit, now).await;
    }
    let order = if filter.ended() {
        Order::Newest
    } else {
        filter.order
    };
    let mut wanted = filter.condition(moderator, now);
    if let Some(cursor) = cursor {
        let Some(rest) = after(order, cursor) else {
            return Ok(None);
        };
        wanted = wanted.add(rest);
    }
    let query = review_item::Entity::find().filter(wanted).limit(limit);
    let query = match order {
        Order::Due => query.order_by_asc(review_item::Column::DueAt),
        Order::Priority => query
            .order_by_desc(review_item::Column::Priority)
            .order_by_asc(review_item::Column::DueAt),
        Order::Newest => query.order_by_desc(review_item::Column::Id),
    };
    let query = match order {
        Order::Newest => query,
        _ => query.order_by_asc(review_item::Column::Id),
    };
    let rows = query.all(on).await?.into_iter();
    Ok(Some(
        rows.map(|row| (row.clone(), place(order, &row))).collect(),
    ))
}

/// Items that were decided lately. A decision's identifier says when it was made, so the index of its key is walked.
async fn decided(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    filter: &Filter,
    cursor: Option<&str>,
    limit: u64,
    now: Timestamp,
) -> Result<Option<Vec<Placed>>, DbErr> {
    let item: RelationDef = decision::Entity::belongs_to(review_item::Entity)
        .from(decision::Column::ItemId)
        .to(review_item::Column::Id)
        .into();
    let mut query = decision::Entity::find()
        .select_only()
        .columns([decision::Column::Id, decision::Column::ItemId])
        .join(JoinType::InnerJoin, item)
        .filter(decision::Column::Id.gte(now.minus(RECENT).first_id()))
        .filter(filter.condition(moderator, now))
        .order_by_desc(decision::Column::Id)
        .limit(limit);
    if let Some(cursor) = cursor {
        let Ok(before) = cursor.parse::<Uuid>() else {
            return Ok(None);
        };
        query = query.filter(decision::Column::Id.lt(before));
    }
    let made: Vec<(Uuid, Uuid)> = query.into_tuple().all(on).await?;
    let ids: Vec<Uuid> = made.iter().map(|(_, item)| *item).collect();
    let places: HashMap<Uuid, Uuid> = made.into_iter().map(|(id, item)| (item, id)).collect();
    let rows = by_ids(on, moderator, &ids).await?.into_iter();
    Ok(Some(
        rows.filter_map(|row| {
            let place = places.get(&row.id)?.to_string();
            Some((row, place))
        })
        .collect(),
    ))
}

fn place(order: Order, row: &ReviewItem) -> String {
    match order {
        Order::Due => format!("{}_{}", row.due_at, row.id),
        Order::Priority => format!("{}_{}_{}", row.priority, row.due_at, row.id),
        Order::Newest => row.id.to_string(),
    }
}

/// What comes after this place.
fn after(order: Order, cursor: &str) -> Option<Condition> {
    let due_after = |rest: &str| {
        let (due, id) = rest.split_once('_')?;
        let (due, id) = (due.parse::<i64>().ok()?, id.parse::<Uuid>().ok()?);
        let same = Cond::all()
            .add(review_item::Column::DueAt.eq(due))
            .add(review_item::Column::Id.gt(id));
        Some(
            Cond::any()
                .add(review_item::Column::DueAt.gt(due))
                .add(same),
        )
    };
    match order {
        Order::Due => due_after(cursor),
        Order::Priority => {
            let (priority, rest) = cursor.split_once('_')?;
            let priority = priority.parse::<i64>().ok()?;
            let same = Cond::all()
                .add(review_item::Column::Priority.eq(priority))
                .add(due_after(rest)?);
            let lower = review_item::Column::Priority.lt(priority);
            Some(Cond::any().add(lower).add(same))
        }
        Order::Newest => {
            let before = review_item::Column::Id.lt(cursor.parse::<Uuid>().ok()?);
            Some(Cond::all().add(before))
        }
    }
}
