//! Queries on members and products.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{community, membership, product};
use super::roles::{ProductStatus, Role, Roles, SpeakerClass};
use super::{Community, Membership};
use crate::clock::Timestamp;

/// A product that members of a community speak about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Product {
    /// The product.
    pub id: Uuid,
    /// Its brand, or its code name.
    pub name: String,
    /// Its established (non-proprietary) name.
    pub established_name: Option<String>,
    /// How it stands with the authorities.
    pub status: ProductStatus,
    /// What it is authorised or studied for.
    pub indication: String,
    /// The boxed warning of its label.
    pub boxed_warning: Option<String>,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// Youngest age on the label, in years.
    pub min_age_years: Option<i64>,
}

/// The products of a community, by name.
pub async fn products(on: &impl ConnectionTrait, community: Uuid) -> Result<Vec<Product>, DbErr> {
    let rows = product::Entity::find()
        .filter(product::Column::CommunityId.eq(community))
        .order_by_asc(product::Column::Name)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(Product::of).collect())
}

/// One product.
pub(super) async fn product(on: &impl ConnectionTrait, id: Uuid) -> Result<Option<Product>, DbErr> {
    let row = product::Entity::find_by_id(id).one(on).await?;
    Ok(row.and_then(Product::of))
}

impl Product {
    fn of(row: product::Model) -> Option<Self> {
        Some(Self {
            status: ProductStatus::from_word(&row.status)?,
            aliases: serde_json::from_str(&row.aliases).unwrap_or_default(),
            id: row.id,
            name: row.name,
            established_name: row.established_name,
            indication: row.indication,
            boxed_warning: row.boxed_warning,
            min_age_years: row.min_age_years,
        })
    }
}

/// The names of the products of a community.
pub async fn product_names(
    on: &impl ConnectionTrait,
    community: Uuid,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let rows: Vec<(Uuid, String)> = product::Entity::find()
        .select_only()
        .columns([product::Column::Id, product::Column::Name])
        .filter(product::Column::CommunityId.eq(community))
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The names of these products.
pub async fn product_names_of(
    on: &impl ConnectionTrait,
    products: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let products: HashSet<Uuid> = products.into_iter().collect();
    if products.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = product::Entity::find()
        .select_only()
        .columns([product::Column::Id, product::Column::Name])
        .filter(product::Column::Id.is_in(products))
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows.into_iter().collect())
}

/// One page of the members of a community, by the time they joined.
pub async fn members(
    on: &impl ConnectionTrait,
    community: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Membership>, DbErr> {
    let mut query = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::EndedAt.is_null());
    if let Some(after) = after {
        query = query.filter(membership::Column::Id.gt(after));
    }
    query
        .order_by_asc(membership::Column::Id)
        .limit(limit)
        .all(on)
        .await
}

/// The accounts that hold one of these roles in a community.
pub async fn holders(
    on: &impl ConnectionTrait,
    community: Uuid,
    wanted: &[Role],
) -> Result<Vec<Uuid>, DbErr> {
    let rows: Vec<(Uuid, String)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::AccountId, membership::Column::Roles])
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::EndedAt.is_null())
        .filter(membership::Column::Roles.ne(Role::Member.word()))
        .order_by_asc(membership::Column::Id)
        .into_tuple()
        .all(on)
        .await?;
    let holds = |(account, roles): (Uuid, String)| {
        let held = Roles::from_stored(&roles).first_of(wanted);
        held.map(|_| account)
    };
    Ok(rows.into_iter().filter_map(holds).collect())
}

/// The same, without people of alliance partners who may not see what this organisation's people wrote; where nobody's
/// did, it is whoever holds one of the roles.
pub async fn holders_within(
    on: &impl ConnectionTrait,
    community: Uuid,
    wanted: &[Role],
    organisation: Option<&str>,
) -> Result<Vec<Uuid>, DbErr> {
    let people = holders(on, community, wanted).await?;
    let Some(organisation) = organisation else {
        return Ok(people);
    };
    let elsewhere: HashSet<Uuid> = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::EndedAt.is_null())
        .filter(membership::Column::Speaker.eq(SpeakerClass::Partner.word()))
        .all(on)
        .await?
        .into_iter()
        .filter(|seat| seat.organisation.as_deref().unwrap_or_default() != organisation)
        .map(|seat| seat.account_id)
        .collect();
    Ok(people
        .into_iter()
        .filter(|one| !elsewhere.contains(one))
        .collect())
}

/// How many people are in each of these communities.
pub async fn member_counts(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
) -> Result<HashMap<Uuid, u64>, DbErr> {
    let rows: Vec<(Uuid, i64)> = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .column_as(membership::Column::Id.count(), "people")
        .filter(membership::Column::CommunityId.is_in(communities.iter().copied()))
        .filter(membership::Column::EndedAt.is_null())
        .group_by(membership::Column::CommunityId)
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, people)| (id, u64::try_from(people).unwrap_or(0)))
        .collect())
}

/// When this person joined the community, by their latest membership.
pub async fn joined_at(
    on: &impl ConnectionTrait,
    community: Uuid,
    account: Uuid,
) -> Result<Option<Timestamp>, DbErr> {
    let row = membership::Entity::find()
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::AccountId.eq(account))
        .order_by_desc(membership::Column::Id)
        .one(on)
        .await?;
    Ok(row.map(|row| Timestamp::from_micros(row.joined_at)))
}

/// These communities, or all of them, oldest first.
pub async fn communities(
    on: &impl ConnectionTrait,
    only: Option<&[Uuid]>,
) -> Result<Vec<Community>, DbErr> {
    let mut query = community::Entity::find();
    if let Some(only) = only {
        query = query.filter(community::Column::Id.is_in(only.iter().copied()));
    }
    query.order_by_asc(community::Column::Id).all(on).await
}

/// The memberships that ended since then, on whichever node, as (account, when).
pub async fn left_since(
    on: &impl ConnectionTrait,
    since: Timestamp,
) -> Result<Vec<(Uuid, Timestamp)>, DbErr> {
    let rows: Vec<(Uuid, i64)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::AccountId, membership::Column::EndedAt])
        .filter(membership::Column::EndedAt.gt(since.micros()))
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(account, at)| (account, Timestamp::from_micros(at)))
        .collect())
}

/// Everybody who is or ever was in one of these communities.
pub async fn people_of(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .distinct()
        .filter(membership::Column::CommunityId.is_in(communities.iter().copied()))
        .into_tuple()
        .all(on)
        .await
}
