//! The telephone of an invented person while the story is told.

use anyhow::Context as _;
use totp_rs::{Builder, Secret, Totp};

use crate::clock::Clock;

const STEP: u64 = 30;

/// An authenticator app that shows each code once.
pub struct Authenticator {
    totp: Totp,
    shown: u64,
}

impl Authenticator {
    /// With this secret, in base 32.
    pub fn new(secret: &str) -> anyhow::Result<Self> {
        let secret = Secret::try_from_base32(secret)
            .ok()
            .context("an authenticator has no secret in base 32")?;
        let totp = Builder::new().with_secret(secret).build();
        Ok(Self {
            totp: totp.ok().context("an authenticator has no good secret")?,
            shown: 0,
        })
    }

    /// The code at this moment of the story; none while the one that is shown was used.
    pub fn code(&mut self, clock: &Clock) -> Option<String> {
        let seconds = u64::try_from(clock.now().micros() / 1_000_000).unwrap_or_default();
        let step = seconds / STEP;
        if step <= self.shown {
            return None;
        }
        self.shown = step;
        Some(self.totp.generate(step * STEP).to_string())
    }
}
