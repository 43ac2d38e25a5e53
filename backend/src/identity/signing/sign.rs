//! Signs, in the transaction of what is signed.

use sea_orm::DbErr;
use serde_json::json;

use super::check::{Ready, SigningError};
use super::manifest::{Manifest, hash};
use super::store::Signature;
use super::{series, signer};
use crate::audit::{Event, Tx, canonical};
use crate::clock::Clock;
use crate::db::insert;
use crate::identity::entity::signature;

/// Signs what the manifest names. What was compared before is compared again with how things stand now, and used up. The
/// event belongs into the commit.
///
/// # Errors
/// [`SigningError`] if something changed since; the transaction is then to be dropped.
pub async fn sign(
    tx: &Tx,
    clock: &Clock,
    ready: Ready,
    manifest: Manifest<'_>,
) -> Result<(Signature, Event), SigningError> {
    if manifest.meaning != ready.meaning {
        return Err(SigningError::AnotherMeaning);
    }
    let now = clock.now();
    let (who, on) = (&ready.who, tx.conn());
    signer(on, who.account_id).await?.may_sign(&ready.rules)?;
    // The series may have been ended since; then one component is not enough, and two begin another one.
    let open = series::open_until(on, who, &ready.place, &ready.rules, now).await?;
    let begins = open.is_none();
    if begins && ready.again.components().len() < 2 {
        return Err(SigningError::BothNeeded);
    }
    ready.again.hold(tx, now).await?;
    series::go_on(on, who, &ready.place, begins, now).await?;

    let id = clock.new_id();
    let signed = canonical::to_canonical(&manifest.signed(id, &ready, begins, now))
        .map_err(|cause| DbErr::Custom(format!("a signature cannot be written: {cause}")))?;
    let (kind, object) = manifest.object;
    let row = signature::Model {
        id,
        account_id: who.account_id,
        community_id: manifest.community,
        object_kind: kind.to_owned(),
        object_id: object,
        revision_id: manifest.revision.map(|(revision, _)| revision),
        signed_at: now.micros(),
        meaning: manifest.meaning.word().to_owned(),
        manifest_hash: hash(&signed),
        manifest: signed,
    };
    let event = Event::new(&who.actor(manifest.role), "signature.made", "signature", id)
        .change(json!({
            "components": ready.again.components(),
            "manifest_hash": row.manifest_hash,
            "meaning": row.meaning,
            "object": { "id": object, "kind": kind },
            "revision": row.revision_id,
            "signed_at": row.signed_at,
        }))
        .within(manifest.community);
    insert(on, row.clone()).await?;
    Ok((row, event))
}
