//! A question with the text that it is about, for whoever answers it.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::field::Field;
use super::list::{QuestionCard, cards, may_read};
use super::store::asked;
use super::view::{ReferralView, trail};
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::Adviser;
use crate::posts::{markdown, store as posts};
use crate::review::KeptWords;
use crate::review::actions::{Allowed, Move, allowed};
use crate::review::assessments::of_item;
use crate::review::facts::facts;
use crate::review::finding_view::{FindingView, finding_views};
use crate::review::item_view::{CaseState, RevisionView};
use crate::review::sealed::readable;
use crate::review::store::{item, screenings};
use crate::safety::{self, AeEvidence, evidence_view};

/// A question, and what it takes to answer it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralDetail)]
pub struct QuestionView {
    #[serde(flatten)]
    card: QuestionCard,
    /// What you may do: answer it, or take it back.
    actions: Vec<Allowed>,
    /// The text that it is about.
    revision: RevisionView,
    /// What the rules found in it.
    findings: Vec<FindingView>,
    /// The possible adverse event.
    adverse_event: Option<AeEvidence>,
    /// Its case.
    safety_case: Option<CaseState>,
    /// Every question on this text, the first one first.
    trail: Vec<ReferralView>,
}

/// The question, to those who may read it.
pub async fn question(
    on: &impl ConnectionTrait,
    words: &KeptWords,
    known: &Known,
    adviser: &Adviser,
    id: Uuid,
) -> Result<Option<QuestionView>, DbErr> {
    let who = adviser.who.account_id;
    let Some((row, end)) = asked(on, id).await? else {
        return Ok(None);
    };
    let found = item(on, adviser, row.item_id).await?;
    let Some(item) = found.filter(|item| item.author_id != who) else {
        return Ok(None);
    };
    let (Some(seat), Some(field)) = (
        adviser.seat(item.community_id),
        Field::from_word(&row.field),
    ) else {
        return Ok(None);
    };
    if !may_read(seat, field) {
        return Ok(None);
    }
    let in_force = known.policy_of(on, item.community_id).await?;
    let assessments = of_item(on, item.id).await?;
    let mut facts = facts(on, &in_force.policy, &seat.roles, who, &item, &assessments).await?;
    facts.questions.retain(|one| *one == field);
    if row.asked_by == who {
        facts.questions.clear();
    }
    let mut actions = if end.is_none() {
        allowed(&facts)
    } else {
        Vec::new()
    };
    actions.retain(|one| [Move::AnswerReferral, Move::RecallReferral].contains(&one.action));
    let Some(revision) = posts::revisions(on, &[item.revision_id]).await?.pop() else {
        return Ok(None);
    };
    let stored = screenings(on, &[item.screening_id])
        .await?
        .remove(&item.screening_id);
    let screening = readable(on, stored).await?;
    let screening =
        screening.ok_or_else(|| DbErr::Custom("a stored screening cannot be read".to_owned()))?;
    let words = words.of(on, &screening.rule_set_hash).await?;
    let case = safety::cases_of(on, &[revision.id]).await?.pop();
    let trail = trail(on, &item, &assessments, who, false).await?;
    let Some(card) = cards(on, adviser, vec![(row, Some(item))]).await?.pop() else {
        return Ok(None);
    };
    Ok(Some(QuestionView {
        card,
        actions,
        adverse_event: screening
            .adverse_event
            .as_ref()
            .map(|event| evidence_view(event, &revision)),
        findings: finding_views(
            screening.findings,
            &words,
            revision.title.as_deref(),
            &revision.body,
        ),
        safety_case: case.map(|case| CaseState {
            id: case.id,
            disposition: case.disposition,
        }),
        trail,
        revision: RevisionView {
            id: revision.id,
            number: revision.number,
            hash: revision.hash,
            body_html: markdown::to_html(&revision.body),
            title: revision.title,
            body: revision.body,
            submitted_at: Timestamp::from_micros(revision.submitted_at),
        },
    }))
}
