//! Queries on items, screenings and decisions that several operations share.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, OnConflict, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr,
    EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
};
use uuid::Uuid;

use super::entity::{decision, review_item, rule_set, screening};
use super::scope::{in_scope, open as open_state};
use super::{Decision, Origin, ReviewItem, StoredRuleSet, StoredScreening};
use crate::audit::{Additions, Tx};
use crate::communities::authority::{self, Authority};
use crate::db::insert_all;
use crate::posts::derived::origins_of;
use crate::posts::{Action, Derivation, ItemState, Kind, SubmissionState};

/// Stores screenings and opens the items that wait for a decision, with the commit.
pub fn open(with: &mut Additions, screenings: Vec<StoredScreening>, items: Vec<ReviewItem>) {
    with.add(screenings);
    with.add(items);
}

/// The same, at once.
pub async fn keep(
    tx: &Tx,
    screenings: Vec<StoredScreening>,
    items: Vec<ReviewItem>,
) -> Result<(), DbErr> {
    insert_all(tx.conn(), screenings).await?;
    insert_all(tx.conn(), items).await
}

/// Keeps the packs of a rule set, so that its screenings can be repeated. Kept once.
pub async fn keep_rule_set(tx: &Tx, set: StoredRuleSet) -> Result<(), DbErr> {
    rule_set::Entity::insert(set.into_active_model())
        .on_conflict(
            OnConflict::column(rule_set::Column::Hash)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// The items that their authors sent, and no others. Spelled out, because an index over a part of a table is found only
/// by a condition that says the same without a parameter.
pub(super) fn submitted() -> SimpleExpr {
    Expr::cust("origin IN ('submission', 'appeal') AND origin = 'submission'")
}

/// The items that their authors caused: submissions and appeals.
fn of_the_author() -> SimpleExpr {
    Expr::cust("origin IN ('submission', 'appeal')")
}

/// Items of these older revisions of a post without a decision give way to the newer one, with the commit.
pub fn supersede(with: &mut Additions, older: SelectStatement) {
    let change = review_item::Entity::update_many()
        .col_expr(
            review_item::Column::State,
            Expr::value(ItemState::Superseded.word()),
        )
        .filter(review_item::Column::RevisionId.in_subquery(older))
        .filter(of_the_author())
        .filter(open_state());
    with.change(&change);
}

/// Takes the item of the author's revision from the queue, if there is no decision yet; says which item, and in which state
/// it was.
pub async fn withdraw_item(
    tx: &Tx,
    author: Uuid,
    revision: Uuid,
) -> Result<Option<(Uuid, ItemState)>, DbErr> {
    let item = review_item::Entity::find()
        .filter(review_item::Column::RevisionId.eq(revision))
        .filter(submitted())
        .filter(review_item::Column::AuthorId.eq(author))
        .filter(open_state())
        .lock(LockType::Update)
        .one(tx.conn())
        .await?;
    let Some(item) = item else {
        return Ok(None);
    };
    let old = ItemState::from_word(&item.state).map(|state| (item.id, state));
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(ItemState::Withdrawn.word().to_owned());
    row.update(tx.conn()).await?;
    Ok(old)
}

/// The screenings with these identifiers.
pub async fn screenings(
    on: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, StoredScreening>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = screening::Entity::find()
        .filter(screening::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// How a revision stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its item.
    pub item: ReviewItem,
    /// The decision on it.
    pub decision: Option<Decision>,
    /// What its author is told.
    pub state: SubmissionState,
}

/// How these revisions stand. What is left of a text from which words were taken out stands as that text does.
pub async fn standing_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Standing>, DbErr> {
    if revisions.is_empty() {
        return Ok(HashMap::new());
    }
    let items = review_item::Entity::find()
        .filter(review_item::Column::RevisionId.is_in(revisions.iter().copied()))
        .filter(submitted())
        .all(on)
        .await?;
    let mut decisions: HashMap<Uuid, Decision> = decision::Entity::find()
        .filter(decision::Column::RevisionId.is_in(revisions.iter().copied()))
        .all(on)
        .await?
        .into_iter()
        .map(|decision| (decision.item_id, decision))
        .collect();
    // The decision on an appeal against a rejection stands on an item of its own.
    let overturned: HashSet<Uuid> = decisions
        .values()
        .filter(|decision| decision.action == Action::Overturn.word())
        .map(|decision| decision.revision_id)
        .collect();
    let mut standing: HashMap<Uuid, Standing> = items
        .into_iter()
        .map(|item| {
            let decision = decisions.remove(&item.id);
            let action = decision.as_ref().and_then(|d| Action::from_word(&d.action));
            // INVARIANT: an unreadable state is treated as waiting, never as released.
            let state = ItemState::from_word(&item.state).unwrap_or(ItemState::Waiting);
            let state = match overturned.contains(&item.revision_id) {
                true => SubmissionState::Released,
                false => SubmissionState::of(state, action),
            };
            (
                item.revision_id,
                Standing {
                    item,
                    decision,
                    state,
                },
            )
        })
        .collect();
    let others: Vec<Uuid> = revisions
        .iter()
        .filter(|id| !standing.contains_key(*id))
        .copied()
        .collect();
    standing.extend(standing_of_redacted(on, &others).await?);
    Ok(standing)
}

/// How those of these revisions stand that are what was left of others. They were decided on together, so they have no item
/// of their own: it is that of the original with what the rules say of what is left.
async fn standing_of_redacted(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Standing>, DbErr> {
    let rows: Vec<Derivation> = origins_of(on, revisions)
        .await?
        .into_values()
        .filter(|row| row.kind == Kind::Redacted.word())
        .collect();
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let (at, screened): (Vec<Uuid>, Vec<Uuid>) = rows
        .iter()
        .map(|row| (row.item_id, row.screening_id))
        .unzip();
    let items: HashMap<Uuid, ReviewItem> = items(on, &at)
        .await?
        .into_iter()
        .map(|item| (item.id, item))
        .collect();
    let mut decisions = decisions_on(on, &at).await?;
    let mut screened = screenings(on, &screened).await?;
    let standing = |row: Derivation| {
        let item = items.get(&row.item_id)?.clone();
        let screening = screened.remove(&row.screening_id)?;
        let item = ReviewItem {
            revision_id: row.revision_id,
            screening_id: screening.id,
            rule_set_hash: screening.rule_set_hash,
            verdict: screening.verdict,
            priority: screening.priority,
            submitted_at: screening.screened_at,
            ..item
        };
        let standing = Standing {
            decision: decisions.remove(&item.id),
            state: SubmissionState::Released,
            item,
        };
        Some((row.revision_id, standing))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}

/// These items, which the caller was allowed to learn.
pub(super) async fn items(
    on: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<ReviewItem>, DbErr> {
    review_item::Entity::find()
        .filter(review_item::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await
}

/// All decisions on these revisions, in their order.
pub async fn decisions_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Decision>, DbErr> {
    decision::Entity::find()
        .filter(decision::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(decision::Column::Id)
        .all(on)
        .await
}

/// The decisions with these identifiers.
pub(super) async fn decisions(
    on: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<Decision>, DbErr> {
    decision::Entity::find()
        .filter(decision::Column::Id.is_in(ids.iter().copied()))
        .all(on)
        .await
}

/// The decisions on those of these items that have one, by item.
pub(super) async fn decisions_on(
    on: &impl ConnectionTrait,
    items: &[Uuid],
) -> Result<HashMap<Uuid, Decision>, DbErr> {
    let rows = decision::Entity::find()
        .filter(decision::Column::ItemId.is_in(items.iter().copied()))
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row)).collect())
}

/// The decision on this item, once there is one.
pub(super) async fn decision_on(
    on: &impl ConnectionTrait,
    item: Uuid,
) -> Result<Option<Decision>, DbErr> {
    decision::Entity::find()
        .filter(decision::Column::ItemId.eq(item))
        .one(on)
        .await
}

/// The revisions that this author submitted, newest first, before this one, this many at most.
pub async fn submitted_by(
    on: &impl ConnectionTrait,
    author: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut query = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::RevisionId)
        .filter(review_item::Column::AuthorId.eq(author))
        .filter(submitted());
    if let Some(before) = before {
        // Items have the order of their texts, and the index of the author has it, too.
        let item_of_it = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::Id)
            .filter(review_item::Column::RevisionId.eq(before))
            .filter(submitted())
            .into_query();
        query = query.filter(Expr::col(review_item::Column::Id).lt(SimpleExpr::from(item_of_it)));
    }
    query
        .order_by_desc(review_item::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(on)
        .await
}

/// The author's newest revisions that wait for a decision, this many at most.
pub async fn waiting_of(
    on: &impl ConnectionTrait,
    author: Uuid,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    review_item::Entity::find()
        .select_only()
        .column(review_item::Column::RevisionId)
        .filter(review_item::Column::AuthorId.eq(author))
        .filter(submitted())
        .filter(open_state())
        .order_by_desc(review_item::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(on)
        .await
}

/// An item of the communities where this person's standing holds.
pub(super) async fn item<S: authority::Standing>(
    on: &impl ConnectionTrait,
    authority: &Authority<S>,
    id: Uuid,
) -> Result<Option<ReviewItem>, DbErr> {
    review_item::Entity::find_by_id(id)
        .filter(in_scope(authority))
        .one(on)
        .await
}

/// The same, locked until the transaction ends.
pub(super) async fn item_to_change<S: authority::Standing>(
    tx: &Tx,
    authority: &Authority<S>,
    id: Uuid,
) -> Result<Option<ReviewItem>, DbErr> {
    review_item::Entity::find_by_id(id)
        .filter(in_scope(authority))
        .lock(LockType::Update)
        .one(tx.conn())
        .await
}

/// An item of any community, locked until the transaction ends: for what the server itself does.
pub(super) async fn any_item_to_change(tx: &Tx, id: Uuid) -> Result<Option<ReviewItem>, DbErr> {
    review_item::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(tx.conn())
        .await
}

/// The decision on an item.
pub(super) async fn decision_of(
    on: &impl ConnectionTrait,
    item: Uuid,
) -> Result<Option<Decision>, DbErr> {
    decision::Entity::find()
        .filter(decision::Column::ItemId.eq(item))
        .one(on)
        .await
}

/// The packs of these rule sets, by hash.
pub async fn rule_sets(
    on: &impl ConnectionTrait,
    hashes: impl IntoIterator<Item = String>,
) -> Result<Vec<StoredRuleSet>, DbErr> {
    rule_set::Entity::find()
        .filter(rule_set::Column::Hash.is_in(hashes))
        .order_by_asc(rule_set::Column::Hash)
        .all(on)
        .await
}

/// An item that does not say what its screening and its revision say, if there is one.
pub async fn stray_item(on: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let same = |item: review_item::Column, screened: screening::Column| {
        Expr::col((review_item::Entity, item)).equals((screening::Entity, screened))
    };
    let alike = Condition::all()
        .add(same(
            review_item::Column::RevisionId,
            screening::Column::RevisionId,
        ))
        .add(same(
            review_item::Column::RuleSetHash,
            screening::Column::RuleSetHash,
        ))
        .add(same(
            review_item::Column::Verdict,
            screening::Column::Verdict,
        ))
        .add(same(
            review_item::Column::Priority,
            screening::Column::Priority,
        ))
        .add(
            // What was reported or appealed came to the desk after it was screened.
            review_item::Column::Origin
                .is_not_in([Origin::Submission.word(), Origin::Rescreen.word()])
                .or(same(
                    review_item::Column::SubmittedAt,
                    screening::Column::ScreenedAt,
                )),
        );
    let of_item = review_item::Entity::belongs_to(screening::Entity)
        .from(review_item::Column::ScreeningId)
        .to(screening::Column::Id)
        .into();
    review_item::Entity::find()
        .select_only()
        .column(review_item::Column::Id)
        .join(JoinType::LeftJoin, of_item)
        .filter(
            Condition::any()
                .add(screening::Column::Id.is_null())
                .add(alike.not()),
        )
        .into_tuple()
        .one(on)
        .await
}
