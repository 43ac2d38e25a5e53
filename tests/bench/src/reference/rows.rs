//! The rows of one post, and the record whose hash covers the one before it.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Six tables, as few columns as the work needs. `BYTES` and `BIG` are words of the engine.
pub const TABLES: [&str; 9] = [
    "CREATE TABLE post (id BYTES PRIMARY KEY, community TEXT NOT NULL, author BIG NOT NULL, created_at BIG NOT NULL)",
    "CREATE TABLE revision (id BYTES PRIMARY KEY, post_id BYTES NOT NULL, number BIG NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX revision_by_post ON revision (post_id, number)",
    "CREATE TABLE item (id BYTES PRIMARY KEY, post_id BYTES NOT NULL, state TEXT NOT NULL, due_at BIG NOT NULL)",
    "CREATE INDEX item_by_due ON item (state, due_at)",
    "CREATE TABLE finding (id BYTES PRIMARY KEY, post_id BYTES NOT NULL, rule TEXT NOT NULL, matched TEXT NOT NULL)",
    "CREATE TABLE job (id BYTES PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, done_at BIG)",
    "CREATE TABLE record (number BIG PRIMARY KEY, body TEXT NOT NULL, hash BYTES NOT NULL)",
    "CREATE TABLE head (id BIG PRIMARY KEY, number BIG NOT NULL, hash BYTES NOT NULL)",
];

/// One statement a row. `?1` is the number of a value, as SQLite writes it.
pub const INSERTS: [&str; 6] = [
    "INSERT INTO post VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO revision VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO item VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO finding VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO job VALUES (?1, ?2, ?3, NULL)",
    "INSERT INTO record VALUES (?1, ?2, ?3)",
];

/// The values of one post.
pub struct Rows {
    /// The post, the revision, the item, the finding, the job.
    pub ids: [Vec<u8>; 5],
    /// When, in microseconds.
    pub at: i64,
    /// What the record says.
    pub record: String,
}

impl Rows {
    /// Values for a post of which this much was found.
    #[expect(
        clippy::disallowed_methods,
        reason = "a reference program has no clock of its own to move"
    )]
    pub fn new(found: usize) -> Self {
        let id = || Uuid::now_v7().as_bytes().to_vec();
        let ids = [id(), id(), id(), id(), id()];
        let at = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(0));
        let post = ids.first().map(hex::encode).unwrap_or_default();
        let record = format!(
            "{{\"action\":\"post.submitted\",\"actor\":17,\"at\":{at},\"found\":{found},\"post\":\"{post}\"}}"
        );
        Self { ids, at, record }
    }
}

/// The hash of a record, over the one before it.
pub fn link(before: &[u8], number: i64, record: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(number.to_be_bytes());
    hash.update(record);
    hash.finalize().to_vec()
}
