//! The people of a community with their released profile lines.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::communities::authority::Seat;
use crate::communities::roles::{Roles, SpeakerClass};
use crate::communities::{Membership, members};
use crate::identity::printed_names;
use crate::posts::{markdown, store};

/// A member as the others see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// The account.
    pub account_id: Uuid,
    /// The printed name.
    pub name: String,
    /// As whom they speak.
    pub speaker: SpeakerClass,
    /// The alliance partner that employs them.
    pub organisation: Option<String>,
    /// What they may do.
    pub roles: Roles,
    /// The released profile line as safe HTML.
    pub profile_html: Option<String>,
    /// Since when.
    pub joined_at: Timestamp,
    /// Whether it is the person who asks.
    pub you: bool,
}

/// One page of the members of the community of this seat, by the time they joined.
pub async fn list_members(
    on: &impl ConnectionTrait,
    seat: &Seat,
    asker: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<(Vec<MemberView>, Option<Uuid>), DbErr> {
    let rows: Vec<Membership> = members(on, seat.community_id, after, limit).await?;
    let next = (rows.len() as u64 == limit)
        .then(|| rows.last().map(|row| row.id))
        .flatten();
    let names = printed_names(on, rows.iter().map(|row| row.account_id)).await?;
    let lines = profile_lines(on, seat.community_id).await?;
    let views = rows
        .into_iter()
        .filter_map(|row| {
            Some(MemberView {
                account_id: row.account_id,
                name: names.get(&row.account_id)?.clone(),
                speaker: SpeakerClass::from_word(&row.speaker)?,
                organisation: row.organisation,
                roles: Roles::from_stored(&row.roles),
                profile_html: lines.get(&row.account_id).cloned(),
                joined_at: Timestamp::from_micros(row.joined_at),
                you: row.account_id == asker,
            })
        })
        .collect();
    Ok((views, next))
}

async fn profile_lines(
    on: &impl ConnectionTrait,
    community: Uuid,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let posts = store::profile_posts(on, community).await?;
    let ids: Vec<Uuid> = posts.iter().map(|post| post.id).collect();
    let publications = super::released_of(on, &ids).await?;
    let revisions: Vec<Uuid> = publications.iter().filter_map(|p| p.revision_id).collect();
    let revisions = store::revisions(on, &revisions).await?;
    Ok(revisions
        .into_iter()
        .map(|revision| (revision.author_id, markdown::to_html(&revision.body)))
        .collect())
}
