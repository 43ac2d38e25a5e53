//! Changes one's own password. Every other session ends, and so does a series of signings (21 CFR 11.200(a)(1)(ii)).

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use thiserror::Error;

use super::again::{AgainError, Typed, prove_again};
use super::door::Door;
use super::entity::{account, session};
use super::password::PasswordFault;
use super::password_rules::{PasswordRefused, check_password};
use super::second_factor::enrolled_at;
use super::signed_in::{ACCOUNT_HOLDER, SignedIn};
use super::signing::end_series;
use crate::audit::{Audit, Event};

/// Why the password stays.
#[derive(Debug, Error)]
pub enum ChangePasswordError {
    /// Who has a second factor proves it.
    #[error("type a code of your authenticator, too")]
    CodeNeeded,
    /// The new one may not be chosen.
    #[error(transparent)]
    Refused(#[from] PasswordRefused),
    /// The new one could not be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordFault),
    /// The person did not prove again who they are.
    #[error(transparent)]
    Again(#[from] AgainError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The password so far, the new one, and a code where there is a second factor.
pub struct PasswordChange<'a> {
    /// The password so far.
    pub current: &'a SecretString,
    /// A code of the authenticator.
    pub code: Option<&'a SecretString>,
    /// The new password.
    pub new: &'a SecretString,
}

/// Changes the password of who is signed in. Sessions of other devices are to be revoked after it.
pub async fn change_password(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    change: PasswordChange<'_>,
) -> Result<(), ChangePasswordError> {
    check_password(change.new.expose_secret(), &who.email, &who.name)?;
    let enrolled = enrolled_at(audit.db().read(), who.account_id).await?;
    if enrolled.is_some() && change.code.is_none() {
        return Err(ChangePasswordError::CodeNeeded);
    }
    let typed = Typed {
        password: Some(change.current),
        code: change.code.filter(|_| enrolled.is_some()),
        recovery_too: false,
    };
    let again = prove_again(audit, door, who, typed, "account.password_refused").await?;
    let password_hash = door.passwords.hash(change.new).await?;
    let (tx, now) = (audit.begin().await?, audit.clock().now());
    again.hold(&tx, now).await?;
    account::Entity::update(account::ActiveModel {
        id: Unchanged(who.account_id),
        password_hash: Set(password_hash),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    end_series(tx.conn(), who.account_id).await?;
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(Some(now.micros())))
        .filter(session::Column::AccountId.eq(who.account_id))
        .filter(session::Column::Id.ne(who.session_id))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    let event = Event::new(
        &who.actor(ACCOUNT_HOLDER),
        "account.password_changed",
        "account",
        who.account_id,
    )
    .change(json!({ "proven_by": again.components(), "sessions_ended": ended.rows_affected }));
    tx.commit(event).await?;
    Ok(())
}
