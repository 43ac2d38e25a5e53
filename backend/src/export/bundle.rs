//! Export an inspection bundle: record it, seal, take one state of the database, write it down, sign it.

use std::fs::File;
use std::time::Duration;

use rand::RngExt as _;
use sea_orm::{DatabaseTransaction, DbErr};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::report::{self, Heading};
use super::spool::Spool;
use super::{content, log, people, signatures, zip};
use crate::audit::canonical::NotCanonical;
use crate::audit::checkpoint::LogKey;
use crate::audit::merkle::ProofError;
use crate::audit::store::all_sealed;
use crate::audit::{Actor, Audit, Event, SealError, Sealer};
use crate::clock::{Clock, Timestamp};
use crate::communities::{communities, people_of};
use crate::db::Db;

/// How often a state without unsealed records is looked for. Records that arrive in the instant between sealing and
/// looking make it necessary.
const ATTEMPTS: usize = 200;
/// How long another process is given to seal before the next look.
const PAUSE: Duration = Duration::from_millis(25);

/// What goes into a bundle.
#[derive(Debug, Clone)]
pub enum Scope {
    /// What happened in these communities, and in none.
    Communities(Vec<Uuid>),
    /// The whole log.
    Everything,
}

/// A bundle, ready to be handed over.
#[derive(Debug)]
pub struct Bundle {
    /// A name for the file.
    pub name: String,
    /// The ZIP, from the beginning.
    pub zip: File,
    /// Records in it.
    pub records: u64,
}

/// Why there is no bundle. That it was asked for is recorded all the same.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Records arrived faster than they could be sealed.
    #[error(
        "so much is being written just now that no complete state could be taken; try again in a moment"
    )]
    Busy,
    /// A server was killed, and none runs.
    #[error(
        "records wait for their place in the log, and nobody seals them; start the server, which does, and try again"
    )]
    Unsealed,
    /// A ZIP of this kind holds 4 GiB.
    #[error("the bundle would be larger than 4 GiB; export fewer communities at a time")]
    TooLarge,
    /// The log is not whole.
    #[error("the audit log is damaged: {0}; run `hortus audit verify`")]
    Damaged(String),
    /// The records could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The stored tree is not whole.
    #[error(transparent)]
    Tree(#[from] ProofError),
    /// Something stored cannot be written as canonical JSON.
    #[error(transparent)]
    Json(#[from] NotCanonical),
    /// The bundle cannot be written.
    #[error("the bundle cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// The bundle cannot be packed.
    #[error("the bundle cannot be packed: {0}")]
    Zip(#[from] ::zip::result::ZipError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Writes a bundle of this scope, signed with the key of the log, in the name of `actor`. The words of sealed texts are in
/// it only where a reason is given, which is recorded and stands in the manifest.
///
/// # Errors
/// [`ExportError`] says what to do.
pub async fn export(
    audit: &Audit,
    sealer: &Sealer,
    actor: &Actor,
    scope: &Scope,
    sealed: Option<&str>,
) -> Result<Bundle, ExportError> {
    let (only, everything) = match scope {
        Scope::Communities(ids) => (Some(ids.as_slice()), false),
        Scope::Everything => (None, true),
    };
    let now = audit.clock().now();
    let origin = sealer.key().name();
    let event = Event::new(actor, "audit_log.exported", "audit_log", origin).change(json!({
        "communities": only,
        "everything": everything,
        "sealed_reason_hash": sealed.map(|words| hex::encode(Sha256::digest(words))),
    }));
    audit.record(event).await?;

    let state = sealed_state(audit, sealer).await?;
    let public_key = sealer.key().public();
    let scope = (only, sealed);
    write(state, scope, actor, now, sealer.key(), &public_key).await
}

/// Writes a bundle of everything as it is now, for a verification on the spot: nothing is recorded, nothing sealed, and
/// no key of the log is needed, so the signature of its manifest is that of a key that is thrown away.
///
/// # Errors
/// [`ExportError::Unsealed`] if records wait and nobody seals them.
pub async fn state(db: &Db, clock: &Clock, public_key: &str) -> Result<Bundle, ExportError> {
    let name = public_key.split('+').next().unwrap_or_default();
    let key = LogKey::new(name, &rand::rng().random())
        .map_err(|cause| ExportError::Damaged(cause.to_string()))?;
    for _ in 0..ATTEMPTS {
        let state = db.snapshot().await?;
        if all_sealed(&state).await? {
            let actor = Actor::command("audit verify");
            // It stays on this machine, and is gone when it is checked.
            let scope = (None, Some("verified on the spot"));
            return write(state, scope, &actor, clock.now(), &key, public_key).await;
        }
        state.rollback().await?;
        tokio::time::sleep(PAUSE).await;
    }
    Err(ExportError::Unsealed)
}

async fn write(
    state: DatabaseTransaction,
    (only, sealed): (Option<&[Uuid]>, Option<&str>),
    actor: &Actor,
    now: Timestamp,
    key: &LogKey,
    public_key: &str,
) -> Result<Bundle, ExportError> {
    let (origin, everything) = (key.name(), only.is_none());
    let communities = communities(&state, only).await?;
    let reach = match only {
        Some(ids) => Some(log::Reach {
            communities: ids.iter().copied().collect(),
            people: people_of(&state, ids).await?.into_iter().collect(),
        }),
        None => None,
    };
    let log = log::write(&state, reach.as_ref()).await?;
    let people = people::write(&state, &log.commitments).await?;
    let content = content::write(&state, &communities, &people, sealed.is_some()).await?;
    let ids: Vec<Uuid> = communities.iter().map(|community| community.id).collect();
    let signed = signatures::write(&state, &ids).await?;
    state.rollback().await?;

    let exported_by = match actor.id {
        Some(account) => format!("{} ({})", people.name(account), actor.role),
        None => format!("the {} of the server", actor.role),
    };
    let heading = Heading {
        origin,
        public_key,
        exported_at: now,
        exported_by: &exported_by,
        communities: &communities,
        everything,
        checkpoint: &log.checkpoint,
        certifications: &signed.certifications,
        counts: &[
            [("records", log.records), ("names", people.count)].as_slice(),
            &content.counts,
            &[("signatures", signed.file.lines)],
        ]
        .concat(),
    };
    let mut keys = Spool::new("keys.json")?;
    keys.row(&json!({ "vkey": public_key }))?;
    let mut readme = Spool::new("README.txt")?;
    readme.text(&report::readme(&heading))?;
    let report = report::write(
        &heading,
        content.texts,
        content.cases,
        signed.rows,
        log.rows,
    )?;

    let mut files = log.files;
    files.extend(content.files);
    files.extend([people.file, signed.file, keys.end()?, readme.end()?, report]);
    let manifest = json!({
        "checkpoint": { "root": hex::encode(log.checkpoint.root), "size": log.checkpoint.size },
        "exported_at": now.micros(),
        "exported_by": { "id": actor.id, "name_commitment": actor.name_commitment, "role": actor.role },
        "format": zip::FORMAT,
        "origin": origin,
        "scope": {
            "communities": communities.iter().map(|community| community.id).collect::<Vec<_>>(),
            "everything": everything,
        },
        "sealed_reason": sealed,
    });
    let key = key.clone();
    let packed = tokio::task::spawn_blocking(move || zip::pack(files, manifest, &key)).await;
    let zip = packed.map_err(|cause| std::io::Error::other(cause.to_string()))??;
    let day: String = now.rfc3339().chars().take(10).collect();
    Ok(Bundle {
        name: format!("hortus-inspection-{day}-{}.zip", log.checkpoint.size),
        zip,
        records: log.records,
    })
}

/// One state of the database in which no record waits for its place.
async fn sealed_state(audit: &Audit, sealer: &Sealer) -> Result<DatabaseTransaction, ExportError> {
    for _ in 0..ATTEMPTS {
        sealer.seal_now().await?;
        let state = audit.db().snapshot().await?;
        if all_sealed(&state).await? {
            return Ok(state);
        }
        state.rollback().await?;
    }
    Err(ExportError::Busy)
}
