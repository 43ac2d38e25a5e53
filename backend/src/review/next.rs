//! The next item: the best one that this person may decide, claimed in the same call.
//!
//! The nearest deadline comes first; deadlines in the same quarter of an hour count as one, and there the higher priority
//! wins. Never an own text, a text in an own thread, one that was passed over, or one that somebody holds. What came back
//! to this person, with the answers to their questions or because they undid their judgement, comes before all else.

use std::time::Duration;

use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement,
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use super::ReviewItem;
use super::claim::{ClaimError, Lease, take};
use super::conflict;
use super::entity::{assessment, review_item, review_skip};
use super::scope::{to_decide, with_effect};
use super::views::{Filter, for_a_lead, for_another, held_by_nobody};
use crate::audit::Audit;
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::posts::entity::{post, thread};

/// Deadlines that are so near to each other count as one.
const SAME_DEADLINE: Duration = Duration::from_secs(15 * 60);
/// Items with the nearest deadlines that are compared. More people than that who ask in the same instant ask again.
const COMPARED: u64 = 64;

/// Claims the next of the items wanted; nothing where there is none for this person.
pub async fn next(
    audit: &Audit,
    moderator: &Moderator,
    filter: &Filter,
    lease: Duration,
) -> Result<Option<(ReviewItem, Lease)>, ClaimError> {
    let mut refused: Vec<Uuid> = Vec::new();
    loop {
        let now = audit.clock().now();
        let wanted = eligible(moderator, filter, now)
            .add(review_item::Column::Id.is_not_in(refused.iter().copied()));
        // Who finds nothing does not wait for the writer.
        let any = review_item::Entity::find()
            .filter(wanted.clone())
            .order_by_asc(review_item::Column::DueAt)
            .one(audit.db().read());
        if any.await?.is_none() {
            return Ok(None);
        }
        let tx = audit.begin().await?;
        let who = moderator.who.account_id;
        let mut found = None;
        for wanted in [wanted.clone().add(came_back_to(who)), wanted] {
            if found.is_none() {
                found = best(wanted, now)
                    .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                    .one(tx.conn())
                    .await?;
            }
        }
        let Some(item) = found else {
            // Others took what there was between the look and the lock: look again.
            continue;
        };
        match conflict::none(tx.conn(), moderator, &item).await {
            Ok(()) => {}
            Err(ClaimError::Database(cause)) => return Err(cause.into()),
            Err(_) => {
                refused.push(item.id);
                continue;
            }
        }
        let lease = take(audit, tx, moderator, item.clone(), now.plus(lease)).await?;
        let claimed = ReviewItem {
            claimed_by: Some(moderator.who.account_id),
            claimed_until: Some(lease.until.micros()),
            fence: lease.fence,
            ..item
        };
        return Ok(Some((claimed, lease)));
    }
}

/// The best of the items that meet the condition.
fn best(wanted: Condition, now: Timestamp) -> Select<review_item::Entity> {
    let nearest: SelectStatement = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::Id)
        .filter(wanted)
        .order_by_asc(review_item::Column::DueAt)
        .order_by_asc(review_item::Column::Id)
        .limit(COMPARED)
        .into_query();
    let span = i64::try_from(SAME_DEADLINE.as_micros()).unwrap_or(i64::MAX);
    review_item::Entity::find()
        .filter(review_item::Column::Id.in_subquery(nearest))
        // Said again outside: a row that changed since is looked at once more when its lock is taken.
        .filter(to_decide())
        .filter(held_by_nobody(now))
        .order_by(
            Expr::col((review_item::Entity, review_item::Column::DueAt)).div(span),
            Direction::Asc,
        )
        .order_by_desc(review_item::Column::Priority)
        .order_by_asc(review_item::Column::DueAt)
        .order_by_asc(review_item::Column::Id)
}

/// The items wanted that this person may decide now.
fn eligible(moderator: &Moderator, filter: &Filter, now: Timestamp) -> Condition {
    let who = moderator.who.account_id;
    filter
        .condition(moderator, now)
        .add(to_decide())
        .add(held_by_nobody(now))
        .add(review_item::Column::AuthorId.ne(who))
        .add(for_a_lead(moderator).not())
        .add(for_another(who).not())
        .add(Expr::exists(passed_over(who)).not())
        .add(Expr::exists(in_thread_of(who)).not())
        // Said in the query: whoever decides much has judged most of what is looked at again.
        .add(
            Condition::any()
                .add(with_effect())
                .add(Expr::exists(judged_by(who)).not()),
        )
}

/// The items that nobody holds and this person held last, without having given them back or let the lease run out.
fn came_back_to(who: Uuid) -> Condition {
    Condition::all()
        .add(review_item::Column::ClaimedBy.eq(who))
        .add(review_item::Column::ClaimedUntil.is_null())
}

/// Whether this person passed the item over.
fn passed_over(who: Uuid) -> SelectStatement {
    Query::select()
        .expr(Expr::cust("1"))
        .from(review_skip::Entity)
        .and_where(
            Expr::col((review_skip::Entity, review_skip::Column::ItemId))
                .equals((review_item::Entity, review_item::Column::Id)),
        )
        .and_where(review_skip::Column::AccountId.eq(who))
        .and_where(review_skip::Column::LiftedAt.is_null())
        .take()
}

/// Whether this person judged the text of the item, on whichever item.
fn judged_by(who: Uuid) -> SelectStatement {
    Query::select()
        .expr(Expr::cust("1"))
        .from(assessment::Entity)
        .and_where(
            Expr::col((assessment::Entity, assessment::Column::RevisionId))
                .equals((review_item::Entity, review_item::Column::RevisionId)),
        )
        .and_where(assessment::Column::AssessedBy.eq(who))
        .take()
}

/// Whether this person started the thread of the item.
fn in_thread_of(who: Uuid) -> SelectStatement {
    Query::select()
        .expr(Expr::cust("1"))
        .from(post::Entity)
        .inner_join(
            thread::Entity,
            Expr::col((thread::Entity, thread::Column::Id))
                .equals((post::Entity, post::Column::ThreadId)),
        )
        .and_where(
            Expr::col((post::Entity, post::Column::Id))
                .equals((review_item::Entity, review_item::Column::PostId)),
        )
        .and_where(thread::Column::StartedBy.eq(who))
        .take()
}
