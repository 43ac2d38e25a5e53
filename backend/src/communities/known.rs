//! Who is behind a session token and where they sit, remembered for a moment: every request asks, and the answer
//! seldom changes.
//!
//! INVARIANT: what this process has changed is seen by the next request: a commit that may have changed people,
//! sessions or memberships makes all of this forgotten. What another process has changed is seen within [`MOMENT`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::DbErr;

use super::authority::{Seat, seats_of};
use crate::audit::Audit;
use crate::clock::Timestamp;
use crate::identity::{SignedIn, Token, seen};

/// How long it is remembered.
const MOMENT: Duration = Duration::from_millis(500);
/// Most sessions that are remembered at once.
const MOST: usize = 10_000;

/// Remembers. Clones share it.
#[derive(Clone)]
pub struct Known {
    audit: Audit,
    idle: Duration,
    sessions: Arc<Mutex<HashMap<Vec<u8>, Entry>>>,
}

struct Entry {
    who: SignedIn,
    seats: Vec<Seat>,
    read_at: Timestamp,
    /// The changes that were counted before it was read.
    changes: u64,
}

impl Known {
    /// Remembers nobody yet. A session that was not used for `idle` opens no more.
    pub fn new(audit: Audit, idle: Duration) -> Self {
        Self {
            audit,
            idle,
            sessions: Arc::default(),
        }
    }

    /// The person whose session this token opens now, and their seats.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn by_token(&self, token: &Token) -> Result<Option<(SignedIn, Vec<Seat>)>, DbErr> {
        let (now, changes) = (self.audit.clock().now(), self.audit.changes());
        let hash = token.hash();
        if let Some(entry) = self.sessions().get(&hash)
            && entry.holds(now, changes)
        {
            return Ok(Some((entry.who.clone(), entry.seats.clone())));
        }
        let db = self.audit.db();
        let Some(who) = SignedIn::by_token(db.read(), token, now, self.idle).await? else {
            return Ok(None);
        };
        seen(db, &who, now).await?;
        let seats = seats_of(db.read(), who.account_id).await?;
        let entry = Entry {
            who: who.clone(),
            seats: seats.clone(),
            read_at: now,
            changes,
        };
        let mut sessions = self.sessions();
        if sessions.len() >= MOST {
            sessions.clear();
        }
        sessions.insert(hash, entry);
        Ok(Some((who, seats)))
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn holds(&self, now: Timestamp, changes: u64) -> bool {
        self.changes == changes
            && self.read_at <= now
            && now < self.read_at.plus(MOMENT)
            && now < self.who.expires_at
    }
}
