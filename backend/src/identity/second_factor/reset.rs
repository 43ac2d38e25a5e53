//! Takes a lost authenticator away (21 CFR 11.300(c)): its codes, its recovery codes and every session of its owner end at
//! once, and the owner gets a link that lets them enrol again.
//!
//! Whoever resets gains nothing: the link works only beside the password, and until another person has verified the
//! identity anew the account signs nothing. Using somebody's signature takes two people (21 CFR 11.200(a)(3)).

use std::time::Duration;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::recovery;
use crate::audit::{Actor, Event, Tx};
use crate::clock::{Clock, Timestamp};
use crate::db::insert;
use crate::identity::entity::{second_factor, second_factor_reset, session, signer};
use crate::identity::signed_in::Token;
use crate::identity::signing::end_series;

/// What the owner of the account is handed.
pub struct ResetLink {
    /// For the link, once.
    pub token: Token,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl ResetLink {
    /// The address to open.
    pub fn link(&self, public_url: &str) -> String {
        format!("{public_url}/account/renew/{}", self.token.reveal())
    }
}

/// Why there is nothing to reset.
#[derive(Debug, Error)]
pub enum ResetError {
    /// The account has no authenticator, and none was reset.
    #[error("this person has no second factor; they enrol on their account page")]
    NotEnrolled,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Takes the authenticator away. The event belongs into the commit; then the sessions of the account are to be revoked.
pub async fn reset(
    tx: &Tx,
    clock: &Clock,
    by: &Actor,
    account: Uuid,
    lifetime: Duration,
) -> Result<(ResetLink, Event), ResetError> {
    let now = clock.now();
    let taken = second_factor::Entity::delete_by_id(account)
        .exec(tx.conn())
        .await?;
    let reset_before = second_factor_reset::Entity::delete_by_id(account)
        .exec(tx.conn())
        .await?;
    if taken.rows_affected + reset_before.rows_affected == 0 {
        return Err(ResetError::NotEnrolled);
    }
    recovery::forget(tx, account).await?;
    let (token, expires_at) = (Token::random(), now.plus(lifetime));
    insert(
        tx.conn(),
        second_factor_reset::Model {
            account_id: account,
            token_hash: token.hash(),
            made_at: now.micros(),
            expires_at: expires_at.micros(),
        },
    )
    .await?;
    signer::Entity::insert(signer::ActiveModel {
        account_id: Set(account),
        statement_hash: NotSet,
        accepted_at: NotSet,
        evidence: Set(None),
        verified_at: Set(None),
        verified_by: Set(None),
        reset_by: Set(by.id),
    })
    .on_conflict(
        OnConflict::column(signer::Column::AccountId)
            .update_columns([
                signer::Column::Evidence,
                signer::Column::VerifiedAt,
                signer::Column::VerifiedBy,
                signer::Column::ResetBy,
            ])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    end_series(tx.conn(), account).await?;
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(Some(now.micros())))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    let event = Event::new(by, "second_factor.reset", "account", account).change(json!({
        "expires_at": expires_at.rfc3339(),
        "sessions": ended.rows_affected,
    }));
    Ok((ResetLink { token, expires_at }, event))
}
