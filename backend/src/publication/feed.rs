//! How the live slice reads the streams of this one.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::Publication;
use super::entity::{publication, stream, stream_event};
use super::list_threads::thread_card;
use super::post_view::post_views;
use crate::db::Db;
use crate::live::{Numbered, Source};

/// The functions that the hub reads streams with.
pub fn source() -> Source {
    Source {
        community_of: |db, name| Box::pin(async move { community_of(&db, &name).await }),
        last_numbers: |db, names| Box::pin(async move { last_numbers(&db, names).await }),
        after: |db, name, seq, limit| Box::pin(async move { after(&db, &name, seq, limit).await }),
    }
}

/// A thread's stream exists for readers once its first post is released.
async fn community_of(db: &Db, name: &str) -> Result<Option<Uuid>, DbErr> {
    let Some((kind, id)) = name.split_once(':') else {
        return Ok(None);
    };
    let Ok(id) = id.parse::<Uuid>() else {
        return Ok(None);
    };
    match kind {
        "community" => Ok(Some(id)),
        "thread" => {
            let first = publication::Entity::find_by_id(id).one(db.read()).await?;
            Ok(first.map(|publication| publication.community_id))
        }
        _ => Ok(None),
    }
}

async fn last_numbers(db: &Db, names: Vec<String>) -> Result<HashMap<String, i64>, DbErr> {
    let rows = stream::Entity::find()
        .filter(stream::Column::Name.is_in(names))
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.name, row.last_seq))
        .collect())
}

async fn after(db: &Db, name: &str, seq: i64, limit: u64) -> Result<Vec<Numbered>, DbErr> {
    let on = db.read();
    let rows = stream_event::Entity::find()
        .filter(stream_event::Column::Stream.eq(name))
        .filter(stream_event::Column::Seq.gt(seq))
        .order_by_asc(stream_event::Column::Seq)
        .limit(limit)
        .all(on)
        .await?;
    let posts: Vec<Uuid> = rows.iter().map(|row| row.post_id).collect();
    let now: HashMap<Uuid, Publication> = super::released_of(on, &posts)
        .await?
        .into_iter()
        .map(|p| (p.post_id, p))
        .collect();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        // What is shown is what readers may see now: an old event of a post that was edited since shows the edit, and of
        // one that was retracted the tombstone.
        let Some(publication) = now.get(&row.post_id) else {
            continue;
        };
        let event = if row.kind.starts_with("thread_") {
            json!({ "kind": row.kind, "thread": thread_card(on, publication).await? })
        } else {
            let post = post_views(on, std::slice::from_ref(publication), None)
                .await?
                .pop();
            json!({ "kind": row.kind, "post": post })
        };
        events.push(Numbered {
            seq: row.seq,
            event: event.to_string(),
        });
    }
    Ok(events)
}
