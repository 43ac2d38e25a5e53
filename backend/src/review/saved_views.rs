//! Views of the queue that a person keeps under a name of their own.

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, SqlErr,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::saved_view;
use crate::audit::{Actor, Audit, Event, Tx};
use crate::communities::authority::Moderator;
use crate::db::insert;

/// Most views that one person keeps.
const MOST: u64 = 50;
/// Most characters of a name.
const LONGEST_NAME: usize = 60;

/// A view that was kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedView {
    /// The view.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The query string of the queue, as `list_review_items` takes it.
    pub query: String,
}

impl From<saved_view::Model> for SavedView {
    fn from(row: saved_view::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            query: row.query,
        }
    }
}

/// Why a view was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// No such view of this person.
    #[error("no such view")]
    Unknown,
    /// The name is missing or too long.
    #[error("write a name of 1 to {LONGEST_NAME} characters")]
    Name,
    /// The person has a view of this name.
    #[error("you have a view of this name already; choose another name, or change that one")]
    NameTaken,
    /// The person has too many.
    #[error("you keep {MOST} views already; delete one first")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The views of this person, by name.
pub async fn saved_views(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
) -> Result<Vec<SavedView>, DbErr> {
    let rows = saved_view::Entity::find()
        .filter(saved_view::Column::AccountId.eq(moderator.who.account_id))
        .order_by_asc(saved_view::Column::Name)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// Keeps a view, new (without an identifier) or in place of what it was.
pub async fn save_view(
    audit: &Audit,
    moderator: &Moderator,
    id: Option<Uuid>,
    name: &str,
    query: String,
) -> Result<SavedView, SaveError> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(SaveError::Name);
    }
    let tx = audit.begin().await?;
    let row = saved_view::Model {
        id: id.unwrap_or_else(|| audit.clock().new_id()),
        account_id: moderator.who.account_id,
        name,
        query,
        created_at: audit.clock().now().micros(),
    };
    let stored = match id {
        Some(id) => {
            own(&tx, moderator, id).await?;
            let changed = saved_view::ActiveModel {
                id: Unchanged(id),
                name: Set(row.name.clone()),
                query: Set(row.query.clone()),
                ..Default::default()
            };
            changed.update(tx.conn()).await.map(|_| ())
        }
        None => {
            let kept = saved_view::Entity::find()
                .filter(saved_view::Column::AccountId.eq(row.account_id))
                .count(tx.conn())
                .await?;
            if kept >= MOST {
                return Err(SaveError::TooMany);
            }
            insert(tx.conn(), row.clone()).await
        }
    };
    stored.map_err(|cause| match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => SaveError::NameTaken,
        _ => SaveError::Database(cause),
    })?;
    let event = Event::new(&actor(moderator), "view.saved", "saved_view", row.id)
        .change(json!({ "new": id.is_none() }));
    tx.commit(event).await?;
    Ok(row.into())
}

/// Forgets a view.
pub async fn delete_view(audit: &Audit, moderator: &Moderator, id: Uuid) -> Result<(), SaveError> {
    let tx = audit.begin().await?;
    own(&tx, moderator, id).await?;
    saved_view::Entity::delete_by_id(id).exec(tx.conn()).await?;
    let event = Event::new(&actor(moderator), "view.deleted", "saved_view", id);
    tx.commit(event).await?;
    Ok(())
}

async fn own(tx: &Tx, moderator: &Moderator, id: Uuid) -> Result<saved_view::Model, SaveError> {
    saved_view::Entity::find_by_id(id)
        .filter(saved_view::Column::AccountId.eq(moderator.who.account_id))
        .one(tx.conn())
        .await?
        .ok_or(SaveError::Unknown)
}

/// Views belong to no community: who keeps one acts in the first role that they hold at the desk.
fn actor(moderator: &Moderator) -> Actor {
    let first = moderator.seats().first();
    moderator.actor(first.map_or(Uuid::nil(), |seat| seat.community_id))
}
