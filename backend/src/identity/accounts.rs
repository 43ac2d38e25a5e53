//! Looking up accounts by the address that they sign in with.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::email::Email;
use super::entity::account;

/// The account under this address, if there is one.
pub async fn account_of(on: &impl ConnectionTrait, email: &Email) -> Result<Option<Uuid>, DbErr> {
    Ok(by_email(on, email.as_str())
        .await?
        .map(|account| account.id))
}

/// The mail addresses of these accounts that may sign in.
pub async fn addresses(on: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<String>, DbErr> {
    account::Entity::find()
        .select_only()
        .column(account::Column::Email)
        .filter(account::Column::Id.is_in(accounts.iter().copied()))
        .filter(account::Column::DisabledAt.is_null())
        .into_tuple()
        .all(on)
        .await
}

/// Whether this server has no account yet: nobody has ever accepted an invitation.
pub async fn nobody_yet(on: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(account::Entity::find().one(on).await?.is_none())
}

/// The account under this folded address.
pub(super) async fn by_email(
    on: &impl ConnectionTrait,
    folded: &str,
) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Email.eq(folded))
        .one(on)
        .await
}
