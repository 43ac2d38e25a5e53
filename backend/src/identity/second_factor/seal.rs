//! Keeps the secrets of authenticators unreadable for whoever has the database alone.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce};
use rand::RngExt as _;
use sea_orm::DbErr;
use secrecy::{ExposeSecret, SecretBox};
use uuid::Uuid;

const NONCE_BYTES: usize = 12;

/// Seals and opens secrets. Clones share the key.
#[derive(Clone)]
pub struct SecretSeal(Arc<SecretBox<[u8; 32]>>);

impl SecretSeal {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(key))))
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(*self.0.expose_secret()))
    }

    /// `nonce ‖ ChaCha20-Poly1305(secret)`, bound to its account.
    pub(super) fn seal(&self, account: Uuid, secret: &[u8]) -> Result<Vec<u8>, DbErr> {
        let nonce = rand::rng().random::<[u8; NONCE_BYTES]>();
        let sealed = self
            .cipher()
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: account.as_bytes(),
                },
            )
            .map_err(|_| DbErr::Custom("a secret could not be sealed".to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The secret of this account. One that was sealed for another account, or under another key, does not open.
    pub(super) fn open(&self, account: Uuid, sealed: &[u8]) -> Result<Vec<u8>, DbErr> {
        let unreadable = || {
            DbErr::Custom(
                "the secret of a second factor cannot be opened; was the key of the audit log exchanged?"
                    .to_owned(),
            )
        };
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(unreadable)?;
        let payload = Payload {
            msg: sealed,
            aad: account.as_bytes(),
        };
        self.cipher()
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| unreadable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_account_and_key_alone() {
        let (ada, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let seal = SecretSeal::new([7; 32]);
        let sealed = seal.seal(ada, b"twenty bytes of noise").unwrap();
        assert_eq!(seal.open(ada, &sealed).unwrap(), b"twenty bytes of noise");
        assert!(seal.open(bob, &sealed).is_err(), "copied to another row");
        assert!(SecretSeal::new([8; 32]).open(ada, &sealed).is_err());
        assert!(
            !sealed
                .windows(6)
                .any(|bytes| b"twenty bytes of noise".windows(6).any(|w| w == bytes))
        );
    }
}
