//! The communities of a reader, with their released descriptions.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::publication;
use super::retraction::retractions;
use super::streams::{community_stream, last_number};
use crate::communities::authority::{Reader, Seat};
use crate::communities::roles::{Audience, Role, Roles, SpeakerClass};
use crate::communities::{Product, member_counts, products};
use crate::posts::{Surface, markdown, store};

/// A community in the list of its members.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityCard {
    /// The community.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its printed name.
    pub name: String,
    /// Who reads there.
    pub audience: Audience,
    /// The released description as safe HTML.
    pub description_html: Option<String>,
    /// Released threads.
    pub thread_count: u64,
    /// People in it.
    pub member_count: u64,
    /// What the person who asks may do there.
    pub roles: Roles,
    /// As whom they speak there.
    pub speaker: SpeakerClass,
}

/// A community as its members see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityView {
    #[serde(flatten)]
    card: CommunityCard,
    /// Whether a newer description waits for review; told to administrators alone.
    description_pending: bool,
    /// What its members speak about.
    products: Vec<Product>,
    /// The stream of its threads.
    stream: String,
    /// Subscribe after this number.
    seq: i64,
}

/// The communities of this reader.
pub async fn list_communities(
    on: &impl ConnectionTrait,
    reader: &Reader,
) -> Result<Vec<CommunityCard>, DbErr> {
    let members = member_counts(on, &reader.communities()).await?;
    let mut cards = Vec::new();
    for seat in reader.seats() {
        cards.push(card(on, seat, &members).await?);
    }
    Ok(cards)
}

/// The community of this seat.
pub async fn show_community(
    on: &impl ConnectionTrait,
    seat: &Seat,
) -> Result<CommunityView, DbErr> {
    let members = member_counts(on, &[seat.community_id]).await?;
    let stream = community_stream(seat.community_id);
    let seq = last_number(on, &stream).await?;
    let description_pending =
        seat.roles.has(Role::Administrator) && description_waits(on, seat.community_id).await?;
    Ok(CommunityView {
        card: card(on, seat, &members).await?,
        description_pending,
        products: products(on, seat.community_id).await?,
        stream,
        seq,
    })
}

async fn card(
    on: &impl ConnectionTrait,
    seat: &Seat,
    members: &HashMap<Uuid, u64>,
) -> Result<CommunityCard, DbErr> {
    let thread_count = publication::Entity::find()
        .select_only()
        .column(publication::Column::ThreadId)
        .distinct()
        .filter(publication::Column::CommunityId.eq(seat.community_id))
        .filter(publication::Column::ThreadId.is_not_null())
        .count(on)
        .await?;
    Ok(CommunityCard {
        id: seat.community_id,
        slug: seat.slug.clone(),
        name: seat.community_name.clone(),
        audience: seat.audience,
        description_html: description(on, seat.community_id).await?,
        thread_count,
        member_count: members.get(&seat.community_id).copied().unwrap_or(0),
        roles: seat.roles.clone(),
        speaker: seat.speaker,
    })
}

async fn description(on: &impl ConnectionTrait, community: Uuid) -> Result<Option<String>, DbErr> {
    let Some(post) = store::only_post(on, community, Surface::CommunityDescription, None).await?
    else {
        return Ok(None);
    };
    let Some(publication) = super::released_revision(on, post.id).await? else {
        return Ok(None);
    };
    let Some(shown) = publication.revision_id else {
        return Ok(None);
    };
    let revisions = store::revisions(on, &[shown]).await?;
    Ok(revisions
        .first()
        .map(|revision| markdown::to_html(&revision.body)))
}

async fn description_waits(on: &impl ConnectionTrait, community: Uuid) -> Result<bool, DbErr> {
    let Some(post) = store::only_post(on, community, Surface::CommunityDescription, None).await?
    else {
        return Ok(false);
    };
    let released = match super::released_revision(on, post.id).await? {
        Some(shown) => match shown.retraction_id {
            Some(id) => retractions(on, [id])
                .await?
                .remove(&id)
                .map(|row| row.revision_id),
            None => shown.revision_id,
        },
        None => None,
    };
    let newest = store::newest_revision(on, post.id)
        .await?
        .map(|revision| revision.id);
    Ok(newest.is_some() && newest != released)
}
