//! The questions to one's field, and those that one asked.

use std::collections::HashMap;

use sea_orm::sea_query::{Cond, Condition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Referral;
use super::entity::referral;
use super::field::Field;
use super::store::{is_open, of_item, with_ends};
use super::view::{Around, ReferralView};
use crate::communities::authority::{Adviser, Reviewing, Seat, Standing as _};
use crate::communities::roles::Role;
use crate::communities::{Author, RiskClass, authors};
use crate::posts::{Revision, Surface, markdown, store as posts};
use crate::review::ReviewItem;
use crate::review::entity::review_item;
use crate::review::queue::DeskCommunity;
use crate::review::scope::in_scope;

/// Which questions.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Those that the person could answer; otherwise those that they asked, and for leads all.
    pub to_me: bool,
    /// Those that are open; otherwise those that ended.
    pub open: bool,
}

/// A question in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralCard)]
pub struct QuestionCard {
    #[serde(flatten)]
    pub question: ReferralView,
    /// Where the text would appear.
    pub community: DeskCommunity,
    /// As what.
    pub surface: Surface,
    /// Who wrote it.
    pub author: Author,
    /// Its first words.
    pub excerpt: String,
    /// The title of a new thread.
    pub title: Option<String>,
    /// What is at stake with it.
    pub risk: RiskClass,
}

/// A page of questions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralList)]
pub struct QuestionList {
    /// Open ones the oldest first, ended ones the newest first.
    pub items: Vec<QuestionCard>,
    /// How many open questions wait for an answer that the person could give.
    pub open_to_me: u64,
    /// The cursor of the next page, if there is one.
    pub next: Option<Uuid>,
}

/// Whether this person may read a question in this field: it is theirs to answer, or they sit at the desk.
pub(super) fn may_read(seat: &Seat, field: Field) -> bool {
    seat.roles.has(field.role()) || seat.roles.first_of(Reviewing::ROLES).is_some()
}

/// The questions that this person could answer.
fn to_me(adviser: &Adviser) -> Condition {
    let mut theirs = Cond::any();
    for field in Field::ALL {
        let places = adviser.seats().iter();
        let places = places.filter(|seat| seat.roles.has(field.role()));
        let here = Cond::all()
            .add(referral::Column::Field.eq(field.word()))
            .add(referral::Column::CommunityId.is_in(places.map(|seat| seat.community_id)));
        theirs = theirs.add(here);
    }
    Cond::all()
        .add(theirs)
        .add(referral::Column::AskedBy.ne(adviser.who.account_id))
}

/// The questions that this person asked, and where they are a lead all.
fn of_mine(adviser: &Adviser) -> Condition {
    let leads = adviser.seats().iter();
    let leads = leads.filter(|seat| seat.roles.has(Role::Lead));
    Cond::any()
        .add(referral::Column::AskedBy.eq(adviser.who.account_id))
        .add(referral::Column::CommunityId.is_in(leads.map(|seat| seat.community_id)))
}

/// Questions on texts that this person may know, and did not write.
fn known_to(adviser: &Adviser) -> Select<referral::Entity> {
    referral::Entity::find()
        .join(JoinType::InnerJoin, of_item())
        .filter(in_scope(adviser))
        .filter(review_item::Column::AuthorId.ne(adviser.who.account_id))
}

/// One page of the questions wanted.
pub async fn questions(
    on: &impl ConnectionTrait,
    adviser: &Adviser,
    wanted: Wanted,
    cursor: Option<Uuid>,
    limit: u64,
) -> Result<QuestionList, DbErr> {
    let open_to_me = known_to(adviser)
        .filter(is_open())
        .filter(to_me(adviser))
        .count(on)
        .await?;
    let mut query = known_to(adviser)
        .filter(if wanted.to_me {
            to_me(adviser)
        } else {
            of_mine(adviser)
        })
        .limit(limit);
    query = if wanted.open {
        query.filter(is_open()).order_by_asc(referral::Column::Id)
    } else {
        query
            .filter(is_open().not())
            .order_by_desc(referral::Column::Id)
    };
    query = match cursor {
        Some(last) if wanted.open => query.filter(referral::Column::Id.gt(last)),
        Some(last) => query.filter(referral::Column::Id.lt(last)),
        None => query,
    };
    let rows: Vec<(Referral, Option<ReviewItem>)> =
        query.select_also(review_item::Entity).all(on).await?;
    let full = rows.len() as u64 == limit;
    let next = rows.last().map(|(row, _)| row.id).filter(|_| full);
    Ok(QuestionList {
        items: cards(on, adviser, rows).await?,
        open_to_me,
        next,
    })
}

/// These questions as cards, in the same order.
pub(super) async fn cards(
    on: &impl ConnectionTrait,
    adviser: &Adviser,
    rows: Vec<(Referral, Option<ReviewItem>)>,
) -> Result<Vec<QuestionCard>, DbErr> {
    let items: Vec<&ReviewItem> = rows.iter().filter_map(|(_, item)| item.as_ref()).collect();
    let revisions: Vec<Uuid> = items.iter().map(|item| item.revision_id).collect();
    let texts: HashMap<Uuid, Revision> = posts::revisions(on, &revisions)
        .await?
        .into_iter()
        .map(|text| (text.id, text))
        .collect();
    let places: Vec<Uuid> = items.iter().map(|item| item.post_id).collect();
    let surfaces: HashMap<Uuid, Surface> = posts::posts(on, &places)
        .await?
        .into_iter()
        .filter_map(|post| Some((post.id, Surface::from_word(&post.surface)?)))
        .collect();
    let people = authors(
        on,
        items.iter().map(|item| (item.community_id, item.author_id)),
    )
    .await?;
    let judged = crate::review::assessments(on, &revisions).await?;
    let mut cards = Vec::with_capacity(rows.len());
    for (row, item) in rows {
        let Some(item) = item else { continue };
        let of_item: Vec<_> = judged
            .iter()
            .filter(|one| one.item_id == item.id)
            .cloned()
            .collect();
        let around = Around {
            item: &item,
            assessments: &of_item,
            who: adviser.who.account_id,
            settles: false,
        };
        let asked = with_ends(on, vec![row]).await?;
        let question = around.views(on, asked).await?.pop();
        let card = || {
            let seat = adviser.seat(item.community_id)?;
            let text = texts.get(&item.revision_id)?;
            let author = people.get(&(item.community_id, item.author_id))?;
            Some(QuestionCard {
                question: question?,
                community: DeskCommunity {
                    slug: seat.slug.clone(),
                    name: seat.community_name.clone(),
                },
                surface: *surfaces.get(&item.post_id)?,
                author: author.clone(),
                excerpt: markdown::excerpt(&text.body, 160),
                title: text.title.clone(),
                risk: RiskClass::from_word(&item.risk)?,
            })
        };
        cards.extend(card());
    }
    Ok(cards)
}
