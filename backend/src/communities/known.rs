//! Who is behind a session token, where they sit, and what products are spoken of there, remembered for a moment:
//! every request asks, and the answer seldom changes.
//!
//! INVARIANT: what this process has changed is seen by the next request: a commit that may have changed people,
//! sessions, memberships or products makes all of this forgotten. What another process has changed is seen within
//! [`MOMENT`].

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

use super::authority::{Seat, seats_of};
use super::policy::{Policies, Policy};
use super::store::{Product, products};
use crate::audit::Audit;
use crate::clock::Timestamp;
use crate::identity::{SignedIn, Token, seen};

/// How long it is remembered.
const MOMENT: Duration = Duration::from_millis(500);
/// Most sessions, and most communities, that are remembered at once.
const MOST: usize = 10_000;

/// Remembers. Clones share it.
#[derive(Clone)]
pub struct Known {
    pub(super) audit: Audit,
    pub(super) policies: Policies,
    idle: Duration,
    sessions: Memory<Vec<u8>, (SignedIn, Vec<Seat>)>,
    products: Memory<Uuid, Vec<Product>>,
}

type Memory<K, V> = Arc<Mutex<HashMap<K, Entry<V>>>>;

struct Entry<V> {
    value: V,
    asked: Moment,
}

/// When something was asked, and how many changes were counted before.
#[derive(Clone, Copy)]
struct Moment {
    at: Timestamp,
    changes: u64,
}

impl Known {
    /// Remembers nobody yet. A session that was not used for `idle` opens no more; `usual` is the policy of communities
    /// that have put none in force.
    pub fn new(audit: Audit, idle: Duration, usual: Policy) -> Self {
        Self {
            audit,
            policies: Policies::new(usual),
            idle,
            sessions: Arc::default(),
            products: Arc::default(),
        }
    }

    /// The person whose session this token opens now, and their seats.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn by_token(&self, token: &Token) -> Result<Option<(SignedIn, Vec<Seat>)>, DbErr> {
        let (asked, hash) = (self.moment(), token.hash());
        let known = remembered(&self.sessions, &hash, asked);
        if let Some((who, seats)) = known.filter(|(who, _)| asked.at < who.expires_at) {
            return Ok(Some((who, seats)));
        }
        let db = self.audit.db();
        let Some(who) = SignedIn::by_token(db.read(), token, asked.at, self.idle).await? else {
            return Ok(None);
        };
        seen(db, &who, asked.at).await?;
        let seats = seats_of(db.read(), who.account_id).await?;
        let value = (who, seats);
        remember(&self.sessions, hash, value.clone(), asked);
        Ok(Some(value))
    }

    /// The products of a community, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn products(&self, community: Uuid) -> Result<Vec<Product>, DbErr> {
        let asked = self.moment();
        if let Some(known) = remembered(&self.products, &community, asked) {
            return Ok(known);
        }
        let found = products(self.audit.db().read(), community).await?;
        remember(&self.products, community, found.clone(), asked);
        Ok(found)
    }

    fn moment(&self) -> Moment {
        Moment {
            at: self.audit.clock().now(),
            changes: self.audit.changes(),
        }
    }
}

fn remembered<K: Eq + Hash, V: Clone>(memory: &Memory<K, V>, key: &K, now: Moment) -> Option<V> {
    let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    let Entry { value, asked } = memory.get(key)?;
    let fresh = asked.at <= now.at && now.at < asked.at.plus(MOMENT);
    (fresh && asked.changes == now.changes).then(|| value.clone())
}

fn remember<K: Eq + Hash, V>(memory: &Memory<K, V>, key: K, value: V, asked: Moment) {
    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.len() >= MOST {
        memory.clear();
    }
    memory.insert(key, Entry { value, asked });
}
