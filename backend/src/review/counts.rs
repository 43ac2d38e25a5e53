//! How much there is to do, counted in one walk over the open items.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::review_item;
use super::scope::{in_scope, open, takeable};
use super::views::{View, of_family, of_risk};
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::authority::Moderator;

/// How much there is to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Items that somebody at the desk can take.
    pub waiting: i64,
    /// Items without a decision past their deadline.
    pub overdue: i64,
    /// Of those that wait, held by the person who asks.
    pub claimed_by_you: i64,
    /// Items in each view that counts open items.
    pub views: BTreeMap<&'static str, i64>,
    /// Items that wait, by the kind of concern; one item may count in several.
    pub by_family: BTreeMap<&'static str, i64>,
    /// Items that wait, by what is at stake.
    pub by_risk: BTreeMap<&'static str, i64>,
    /// Items that wait, by the name of their community in addresses.
    pub by_community: BTreeMap<String, i64>,
}

#[derive(Default, FromQueryResult)]
struct Row {
    community_id: Uuid,
    open: i64,
    mine: i64,
    unclaimed: i64,
    escalated: i64,
    waiting_for_others: i64,
    breached: i64,
    adverse_event: i64,
    conduct: i64,
    fair_balance: i64,
    off_label: i64,
    privacy: i64,
    safety: i64,
    promotion: i64,
    routine: i64,
}

/// Rows that meet the condition.
fn those(condition: Condition) -> SimpleExpr {
    SimpleExpr::Case(Box::new(Expr::case(condition, Expr::cust("1")))).count()
}

/// How much there is to do in the communities where the person reviews.
pub async fn counts(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    now: Timestamp,
) -> Result<Counts, DbErr> {
    let view = |view: View| those(view.among_open(moderator, now));
    let waiting = |part: Condition| those(Cond::all().add(takeable()).add(part));
    let rows: Vec<Row> = review_item::Entity::find()
        .select_only()
        .column(review_item::Column::CommunityId)
        .column_as(view(View::Open), "open")
        .column_as(view(View::Mine), "mine")
        .column_as(view(View::Unclaimed), "unclaimed")
        .column_as(view(View::Escalated), "escalated")
        .column_as(view(View::WaitingForOthers), "waiting_for_others")
        .column_as(view(View::Breached), "breached")
        .column_as(waiting(of_family("adverse_event")), "adverse_event")
        .column_as(waiting(of_family("conduct")), "conduct")
        .column_as(waiting(of_family("fair_balance")), "fair_balance")
        .column_as(waiting(of_family("off_label")), "off_label")
        .column_as(waiting(of_family("privacy")), "privacy")
        .column_as(waiting(of_risk(RiskClass::Safety)), "safety")
        .column_as(waiting(of_risk(RiskClass::Promotion)), "promotion")
        .column_as(waiting(of_risk(RiskClass::Routine)), "routine")
        .filter(in_scope(moderator))
        .filter(open())
        .group_by(review_item::Column::CommunityId)
        .into_model()
        .all(on)
        .await?;
    let sum = |column: fn(&Row) -> i64| rows.iter().map(column).sum::<i64>();
    let by_community = moderator.seats().iter().map(|seat| {
        let row = rows
            .iter()
            .find(|row| row.community_id == seat.community_id);
        (seat.slug.clone(), row.map_or(0, |row| row.open))
    });
    Ok(Counts {
        waiting: sum(|row| row.open),
        overdue: sum(|row| row.breached),
        claimed_by_you: sum(|row| row.mine),
        views: BTreeMap::from([
            ("open", sum(|row| row.open)),
            ("mine", sum(|row| row.mine)),
            ("unclaimed", sum(|row| row.unclaimed)),
            ("escalated", sum(|row| row.escalated)),
            ("waiting_for_others", sum(|row| row.waiting_for_others)),
            ("breached", sum(|row| row.breached)),
        ]),
        by_family: BTreeMap::from([
            ("adverse_event", sum(|row| row.adverse_event)),
            ("conduct", sum(|row| row.conduct)),
            ("fair_balance", sum(|row| row.fair_balance)),
            ("off_label", sum(|row| row.off_label)),
            ("privacy", sum(|row| row.privacy)),
        ]),
        by_risk: BTreeMap::from([
            (RiskClass::Safety.word(), sum(|row| row.safety)),
            (RiskClass::Promotion.word(), sum(|row| row.promotion)),
            (RiskClass::Routine.word(), sum(|row| row.routine)),
        ]),
        by_community: by_community.collect(),
    })
}
