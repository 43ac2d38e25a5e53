//! What reviewers said of an item, in the order in which they said it.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::entity::assessment;
use super::{Assessment, Particulars, ReviewItem};
use crate::audit::{Actor, Event, words_hash};
use crate::posts::{Action, ItemState};

/// The word of a row that takes the row before it back.
pub const UNDO: &str = "undo";

/// The assessments of an item, the first one first.
pub(super) async fn of_item(
    on: &impl ConnectionTrait,
    item: Uuid,
) -> Result<Vec<Assessment>, DbErr> {
    assessment::Entity::find()
        .filter(assessment::Column::ItemId.eq(item))
        .order_by_asc(assessment::Column::Number)
        .all(on)
        .await
}

/// The assessments on these revisions, in the order of their items.
pub async fn assessments(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Assessment>, DbErr> {
    assessment::Entity::find()
        .filter(assessment::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(assessment::Column::ItemId)
        .order_by_asc(assessment::Column::Number)
        .all(on)
        .await
}

/// Those that were not taken back.
pub fn standing(all: &[Assessment]) -> Vec<&Assessment> {
    let mut standing = Vec::new();
    for one in all {
        if one.action == UNDO {
            standing.pop();
        } else {
            standing.push(one);
        }
    }
    standing
}

/// The state of an item on which nobody works, when so many judgements stand: one of them calls for a second, two that
/// differ for a lead.
pub const fn state_with(standing: usize) -> ItemState {
    match standing {
        0 => ItemState::Waiting,
        1 => ItemState::SecondReview,
        _ => ItemState::LeadReview,
    }
}

impl Assessment {
    /// What was judged, if it is a judgement.
    pub fn judgement(&self) -> Option<Action> {
        Action::from_word(&self.action)
    }

    /// What was said beyond the action.
    pub fn particulars(&self) -> Option<Particulars> {
        Particulars::from_stored(self.particulars.as_deref())
    }

    /// Whether both would have the same effect. The reason and the words to the author may differ.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let effect = |one: &Self| {
            (
                one.action.clone(),
                one.balance_key.clone(),
                one.balance_version,
            )
        };
        effect(self) == effect(other)
            && match (self.particulars(), other.particulars()) {
                (Some(these), Some(those)) => these.does_the_same(&those),
                (these, those) => these.is_none() && those.is_none(),
            }
    }
}

/// What is recorded of an assessment.
pub(super) enum Made {
    /// It is a judgement; with others, if that was so.
    New { bulk: Option<Uuid> },
    /// It takes this one back.
    Undoes(Uuid),
}

/// The record of an assessment, or of one that takes another back.
pub(super) fn record(
    item: &ReviewItem,
    assessment: &Assessment,
    next: ItemState,
    actor: &Actor,
    made: Made,
) -> Event {
    let (action, bulk, undone) = match made {
        Made::New { bulk } => ("assessment.made", bulk, None),
        Made::Undoes(undone) => ("assessment.undone", None, Some(undone)),
    };
    Event::new(actor, action, "assessment", assessment.id)
        .within(item.community_id)
        .change(json!({
            "action": assessment.action,
            "assessed_at": assessment.assessed_at,
            "balance_hash": words_hash(assessment.id, assessment.balance_text.as_deref()),
            "balance_key": assessment.balance_key,
            "balance_version": assessment.balance_version,
            "bulk": bulk,
            "item": item.id,
            "number": assessment.number,
            "particulars": assessment.particulars,
            "revision": assessment.revision_id,
            "revision_hash": assessment.revision_hash,
            "rule_set_hash": assessment.rule_set_hash,
            "settles_at": assessment.settles_at,
            "signature": assessment.signature_id,
            "state": { "old": item.state, "new": next.word() },
            "tombstone_hash": words_hash(assessment.id, assessment.tombstone.as_deref()),
            "undone": undone,
            "words_hash": words_hash(assessment.id, assessment.words.as_deref()),
        }))
        .why(assessment.reason_code.clone())
}
