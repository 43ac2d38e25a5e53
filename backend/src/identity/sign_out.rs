//! Ends sessions: on this device, or everywhere when a device was lost (R-ER-07, 21 CFR 11.300(c)).

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;

use super::entity::session;
use super::revocations::{Revocations, Revoked};
use super::signed_in::{ACCOUNT_HOLDER, SignedIn};
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;

/// Ends this session; its sockets close.
pub async fn sign_out(
    audit: &Audit,
    revocations: &Revocations,
    who: &SignedIn,
) -> Result<(), DbErr> {
    let tx = audit.begin().await?;
    let only_this = session::Column::Id.eq(who.session_id);
    let ended = end(tx.conn(), who, only_this, audit.clock().now()).await?;
    if ended == 0 {
        return Ok(());
    }
    let actor = who.actor(ACCOUNT_HOLDER);
    tx.commit(Event::new(
        &actor,
        "session.ended",
        "session",
        who.session_id,
    ))
    .await?;
    revocations.announce(Revoked::Session(who.session_id));
    Ok(())
}

/// Ends every session of this account; all its sockets close.
pub async fn sign_out_everywhere(
    audit: &Audit,
    revocations: &Revocations,
    who: &SignedIn,
) -> Result<(), DbErr> {
    let tx = audit.begin().await?;
    let all = session::Column::AccountId.eq(who.account_id);
    let ended = end(tx.conn(), who, all, audit.clock().now()).await?;
    let actor = who.actor(ACCOUNT_HOLDER);
    tx.commit(
        Event::new(
            &actor,
            "session.ended_everywhere",
            "account",
            who.account_id,
        )
        .change(json!({ "sessions": ended })),
    )
    .await?;
    revocations.announce(Revoked::Account(who.account_id));
    Ok(())
}

async fn end(
    tx: &DatabaseTransaction,
    who: &SignedIn,
    which: impl sea_orm::sea_query::IntoCondition,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let ended = session::Entity::update_many()
        .set(session::ActiveModel {
            ended_at: Set(Some(now.micros())),
            ..Default::default()
        })
        .filter(session::Column::AccountId.eq(who.account_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(which.into_condition())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}
