//! Takes the locks of sign-in and of signing from an account after too many failures, so that its owner need not wait.

use sea_orm::DbErr;
use serde_json::json;

use super::lock_out::{forgive, subject};
use super::{Email, account_of, again};
use crate::audit::{Actor, Audit, Event};

/// Forgets the failures of this address; says whether it has an account.
pub async fn unlock(audit: &Audit, by: &Actor, email: &Email) -> Result<bool, DbErr> {
    let tx = audit.begin().await?;
    let Some(account) = account_of(tx.conn(), email).await? else {
        return Ok(false);
    };
    forgive(tx.conn(), &subject(email.as_str())).await?;
    forgive(tx.conn(), &again::subject(account)).await?;
    let event = Event::new(by, "account.unlocked", "account", account).change(json!({}));
    tx.commit(event).await?;
    Ok(true)
}
