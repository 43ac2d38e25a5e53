//! C2SP signed notes and `tlog-checkpoint`, from the checking side.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, VerifyingKey};

use super::tree::{Hash, sha256};

const ED25519: u8 = 1;

/// The public key of a log, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl PublicKey {
    /// Reads a C2SP *vkey*: `<name>+<id>+<key>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("the public key is not of the form <name>+<id>+<key>".to_owned());
        };
        let typed = BASE64
            .decode(key)
            .map_err(|cause| format!("the public key is not base64: {cause}"))?;
        let bytes = match typed.split_first() {
            Some((&ED25519, bytes)) => bytes
                .try_into()
                .map_err(|_| "the public key does not have 32 bytes")?,
            _ => return Err("the public key is not an Ed25519 key".to_owned()),
        };
        let key = VerifyingKey::from_bytes(bytes)
            .map_err(|_| "the public key is no point of the curve")?;
        if key.is_weak() {
            return Err("the public key is weak: it verifies anything".to_owned());
        }
        let digest = sha256(&[name.as_bytes(), b"\n", &typed].concat());
        let wanted = digest.first_chunk::<4>().copied().unwrap_or_default();
        if hex::encode(wanted) != id {
            return Err("the id of the public key does not belong to its name and key".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            id: wanted,
            key,
        })
    }

    /// The key as it was read.
    pub fn text(&self) -> String {
        let typed = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        format!(
            "{}+{}+{}",
            self.name,
            hex::encode(self.id),
            BASE64.encode(typed)
        )
    }

    /// The name of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a note that carries exactly one signature, which must be of this key.
    pub fn open(&self, note: &str) -> Result<String, String> {
        let (text, signature) = note
            .rsplit_once("\n\n\u{2014} ")
            .ok_or("the note has no signature line after a blank line")?;
        let text = format!("{text}\n");
        let (name, encoded) = signature
            .strip_suffix('\n')
            .and_then(|line| line.split_once(' '))
            .ok_or("the signature line is not of the form `— <name> <signature>`")?;
        if name != self.name {
            return Err(format!(
                "the note is signed in the name of `{name}`, not of `{}`",
                self.name
            ));
        }
        let bytes = BASE64
            .decode(encoded)
            .map_err(|cause| format!("the signature is not base64: {cause}"))?;
        let (id, bytes) = bytes
            .split_first_chunk::<4>()
            .ok_or("the signature is too short")?;
        if *id != self.id {
            return Err("the note is signed with another key".to_owned());
        }
        let signature =
            Signature::from_slice(bytes).map_err(|_| "the signature does not have 64 bytes")?;
        self.key
            .verify_strict(text.as_bytes(), &signature)
            .map_err(|_| "the signature does not belong to the text".to_owned())?;
        Ok(text)
    }

    /// The size and the root that a checkpoint of this log states.
    pub fn checkpoint(&self, note: &str) -> Result<(u64, Hash), String> {
        let text = self.open(note)?;
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next(), lines.next(), lines.next());
        if origin != Some(&self.name) {
            return Err(format!(
                "the checkpoint is not one of the log `{}`",
                self.name
            ));
        }
        if (lines.next(), lines.next()) != (Some(""), None) {
            return Err("the checkpoint must have three lines".to_owned());
        }
        let size = size
            .and_then(|text| {
                text.parse::<u64>()
                    .ok()
                    .filter(|number| number.to_string() == text)
            })
            .ok_or("the size in the checkpoint is no number")?;
        let root = root
            .and_then(|text| BASE64.decode(text).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or("the root in the checkpoint is no SHA-256 in base64")?;
        Ok((size, root))
    }
}
