//! What is signed, as canonical JSON: the bytes that the signature is about.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::check::Ready;
use super::meaning::Meaning;
use crate::audit::words_hash;
use crate::clock::Timestamp;

/// What somebody signs: one row that is made in the same transaction and never changes.
#[derive(Debug, Clone)]
pub struct Manifest<'a> {
    /// What the signature means, as the server decides.
    pub meaning: Meaning,
    /// The kind and the identifier of the row.
    pub object: (&'static str, Uuid),
    /// The community, whose staff may read the signature.
    pub community: Uuid,
    /// The role in which the person signs.
    pub role: &'a str,
    /// What is done.
    pub action: &'a str,
    /// The reason code.
    pub reason: Option<&'a str>,
    /// The revision that was read, and its hash.
    pub revision: Option<(Uuid, &'a str)>,
    /// The rules whose findings were read.
    pub rule_set_hash: Option<&'a str>,
    /// Words that belong to the row: the signature binds them by [`words_hash`].
    pub words: Option<&'a str>,
    /// Further identifiers, hashes and codes that are bound: an object; never words.
    pub other: Value,
}

impl Manifest<'_> {
    /// The manifest of this signature.
    pub(super) fn signed(&self, id: Uuid, ready: &Ready, begins: bool, at: Timestamp) -> Value {
        let (kind, object) = self.object;
        json!({
            "action": self.action,
            "community": self.community,
            "components": ready.again.components(),
            "id": id,
            "meaning": self.meaning.word(),
            "meaning_text": self.meaning.text(),
            "object": { "id": object, "kind": kind },
            "other": self.other,
            "reason": self.reason,
            "revision": self.revision.map(|(revision, _)| revision),
            "revision_hash": self.revision.map(|(_, hash)| hash),
            "role": self.role,
            "rule_set_hash": self.rule_set_hash,
            "series": if begins { "first" } else { "later" },
            "signed_at": at.micros(),
            "signed_at_utc": at.rfc3339(),
            "signer": ready.who.account_id,
            "signer_commitment": ready.who.name_commitment,
            "signer_name": ready.who.name,
            "statement_hash": ready.rules.statement_hash(),
            "version": 1,
            "words_hash": words_hash(object, self.words),
        })
    }
}

/// The SHA-256 of signed bytes, in hex.
pub(super) fn hash(manifest: &str) -> String {
    hex::encode(Sha256::digest(manifest.as_bytes()))
}
