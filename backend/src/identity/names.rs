//! Printed names and what the audit log holds in their place: `SHA-256(salt ‖ name)`.
//!
//! The salt and the name are sealed under the key of their person. Destroying that one key erases the person from
//! every record at once, while every proof over those records still holds.

use std::collections::HashMap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce};
use rand::RngExt as _;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::entity::{person_key, person_name};
use super::printed_name::PrintedName;
use crate::audit::Tx;
use crate::clock::Clock;
use crate::db::insert;

const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const KEY_BYTES: usize = 32;
/// How many commitments are looked up in one query.
const AT_ONCE: usize = 500;

/// A name that a commitment stands for, and the salt with which anybody can check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealedName {
    /// The printed name.
    pub name: String,
    /// The salt in hex: `SHA-256(salt ‖ name)` is the commitment.
    pub salt: String,
}

/// Keeps the name sealed under the key of a new person and gives its commitment, in hex.
pub(super) async fn commit(
    tx: &Tx,
    clock: &Clock,
    account: Uuid,
    name: &PrintedName,
) -> Result<String, DbErr> {
    let secret = rand::rng().random::<[u8; KEY_BYTES]>();
    let now = clock.now().micros();
    insert(
        tx.conn(),
        person_key::Model {
            account_id: account,
            secret: secret.to_vec(),
            created_at: now,
        },
    )
    .await?;
    let salt = rand::rng().random::<[u8; SALT_BYTES]>();
    let commitment = commitment(&salt, name.as_str());
    let sealed = seal(secret, &commitment, &salt, name.as_str())?;
    insert(
        tx.conn(),
        person_name::Model {
            commitment: commitment.clone(),
            account_id: account,
            sealed,
            created_at: now,
        },
    )
    .await?;
    Ok(commitment)
}

/// The names behind these commitments. Those of persons whose key was destroyed are missing.
pub async fn reveal(
    on: &impl ConnectionTrait,
    commitments: &[String],
) -> Result<HashMap<String, RevealedName>, DbErr> {
    let mut revealed = HashMap::new();
    for some in commitments.chunks(AT_ONCE) {
        let names = person_name::Entity::find()
            .filter(person_name::Column::Commitment.is_in(some))
            .all(on)
            .await?;
        let keys = person_key::Entity::find()
            .filter(person_key::Column::AccountId.is_in(names.iter().map(|row| row.account_id)))
            .all(on)
            .await?;
        for row in names {
            let key = keys.iter().find(|key| key.account_id == row.account_id);
            if let Some(name) = key.and_then(|key| open(&key.secret, &row)) {
                revealed.insert(row.commitment, name);
            }
        }
    }
    Ok(revealed)
}

fn commitment(salt: &[u8], name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(name.as_bytes());
    hex::encode(hash.finalize())
}

/// `nonce ‖ ChaCha20-Poly1305(salt ‖ name)`, bound to its commitment.
fn seal(
    secret: [u8; KEY_BYTES],
    commitment: &str,
    salt: &[u8],
    name: &str,
) -> Result<Vec<u8>, DbErr> {
    let nonce = rand::rng().random::<[u8; NONCE_BYTES]>();
    let sealed = ChaCha20Poly1305::new(&Key::from(secret))
        .encrypt(
            &Nonce::from(nonce),
            Payload {
                msg: &[salt, name.as_bytes()].concat(),
                aad: commitment.as_bytes(),
            },
        )
        .map_err(|_| DbErr::Custom("a name could not be sealed".to_owned()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(secret: &[u8], row: &person_name::Model) -> Option<RevealedName> {
    let secret: [u8; KEY_BYTES] = secret.try_into().ok()?;
    let (nonce, sealed) = row.sealed.split_first_chunk::<NONCE_BYTES>()?;
    let opened = ChaCha20Poly1305::new(&Key::from(secret))
        .decrypt(
            &Nonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: row.commitment.as_bytes(),
            },
        )
        .ok()?;
    let (salt, name) = opened.split_at_checked(SALT_BYTES)?;
    Some(RevealedName {
        name: String::from_utf8(name.to_vec()).ok()?,
        salt: hex::encode(salt),
    })
}
