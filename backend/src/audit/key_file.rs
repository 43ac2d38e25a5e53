//! The log's signing key: made once, kept in a file, its public half in the database.
//!
//! A log with two keys could have two histories. So a key is made only for a database that never had one; if the file is
//! lost or another one lies there, the server does not start.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use rand::RngExt as _;
use sea_orm::{DbErr, EntityTrait};

use super::checkpoint::{KeyError, LogKey};
use super::entity::audit_key;
use super::{Actor, Audit, Event};
use crate::db::{Db, Lock, insert};

/// Why the log cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The key that sealed this database is not in the file.
    #[error("the audit log of this database is signed with the key `{expected}`, but the file {} holds another; put the right file there, or set `audit.key_file` and `audit.origin` to what they were", .file.display())]
    AnotherKey { expected: String, file: PathBuf },
    /// The file is not there, but the log has a key.
    #[error("the signing key of the audit log is missing at {}; restore it from the backup: without it the log cannot go on", .0.display())]
    Missing(PathBuf),
    /// The file belongs to another log, and this database has none yet.
    #[error("{} holds the key of the log `{name}`, not of `{origin}`; move it away, or set `audit.origin` to `{name}`", .file.display())]
    AnotherLog {
        file: PathBuf,
        name: String,
        origin: String,
    },
    /// The file or the origin cannot be a key.
    #[error("{}: {cause}", .file.display())]
    Unusable { file: PathBuf, cause: KeyError },
    /// The file cannot be read or written.
    #[error("{}: {cause}", .file.display())]
    File {
        file: PathBuf,
        cause: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The public half of the key of the log in this database (C2SP vkey), if the log was begun.
///
/// # Errors
/// If the database fails.
pub async fn public_key(db: &Db) -> Result<Option<String>, DbErr> {
    let known = audit_key::Entity::find().one(db.read()).await?;
    Ok(known.map(|key| key.vkey))
}

/// Opens the key in `file`. At the first start of a database, and only then, makes one.
///
/// The log is called `configured`; where that is empty, it keeps the name it has, and a new log is called `first`.
///
/// # Errors
/// [`KeyFileError`] says what to do.
pub async fn open_key(
    audit: &Audit,
    file: &Path,
    configured: &str,
    first: &str,
) -> Result<LogKey, KeyFileError> {
    let fits = |key: &LogKey| configured.is_empty() || key.name() == configured;
    let origin = if configured.is_empty() {
        first
    } else {
        configured
    };
    let tx = audit.begin().await?;
    Lock::FirstStart.wait(tx.conn()).await?;
    let known = audit_key::Entity::find().one(tx.conn()).await?;
    let unusable = |cause| KeyFileError::Unusable {
        file: file.to_owned(),
        cause,
    };
    let stored = match std::fs::read_to_string(file) {
        Ok(text) => Some(LogKey::parse(&text).map_err(unusable)?),
        Err(cause) if cause.kind() == ErrorKind::NotFound => None,
        Err(cause) => {
            return Err(KeyFileError::File {
                file: file.to_owned(),
                cause,
            });
        }
    };
    match (known, stored) {
        (Some(known), Some(key)) if known.vkey == key.public() && fits(&key) => Ok(key),
        (Some(known), Some(_)) => Err(KeyFileError::AnotherKey {
            expected: known.vkey,
            file: file.to_owned(),
        }),
        (Some(_), None) => Err(KeyFileError::Missing(file.to_owned())),
        (None, Some(key)) if !fits(&key) => Err(KeyFileError::AnotherLog {
            file: file.to_owned(),
            name: key.name().to_owned(),
            origin: origin.to_owned(),
        }),
        (None, stored) => {
            let key = match stored {
                // The process ended between writing the file and the database.
                Some(key) => key,
                None => {
                    let key = LogKey::new(origin, &rand::rng().random()).map_err(unusable)?;
                    write(file, &key.secret()).map_err(|cause| KeyFileError::File {
                        file: file.to_owned(),
                        cause,
                    })?;
                    key
                }
            };
            let created_at = audit.clock().now().micros();
            insert(
                tx.conn(),
                audit_key::Model {
                    vkey: key.public(),
                    created_at,
                },
            )
            .await?;
            let event = Event::new(&Actor::server(), "audit_log.begun", "audit_log", key.name())
                .change(serde_json::json!({ "public_key": key.public() }));
            tx.commit(event).await?;
            Ok(key)
        }
    }
}

/// Writes a file that only the owner can read.
fn write(file: &Path, secret: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file)?;
    writeln!(open, "{secret}")?;
    open.sync_all()
}
