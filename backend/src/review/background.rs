//! What helps to judge a text beyond the text: what became of similar texts of its author, and what is known of the
//! products that it speaks of.

use std::collections::HashMap;

use moderation_rules::{Inference, Screening};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::blind::is_blind;
use super::entity::{decision, review_item};
use super::item_view::DecisionView;
use super::scope::with_effect;
use super::similarity::Runs;
use super::store::{item, screenings};
use super::{Decision, ReviewItem};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::communities::policy::ReasonNames;
use crate::communities::{Known, Product};
use crate::posts::{ItemState, Revision, Surface, markdown, store as posts};

/// How many of the author's newest texts are compared.
const COMPARED: u64 = 60;
/// How many of them are told.
const TOLD: usize = 8;
/// From this likeness on a text counts as similar.
const SIMILAR: f64 = 0.08;

/// An earlier text of the author in this community.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarlierText {
    /// Its item.
    pub item: Uuid,
    /// The post where it stands or would stand.
    pub post: Uuid,
    /// As what it was to appear.
    pub surface: Surface,
    /// The title of a thread.
    pub title: Option<String>,
    /// Its first words.
    pub excerpt: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// How its item stands.
    pub state: ItemState,
    /// The share of runs of three words that both texts have, 0 to 1.
    pub likeness: f64,
    /// Whether that is enough to speak of a similar text.
    pub similar: bool,
    /// The decision on it.
    pub decision: Option<DecisionView>,
}

/// A product that the text speaks of, with its label.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelView {
    #[serde(flatten)]
    product: Product,
    /// Where it was learned that the text is about it, where the text does not name it.
    inferred_from: Option<Inference>,
}

/// What helps to judge.
#[derive(Debug, Serialize, ToSchema)]
pub struct Background {
    /// Earlier texts of the author here: the similar ones first, then the newest.
    pub earlier: Vec<EarlierText>,
    /// The products in play.
    pub products: Vec<LabelView>,
}

/// The background of this item.
pub async fn background(
    on: &impl ConnectionTrait,
    known: &Known,
    moderator: &Moderator,
    id: Uuid,
) -> Result<Option<Background>, DbErr> {
    let Some(item) = item(on, moderator, id).await? else {
        return Ok(None);
    };
    Ok(Some(Background {
        earlier: earlier(on, known, &item).await?,
        products: labels(on, known, &item).await?,
    }))
}

/// What became of the author's newest texts here. The same revision may wait a second time, for somebody who must not
/// know how it was judged before: it is left out.
async fn earlier(
    on: &impl ConnectionTrait,
    known: &Known,
    item: &ReviewItem,
) -> Result<Vec<EarlierText>, DbErr> {
    let mut older = review_item::Entity::find();
    if is_blind(item) {
        // Identifiers sort by time: what came after the text would tell what became of it.
        older = older.filter(review_item::Column::RevisionId.lt(item.revision_id));
    }
    let items: Vec<ReviewItem> = older
        .filter(with_effect())
        .filter(review_item::Column::AuthorId.eq(item.author_id))
        .filter(review_item::Column::CommunityId.eq(item.community_id))
        .filter(review_item::Column::RevisionId.ne(item.revision_id))
        .filter(review_item::Column::Id.lt(item.id))
        .order_by_desc(review_item::Column::Id)
        .limit(COMPARED)
        .all(on)
        .await?;
    let ids: Vec<Uuid> = items.iter().map(|one| one.revision_id).collect();
    let here = [item.revision_id];
    let texts: HashMap<Uuid, Revision> = posts::revisions(on, &[&ids[..], &here].concat())
        .await?
        .into_iter()
        .map(|text| (text.id, text))
        .collect();
    let Some(this) = texts.get(&item.revision_id).map(runs) else {
        return Ok(Vec::new());
    };
    let mut compared: Vec<(ReviewItem, &Revision, f64)> = items
        .into_iter()
        .filter_map(|one| {
            let text = texts.get(&one.revision_id)?;
            let likeness = this.likeness(&runs(text));
            Some((one, text, likeness))
        })
        .collect();
    // Those that are not similar stay in the order of time, which they have.
    compared.sort_by(|(_, _, a), (_, _, b)| weight(*b).total_cmp(&weight(*a)));
    compared.truncate(TOLD);
    let called = known.reason_names(on, item.community_id).await?;
    told(on, &called, compared).await
}

fn weight(likeness: f64) -> f64 {
    if likeness >= SIMILAR { likeness } else { 0.0 }
}

fn runs(text: &Revision) -> Runs {
    let title = text.title.as_deref().unwrap_or_default();
    Runs::of(&format!("{title} {}", text.body))
}

async fn told(
    on: &impl ConnectionTrait,
    called: &ReasonNames,
    compared: Vec<(ReviewItem, &Revision, f64)>,
) -> Result<Vec<EarlierText>, DbErr> {
    let items: Vec<Uuid> = compared.iter().map(|(item, ..)| item.id).collect();
    let mut decisions: HashMap<Uuid, Decision> = decision::Entity::find()
        .filter(decision::Column::ItemId.is_in(items))
        .all(on)
        .await?
        .into_iter()
        .map(|made| (made.item_id, made))
        .collect();
    let places: Vec<Uuid> = compared.iter().map(|(item, ..)| item.post_id).collect();
    let surfaces: HashMap<Uuid, Surface> = posts::posts(on, &places)
        .await?
        .into_iter()
        .filter_map(|post| Some((post.id, Surface::from_word(&post.surface)?)))
        .collect();
    let mut told = Vec::with_capacity(compared.len());
    for (item, text, likeness) in compared {
        let decision = match decisions.remove(&item.id) {
            Some(made) => DecisionView::of(on, called, made).await?,
            None => None,
        };
        let (Some(surface), Some(state)) = (
            surfaces.get(&item.post_id),
            ItemState::from_word(&item.state),
        ) else {
            continue;
        };
        told.push(EarlierText {
            item: item.id,
            post: item.post_id,
            surface: *surface,
            title: text.title.clone(),
            excerpt: markdown::excerpt(&text.body, 200),
            submitted_at: Timestamp::from_micros(item.submitted_at),
            state,
            likeness,
            similar: likeness >= SIMILAR,
            decision,
        });
    }
    Ok(told)
}

/// The labels of the products that the rules found to be in play.
async fn labels(
    on: &impl ConnectionTrait,
    known: &Known,
    item: &ReviewItem,
) -> Result<Vec<LabelView>, DbErr> {
    let screened = screenings(on, &[item.screening_id]).await?;
    let screening = screened
        .get(&item.screening_id)
        .and_then(|stored| serde_json::from_str::<Screening>(&stored.result).ok());
    let in_play = screening
        .map(|screening| screening.products)
        .unwrap_or_default();
    if in_play.is_empty() {
        return Ok(Vec::new());
    }
    let products = known.products(item.community_id).await?;
    Ok(in_play
        .into_iter()
        .filter_map(|one| {
            let product = products.iter().find(|product| product.name == one.name)?;
            Some(LabelView {
                product: product.clone(),
                inferred_from: one.inferred_from,
            })
        })
        .collect())
}
