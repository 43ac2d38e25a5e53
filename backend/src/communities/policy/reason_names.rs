//! What the reasons of a community were called when they were given: a decision keeps the code, and the policy of that
//! moment says what it meant.

use std::sync::Arc;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::document::Reason;
use super::entity::policy_version;
use super::in_force::InForce;
use crate::communities::Known;

/// A reason as it was called when it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GivenReason {
    /// Its name.
    pub name: String,
    /// What the author may do about it, in plain words.
    pub remedy: String,
}

/// The policies that a community has had: since when, and which. The oldest first.
pub struct ReasonNames(Vec<(i64, Arc<InForce>)>);

impl ReasonNames {
    /// What this code meant at that time (microseconds). A code that the policy of that moment does not know was checked under one that came
    /// just before or after: the newest that knows it says what it means.
    pub fn of(&self, code: Option<&str>, at: i64) -> Option<GivenReason> {
        let code = code?;
        let then = self.0.iter().rev().find(|(since, _)| *since <= at);
        let known = |(_, in_force): &(i64, Arc<InForce>)| in_force.policy.reason(code).cloned();
        let reason = then
            .and_then(known)
            .or_else(|| self.0.iter().rev().find_map(known))?;
        let Reason { name, remedy, .. } = reason;
        Some(GivenReason { name, remedy })
    }
}

impl Known {
    /// What the reasons of this community were called when.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn reason_names(
        &self,
        on: &impl ConnectionTrait,
        community: Uuid,
    ) -> Result<ReasonNames, DbErr> {
        let usual = self.policies.numbered(on, community, 0).await?;
        let mut versions = vec![(i64::MIN, usual)];
        let rows = policy_version::Entity::find()
            .filter(policy_version::Column::CommunityId.eq(community))
            .filter(policy_version::Column::Number.is_not_null())
            .order_by_asc(policy_version::Column::Number)
            .all(on)
            .await?;
        for row in rows {
            let (Some(number), since) = (row.number, row.decided_at.unwrap_or(row.proposed_at))
            else {
                continue;
            };
            let in_force = self.policies.numbered(on, community, number).await?;
            versions.push((since, in_force));
        }
        Ok(ReasonNames(versions))
    }
}
