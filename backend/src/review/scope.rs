//! Whose items a reviewer sees: those of the communities where they review, without what people of other partners wrote.
//!
//! INVARIANT: every query on items begins here, so that what lies outside answers as if it did not exist.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Cond, Condition, Expr, SimpleExpr};

use super::entity::review_item;
use crate::communities::authority::{Authority, Moderator, Standing};
use crate::communities::roles::Role;

/// The items of the communities where this person's standing holds.
pub(super) fn in_scope<S: Standing>(authority: &Authority<S>) -> Condition {
    let mut whole = Vec::new();
    let mut scope = Cond::any();
    for seat in authority.seats() {
        let Some(own) = seat.compartment() else {
            whole.push(seat.community_id);
            continue;
        };
        let theirs = Cond::any()
            .add(review_item::Column::Organisation.is_null())
            .add(review_item::Column::Organisation.eq(own));
        let part = Cond::all()
            .add(review_item::Column::CommunityId.eq(seat.community_id))
            .add(theirs);
        scope = scope.add(part);
    }
    scope.add(review_item::Column::CommunityId.is_in(whole))
}

/// The items without a decision. Spelled out, because an index over a part of a table is found only by a condition that
/// says the same without a parameter.
pub(super) fn open() -> SimpleExpr {
    Expr::cust("review_item.state NOT IN ('decided', 'withdrawn', 'superseded')")
}

/// Of the open items, those that somebody at the desk may take: the states of `ItemState::TO_DECIDE`.
pub(super) fn takeable() -> SimpleExpr {
    Expr::cust("review_item.state IN ('waiting', 'second_review', 'lead_review')")
}

/// The items whose decision changes something: not those that look at the desk itself.
pub(super) fn with_effect() -> SimpleExpr {
    Expr::cust("review_item.origin NOT IN ('golden', 'sample')")
}

/// The open items that somebody at the desk may take.
pub(super) fn to_decide() -> Condition {
    Cond::all().add(open()).add(takeable())
}

/// The items in communities where this reviewer is a lead.
pub(super) fn where_lead(moderator: &Moderator) -> SimpleExpr {
    let leads = moderator
        .seats()
        .iter()
        .filter(|seat| seat.roles.has(Role::Lead));
    review_item::Column::CommunityId.is_in(leads.map(|seat| seat.community_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::ItemState;

    #[test]
    fn the_states_that_are_spelled_out_are_those_of_the_table() {
        let spelled = |condition: SimpleExpr| format!("{condition:?}");
        for state in ItemState::TO_DECIDE {
            assert!(spelled(takeable()).contains(&format!("'{}'", state.word())));
        }
        for state in ItemState::OPEN {
            assert!(!spelled(open()).contains(&format!("'{}'", state.word())));
        }
    }
}
