//! The possible adverse event in a text: four criteria with their evidence, seriousness, special situations.
//!
//! The four criteria of a valid report (GVP VI.B.2, R-PV-10) are judged apart from each other, and a text is a
//! possible adverse event as soon as a reaction or a special situation is possible, whatever the others say. No
//! product has to be named: patients rarely do (R-PV-14).

mod criteria;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Severity};
use crate::product::Inference;
use crate::submission::{Field, Place};

pub(crate) use criteria::{CriterionLexicons, PATIENT_NAMES, PRODUCT_NAMES, assess};

/// In which way an event is serious (ICH E2D(R1); E2B(R3) E.i.3.2; required intervention is FDA's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Seriousness {
    /// The patient died.
    Death,
    /// The patient was at risk of death at the time.
    LifeThreatening,
    /// Led to, or lengthened, a stay in hospital.
    Hospitalisation,
    /// Persistent or significant disability or incapacity.
    Disability,
    /// Congenital anomaly or birth defect, or another abnormal outcome of a pregnancy.
    CongenitalAnomaly,
    /// Another medically important condition.
    MedicallyImportant,
    /// Needed intervention to prevent permanent harm (devices, FDA).
    RequiredIntervention,
}

/// Situations recorded even without a reaction (GVP VI.B.6, R-PV-22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum SpecialSituation {
    /// Exposure during pregnancy, of the mother or through the father.
    Pregnancy,
    /// Exposure of a child through breast milk.
    Breastfeeding,
    /// Use in a child.
    PaediatricUse,
    /// Use in an elderly person.
    ElderlyUse,
    /// More than the intended dose.
    Overdose,
    /// Use for a psychic or physical effect.
    Abuse,
    /// Intentional use other than as authorised.
    Misuse,
    /// Unintended failure in the treatment process, near misses included.
    MedicationError,
    /// Use outside the label for a medical purpose.
    OffLabelUse,
    /// Exposure at work.
    OccupationalExposure,
    /// The product did not work, said in so many words (R-PV-24).
    LackOfEfficacy,
    /// Suspected transmission of an infectious agent through the product.
    SuspectedTransmission,
    /// Defect of the product or the device, or a falsified one.
    QualityDefect,
    /// Interaction with a medicine, food or other substance.
    DrugInteraction,
    /// A benefit nobody intended.
    UnexpectedBenefit,
}

/// One of the four criteria and what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// The criterion is met.
    pub met: bool,
    /// The words, or the name, it rests on.
    pub evidence: Option<String>,
    /// The field the words stand in.
    pub field: Option<Field>,
    /// Byte offset of their start in that field.
    pub start: Option<usize>,
    /// Byte offset of their end in that field.
    pub end: Option<usize>,
    /// Where it was learned, if not from the text.
    pub inferred_from: Option<Inference>,
}

impl Criterion {
    fn at(place: Place) -> Self {
        Self {
            met: true,
            evidence: Some(place.words),
            field: Some(place.field),
            start: Some(place.start),
            end: Some(place.end),
            inferred_from: None,
        }
    }

    fn inferred(from: Inference, evidence: Option<String>) -> Self {
        Self {
            met: true,
            evidence,
            inferred_from: Some(from),
            ..Self::default()
        }
    }
}

/// A possible adverse event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdverseEvent {
    /// An identifiable reporter: always, for a verified account (R-PV-12).
    pub reporter: Criterion,
    /// One identifiable patient (R-PV-13).
    pub patient: Criterion,
    /// A suspect product (R-PV-14).
    pub product: Criterion,
    /// A suspected reaction.
    pub reaction: Criterion,
    /// Ways in which the event is serious, in the order of the E2B fields.
    pub seriousness: Vec<Seriousness>,
    /// Special situations.
    pub special_situations: Vec<SpecialSituation>,
    /// The words on which each of these stands, in the order of the text.
    #[serde(default)]
    pub grounds: Vec<Ground>,
}

/// Words that make an event serious, or tell a special situation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// In which way they make the event serious.
    pub seriousness: Option<Seriousness>,
    /// Which special situation they tell.
    pub special_situation: Option<SpecialSituation>,
    /// The rule that found them.
    pub rule: String,
    /// Where they stand.
    #[serde(flatten)]
    pub place: Place,
}

impl AdverseEvent {
    /// All four criteria are met: a valid individual case safety report.
    #[must_use]
    pub fn is_valid_report(&self) -> bool {
        self.reporter.met && self.patient.met && self.product.met && self.reaction.met
    }
}

/// Whether a finding weighs enough to open a case; what is only asked or quoted is shown, not opened.
pub(crate) fn opens_case(finding: &Finding) -> bool {
    finding.severity > Severity::Info
}
