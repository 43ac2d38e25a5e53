//! The policy in force in a community.
//!
//! What a number says never changes, and every seat carries the number that is in force ([`Seat::policy`]): so a policy
//! that was read once is known for ever, and to accept a text asks the database nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::document::Policy;
use super::entity::policy_version;
use crate::communities::Known;
use crate::communities::authority::Seat;
use crate::communities::entity::community;

/// Most policies that are remembered at once.
const MOST: usize = 2_000;

/// A policy and its number in its community; 0 is what the settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its number.
    pub number: i64,
    /// What it says.
    pub policy: Policy,
}

/// By community and number.
type Read = HashMap<(Uuid, i64), Arc<InForce>>;

/// Policies that were read. Clones share them.
#[derive(Clone)]
pub struct Policies {
    usual: Arc<InForce>,
    read: Arc<Mutex<Read>>,
}

impl Policies {
    /// Knows only the policy of communities that have put none in force.
    pub fn new(usual: Policy) -> Self {
        Self {
            usual: Arc::new(InForce {
                number: 0,
                policy: usual,
            }),
            read: Arc::default(),
        }
    }

    /// The policy of this number.
    pub(super) async fn numbered(
        &self,
        on: &impl ConnectionTrait,
        community: Uuid,
        number: i64,
    ) -> Result<Arc<InForce>, DbErr> {
        if number == 0 {
            return Ok(self.usual.clone());
        }
        let key = (community, number);
        let known = self.locked().get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let row = policy_version::Entity::find()
            .filter(policy_version::Column::CommunityId.eq(community))
            .filter(policy_version::Column::Number.eq(number))
            .one(on)
            .await?
            .ok_or_else(|| {
                DbErr::RecordNotFound(format!("policy {number} of community {community}"))
            })?;
        let policy = parsed(&row)?;
        let read = Arc::new(InForce { number, policy });
        let mut all = self.locked();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(key, read.clone());
        Ok(read)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a version says. One that cannot be read is an error: nothing is decided by a policy that nobody knows.
pub(super) fn parsed(row: &policy_version::Model) -> Result<Policy, DbErr> {
    serde_json::from_str(&row.content).map_err(|cause| {
        DbErr::Custom(format!("policy version {} cannot be read: {cause}", row.id))
    })
}

impl Known {
    /// The policy in force where this person sits.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn policy(&self, seat: &Seat) -> Result<Arc<InForce>, DbErr> {
        let on = self.audit.db().read();
        self.policies
            .numbered(on, seat.community_id, seat.policy)
            .await
    }

    /// The policy in force in a community, as this connection sees it.
    ///
    /// # Errors
    /// If the database fails, or there is no such community.
    pub async fn policy_of(
        &self,
        on: &impl ConnectionTrait,
        community: Uuid,
    ) -> Result<Arc<InForce>, DbErr> {
        let row = community::Entity::find_by_id(community).one(on).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("community {community}")))?;
        self.policies
            .numbered(on, community, row.policy_version)
            .await
    }
}
