//! Finds records for an inspector: those of the inspector's communities, and those that belong to none and were
//! caused by the server itself or by somebody from these communities.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::entity::{audit_leaf, audit_record};
use super::index::{Term, with_term};
use crate::clock::Timestamp;

/// How far an inspector's eyes reach.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The communities they inspect.
    pub communities: Vec<Uuid>,
    /// Everybody who is or was in these communities: of nobody else are sign-ins and the like shown.
    pub people: Vec<Uuid>,
}

/// What to look for; everything that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Who did it.
    pub actor: Option<Uuid>,
    /// What was done.
    pub action: Option<String>,
    /// To what: the identifier of the object.
    pub object: Option<String>,
    /// Only in this community, instead of all that are allowed and those of none.
    pub community: Option<Uuid>,
    /// Not earlier than this, in microseconds.
    pub from: Option<i64>,
    /// Not later than this, in microseconds.
    pub to: Option<i64>,
    /// Only records that are older than this one.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: u64,
}

/// A record as it was written, and its place in the log if it has one yet.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub id: Uuid,
    /// Canonical JSON, as it was hashed.
    pub body: String,
    /// Index and hash of its leaf.
    pub leaf: Option<(i64, Vec<u8>)>,
}

/// Identifier, body, leaf index, leaf hash.
type Row = (Uuid, String, Option<i64>, Option<Vec<u8>>);

/// The newest records that fit, newest first.
///
/// # Errors
/// If the database fails.
pub async fn search(
    on: &impl ConnectionTrait,
    reach: &Reach,
    wanted: &Search,
) -> Result<Vec<Found>, DbErr> {
    let mut query = visible(reach);
    if let Some(community) = wanted.community {
        query = query.filter(audit_record::Column::CommunityId.eq(community));
    }
    if let Some(actor) = wanted.actor {
        query = query.filter(audit_record::Column::ActorId.eq(actor));
    }
    if let Some(action) = &wanted.action {
        query = query.filter(audit_record::Column::Action.eq(action.as_str()));
    }
    if let Some(object) = &wanted.object {
        query = query.filter(audit_record::Column::ObjectId.eq(object.as_str()));
    }
    if let Some(from) = wanted.from {
        query = query.filter(audit_record::Column::At.gte(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(audit_record::Column::At.lte(to));
    }
    if let Some(before) = wanted.before {
        query = query.filter(audit_record::Column::Id.lt(before));
    }
    let object = wanted.object.as_deref().map(Term::Object);
    let action = wanted.action.as_deref().map(Term::Action);
    // The rarest of them; without one the newest records of all are gone through.
    if let Some(term) = object.or(wanted.actor.map(Term::Actor)).or(action) {
        let ids = with_term(on, query, &term, wanted.limit).await?;
        query = audit_record::Entity::find().filter(audit_record::Column::Id.is_in(ids));
    }
    found(
        query
            .order_by_desc(audit_record::Column::Id)
            .limit(wanted.limit),
        on,
    )
    .await
}

/// One record, if it may be seen.
///
/// # Errors
/// If the database fails.
pub async fn record(
    on: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
) -> Result<Option<Found>, DbErr> {
    Ok(
        found(visible(reach).filter(audit_record::Column::Id.eq(id)), on)
            .await?
            .pop(),
    )
}

/// Every kind of action that there is a record of.
///
/// # Errors
/// If the database fails.
pub async fn actions(on: &impl ConnectionTrait, reach: &Reach) -> Result<Vec<String>, DbErr> {
    visible(reach)
        .select_only()
        .column(audit_record::Column::Action)
        .distinct()
        .order_by_asc(audit_record::Column::Action)
        .into_tuple()
        .all(on)
        .await
}

/// When somebody last did something to objects of these kinds in a community, if it was since then.
///
/// # Errors
/// If the database fails.
pub async fn last_at(
    on: &impl ConnectionTrait,
    community: Uuid,
    kinds: &[&str],
    since: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    // Identifiers begin with the milliseconds of their making: the index on them bounds what is read.
    let milliseconds = u128::try_from(since.micros() / 1000).unwrap_or(0);
    let at: Option<i64> = audit_record::Entity::find()
        .select_only()
        .column(audit_record::Column::At)
        .filter(audit_record::Column::CommunityId.eq(community))
        .filter(audit_record::Column::Id.gte(Uuid::from_u128(milliseconds << 80)))
        .filter(audit_record::Column::ObjectKind.is_in(kinds.iter().copied()))
        .filter(audit_record::Column::ActorId.is_not_null())
        .order_by_desc(audit_record::Column::Id)
        .limit(1)
        .into_tuple()
        .one(on)
        .await?;
    Ok(at.map(Timestamp::from_micros))
}

fn visible(reach: &Reach) -> Select<audit_record::Entity> {
    let by_them_or_the_server = Condition::any()
        .add(audit_record::Column::ActorId.is_null())
        .add(audit_record::Column::ActorId.is_in(reach.people.iter().copied()));
    let of_the_server = Condition::all()
        .add(audit_record::Column::CommunityId.is_null())
        .add(by_them_or_the_server);
    audit_record::Entity::find().filter(
        Condition::any()
            .add(audit_record::Column::CommunityId.is_in(reach.communities.iter().copied()))
            .add(of_the_server),
    )
}

async fn found(
    query: Select<audit_record::Entity>,
    on: &impl ConnectionTrait,
) -> Result<Vec<Found>, DbErr> {
    let leaf = audit_record::Entity::belongs_to(audit_leaf::Entity)
        .from(audit_record::Column::Id)
        .to(audit_leaf::Column::RecordId)
        .into();
    let rows: Vec<Row> = query
        .select_only()
        .columns([audit_record::Column::Id, audit_record::Column::Body])
        .columns([audit_leaf::Column::LeafIndex, audit_leaf::Column::LeafHash])
        .join(JoinType::LeftJoin, leaf)
        .into_tuple()
        .all(on)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, body, index, hash)| Found {
            id,
            body,
            leaf: index.zip(hash),
        })
        .collect())
}
