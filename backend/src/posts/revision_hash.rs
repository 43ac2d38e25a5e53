//! The hash that names a revision in decisions, in the audit log and in the inspection bundle.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::Revision;
use crate::audit::canonical::{NotCanonical, to_canonical};

/// SHA-256, in hex, of the canonical JSON of everything that was submitted. The random salt keeps short texts from
/// being guessed from the hash after they were erased.
pub fn revision_hash(revision: &Revision) -> Result<String, NotCanonical> {
    let canonical = to_canonical(&json!({
        "author": revision.author_id,
        "body": revision.body,
        "number": revision.number,
        "post": revision.post_id,
        "salt": revision.salt,
        "submitted_at": revision.submitted_at,
        "title": revision.title,
    }))?;
    Ok(hex::encode(Sha256::digest(canonical.as_bytes())))
}
