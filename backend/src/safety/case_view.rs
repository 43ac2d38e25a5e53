//! A case as the safety team sees it.

use moderation_rules::{AdverseEvent, Criterion, Field, Seriousness, SpecialSituation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::posts::Revision;

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
    }
}

fn criterion(criterion: &Criterion, revision: &Revision) -> CriterionView {
    let text = match criterion.field {
        Some(Field::Title) => revision.title.as_deref().unwrap_or(""),
        _ => &revision.body,
    };
    CriterionView {
        met: criterion.met,
        evidence: criterion.evidence.clone(),
        field: criterion.field,
        start: criterion
            .start
            .map(|at| crate::posts::utf16_offset(text, at)),
        end: criterion.end.map(|at| crate::posts::utf16_offset(text, at)),
        inferred_from: criterion.inferred_from.and_then(|from| {
            serde_json::to_value(from)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
        }),
    }
}
