//! What records are found by. The sealer writes it, many records at once, so that what is recorded with a change writes no
//! index: each would be further pages of every commit.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::entity::{audit_index, audit_record, audit_unsealed};

/// One thing that a record is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term<'a> {
    /// Who did it.
    Actor(Uuid),
    /// What was done.
    Action(&'a str),
    /// To what: the identifier of the object.
    Object(&'a str),
}

impl Term<'_> {
    fn text(&self) -> String {
        match self {
            Self::Actor(id) => format!("actor:{id}"),
            Self::Action(action) => format!("action:{action}"),
            Self::Object(id) => format!("object:{id}"),
        }
    }
}

/// What this record is found by once it is sealed.
pub(super) fn terms_of(record: audit_record::Model) -> Vec<audit_index::Model> {
    let actor = record.actor_id.map(Term::Actor);
    let others = [
        Term::Action(&record.action),
        Term::Object(&record.object_id),
    ];
    let terms = actor.into_iter().chain(others);
    terms
        .map(|term| audit_index::Model {
            term: term.text(),
            record_id: record.id,
        })
        .collect()
}

/// The identifiers of the newest of these records that have this term, newest first.
pub(super) async fn with_term(
    on: &impl ConnectionTrait,
    records: Select<audit_record::Entity>,
    term: &Term<'_>,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    // First those that wait for the sealer: what it seals between the two readings is found twice, and nothing is missed.
    let waits = audit_record::Entity::belongs_to(audit_unsealed::Entity)
        .from(audit_record::Column::Id)
        .to(audit_unsealed::Column::RecordId)
        .into();
    let indexed = audit_record::Entity::belongs_to(audit_index::Entity)
        .from(audit_record::Column::Id)
        .to(audit_index::Column::RecordId)
        .into();
    let ids = |records: Select<audit_record::Entity>| {
        let newest = records.select_only().column(audit_record::Column::Id);
        newest.limit(limit).into_tuple::<Uuid>()
    };
    let unsealed = records
        .clone()
        .join(JoinType::InnerJoin, waits)
        .order_by_desc(audit_unsealed::Column::RecordId);
    let mut found = ids(unsealed).all(on).await?;
    let sealed = records
        .join(JoinType::InnerJoin, indexed)
        .filter(audit_index::Column::Term.eq(term.text()))
        .order_by_desc(audit_index::Column::RecordId);
    found.extend(ids(sealed).all(on).await?);
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
