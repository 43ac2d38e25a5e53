//! Idempotency keys that came lately, so that a text sent again is told from a new one before anything else is asked.
//! It only hints: the database decides.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// Most keys that are remembered; then it begins anew.
const MOST: usize = 10_000;

/// Remembers keys of authors. Clones share it.
#[derive(Clone, Default)]
pub(super) struct RecentKeys(Arc<Mutex<HashSet<(Uuid, String)>>>);

impl RecentKeys {
    pub(super) fn has(&self, author: Uuid, key: &str) -> bool {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.contains(&(author, key.to_owned()))
    }

    pub(super) fn add(&self, author: Uuid, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST {
            keys.clear();
        }
        keys.insert((author, key.to_owned()));
    }
}
