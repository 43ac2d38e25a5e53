//! How I stand with my second factor.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AskedFor, SecondFactors, recovery};
use crate::clock::Timestamp;
use crate::identity::entity::{second_factor, second_factor_reset};
use crate::identity::signed_in::SignedIn;

/// My second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorStatus {
    /// Since when I have one.
    enrolled_at: Option<Timestamp>,
    /// Until when the first code of a new secret is awaited, if one is.
    pending_until: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    recovery_codes_left: u64,
    /// Whether it was reset, so that enrolling takes the link.
    link_needed: bool,
    /// Whether nobody acts in a role of staff here without it.
    staff_need_it: bool,
}

/// How this person stands.
pub(super) async fn status(
    on: &impl ConnectionTrait,
    factors: &SecondFactors,
    who: &SignedIn,
    now: Timestamp,
) -> Result<SecondFactorStatus, DbErr> {
    let account = who.account_id;
    let row = second_factor::Entity::find_by_id(account).one(on).await?;
    let reset = second_factor_reset::Entity::find_by_id(account)
        .one(on)
        .await?;
    let (enrolled_at, pending_until) = row.map_or((None, None), |row| {
        let pending = row.pending_until.filter(|until| now.micros() < *until);
        (row.confirmed_at, pending)
    });
    Ok(SecondFactorStatus {
        enrolled_at: enrolled_at.map(Timestamp::from_micros),
        pending_until: pending_until.map(Timestamp::from_micros),
        recovery_codes_left: recovery::left(on, account).await?,
        link_needed: reset.is_some(),
        staff_need_it: factors.asked_for == AskedFor::Staff,
    })
}
