//! The second factor: an authenticator app that shows codes (TOTP, RFC 6238), and recovery codes for when it is lost.
//!
//! INVARIANT: a code proves once: the time step of the last one used is stored, and no step up to it proves anything.
//! INVARIANT: a secret is in the database only sealed under a key that is not there, bound to its account; recovery codes
//! and reset links only as hashes.
//! INVARIANT: who administers can take an authenticator away, never use one: after a reset only the holder of the link who
//! also knows the password enrols again, and then somebody else verifies the identity anew (21 CFR 11.200(a)(3)).

mod code;
mod enrol;
mod recovery;
mod reset;
pub mod routes;
mod seal;
mod status;
mod totp;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::entity::second_factor;
use crate::clock::Timestamp;

pub(super) use code::{Factor, check_code, use_up};
pub use reset::{ResetError, ResetLink, reset};
pub use seal::SecretSeal;
pub use totp::current_code;

/// When signing in asks for the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedFor {
    /// Of everybody who has one, and nobody acts in a role of staff without it.
    Staff,
    /// Of everybody who has one.
    Enrolled,
    /// Never at sign-in; only for signing.
    Signing,
}

impl AskedFor {
    /// From the setting.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "staff" => Some(Self::Staff),
            "enrolled" => Some(Self::Enrolled),
            "signing" => Some(Self::Signing),
            _ => None,
        }
    }
}

/// When the second factor is asked for, and the key that seals the secrets. Clones share the key.
#[derive(Clone)]
pub struct SecondFactors {
    /// When signing in asks for it.
    pub asked_for: AskedFor,
    /// Seals the secrets.
    pub seal: SecretSeal,
    /// The name under which the authenticator app lists this server.
    pub issuer: String,
}

/// Since when this account has an authenticator, if it has one.
pub async fn enrolled_at(
    on: &impl ConnectionTrait,
    account: Uuid,
) -> Result<Option<Timestamp>, DbErr> {
    let row = second_factor::Entity::find_by_id(account).one(on).await?;
    Ok(row
        .and_then(|row| row.confirmed_at)
        .map(Timestamp::from_micros))
}

/// What the tests of signing do as the routes do.
#[cfg(test)]
pub(super) mod testing {
    pub use super::enrol::{Asked, EnrolError, begin, confirm};
}
