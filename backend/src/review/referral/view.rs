//! Questions as the desk sees them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter};
use sea_orm::{QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::referral;
use super::field::{Field, Outcome, RECALLED, Standing};
use super::store::{Asked, asked_on, is_open, of_item, who_can_answer};
use super::{Referral, ReferralAnswer};
use crate::clock::Timestamp;
use crate::identity::printed_names;
use crate::posts::ItemState;
use crate::review::assessments::standing;
use crate::review::queue::Person;
use crate::review::{Assessment, ReviewItem};

/// How a question ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ReferralEnd)]
pub struct EndView {
    /// What the answer comes to; nothing where the question was taken back.
    pub outcome: Option<Outcome>,
    /// What was answered, as plain text.
    pub words: Option<String>,
    /// Who answered, or took it back.
    pub by: Option<Person>,
    /// In which role.
    pub role: String,
    /// When.
    pub at: Timestamp,
}

/// A question that was put to another desk, and how it ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Referral)]
pub struct ReferralView {
    /// The question.
    pub id: Uuid,
    /// The item that it is about.
    pub item: Uuid,
    /// Its number on the item.
    pub number: i64,
    /// What it was put to.
    pub to: Field,
    /// What was asked, as plain text.
    pub question: String,
    /// Who asked; nobody is named to those whose judgement must not lean on theirs.
    pub asked_by: Option<Person>,
    /// In which role.
    pub asked_as: String,
    /// When.
    pub asked_at: Timestamp,
    /// When the answer is due, or was.
    pub due_at: Timestamp,
    /// How it stands.
    pub state: Standing,
    /// How it ended, where somebody ended it.
    pub end: Option<EndView>,
}

/// An open question, as the queue shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardQuestion {
    /// What it is put to.
    pub to: Field,
    /// When the answer is due.
    pub due_at: Timestamp,
}

/// What one knows of an item when looking at the questions on it.
pub(super) struct Around<'a> {
    pub item: &'a ReviewItem,
    pub assessments: &'a [Assessment],
    /// Who looks.
    pub who: Uuid,
    /// Whether they settle what two others disagree on, and so know both.
    pub settles: bool,
}

impl Around<'_> {
    /// Whether the name of this person is kept from who looks: their judgement stands, and that of who looks must not
    /// lean on it.
    fn hides(&self, person: Uuid) -> bool {
        let decided = self.item.state == ItemState::Decided.word();
        let judged = || {
            let mut all = standing(self.assessments).into_iter();
            all.any(|one| one.assessed_by == person)
        };
        !decided && !self.settles && person != self.who && judged()
    }

    /// The questions with the names of people.
    pub async fn views(
        &self,
        on: &impl ConnectionTrait,
        rows: Vec<Asked>,
    ) -> Result<Vec<ReferralView>, DbErr> {
        let ends = rows.iter().filter_map(|(_, end)| end.as_ref());
        let people: Vec<Uuid> = rows
            .iter()
            .map(|(row, _)| row.asked_by)
            .chain(ends.map(|end| end.answered_by))
            .collect();
        let names = printed_names(on, people).await?;
        let person = |id: Uuid| {
            let name = names.get(&id).filter(|_| !self.hides(id))?.clone();
            Some(Person { id, name })
        };
        let view = |(row, end): Asked| {
            Some(ReferralView {
                to: Field::from_word(&row.field)?,
                state: self.state(end.as_ref()),
                asked_by: person(row.asked_by),
                asked_as: row.role,
                asked_at: Timestamp::from_micros(row.asked_at),
                due_at: Timestamp::from_micros(row.due_at),
                end: end.map(|end| EndView {
                    outcome: Outcome::from_word(&end.outcome),
                    words: end.words,
                    by: person(end.answered_by),
                    role: end.role,
                    at: Timestamp::from_micros(end.answered_at),
                }),
                id: row.id,
                item: row.item_id,
                number: row.number,
                question: row.question,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }

    fn state(&self, end: Option<&ReferralAnswer>) -> Standing {
        match end {
            Some(end) if end.outcome == RECALLED => Standing::Recalled,
            Some(_) => Standing::Answered,
            None if self.item.state == ItemState::Referred.word() => Standing::Open,
            None => Standing::Closed,
        }
    }
}

/// Every question on the item, the first one first; none to the author of the text.
pub async fn trail(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    assessments: &[Assessment],
    who: Uuid,
    settles: bool,
) -> Result<Vec<ReferralView>, DbErr> {
    if item.author_id == who {
        return Ok(Vec::new());
    }
    let around = Around {
        item,
        assessments,
        who,
        settles,
    };
    around.views(on, asked_on(on, item.id).await?).await
}

/// The fields in which somebody could answer a question of this person on this item.
pub async fn fields_to_ask(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    who: Uuid,
) -> Result<Vec<Field>, DbErr> {
    let mut fields = Vec::new();
    for field in Field::ALL {
        if !who_can_answer(on, item, field, who).await?.is_empty() {
            fields.push(field);
        }
    }
    Ok(fields)
}

/// The open questions on those of these items that are referred, by item.
pub async fn card_questions(
    on: &impl ConnectionTrait,
    items: &[ReviewItem],
) -> Result<HashMap<Uuid, Vec<CardQuestion>>, DbErr> {
    let referred: Vec<Uuid> = items
        .iter()
        .filter(|item| item.state == ItemState::Referred.word())
        .map(|item| item.id)
        .collect();
    let mut found: HashMap<Uuid, Vec<CardQuestion>> = HashMap::new();
    if referred.is_empty() {
        return Ok(found);
    }
    let rows: Vec<Referral> = referral::Entity::find()
        .join(JoinType::InnerJoin, of_item())
        .filter(referral::Column::ItemId.is_in(referred))
        .filter(is_open())
        .order_by_asc(referral::Column::Id)
        .all(on)
        .await?;
    for row in rows {
        if let Some(to) = Field::from_word(&row.field) {
            let due_at = Timestamp::from_micros(row.due_at);
            let question = CardQuestion { to, due_at };
            found.entry(row.item_id).or_default().push(question);
        }
    }
    Ok(found)
}
