//! Items as the queue shows them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::blind::shown_origin;
use super::conflict::{Conflict, conflicts, skips_of};
use super::referral::{CardQuestion, card_questions};
use super::skip::SkipReason;
use super::{Origin, ReviewItem};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::communities::{Author, RiskClass, authors, product_names_of};
use crate::identity::printed_names;
use crate::posts::{ItemState, Revision, Surface, markdown, store as posts};
use crate::safety;

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

/// A product by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductName {
    /// The product.
    pub id: Uuid,
    /// Its name.
    pub name: String,
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
    /// What is at stake.
    pub risk: RiskClass,
    /// The severity of the worst finding, where something was found.
    pub severity: Option<String>,
    /// The product that the thread is about.
    pub product: Option<ProductName>,
    /// The language of the text (BCP 47; `und` where the rules could not read it).
    pub language: String,
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
    /// Why the person who asks must leave it to a colleague, if they must.
    pub conflict: Option<Conflict>,
    /// Why the person who asks passed it over, if they did.
    pub skipped: Option<SkipReason>,
    /// The questions to other desks that it waits for.
    pub questions: Vec<CardQuestion>,
    /// Whether it waits.
    pub state: ItemState,
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
    let places = posts::posts(on, &places).await?;
    let who = moderator.who.account_id;
    let conflicts = conflicts(on, who, &rows, &places).await?;
    let skipped: HashMap<Uuid, SkipReason> = skips_of(on, who, &rows)
        .await?
        .into_iter()
        .filter_map(|skip| Some((skip.item_id, SkipReason::from_word(&skip.reason)?)))
        .collect();
    let products = product_names_of(on, rows.iter().filter_map(|row| row.product_id)).await?;
    let surfaces: HashMap<Uuid, Surface> = places
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
    let mut questions = card_questions(on, &rows).await?;
    let card = |row: ReviewItem| {
        let seat = moderator.seat(row.community_id)?;
        let text = texts.get(&row.revision_id)?;
        let claim = row
            .claimed_by
            .zip(row.claimed_until)
            .filter(|(_, until)| *until > now.micros());
        Some(ItemCard {
            origin: shown_origin(&row)?,
            community: DeskCommunity {
                slug: seat.slug.clone(),
                name: seat.community_name.clone(),
            },
            surface: *surfaces.get(&row.post_id)?,
            author: people.get(&(row.community_id, row.author_id))?.clone(),
            excerpt: markdown::excerpt(&text.body, 160),
            title: text.title.clone(),
            verdict: row.verdict,
            risk: RiskClass::from_word(&row.risk)?,
            severity: row.severity,
            product: row.product_id.and_then(|id| {
                let name = products.get(&id)?.clone();
                Some(ProductName { id, name })
            }),
            language: row.language,
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
            conflict: conflicts.get(&row.id).copied(),
            skipped: skipped.get(&row.id).copied(),
            questions: questions.remove(&row.id).unwrap_or_default(),
            state: ItemState::from_word(&row.state)?,
            id: row.id,
        })
    };
    Ok(rows.into_iter().filter_map(card).collect())
}
