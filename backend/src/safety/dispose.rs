//! A person says whether it is an adverse event. Without that the text cannot be decided on (R-PV-30).

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::safety_case;
use crate::audit::{Actor, Event, Tx, words_hash};
use crate::clock::Timestamp;
use crate::communities::roles::stored_words;
use crate::posts::said;

/// What a person says of a possible adverse event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It goes to the safety team.
    AdverseEvent,
    /// Pregnancy, overdose, misuse and others: it goes to the safety team, also without a reaction (GVP VI.B.6).
    SpecialSituation,
    /// The product itself is complained of: it goes to the safety team, which tells the quality unit.
    QualityComplaint,
    /// It is none, for the reason given (R-PV-15).
    NotAdverseEvent,
}

stored_words!(Disposition {
    AdverseEvent => "adverse_event",
    SpecialSituation => "special_situation",
    QualityComplaint => "quality_complaint",
    NotAdverseEvent => "not_adverse_event",
});

/// Why it is no adverse event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotAdverseEventReason {
    /// No product of ours, nor one in the context.
    NoProduct,
    /// Nothing happened to anybody.
    NoEvent,
    /// The illness itself, or what the product is given for.
    IllnessOrIndication,
    /// Hearsay, and no single patient.
    HearsayWithoutPatient,
    /// A question or a thought.
    HypotheticalOrQuestion,
    /// Somebody else's words, or the label's.
    QuotedOrLabelText,
    /// It speaks of benefit alone.
    BenefitOnly,
    /// The words say why.
    Other,
}

stored_words!(NotAdverseEventReason {
    NoProduct => "no_product",
    NoEvent => "no_event",
    IllnessOrIndication => "illness_or_indication",
    HearsayWithoutPatient => "hearsay_without_patient",
    HypotheticalOrQuestion => "hypothetical_or_question",
    QuotedOrLabelText => "quoted_or_label_text",
    BenefitOnly => "benefit_only",
    Other => "other",
});

/// What is said of the case of a revision.
#[derive(Debug, Clone)]
pub struct Disposal {
    /// The verdict.
    pub disposition: Disposition,
    /// Needed where it is no adverse event.
    pub reason: Option<NotAdverseEventReason>,
    /// Needed where the reason is `other`.
    pub words: Option<String>,
}

/// Why a disposition was refused.
#[derive(Debug, thiserror::Error)]
pub enum DispositionError {
    /// The revision has no case.
    #[error("the rules found no possible adverse event in this text")]
    NoCase,
    /// A reason is missing.
    #[error("say why it is no adverse event")]
    ReasonNeeded,
    /// The reason is `other`, and no words say which.
    #[error("the reason `other` needs words")]
    WordsNeeded,
    /// The words cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// The text still waits for a decision, and its reviewer records the disposition.
    #[error("the text waits at the review desk; claim it there and record the disposition")]
    AtTheDesk,
    /// Nobody judges what they wrote.
    #[error("this is your own text; somebody else must judge it")]
    OwnText,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Records the disposition within a transaction; the caller commits it with the event that is returned. A later
/// disposition replaces an earlier one; both are in the audit log.
pub async fn dispose(
    tx: &Tx,
    actor: &Actor,
    revision: Uuid,
    disposal: &Disposal,
    now: Timestamp,
) -> Result<(Uuid, Event), DispositionError> {
    let words = said(disposal.words.as_deref()).map_err(DispositionError::Words)?;
    if disposal.disposition == Disposition::NotAdverseEvent {
        let reason = disposal.reason.ok_or(DispositionError::ReasonNeeded)?;
        if reason == NotAdverseEventReason::Other && words.is_none() {
            return Err(DispositionError::WordsNeeded);
        }
    }
    let case = safety_case::Entity::find()
        .filter(safety_case::Column::RevisionId.eq(revision))
        .lock(sea_orm::sea_query::LockType::Update)
        .one(tx.conn())
        .await?
        .ok_or(DispositionError::NoCase)?;
    let (id, community, old) = (case.id, case.community_id, case.disposition.clone());
    let reason = match disposal.disposition {
        Disposition::AdverseEvent
        | Disposition::SpecialSituation
        | Disposition::QualityComplaint => None,
        Disposition::NotAdverseEvent => disposal.reason.map(NotAdverseEventReason::word),
    };
    let mut row: safety_case::ActiveModel = case.into();
    row.disposition = Set(Some(disposal.disposition.word().to_owned()));
    row.reason_code = Set(reason.map(str::to_owned));
    row.words = Set(words.map(str::to_owned));
    row.disposed_by = Set(actor.id);
    row.disposed_at = Set(Some(now.micros()));
    row.update(tx.conn()).await?;
    let event = Event::new(actor, "safety_case.disposed", "safety_case", id)
        .within(community)
        .change(json!({
            "disposed_at": now.micros(),
            "disposition": { "old": old, "new": disposal.disposition.word() },
            "revision": revision,
            "words_hash": words_hash(id, words),
        }))
        .why(reason);
    Ok((id, event))
}
