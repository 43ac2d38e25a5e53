//! The secrets with which a community's webhooks are signed. While one is rolled, both sign.

use std::time::Duration;

use rand::RngExt as _;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::entity::webhook_secret;
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;
use crate::communities::authority::Administrator;
use crate::db::insert;

/// How long the secret before goes on signing.
const BOTH: Duration = Duration::from_secs(24 * 3600);

/// The secrets that sign now, the newest first.
pub async fn valid(
    on: &impl ConnectionTrait,
    community: Uuid,
    now: Timestamp,
) -> Result<Vec<String>, DbErr> {
    let still = Condition::any()
        .add(webhook_secret::Column::EndsAt.is_null())
        .add(webhook_secret::Column::EndsAt.gt(now.micros()));
    let rows = webhook_secret::Entity::find()
        .filter(webhook_secret::Column::CommunityId.eq(community))
        .filter(still)
        .order_by_desc(webhook_secret::Column::Id)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| row.secret).collect())
}

/// Makes a new secret and gives it, once. The one before signs for a day longer, those before it no more.
pub async fn roll(
    audit: &Audit,
    by: &Administrator,
    slug: &str,
) -> Result<Option<(String, Timestamp)>, DbErr> {
    let Some(seat) = by.seat_at(slug) else {
        return Ok(None);
    };
    let community = seat.community_id;
    let clock = audit.clock();
    let (now, until) = (clock.now(), clock.now().plus(BOTH));
    let tx = audit.begin().await?;
    let of_community = || {
        webhook_secret::Entity::update_many()
            .filter(webhook_secret::Column::CommunityId.eq(community))
    };
    let ends = |at: Timestamp| sea_orm::sea_query::Expr::value(at.micros());
    of_community()
        .filter(webhook_secret::Column::EndsAt.gt(now.micros()))
        .col_expr(webhook_secret::Column::EndsAt, ends(now))
        .exec(tx.conn())
        .await?;
    of_community()
        .filter(webhook_secret::Column::EndsAt.is_null())
        .col_expr(webhook_secret::Column::EndsAt, ends(until))
        .exec(tx.conn())
        .await?;
    let id = clock.new_id();
    let secret = hex::encode(rand::rng().random::<[u8; 32]>());
    let row = webhook_secret::Model {
        id,
        community_id: community,
        secret: secret.clone(),
        created_at: now.micros(),
        ends_at: None,
    };
    insert(tx.conn(), row).await?;
    let event = Event::new(
        &by.actor(community),
        "webhook_secret.made",
        "webhook_secret",
        id,
    )
    .within(community)
    .change(json!({ "former_signs_until": until.micros() }));
    tx.commit(event).await?;
    Ok(Some((secret, until)))
}
