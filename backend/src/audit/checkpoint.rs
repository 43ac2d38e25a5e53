//! Checkpoints of the log: C2SP `tlog-checkpoint` in a C2SP signed note, with Ed25519.
//!
//! A checkpoint says "the log of this name has this many records and this root". Who keeps one can later prove that
//! nothing of what it covers was changed, removed or inserted. The same key signs the manifest of an export.

use super::merkle::Hash;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// C2SP signed-note: the algorithm byte of Ed25519.
const ED25519: u8 = 1;

/// A key or a name that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not of the form `PRIVATE+KEY+<name>+<id>+<key>`.
    #[error("the signing key is not of the form PRIVATE+KEY+<name>+<id>+<key>")]
    Malformed,
    /// The id in the text is not the one which its name and key have.
    #[error("the id in the signing key does not belong to its name and key")]
    WrongId,
    /// A name is not empty and has no white space and no plus sign.
    #[error("the log name `{0}` must not be empty and must have no white space and no plus sign")]
    Name(String),
}

/// The signing key of a log, with the log's name (its *origin*).
#[derive(Clone)]
pub struct LogKey {
    name: String,
    key: SigningKey,
}

impl std::fmt::Debug for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogKey({})", self.public())
    }
}

impl LogKey {
    /// A new key from `seed`, which must be 32 bytes of good randomness.
    ///
    /// # Errors
    /// [`KeyError::Name`] if `name` cannot stand in a note.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return Err(KeyError::Name(name.to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// Reads what [`LogKey::secret`] wrote.
    ///
    /// # Errors
    /// [`KeyError`] if `text` is not a key, or is one with a damaged id.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text
            .trim()
            .strip_prefix("PRIVATE+KEY+")
            .ok_or(KeyError::Malformed)?
            .splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        let bytes = BASE64.decode(key).map_err(|_| KeyError::Malformed)?;
        let Some((&ED25519, seed)) = bytes.split_first() else {
            return Err(KeyError::Malformed);
        };
        let key = Self::new(name, seed.try_into().map_err(|_| KeyError::Malformed)?)?;
        if hex::encode(key.id()) != id {
            return Err(KeyError::WrongId);
        }
        Ok(key)
    }

    /// A key for another purpose, from which nothing leads back to this one (HKDF-SHA256, RFC 5869).
    ///
    /// # Errors
    /// Never for 32 bytes; RFC 5869 allows 8160.
    pub fn derive(&self, purpose: &str) -> Result<[u8; 32], hkdf::InvalidLength> {
        let mut derived = [0; 32];
        hkdf::Hkdf::<Sha256>::new(None, self.key.as_bytes())
            .expand(purpose.as_bytes(), &mut derived)?;
        Ok(derived)
    }

    /// The key as text, to be kept secret: `PRIVATE+KEY+<name>+<id>+<key>`.
    #[must_use]
    pub fn secret(&self) -> String {
        let bytes = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        format!(
            "PRIVATE+KEY+{}+{}+{}",
            self.name,
            hex::encode(self.id()),
            BASE64.encode(bytes)
        )
    }

    /// The C2SP *vkey*, for everyone: `<name>+<id>+<key>`.
    #[must_use]
    pub fn public(&self) -> String {
        format!(
            "{}+{}+{}",
            self.name,
            hex::encode(self.id()),
            BASE64.encode(typed(&self.key.verifying_key()))
        )
    }

    /// The name of the log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of `SHA-256(name || "\n" || 0x01 || public key)`.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update("\n")
            .chain_update(typed(&self.key.verifying_key()))
            .finalize();
        digest.first_chunk().copied().unwrap_or_default()
    }

    /// A signed note: `text` (which must end in a line feed), a blank line, and the signature line.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let signature = [
            self.id().as_slice(),
            &self.key.sign(text.as_bytes()).to_bytes(),
        ]
        .concat();
        format!(
            "{text}\n\u{2014} {} {}\n",
            self.name,
            BASE64.encode(signature)
        )
    }

    /// The signed checkpoint of a log of `size` records with this root.
    #[must_use]
    pub fn checkpoint(&self, size: u64, root: &Hash) -> String {
        self.sign(&format!("{}\n{size}\n{}\n", self.name, BASE64.encode(root)))
    }
}

fn typed(key: &VerifyingKey) -> Vec<u8> {
    [&[ED25519], key.as_bytes().as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> LogKey {
        LogKey::new("garden.example/audit", &[7; 32]).unwrap_or_else(|e| unreachable!("{e}"))
    }

    #[test]
    fn a_signing_key_survives_being_written_and_read() {
        let read = LogKey::parse(&key().secret()).map(|key| key.public());
        assert_eq!(read, Ok(key().public()));
    }

    #[test]
    fn a_known_key_has_its_known_id() {
        // The key pair with which the documentation of golang.org/x/mod/sumdb/note shows the format.
        let known = LogKey::parse(
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        );
        assert_eq!(
            known.map(|key| key.public()),
            Ok("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned())
        );
    }

    #[test]
    fn a_checkpoint_names_the_log_its_size_and_its_root() {
        let note = key().checkpoint(3, &[0; 32]);
        assert!(note.starts_with("garden.example/audit\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u{2014} garden.example/audit "));
    }

    #[test]
    fn a_damaged_key_and_an_unfit_name_are_refused() {
        let damaged = key().secret().replace("garden", "Garden");
        assert_eq!(LogKey::parse(&damaged).err(), Some(KeyError::WrongId));
        assert_eq!(LogKey::parse("garden").err(), Some(KeyError::Malformed));
        for name in ["", "a b", "a+b"] {
            assert_eq!(
                LogKey::new(name, &[0; 32]).err(),
                Some(KeyError::Name(name.to_owned()))
            );
        }
    }

    #[test]
    fn the_secret_does_not_show_in_debug_output() {
        assert_eq!(
            format!("{:?}", key()),
            format!("LogKey({})", key().public())
        );
    }
}
