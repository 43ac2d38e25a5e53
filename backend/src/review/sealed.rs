//! Sealed texts: what was written before words were taken out of it. Reading it needs a reason, and is recorded first.

use moderation_rules::{AdverseEvent, Screening};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::assessments::of_item;
use super::derived_view::spans_of;
use super::entity::sealed_reading;
use super::particulars::{Span, counted};
use super::queue::Person;
use super::store::{items, screenings};
use super::{ReviewItem, SealedReading, StoredScreening};
use crate::audit::{Audit, Event, words_hash};
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::{Seat, Staff};
use crate::communities::policy::Act;
use crate::communities::roles::Role;
use crate::db::insert;
use crate::identity::printed_names;
use crate::posts::derived::{redactions_of, sealed_text};
use crate::posts::{Derivation, markdown, said};
use crate::safety::{AeEvidence, evidence_view};

/// Why a sealed text was not read.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// It is not sealed, or not for this person.
    #[error("there is no sealed text here that you may read")]
    Unknown,
    /// No reason was given.
    #[error("say why you read it; everybody who may read it sees your reason")]
    WordsNeeded,
    /// The reason cannot be kept as it is.
    #[error("{0}")]
    Words(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// That somebody read a sealed text.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SealedReading)]
pub struct ReadingView {
    /// Who.
    pub by: Person,
    /// In which role.
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// Why, in their words.
    pub words: String,
}

/// A sealed text, without its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sealed {
    /// The text as it was written.
    pub revision: Uuid,
    /// Its hash.
    pub revision_hash: String,
    /// What readers may see of it.
    pub redacted: Uuid,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Who took words out of it.
    pub sealed_by: Person,
    /// Who read it since, and why, the first one first.
    pub readings: Vec<ReadingView>,
}

/// A sealed text as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedText {
    #[serde(flatten)]
    sealed: Sealed,
    /// The title of a thread.
    title: Option<String>,
    /// The text as written (Markdown).
    body: String,
    /// The text as safe HTML.
    body_html: String,
    /// The words that were taken out: places as browsers count them.
    spans: Vec<Span>,
    /// The possible adverse event in it.
    adverse_event: Option<AeEvidence>,
}

/// A sealed text that this person may read, and in which role.
struct Found {
    row: Derivation,
    item: ReviewItem,
    role: Role,
}

/// The role in which this seat may read it by the policy.
fn role_of(seat: &Seat, item: &ReviewItem, allowed: &[Role]) -> Option<Role> {
    let out_of_sight = |own: &str| {
        item.organisation
            .as_deref()
            .is_some_and(|theirs| theirs != own)
    };
    if seat.compartment().is_some_and(out_of_sight) {
        return None;
    }
    seat.roles.first_of(allowed)
}

async fn found(
    on: &impl ConnectionTrait,
    known: &Known,
    staff: &Staff,
    id: Uuid,
) -> Result<Found, SealedError> {
    let row = redactions_of(on, &[id]).await?.remove(&id);
    let row = row.ok_or(SealedError::Unknown)?;
    let seat = staff.seat(row.community_id).ok_or(SealedError::Unknown)?;
    let item = items(on, &[row.item_id]).await?.pop();
    let item = item.ok_or(SealedError::Unknown)?;
    let in_force = known.policy_of(on, row.community_id).await?;
    let allowed = in_force.policy.roles_for(Act::ReadSealed);
    let role = role_of(seat, &item, allowed).ok_or(SealedError::Unknown)?;
    Ok(Found { row, item, role })
}

/// The readings of these sealed texts, oldest first.
pub async fn sealed_readings(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<Vec<SealedReading>, DbErr> {
    sealed_reading::Entity::find()
        .filter(sealed_reading::Column::RevisionId.is_in(revisions.iter().copied()))
        .order_by_asc(sealed_reading::Column::Id)
        .all(on)
        .await
}

async fn sealed(on: &impl ConnectionTrait, found: &Found) -> Result<Sealed, SealedError> {
    let row = &found.row;
    let original = sealed_text(on, row.original_id).await?;
    let revision_hash = original.ok_or(SealedError::Unknown)?.hash;
    let read = sealed_readings(on, &[row.original_id]).await?;
    let people = read.iter().map(|one| one.read_by).chain([row.made_by]);
    let names = printed_names(on, people).await?;
    let person = |id: Uuid| Person {
        id,
        name: names.get(&id).cloned().unwrap_or_default(),
    };
    let reading = |one: SealedReading| ReadingView {
        by: person(one.read_by),
        role: one.role,
        at: Timestamp::from_micros(one.read_at),
        words: one.words,
    };
    Ok(Sealed {
        revision: row.original_id,
        revision_hash,
        redacted: row.revision_id,
        sealed_at: Timestamp::from_micros(row.made_at),
        sealed_by: person(row.made_by),
        readings: read.into_iter().map(reading).collect(),
    })
}

/// What is known of a sealed text, and who read it: not its words.
pub async fn show(
    on: &impl ConnectionTrait,
    known: &Known,
    staff: &Staff,
    id: Uuid,
) -> Result<Sealed, SealedError> {
    sealed(on, &found(on, known, staff, id).await?).await
}

/// The words of a sealed text. That this person reads them, and why, is recorded before they are given.
pub async fn read(
    audit: &Audit,
    known: &Known,
    staff: &Staff,
    id: Uuid,
    why: &str,
) -> Result<SealedText, SealedError> {
    let words = said(Some(why)).map_err(SealedError::Words)?;
    let words = words.ok_or(SealedError::WordsNeeded)?;
    let (tx, clock) = (audit.begin().await?, audit.clock());
    let found = found(tx.conn(), known, staff, id).await?;
    let (community, role) = (found.row.community_id, found.role.word());
    let reading = SealedReading {
        id: clock.new_id(),
        revision_id: id,
        community_id: community,
        words: words.to_owned(),
        read_by: staff.who.account_id,
        read_by_commitment: staff.who.name_commitment.clone(),
        role: role.to_owned(),
        read_at: clock.now().micros(),
    };
    insert(tx.conn(), reading.clone()).await?;
    let event = Event::new(&staff.who.actor(role), "sealed_text.read", "revision", id)
        .within(community)
        .change(json!({
            "read_at": reading.read_at,
            "reading": reading.id,
            "words_hash": words_hash(reading.id, Some(words)),
        }));
    tx.commit(event).await?;

    let on = audit.db().read();
    let original = sealed_text(on, id).await?.ok_or(SealedError::Unknown)?;
    let assessments = of_item(on, found.item.id).await?;
    let spans = counted(&spans_of(&assessments), &original);
    let stored = screenings(on, &[found.item.screening_id]).await?;
    let screening = stored.into_values().next();
    let screening =
        screening.and_then(|stored| serde_json::from_str::<Screening>(&stored.result).ok());
    let event = screening.and_then(|screening| screening.adverse_event);
    Ok(SealedText {
        sealed: sealed(on, &found).await?,
        body_html: markdown::to_html(&original.body),
        spans,
        adverse_event: event.map(|event| evidence_view(&event, &original)),
        title: original.title,
        body: original.body,
    })
}

/// What the rules said of a text, as people may read it: without the words that it repeats, where the text is sealed.
pub async fn readable(
    on: &impl ConnectionTrait,
    stored: Option<StoredScreening>,
) -> Result<Option<Screening>, DbErr> {
    let Some(stored) = stored else {
        return Ok(None);
    };
    let screening: Option<Screening> = serde_json::from_str(&stored.result).ok();
    let sealed = redactions_of(on, &[stored.revision_id]).await?;
    Ok(match sealed.is_empty() {
        true => screening,
        false => screening.map(without_words),
    })
}

/// The same without the words of the text that it repeats, and without their places.
fn without_words(screening: Screening) -> Screening {
    let mut screening = screening;
    for finding in &mut screening.findings {
        finding.matched.clear();
        (finding.start, finding.end) = (0, 0);
    }
    screening.adverse_event = screening.adverse_event.map(event_without_words);
    screening.balance = None;
    screening.reasons.clear();
    screening.terms.clear();
    screening
}

/// The same of the possible adverse event: which criteria are met, and not by which words.
pub fn event_without_words(event: AdverseEvent) -> AdverseEvent {
    let mut event = event;
    for criterion in [
        &mut event.reporter,
        &mut event.patient,
        &mut event.product,
        &mut event.reaction,
    ] {
        criterion.evidence = None;
        (criterion.start, criterion.end) = (None, None);
    }
    for ground in &mut event.grounds {
        ground.place.words.clear();
        (ground.place.start, ground.place.end) = (0, 0);
    }
    event
}
