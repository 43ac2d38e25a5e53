//! The queue: what waits, the nearest deadline first.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::sea_query::{Cond, Condition, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::review_item;
use super::{Origin, ReviewItem};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::communities::{Author, authors};
use crate::identity::printed_names;
use crate::posts::{ItemState, Revision, Surface, markdown, store as posts};
use crate::safety;

/// The families of findings, as stored in `review_item.families`.
pub(super) const FAMILIES: [&str; 5] = [
    "adverse_event",
    "conduct",
    "fair_balance",
    "off_label",
    "privacy",
];

/// A community as the desk names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeskCommunity {
    /// Its name in addresses.
    pub slug: String,
    /// Its printed name.
    pub name: String,
}

/// A person by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
}

/// Who holds an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Claim {
    /// The holder.
    pub by: Person,
    /// When the lease runs out.
    pub until: Timestamp,
    /// Whether it is the person who asks.
    pub you: bool,
}

/// An item in the queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemCard {
    /// The item.
    pub id: Uuid,
    /// What brought it to the desk.
    pub origin: Origin,
    /// Where it would appear.
    pub community: DeskCommunity,
    /// As what.
    pub surface: Surface,
    /// Who wrote it.
    pub author: Author,
    /// The first words.
    pub excerpt: String,
    /// The title of a new thread.
    pub title: Option<String>,
    /// What the rules said: clear, hold or escalate.
    pub verdict: String,
    /// The kinds of concern that were found.
    pub families: Vec<String>,
    /// 0 to 1000, higher is more urgent.
    pub priority: i64,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When a decision is due.
    pub due_at: Timestamp,
    /// Who holds it now.
    pub claim: Option<Claim>,
    /// Whether it must be said first if it is an adverse event.
    pub needs_disposition: bool,
    /// Whether it is the text of the person who asks.
    pub own: bool,
    /// Whether it waits.
    pub state: ItemState,
}

/// How much there is to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Items that wait.
    pub waiting: u64,
    /// Of these, past their deadline.
    pub overdue: u64,
    /// Of these, held by the person who asks.
    pub claimed_by_you: u64,
    /// Items that wait, by the kind of concern; one item may count in several.
    pub by_family: BTreeMap<String, u64>,
}

/// Which items.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this community.
    pub community: Option<Uuid>,
    /// Only with a finding of this family.
    pub family: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<String>,
    /// In this state; waiting where it is not given.
    pub state: Option<ItemState>,
    /// Only those that the person holds.
    pub mine: bool,
    /// After this deadline and item.
    pub after: Option<(i64, Uuid)>,
    /// This many at most.
    pub limit: u64,
}

/// One page of the queue in the communities where the person reviews.
pub async fn queue(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    filter: &Filter,
    now: Timestamp,
) -> Result<Vec<ItemCard>, DbErr> {
    let state = filter.state.unwrap_or(ItemState::Waiting);
    let mut wanted = scope(moderator).add(review_item::Column::State.eq(state.word()));
    if let Some(community) = filter.community {
        wanted = wanted.add(review_item::Column::CommunityId.eq(community));
    }
    if let Some(family) = &filter.family {
        wanted = wanted.add(review_item::Column::Families.contains(format!(",{family},")));
    }
    if let Some(verdict) = &filter.verdict {
        wanted = wanted.add(review_item::Column::Verdict.eq(verdict));
    }
    if filter.mine {
        wanted = wanted.add(held_by(moderator.who.account_id, now));
    }
    if let Some((due, id)) = filter.after {
        wanted = wanted.add(
            review_item::Column::DueAt
                .gt(due)
                .or(review_item::Column::DueAt
                    .eq(due)
                    .and(review_item::Column::Id.gt(id))),
        );
    }
    let rows = review_item::Entity::find()
        .filter(wanted)
        .order_by_asc(review_item::Column::DueAt)
        .order_by_asc(review_item::Column::Id)
        .limit(filter.limit)
        .all(on)
        .await?;
    cards(on, moderator, rows, now).await
}

fn scope(moderator: &Moderator) -> Condition {
    Cond::all().add(review_item::Column::CommunityId.is_in(moderator.communities()))
}

fn held_by(who: Uuid, now: Timestamp) -> Condition {
    Cond::all()
        .add(review_item::Column::ClaimedBy.eq(who))
        .add(review_item::Column::ClaimedUntil.gt(now.micros()))
}

/// How much there is to do in the communities where the person reviews.
pub async fn counts(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    now: Timestamp,
) -> Result<Counts, DbErr> {
    let waiting = || {
        review_item::Entity::find()
            .filter(scope(moderator))
            .filter(review_item::Column::State.eq(ItemState::Waiting.word()))
    };
    let kinds: Vec<(String, i64)> = waiting()
        .select_only()
        .column(review_item::Column::Families)
        .column_as(review_item::Column::Id.count(), "items")
        .group_by(review_item::Column::Families)
        .into_tuple()
        .all(on)
        .await?;
    let mut by_family: BTreeMap<String, u64> = FAMILIES
        .iter()
        .map(|family| ((*family).to_owned(), 0))
        .collect();
    let mut total = 0;
    for (families, items) in kinds {
        let items = u64::try_from(items).unwrap_or(0);
        total += items;
        for family in families.split(',').filter(|family| !family.is_empty()) {
            *by_family.entry(family.to_owned()).or_default() += items;
        }
    }
    Ok(Counts {
        waiting: total,
        overdue: waiting()
            .filter(review_item::Column::DueAt.lt(now.micros()))
            .count(on)
            .await?,
        claimed_by_you: waiting()
            .filter(held_by(moderator.who.account_id, now))
            .count(on)
            .await?,
        by_family,
    })
}

/// These items as cards, in the same order.
pub(super) async fn cards(
    on: &impl ConnectionTrait,
    moderator: &Moderator,
    rows: Vec<ReviewItem>,
    now: Timestamp,
) -> Result<Vec<ItemCard>, DbErr> {
    let revisions: Vec<Uuid> = rows.iter().map(|row| row.revision_id).collect();
    let texts: HashMap<Uuid, Revision> = posts::revisions(on, &revisions)
        .await?
        .into_iter()
        .map(|r| (r.id, r))
        .collect();
    let places: Vec<Uuid> = rows.iter().map(|row| row.post_id).collect();
    let surfaces: HashMap<Uuid, Surface> = posts::posts(on, &places)
        .await?
        .into_iter()
        .filter_map(|post| Some((post.id, Surface::from_word(&post.surface)?)))
        .collect();
    let people = authors(on, rows.iter().map(|row| (row.community_id, row.author_id))).await?;
    let holders = printed_names(on, rows.iter().filter_map(|row| row.claimed_by)).await?;
    let undisposed: HashSet<Uuid> = safety::cases_of(on, &revisions)
        .await?
        .into_iter()
        .filter(|case| case.disposition.is_none())
        .map(|case| case.revision_id)
        .collect();
    let who = moderator.who.account_id;
    let card = |row: ReviewItem| {
        let seat = moderator.seat(row.community_id)?;
        let text = texts.get(&row.revision_id)?;
        let claim = row
            .claimed_by
            .zip(row.claimed_until)
            .filter(|(_, until)| *until > now.micros());
        Some(ItemCard {
            origin: Origin::from_word(&row.origin)?,
            community: DeskCommunity {
                slug: seat.slug.clone(),
                name: seat.community_name.clone(),
            },
            surface: *surfaces.get(&row.post_id)?,
            author: people.get(&(row.community_id, row.author_id))?.clone(),
            excerpt: markdown::excerpt(&text.body, 160),
            title: text.title.clone(),
            verdict: row.verdict,
            families: row
                .families
                .split(',')
                .filter(|f| !f.is_empty())
                .map(str::to_owned)
                .collect(),
            priority: row.priority,
            submitted_at: Timestamp::from_micros(row.submitted_at),
            due_at: Timestamp::from_micros(row.due_at),
            claim: claim.and_then(|(by, until)| {
                Some(Claim {
                    by: Person {
                        id: by,
                        name: holders.get(&by)?.clone(),
                    },
                    until: Timestamp::from_micros(until),
                    you: by == who,
                })
            }),
            needs_disposition: undisposed.contains(&row.revision_id),
            own: row.author_id == who,
            state: ItemState::from_word(&row.state)?,
            id: row.id,
        })
    };
    Ok(rows.into_iter().filter_map(card).collect())
}
