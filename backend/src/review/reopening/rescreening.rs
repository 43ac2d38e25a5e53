//! Released texts that were screened again after a change of the rules: what the decisions on them have not seen.

use std::collections::{BTreeSet, HashMap};

use moderation_rules::{Finding, Screening, Severity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit::Tx;
use crate::communities::policy::ReasonNames;
use crate::posts::ItemState;
use crate::review::entity::review_item;
use crate::review::item_view::DecisionView;
use crate::review::store::{decisions_of, screenings, standing_of};
use crate::review::{Origin, ReviewItem};

/// What the desk knows of a released revision.
pub struct Known {
    /// The item of its submission.
    pub first: ReviewItem,
    /// What it was screened in, as it is stored.
    pub context: String,
    /// What the rules have said of it so far.
    pub seen: Vec<Screening>,
    /// The item that waits because the rules of another day found more.
    pub open: Option<ReviewItem>,
}

impl Known {
    /// Whether these rules have been asked.
    pub fn met(&self, rule_set: &str) -> bool {
        self.seen.iter().any(|one| one.rule_set_hash == rule_set)
    }

    /// What in this screening is worse than what was seen.
    pub fn worse(&self, now: &Screening) -> bool {
        let event =
            now.adverse_event.is_some() && self.seen.iter().all(|one| one.adverse_event.is_none());
        let unread = now.technical_reason.is_some()
            && self.seen.iter().all(|one| one.technical_reason.is_none());
        event || unread || !unseen(now, &self.seen).is_empty()
    }
}

/// The findings that hold a text and that were not seen: no such rule spoke of these words, or not so weightily.
pub fn unseen<'a>(now: &'a Screening, seen: &[Screening]) -> Vec<&'a Finding> {
    let known = |new: &Finding| {
        let mut before = seen.iter().flat_map(|one| &one.findings);
        before.any(|old| {
            old.rule == new.rule
                && old.field == new.field
                && old.start < new.end
                && new.start < old.end
                && old.severity >= new.severity
        })
    };
    let findings = now.findings.iter();
    findings
        .filter(|new| new.severity > Severity::Info && !known(new))
        .collect()
}

/// What the desk knows of these revisions; nothing of one that it never had.
pub async fn known_of(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Known>, DbErr> {
    let standing = standing_of(on, revisions).await?;
    let items = review_item::Entity::find()
        .filter(review_item::Column::RevisionId.is_in(revisions.iter().copied()))
        .all(on)
        .await?;
    let first = standing.values().map(|one| one.item.screening_id);
    let ids: BTreeSet<Uuid> = first
        .chain(items.iter().map(|item| item.screening_id))
        .collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let stored = screenings(on, &ids).await?;
    let mut known = HashMap::new();
    for (revision, standing) in standing {
        let of_revision = items.iter().filter(|item| item.revision_id == revision);
        let mut said: BTreeSet<Uuid> = of_revision.clone().map(|item| item.screening_id).collect();
        said.insert(standing.item.screening_id);
        let Some(first) = stored.get(&standing.item.screening_id) else {
            continue;
        };
        let seen = said.iter().filter_map(|id| stored.get(id));
        known.insert(
            revision,
            Known {
                context: first.context.clone(),
                // What cannot be read was not seen.
                seen: seen
                    .filter_map(|one| serde_json::from_str(&one.result).ok())
                    .collect(),
                open: of_revision.clone().find(|item| waits(item)).cloned(),
                first: standing.item,
            },
        );
    }
    Ok(known)
}

fn waits(item: &ReviewItem) -> bool {
    let state = ItemState::from_word(&item.state);
    item.origin == Origin::Rescreen.word()
        && state.is_some_and(|state| ItemState::OPEN.contains(&state))
}

/// The item gives way to one that says more. The caller commits.
pub async fn give_way(tx: &Tx, item: ReviewItem) -> Result<(), DbErr> {
    let mut row: review_item::ActiveModel = item.into();
    row.state = Set(ItemState::Superseded.word().to_owned());
    row.update(tx.conn()).await?;
    Ok(())
}

/// The screenings of these revisions under later rules, the oldest first.
pub async fn later_screenings(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    let items = review_item::Entity::find()
        .filter(review_item::Column::RevisionId.is_in(revisions.iter().copied()))
        .filter(review_item::Column::Origin.eq(Origin::Rescreen.word()))
        .all(on)
        .await?;
    let ids: BTreeSet<Uuid> = items.into_iter().map(|item| item.screening_id).collect();
    Ok(ids.into_iter().collect())
}

/// Why a released text waits although nobody reported it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rescreened {
    /// The codes of the rules that find what no decision has seen.
    new_rules: Vec<String>,
    /// The last decision on the text.
    decision: Option<DecisionView>,
}

/// What the rules of today find in the text of this item that no decision has seen, where that brought it to the desk.
pub async fn rescreened(
    on: &impl ConnectionTrait,
    called: &ReasonNames,
    item: &ReviewItem,
) -> Result<Option<Rescreened>, DbErr> {
    if item.origin != Origin::Rescreen.word() {
        return Ok(None);
    }
    let revision = [item.revision_id];
    let Some(known) = known_of(on, &revision).await?.remove(&item.revision_id) else {
        return Ok(None);
    };
    let (now, before): (Vec<Screening>, Vec<Screening>) = known
        .seen
        .into_iter()
        .partition(|one| one.rule_set_hash == item.rule_set_hash);
    let new: BTreeSet<&str> = now
        .iter()
        .flat_map(|now| unseen(now, &before))
        .map(|finding| finding.rule.as_str())
        .collect();
    let mut decisions = decisions_of(on, &revision).await?;
    decisions.retain(|decision| decision.item_id != item.id);
    Ok(Some(Rescreened {
        new_rules: new.into_iter().map(str::to_owned).collect(),
        decision: match decisions.pop() {
            Some(decision) => DecisionView::of(on, called, decision).await?,
            None => None,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str, severity: &str, start: usize, end: usize) -> serde_json::Value {
        serde_json::json!({
            "rule": rule, "family": "conduct", "severity": severity, "field": "body", "start": start, "end": end,
            "matched": "", "status": [],
        })
    }

    fn screening(findings: Vec<serde_json::Value>) -> Screening {
        serde_json::from_value(serde_json::json!({
            "verdict": "hold", "priority": 0, "reasons": [], "findings": findings, "adverse_event": null,
            "rule_set_hash": "", "technical_reason": null,
        }))
        .unwrap()
    }

    #[test]
    fn what_was_seen_is_the_same_rule_on_the_same_words_with_no_less_weight() {
        let seen = [screening(vec![finding("CO-1", "minor", 0, 9)])];
        let is_new = |one| !unseen(&screening(vec![one]), &seen).is_empty();
        assert!(!is_new(finding("CO-1", "minor", 4, 12)));
        assert!(!is_new(finding("CO-2", "info", 4, 12)), "it holds nothing");
        assert!(is_new(finding("CO-2", "minor", 4, 12)));
        assert!(is_new(finding("CO-1", "major", 0, 9)));
        assert!(is_new(finding("CO-1", "minor", 9, 12)));
    }
}
