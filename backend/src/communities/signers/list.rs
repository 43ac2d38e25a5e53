//! Lists the staff of a community with how they stand with signing.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::communities::authority::Administrator;
use crate::communities::entity::membership;
use crate::communities::roles::{Role, Roles};
use crate::identity::printed_names;
use crate::identity::signing::{SigningRules, signers};

/// Somebody of the staff, and how they stand with signing.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSigner {
    /// The account.
    account_id: Uuid,
    /// The printed name.
    name: String,
    /// What they may do here.
    roles: Roles,
    /// Since when they have a second factor.
    enrolled_at: Option<Timestamp>,
    /// When they accepted the statement that is in force.
    accepted_at: Option<Timestamp>,
    /// When somebody verified who they are.
    verified_at: Option<Timestamp>,
    /// By whom, unless it was done at the machine.
    verified_by: Option<String>,
    /// Whether it is you.
    you: bool,
}

/// The staff of the community, by name.
pub(super) async fn list(
    on: &impl ConnectionTrait,
    rules: &SigningRules,
    by: &Administrator,
    slug: &str,
) -> Result<Option<Vec<StaffSigner>>, DbErr> {
    let Some(seat) = by.seat_at(slug) else {
        return Ok(None);
    };
    let staff: Vec<(Uuid, Roles)> = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(seat.community_id))
        .filter(membership::Column::EndedAt.is_null())
        .filter(membership::Column::Roles.ne(Role::Member.word()))
        .all(on)
        .await?
        .into_iter()
        .map(|row| (row.account_id, Roles::from_stored(&row.roles)))
        .collect();
    let accounts: Vec<Uuid> = staff.iter().map(|(account, _)| *account).collect();
    let found = signers(on, &accounts).await?;
    let vouchers = found
        .values()
        .filter_map(|signer| signer.verified.and_then(|(_, by)| by));
    let names = printed_names(on, accounts.iter().copied().chain(vouchers)).await?;
    let name = |account: Uuid| names.get(&account).cloned().unwrap_or_default();
    let mut items: Vec<StaffSigner> = staff
        .into_iter()
        .map(|(account_id, roles)| {
            let signer = found.get(&account_id).cloned().unwrap_or_default();
            StaffSigner {
                account_id,
                name: name(account_id),
                roles,
                enrolled_at: signer.enrolled_at,
                accepted_at: signer
                    .accepted
                    .as_ref()
                    .filter(|_| signer.has_accepted(rules))
                    .map(|(_, at)| *at),
                verified_at: signer.verified.map(|(at, _)| at),
                verified_by: signer.verified.and_then(|(_, by)| by).map(name),
                you: account_id == by.who.account_id,
            }
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some(items))
}
