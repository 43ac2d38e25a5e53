//! A case as the safety team sees it.

use moderation_rules::{AdverseEvent, Criterion, Field, Ground, Seriousness, SpecialSituation};
use serde::Serialize;
use utoipa::ToSchema;

use super::dispose::Disposition;
use crate::posts::{Revision, utf16_offset};

/// One of the four criteria of a valid report, with its evidence (R-PV-10).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Criterion)]
pub struct CriterionView {
    /// Whether it is met.
    pub met: bool,
    /// The words it rests on.
    pub evidence: Option<String>,
    /// The field the words stand in.
    pub field: Option<Field>,
    /// Where they begin, in UTF-16 code units.
    pub start: Option<usize>,
    /// Where they end, in UTF-16 code units.
    pub end: Option<usize>,
    /// Where it was learned, if not from the text: thread, title, community or account.
    pub inferred_from: Option<String>,
}

/// Words that make the event serious, or tell a special situation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ground)]
pub struct GroundView {
    /// In which way they make it serious.
    pub seriousness: Option<Seriousness>,
    /// Which special situation they tell.
    pub special_situation: Option<SpecialSituation>,
    /// The rule that found them.
    pub rule: String,
    /// The field they stand in.
    pub field: Field,
    /// Where they begin, in UTF-16 code units.
    pub start: usize,
    /// Where they end, in UTF-16 code units.
    pub end: usize,
    /// The words.
    pub words: String,
}

/// What the rules would say of it, and why. A person decides.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedDisposition {
    /// What they would say.
    pub disposition: Disposition,
    /// Why, in a sentence.
    pub why: String,
}

/// The possible adverse event in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct AeEvidence {
    /// An identifiable reporter.
    pub reporter: CriterionView,
    /// One identifiable patient.
    pub patient: CriterionView,
    /// A suspect product.
    pub product: CriterionView,
    /// A suspected reaction.
    pub reaction: CriterionView,
    /// In which ways it is serious (E2B(R3) E.i.3.2).
    pub seriousness: Vec<Seriousness>,
    /// Special situations (R-PV-22).
    pub special_situations: Vec<SpecialSituation>,
    /// The words on which each of these stands.
    pub grounds: Vec<GroundView>,
    /// What the rules would say of it.
    pub suggestion: SuggestedDisposition,
}

/// The evidence with places as browsers count them.
pub fn evidence_view(event: &AdverseEvent, revision: &Revision) -> AeEvidence {
    AeEvidence {
        reporter: criterion(&event.reporter, revision),
        patient: criterion(&event.patient, revision),
        product: criterion(&event.product, revision),
        reaction: criterion(&event.reaction, revision),
        seriousness: event.seriousness.clone(),
        special_situations: event.special_situations.clone(),
        grounds: event
            .grounds
            .iter()
            .map(|found| ground(found, revision))
            .collect(),
        suggestion: suggestion(event),
    }
}

/// Suspicion is enough, and an incomplete report is owed too (R-PV-11, R-PV-17): what the rules hold for possible goes
/// to the safety team unless a person finds that it is none.
fn suggestion(event: &AdverseEvent) -> SuggestedDisposition {
    let missing: Vec<&str> = [
        ("a patient", event.patient.met),
        ("a product", event.product.met),
    ]
    .into_iter()
    .filter_map(|(what, met)| (!met).then_some(what))
    .collect();
    let why = if !event.reaction.met {
        "A special situation is told, and no reaction: safety records it, though it is no case report by itself."
            .to_owned()
    } else if missing.is_empty() {
        "All four criteria of a valid case report are found.".to_owned()
    } else {
        format!(
            "A reaction is told; {} could not be found. Safety follows up on incomplete reports.",
            missing.join(" and ")
        )
    };
    SuggestedDisposition {
        disposition: Disposition::AdverseEvent,
        why,
    }
}

fn text_of(field: Field, revision: &Revision) -> &str {
    match field {
        Field::Title => revision.title.as_deref().unwrap_or(""),
        Field::Body => &revision.body,
    }
}

fn ground(ground: &Ground, revision: &Revision) -> GroundView {
    let text = text_of(ground.place.field, revision);
    GroundView {
        seriousness: ground.seriousness,
        special_situation: ground.special_situation,
        rule: ground.rule.clone(),
        field: ground.place.field,
        start: utf16_offset(text, ground.place.start),
        end: utf16_offset(text, ground.place.end),
        words: ground.place.words.clone(),
    }
}

fn criterion(criterion: &Criterion, revision: &Revision) -> CriterionView {
    let text = text_of(criterion.field.unwrap_or(Field::Body), revision);
    CriterionView {
        met: criterion.met,
        evidence: criterion.evidence.clone(),
        field: criterion.field,
        start: criterion.start.map(|at| utf16_offset(text, at)),
        end: criterion.end.map(|at| utf16_offset(text, at)),
        inferred_from: criterion.inferred_from.and_then(|from| {
            serde_json::to_value(from)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
        }),
    }
}
