//! Changes what a member may do, or as whom they speak.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::authority::Administrator;
use super::entity::membership;
use super::roles::{Role, Roles, SpeakerClass};
use crate::audit::{Audit, Event};
use crate::identity::signing::end_series;
use crate::identity::{PrintedName, Revocations, Revoked};

/// What is to be changed; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    /// All roles from now on.
    pub roles: Option<Roles>,
    /// As whom they speak from now on.
    pub speaker: Option<SpeakerClass>,
    /// The alliance partner that employs them from now on.
    pub organisation: Option<PrintedName>,
}

/// Why a membership stays as it is.
#[derive(Debug, Error)]
pub enum MemberError {
    /// No such member in a community that one administers.
    #[error("there is no such member")]
    NotFound,
    /// Nobody gives or takes rights to themselves.
    #[error("nobody changes their own membership; ask another administrator")]
    Own,
    /// The community would be without an administrator.
    #[error("a community needs an administrator; make somebody else administrator first")]
    LastAdministrator,
    /// Only alliance partners have an organisation that keeps its texts to itself.
    #[error("only partners have an organisation; leave it out, or make them a partner")]
    NoPartner,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Changes the member and gives the membership as it is now. Open sockets of a member whose roles changed are told.
pub async fn change_member(
    audit: &Audit,
    revocations: &Revocations,
    by: &Administrator,
    slug: &str,
    account: Uuid,
    change: MemberChange,
) -> Result<membership::Model, MemberError> {
    let community = by.seat_at(slug).ok_or(MemberError::NotFound)?.community_id;
    let tx = audit.begin().await?;
    let (before, administrators) = find(tx.conn(), community, account).await?;
    if account == by.who.account_id {
        return Err(MemberError::Own);
    }
    let mut after = before.clone();
    if let Some(roles) = &change.roles {
        after.roles = roles.stored();
    }
    if let Some(speaker) = change.speaker {
        after.speaker = speaker.word().to_owned();
    }
    let partner = after.speaker == SpeakerClass::Partner.word();
    match &change.organisation {
        Some(_) if !partner => return Err(MemberError::NoPartner),
        Some(organisation) => after.organisation = Some(organisation.as_str().to_owned()),
        None if !partner => after.organisation = None,
        None => {}
    }
    if before == after {
        return Ok(before);
    }
    if administrators == [before.id] && !administers(&after) {
        return Err(MemberError::LastAdministrator);
    }
    membership::Entity::update(membership::ActiveModel {
        id: Unchanged(after.id),
        roles: Set(after.roles.clone()),
        speaker: Set(after.speaker.clone()),
        organisation: Set(after.organisation.clone()),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    if before.roles != after.roles {
        end_series(tx.conn(), account).await?;
    }
    let event = Event::new(
        &by.actor(community),
        "membership.changed",
        "membership",
        after.id,
    )
    .within(community)
    .change(json!({
        "account": account,
        "roles": { "old": before.roles, "new": after.roles },
        "speaker": { "old": before.speaker, "new": after.speaker },
        "organisation": { "old": before.organisation, "new": after.organisation },
    }));
    tx.commit(event).await?;
    let same_rights = before.roles == after.roles && compartment(&before) == compartment(&after);
    if !same_rights {
        revocations.announce(Revoked::Membership { account, community });
    }
    Ok(after)
}

/// The membership of this account, and the memberships of all administrators of the community; locked, so that two
/// administrators cannot remove each other at once.
pub(super) async fn find(
    tx: &DatabaseTransaction,
    community: Uuid,
    account: Uuid,
) -> Result<(membership::Model, Vec<Uuid>), MemberError> {
    let here = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::EndedAt.is_null())
        .order_by_asc(membership::Column::Id);
    let administrators = here
        .clone()
        .filter(membership::Column::Roles.contains(Role::Administrator.word()))
        .lock_exclusive()
        .all(tx)
        .await?;
    let member = here
        .filter(membership::Column::AccountId.eq(account))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(MemberError::NotFound)?;
    Ok((
        member,
        administrators.into_iter().map(|row| row.id).collect(),
    ))
}

/// Which texts a reviewer sees hangs on it.
fn compartment(membership: &membership::Model) -> (&str, Option<&str>) {
    (&membership.speaker, membership.organisation.as_deref())
}

fn administers(membership: &membership::Model) -> bool {
    Roles::from_stored(&membership.roles).has(Role::Administrator)
}
