//! What stands between a visitor and a session.

use std::sync::Arc;
use std::time::Duration;

use super::lock_out::{AddressLimit, LockOut};
use super::password::Passwords;
use super::second_factor::SecondFactors;
use super::signing::SigningRules;

/// How long a session lasts.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// From sign-in, whatever happens.
    pub lifetime: Duration,
    /// Without use.
    pub idle: Duration,
}

/// The door of the server. Clones share the password memory and the limits.
#[derive(Clone)]
pub struct Door {
    /// Hashes and compares passwords.
    pub passwords: Passwords,
    /// Locks an account name after failures.
    pub lock_out: LockOut,
    /// Limits attempts from one address.
    pub addresses: Arc<AddressLimit>,
    /// How long a session lasts.
    pub sessions: SessionLimits,
    /// When the second factor is asked for, and what seals its secrets.
    pub second_factors: SecondFactors,
    /// The rules of signing.
    pub signing: SigningRules,
}

impl Door {
    /// A door with these limits and rules.
    pub fn new(
        lock_out: LockOut,
        addresses: AddressLimit,
        sessions: SessionLimits,
        second_factors: SecondFactors,
        signing: SigningRules,
    ) -> Self {
        Self {
            passwords: Passwords::new(),
            lock_out,
            addresses: Arc::new(addresses),
            sessions,
            second_factors,
            signing,
        }
    }
}
