//! Gathers what the table of allowed moves asks.

use std::collections::BTreeSet;

use moderation_rules::{Family, Screening, Severity};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use uuid::Uuid;

use super::actions::Facts;
use super::assessments::standing;
use super::referral::{Field, open_on};
use super::reopening::barred;
use super::store::screenings;
use super::{Assessment, Origin, ReviewItem};
use crate::communities::RiskClass;
use crate::communities::policy::{Act, Policy};
use crate::communities::roles::{Role, Roles, SpeakerClass};
use crate::posts::{Action, ItemState, Surface, store as posts};
use crate::publication::released_revision;
use crate::safety;

/// What is known of the item for this person.
pub(super) async fn facts(
    on: &impl ConnectionTrait,
    policy: &Policy,
    roles: &Roles,
    who: Uuid,
    item: &ReviewItem,
    assessments: &[Assessment],
) -> Result<Facts, DbErr> {
    let cases = safety::cases_of(on, &[item.revision_id]).await?;
    let speaker = SpeakerClass::from_word(&item.speaker);
    let company = matches!(speaker, Some(SpeakerClass::Company | SpeakerClass::Agent));
    let standing = standing(assessments);
    let open = open_on(on, item).await?;
    let (own, others): (Vec<_>, Vec<_>) = open.iter().partition(|one| one.asked_by == who);
    Ok(Facts {
        // INVARIANT: an unreadable state allows nothing.
        state: ItemState::from_word(&item.state).unwrap_or(ItemState::Withdrawn),
        origin: Origin::from_word(&item.origin).unwrap_or(Origin::Submission),
        own_text: item.author_id == who,
        barred: barred(on, item, who).await?,
        judged: standing.iter().any(|one| one.assessed_by == who),
        judged_last: standing.last().is_some_and(|one| one.assessed_by == who),
        questions: others
            .iter()
            .filter_map(|one| Field::from_word(&one.field))
            .filter(|field| roles.has(field.role()))
            .collect(),
        asked: !own.is_empty(),
        has_case: !cases.is_empty(),
        open_disposition: cases.iter().any(|case| case.disposition.is_none()),
        divisible: divisible(on, item).await?,
        company,
        about_product: company && about_product(on, item).await?,
        // INVARIANT: what cannot be read may report anything.
        risk: RiskClass::from_word(&item.risk).unwrap_or(RiskClass::Safety),
        families: families(&item.families),
        worst: item.severity.as_deref().and_then(severity),
        approved_mlr: standing.iter().any(|one| {
            one.role == Role::MlrApprover.word() && one.judgement().is_some_and(Action::is_public)
        }),
        second_review: policy.second_review.clone(),
        signature: policy.signature.clone(),
        may: Act::ALL
            .into_iter()
            .filter(|act| policy.allows(*act, roles))
            .collect(),
        roles: roles.clone(),
    })
}

/// Whether its parts can stand in its place.
async fn divisible(on: &impl ConnectionTrait, item: &ReviewItem) -> Result<bool, DbErr> {
    let post = posts::posts(on, &[item.post_id]).await?.pop();
    let surface = post.and_then(|post| Surface::from_word(&post.surface));
    Ok(matches!(surface, Some(Surface::Thread | Surface::Reply))
        && released_revision(on, item.post_id).await?.is_none())
}

/// Whether the thread is about a product, or the text names one.
async fn about_product(on: &impl ConnectionTrait, item: &ReviewItem) -> Result<bool, DbErr> {
    if item.product_id.is_some() {
        return Ok(true);
    }
    let stored = screenings(on, &[item.screening_id])
        .await?
        .remove(&item.screening_id);
    let screening: Option<Screening> =
        stored.and_then(|stored| serde_json::from_str(&stored.result).ok());
    // INVARIANT: what cannot be read is about a product.
    Ok(screening.is_none_or(|screening| {
        let mut products = screening.products.iter();
        products.any(|product| product.inferred_from.is_none())
    }))
}

fn severity(word: &str) -> Option<Severity> {
    Severity::deserialize(of_word(word)).ok()
}

/// The families between commas. One that cannot be read counts as the one that nobody may pass over.
fn families(list: &str) -> BTreeSet<Family> {
    let words = list.split(',').filter(|word| !word.is_empty());
    words
        .map(|word| Family::deserialize(of_word(word)).unwrap_or(Family::AdverseEvent))
        .collect()
}

fn of_word(word: &str) -> StrDeserializer<'_, Error> {
    word.into_deserializer()
}
