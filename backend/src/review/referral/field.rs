//! To whom a question goes, and what may come back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::communities::roles::{Role, stored_words};

/// The field of knowledge that a question is put to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralField)]
pub enum Field {
    /// The safety officers.
    Safety,
    /// The medical reviewers.
    Medical,
    /// The approvers of medical, legal and regulatory affairs.
    LegalRegulatory,
}

stored_words!(Field {
    Safety => "safety",
    Medical => "medical",
    LegalRegulatory => "legal_regulatory",
});

impl Field {
    /// All of them, in the order in which the desk shows them.
    pub const ALL: [Self; 3] = [Self::Safety, Self::Medical, Self::LegalRegulatory];

    /// Who answers.
    pub const fn role(self) -> Role {
        match self {
            Self::Safety => Role::SafetyOfficer,
            Self::Medical => Role::MedicalReviewer,
            Self::LegalRegulatory => Role::MlrApprover,
        }
    }
}

/// What an answer comes to. The decision stays with the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralOutcome)]
pub enum Outcome {
    /// In this field nothing stands against the text.
    NoObjection,
    /// In this field the text should not be seen as it stands.
    Objection,
    /// It cannot be said of this text.
    CannotSay,
}

stored_words!(Outcome {
    NoObjection => "no_objection",
    Objection => "objection",
    CannotSay => "cannot_say",
});

/// The word that stands in the place of an outcome where a question was taken back.
pub(super) const RECALLED: &str = "recalled";

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralState)]
pub enum Standing {
    /// It waits for its answer.
    Open,
    /// It was answered.
    Answered,
    /// Whoever asked, or a lead, took it back.
    Recalled,
    /// The author withdrew the text or sent a newer one.
    Closed,
}
