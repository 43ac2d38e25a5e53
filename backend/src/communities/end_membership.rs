//! Ends a membership. What the person wrote stays, and so does its author's name.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    EntityTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::authority::Administrator;
use super::change_member::{MemberError, find};
use super::entity::membership;
use crate::audit::{Audit, Event};
use crate::identity::signing::end_series;
use crate::identity::{Revocations, Revoked};

/// Ends the membership of this account; its open sockets are told. An administrator may also end their own, unless it
/// is the last one.
pub async fn end_membership(
    audit: &Audit,
    revocations: &Revocations,
    by: &Administrator,
    slug: &str,
    account: Uuid,
) -> Result<(), MemberError> {
    let community = by.seat_at(slug).ok_or(MemberError::NotFound)?.community_id;
    let tx = audit.begin().await?;
    let (member, administrators) = find(tx.conn(), community, account).await?;
    if administrators == [member.id] {
        return Err(MemberError::LastAdministrator);
    }
    membership::Entity::update(membership::ActiveModel {
        id: Unchanged(member.id),
        ended_at: Set(Some(audit.clock().now().micros())),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    end_series(tx.conn(), account).await?;
    let event = Event::new(
        &by.actor(community),
        "membership.ended",
        "membership",
        member.id,
    )
    .within(community)
    .change(json!({ "account": account, "roles": member.roles, "speaker": member.speaker }));
    tx.commit(event).await?;
    revocations.announce(Revoked::Membership { account, community });
    Ok(())
}
