//! Makes an account. Only accepting an invitation does this: nobody registers on their own.

use sea_orm::{DbErr, SqlErr};
use serde_json::json;
use thiserror::Error;

use super::email::Email;
use super::entity::account;
use super::names;
use super::printed_name::PrintedName;
use super::sign_in::Proven;
use crate::audit::{Event, Tx};
use crate::clock::Clock;
use crate::db::insert;

/// A person who has no account yet.
pub struct NewAccount<'a> {
    /// The address they will sign in with.
    pub email: &'a Email,
    /// The printed name.
    pub name: &'a PrintedName,
    /// The PHC string of the password they chose.
    pub password_hash: String,
    /// Whether they may create communities.
    pub administrator: bool,
    /// What the record says it came from, as in `invitation:…`.
    pub from: &'a str,
}

/// Why there is no new account.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// Somebody has an account under this address.
    #[error("there is an account with this e-mail address already")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Makes the account within the transaction. The event belongs into the commit.
pub async fn register(
    tx: &Tx,
    clock: &Clock,
    new: NewAccount<'_>,
) -> Result<(Proven, Event), RegisterError> {
    let id = clock.new_id();
    let name_commitment = names::commit(tx, clock, id, new.name).await?;
    let account = account::Model {
        id,
        email: new.email.as_str().to_owned(),
        name: new.name.as_str().to_owned(),
        name_commitment,
        password_hash: new.password_hash,
        administrator: new.administrator,
        created_at: clock.now().micros(),
        disabled_at: None,
    };
    insert(tx.conn(), account.clone())
        .await
        .map_err(|cause| match cause.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => RegisterError::EmailTaken,
            _ => RegisterError::Database(cause),
        })?;
    let person = Proven::new_account(account);
    let event = Event::new(&person.actor(new.from), "account.registered", "account", id)
        .change(json!({ "administrator": new.administrator }));
    Ok((person, event))
}
