//! Who is behind a session token, where they sit, and what products are spoken of there, remembered for a moment:
//! every request asks, and the answer seldom changes.

use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

use super::authority::{Seat, seats_of};
use super::policy::{Policies, Policy};
use super::store::{Product, products};
use crate::audit::{Audit, Memory, Subject};
use crate::identity::{SignedIn, Token, seen};

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

impl Known {
    /// Remembers nobody yet. A session that was not used for `idle` opens no more; `usual` is the policy of communities
    /// that have put none in force.
    pub fn new(audit: Audit, idle: Duration, usual: Policy) -> Self {
        Self {
            policies: Policies::new(usual),
            idle,
            sessions: Memory::new(&audit, Subject::People, MOST),
            products: Memory::new(&audit, Subject::People, MOST),
            audit,
        }
    }

    /// The person whose session this token opens now, and their seats.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn by_token(&self, token: &Token) -> Result<Option<(SignedIn, Vec<Seat>)>, DbErr> {
        let (asked, hash) = (self.sessions.moment(), token.hash());
        let known = self.sessions.recall(&hash, asked);
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
        self.sessions.keep(hash, value.clone(), asked);
        Ok(Some(value))
    }

    /// The products of a community, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn products(&self, community: Uuid) -> Result<Vec<Product>, DbErr> {
        let asked = self.products.moment();
        if let Some(known) = self.products.recall(&community, asked) {
            return Ok(known);
        }
        let found = products(self.audit.db().read(), community).await?;
        self.products.keep(community, found.clone(), asked);
        Ok(found)
    }
}
