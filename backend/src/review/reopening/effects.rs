//! What a decision on a text that came to the desk again does, and who may not make it.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::appeal::on_items;
use super::report::reports_of;
use crate::audit::{Actor, Tx};
use crate::clock::Clock;
use crate::posts::{Action, Post};
use crate::publication::{Cause, Change, WithdrawalError, publication_to_change, retract};
use crate::review::blind::judged_before;
use crate::review::store::decisions;
use crate::review::{Decision, Origin, ReviewItem};

/// Why this person does not decide on this item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// They reported the text.
    #[error("you reported this text; leave it to a colleague")]
    Reporter,
    /// They made the decision that is appealed against.
    #[error("you made the decision that is appealed against; somebody else must look at it")]
    FirstDecider,
    /// They judged the text before, and this asks for a judgement by somebody who does not know it.
    #[error("you have judged this text before; somebody else must look at it")]
    JudgedBefore,
}

/// Whether this person is barred from deciding on the item, beside being its author.
pub async fn barred(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    who: Uuid,
) -> Result<Option<Barred>, DbErr> {
    let among = barred_among(on, std::slice::from_ref(item), who).await?;
    Ok(among.into_values().next())
}

/// Those of these items that this person is barred from deciding on. Only items that came again are asked about.
pub async fn barred_among(
    on: &impl ConnectionTrait,
    items: &[ReviewItem],
    who: Uuid,
) -> Result<HashMap<Uuid, Barred>, DbErr> {
    let of = |origin: Origin| -> Vec<Uuid> {
        let came = items.iter().filter(|item| item.origin == origin.word());
        came.map(|item| item.id).collect()
    };
    let mut found = HashMap::new();
    let reported = of(Origin::Report);
    if !reported.is_empty() {
        let reports = reports_of(on, &reported).await?.into_iter();
        let own = reports.filter(|report| report.reporter_id == who);
        found.extend(own.map(|report| (report.item_id, Barred::Reporter)));
    }
    let appealed = of(Origin::Appeal);
    if !appealed.is_empty() {
        let appeals = on_items(on, &appealed).await?;
        let against: Vec<Uuid> = appeals.iter().map(|appeal| appeal.decision_id).collect();
        let own: HashSet<Uuid> = decisions(on, &against)
            .await?
            .into_iter()
            .filter(|decision| decision.decided_by == who)
            .map(|decision| decision.id)
            .collect();
        let own = appeals
            .into_iter()
            .filter(|appeal| own.contains(&appeal.decision_id));
        found.extend(own.map(|appeal| (appeal.item_id, Barred::FirstDecider)));
    }
    let looks: Vec<&ReviewItem> = items.iter().filter(|item| !item.has_effect()).collect();
    if !looks.is_empty() {
        let judged = judged_before(on, &looks, who).await?.into_iter();
        found.extend(judged.map(|item| (item, Barred::JudgedBefore)));
    }
    Ok(found)
}

/// Does what a decision on a released text says, beyond the decision itself: a retraction. The caller commits.
pub async fn take_effect(
    tx: &Tx,
    clock: &Clock,
    actor: &Actor,
    post: &Post,
    decision: &Decision,
    tombstone: Option<&str>,
) -> Result<Option<Change>, WithdrawalError> {
    if Action::from_word(&decision.action) != Some(Action::Retract) {
        return Ok(None);
    }
    let shown = publication_to_change(tx, post.id)
        .await?
        .ok_or(WithdrawalError::Unknown)?;
    // The author may have been quicker with a newer text, or a colleague with the retraction.
    if shown.revision_id != Some(decision.revision_id) {
        return Err(WithdrawalError::AlreadyRetracted);
    }
    let cause = Cause {
        reason: decision.reason_code.as_deref().unwrap_or_default(),
        words: decision.words.as_deref().unwrap_or_default(),
        decision: Some(decision.id),
    };
    let tombstone = tombstone.unwrap_or_default();
    retract(tx, clock, actor, post, shown, tombstone, cause)
        .await
        .map(Some)
}
