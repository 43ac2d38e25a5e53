//! Series of signings in one continuous session (21 CFR 11.200(a)(1)(i) and (ii)).
//!
//! The time is counted from the last signing, not from the last request: a page that asks for news by itself says nothing of
//! who sits before it.

use std::net::IpAddr;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::SigningRules;
use crate::clock::Timestamp;
use crate::identity::entity::signing_series;
use crate::identity::sessions::Device;
use crate::identity::signed_in::SignedIn;

/// Until when the series of this session is open, if it is, at this place.
pub(super) async fn open_until(
    on: &impl ConnectionTrait,
    who: &SignedIn,
    place: &str,
    rules: &SigningRules,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    let row = signing_series::Entity::find_by_id(who.session_id)
        .one(on)
        .await?;
    Ok(row
        .filter(|row| row.account_id == who.account_id && row.place == place)
        .filter(|row| row.signed_at <= now.micros())
        .map(|row| Timestamp::from_micros(row.signed_at).plus(rules.series))
        .filter(|until| now < *until))
}

/// A signing was made: the series begins, or goes on.
pub(super) async fn go_on(
    tx: &DatabaseTransaction,
    who: &SignedIn,
    place: &str,
    begins: bool,
    now: Timestamp,
) -> Result<(), DbErr> {
    let mut renewed = vec![signing_series::Column::SignedAt];
    if begins {
        renewed.extend([
            signing_series::Column::BeganAt,
            signing_series::Column::Place,
        ]);
    }
    signing_series::Entity::insert(signing_series::ActiveModel {
        session_id: Set(who.session_id),
        account_id: Set(who.account_id),
        began_at: Set(now.micros()),
        signed_at: Set(now.micros()),
        place: Set(place.to_owned()),
    })
    .on_conflict(
        OnConflict::column(signing_series::Column::SessionId)
            .update_columns(renewed)
            .to_owned(),
    )
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Ends every series of this account: its next signing takes all components.
pub async fn end_series(tx: &DatabaseTransaction, account: Uuid) -> Result<(), DbErr> {
    signing_series::Entity::delete_many()
        .filter(signing_series::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Where somebody sits, as a hash: the address and what the browser calls itself.
pub(super) fn place(device: &Device) -> String {
    let address: IpAddr = device.address.to_canonical();
    hex::encode(Sha256::digest(
        format!("{address}\n{}", device.user_agent).as_bytes(),
    ))
}
