//! What was read lately, remembered for a moment: what every request asks, and whose answer seldom changes.
//!
//! INVARIANT: what this process has changed is seen by the next request: a commit that may have changed what is
//! remembered makes all of it forgotten. What another process has changed is seen within [`MOMENT`].

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::changes::Subject;
use super::tx::Audit;
use crate::clock::Timestamp;

/// How long it is remembered.
const MOMENT: Duration = Duration::from_millis(500);

/// Remembers. Clones share it.
pub struct Memory<K, V> {
    audit: Audit,
    subject: Subject,
    most: usize,
    entries: Arc<Mutex<HashMap<K, Entry<V>>>>,
}

struct Entry<V> {
    value: V,
    asked: Moment,
}

/// When something was asked, and how many changes were counted before.
#[derive(Clone, Copy)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    changes: u64,
}

impl<K, V> Clone for Memory<K, V> {
    fn clone(&self) -> Self {
        Self {
            audit: self.audit.clone(),
            subject: self.subject,
            most: self.most,
            entries: self.entries.clone(),
        }
    }
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// Remembers nothing yet, and never more than `most` answers that a change of `subject` may make wrong.
    pub fn new(audit: &Audit, subject: Subject, most: usize) -> Self {
        Self {
            audit: audit.clone(),
            subject,
            most,
            entries: Arc::default(),
        }
    }

    /// Now. To be asked before the database is, so that no change between goes unseen.
    pub fn moment(&self) -> Moment {
        Moment {
            at: self.audit.clock().now(),
            changes: self.audit.changes(self.subject),
        }
    }

    /// What is remembered, if it still holds.
    pub fn recall(&self, key: &K, now: Moment) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let Entry { value, asked } = entries.get(key)?;
        let fresh = asked.at <= now.at && now.at < asked.at.plus(MOMENT);
        (fresh && asked.changes == now.changes).then(|| value.clone())
    }

    /// Remembers an answer of the database that was asked at that moment.
    pub fn keep(&self, key: K, value: V, asked: Moment) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most {
            entries.clear();
        }
        entries.insert(key, Entry { value, asked });
    }
}
