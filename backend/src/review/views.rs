//! Views of the queue: each is one condition, which lists and counts share, so that they always agree.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{assessment, review_item};
use super::scope::{in_scope, open, takeable, where_lead, with_effect};
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::authority::Moderator;
use crate::communities::roles::SpeakerClass;
use crate::posts::ItemState;

/// A part of the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Whatever somebody at the desk can take.
    #[default]
    Open,
    /// Held by the person who asks.
    Mine,
    /// Held by nobody.
    Unclaimed,
    /// The rules want the responsible officer, or two reviewers disagree.
    Escalated,
    /// Somebody else is to act: another desk answers, or another reviewer judges.
    WaitingForOthers,
    /// Without a decision past the deadline.
    Breached,
    /// Decided within the last seven days, the latest first.
    RecentlyDecided,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The nearest deadline first.
    #[default]
    Due,
    /// The highest priority first.
    Priority,
    /// The newest first.
    Newest,
}

/// Which items.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The part of the queue.
    pub view: View,
    /// In this state, whatever the view says of states.
    pub state: Option<ItemState>,
    /// Only of this community.
    pub community: Option<Uuid>,
    /// Only with a finding of this family.
    pub family: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<String>,
    /// Only of this risk class.
    pub risk: Option<RiskClass>,
    /// Only where this is the severity of the worst finding.
    pub severity: Option<String>,
    /// Only in threads about this product.
    pub product: Option<Uuid>,
    /// Only in this language.
    pub language: Option<String>,
    /// Only by authors who speak as this.
    pub speaker: Option<SpeakerClass>,
    /// Only of this priority or a higher one.
    pub min_priority: Option<i64>,
    /// Only those that are due before.
    pub due_before: Option<Timestamp>,
    /// The order, where the view has none of its own.
    pub order: Order,
    /// Each of these words stands in the title, the text or the author's name.
    pub words: Vec<String>,
}

impl Filter {
    /// Whether the items wanted have ended: these are listed the newest first.
    pub(super) fn ended(&self) -> bool {
        self.state
            .is_some_and(|state| !ItemState::OPEN.contains(&state))
    }

    /// The items wanted, apart from their words.
    pub(super) fn condition(&self, moderator: &Moderator, now: Timestamp) -> Condition {
        let mut wanted = in_scope(moderator);
        wanted = Cond::all().add(wanted).add(match self.state {
            Some(state) => in_state(state).add(match self.view {
                // A state that is asked for stands instead of those of the view.
                View::Mine => held_by(moderator.who.account_id, now),
                View::Breached => Cond::all().add(review_item::Column::DueAt.lt(now.micros())),
                View::Unclaimed => held_by_nobody(now),
                _ => Cond::all(),
            }),
            None => self.view.condition(moderator, now),
        });
        if let Some(community) = self.community {
            wanted = wanted.add(review_item::Column::CommunityId.eq(community));
        }
        if let Some(family) = &self.family {
            wanted = wanted.add(of_family(family));
        }
        if let Some(verdict) = &self.verdict {
            wanted = wanted.add(review_item::Column::Verdict.eq(verdict));
        }
        if let Some(risk) = self.risk {
            wanted = wanted.add(of_risk(risk));
        }
        if let Some(severity) = &self.severity {
            wanted = wanted.add(review_item::Column::Severity.eq(severity));
        }
        if let Some(product) = self.product {
            wanted = wanted.add(review_item::Column::ProductId.eq(product));
        }
        if let Some(language) = &self.language {
            wanted = wanted.add(review_item::Column::Language.eq(language));
        }
        if let Some(speaker) = self.speaker {
            wanted = wanted.add(review_item::Column::Speaker.eq(speaker.word()));
        }
        if let Some(least) = self.min_priority {
            wanted = wanted.add(review_item::Column::Priority.gte(least));
        }
        if let Some(due) = self.due_before {
            wanted = wanted.add(review_item::Column::DueAt.lt(due.micros()));
        }
        wanted
    }
}

impl View {
    /// The items of this view, wherever they are.
    pub(super) fn condition(self, moderator: &Moderator, now: Timestamp) -> Condition {
        match self {
            Self::RecentlyDecided => in_state(ItemState::Decided),
            view => Cond::all().add(open()).add(view.among_open(moderator, now)),
        }
    }

    /// The items of this view among the open ones.
    pub(super) fn among_open(self, moderator: &Moderator, now: Timestamp) -> Condition {
        let who = moderator.who.account_id;
        let waiting = Cond::all().add(takeable());
        match self {
            Self::Open => waiting,
            Self::Mine => waiting.add(held_by(who, now)),
            Self::Unclaimed => waiting.add(held_by_nobody(now)),
            Self::Escalated => waiting.add(with_effect()).add(
                Cond::any()
                    .add(review_item::Column::Verdict.eq("escalate"))
                    .add(review_item::Column::State.eq(ItemState::LeadReview.word())),
            ),
            Self::WaitingForOthers => Cond::all().add(
                Cond::any()
                    .add(
                        review_item::Column::State
                            .is_in([ItemState::Referred.word(), ItemState::Settling.word()]),
                    )
                    .add(for_a_lead(moderator))
                    .add(for_another(who)),
            ),
            Self::Breached => Cond::all().add(review_item::Column::DueAt.lt(now.micros())),
            // No open item is decided.
            Self::RecentlyDecided => Cond::all().add(open().not()),
        }
    }
}

/// The items whose disagreement a lead must settle, where this reviewer is none.
pub(super) fn for_a_lead(moderator: &Moderator) -> Condition {
    Cond::all()
        .add(review_item::Column::State.eq(ItemState::LeadReview.word()))
        .add(where_lead(moderator).not())
}

/// The items that another person must judge now, because this one has.
pub(super) fn for_another(who: Uuid) -> Condition {
    let judged = Query::select()
        .expr(Expr::cust("1"))
        .from(assessment::Entity)
        .and_where(
            Expr::col((assessment::Entity, assessment::Column::ItemId))
                .equals((review_item::Entity, review_item::Column::Id)),
        )
        .and_where(assessment::Column::AssessedBy.eq(who))
        .take();
    Cond::all()
        .add(
            review_item::Column::State
                .is_in([ItemState::SecondReview.word(), ItemState::LeadReview.word()]),
        )
        .add(Expr::exists(judged))
}

fn in_state(state: ItemState) -> Condition {
    let wanted = Cond::all().add(review_item::Column::State.eq(state.word()));
    if ItemState::OPEN.contains(&state) {
        wanted.add(open())
    } else {
        wanted
    }
}

/// Held by this person now.
pub(super) fn held_by(who: Uuid, now: Timestamp) -> Condition {
    Cond::all()
        .add(review_item::Column::ClaimedBy.eq(who))
        .add(review_item::Column::ClaimedUntil.gt(now.micros()))
}

/// Held by nobody now.
pub(super) fn held_by_nobody(now: Timestamp) -> Condition {
    Cond::any()
        .add(review_item::Column::ClaimedUntil.is_null())
        .add(review_item::Column::ClaimedUntil.lte(now.micros()))
}

/// With a finding of this family.
pub(super) fn of_family(family: &str) -> Condition {
    Cond::all().add(review_item::Column::Families.contains(format!(",{family},")))
}

/// Of this risk class.
pub(super) fn of_risk(risk: RiskClass) -> Condition {
    Cond::all().add(review_item::Column::Risk.eq(risk.word()))
}
