//! What the settings say of signing.

use std::time::Duration;

use sha2::{Digest, Sha256};

/// The rules of signing on this server.
#[derive(Debug, Clone)]
pub struct SigningRules {
    /// How long a series stays open after its last signing.
    pub series: Duration,
    /// What a person accepts before they sign for the first time (21 CFR 11.10(j), 11.100(c)).
    pub statement: String,
}

impl SigningRules {
    /// The SHA-256 of the statement in hex: another statement must be accepted anew.
    pub fn statement_hash(&self) -> String {
        hex::encode(Sha256::digest(self.statement.as_bytes()))
    }
}
