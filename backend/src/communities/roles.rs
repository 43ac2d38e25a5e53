//! What a person may do in a community, as whom they speak, and who reads there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role within one community.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Decides what is released.
    Moderator,
    /// A moderator who takes over items and settles what two reviewers disagree on.
    Lead,
    /// Keeps the adverse-event cases.
    SafetyOfficer,
    /// Decides on medical content and reads the cases.
    MedicalReviewer,
    /// Signs, for medical, legal and regulatory affairs, what the company itself says of products (R-FB-02).
    MlrApprover,
    /// Reads the audit log and takes the proof home. Does not write.
    Inspector,
    /// Invites, ends memberships, keeps products and the description.
    Administrator,
}

impl Role {
    /// Every role, in the order of the glossary.
    pub const ALL: [Self; 8] = [
        Self::Member,
        Self::Moderator,
        Self::Lead,
        Self::SafetyOfficer,
        Self::MedicalReviewer,
        Self::MlrApprover,
        Self::Inspector,
        Self::Administrator,
    ];

    /// The word that stands in the database, the API and the record.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Lead => "lead",
            Self::SafetyOfficer => "safety_officer",
            Self::MedicalReviewer => "medical_reviewer",
            Self::MlrApprover => "mlr_approver",
            Self::Inspector => "inspector",
            Self::Administrator => "administrator",
        }
    }
}

/// The roles that a person holds in one community: never none, each once, in the order of [`Role::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// These roles; none when the list is empty.
    pub fn new(roles: &[Role]) -> Option<Self> {
        let sorted: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|r| roles.contains(r))
            .collect();
        (!sorted.is_empty()).then_some(Self(sorted))
    }

    /// Whether the role is among them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The first of these roles that is held.
    pub fn first_of(&self, wanted: &[Role]) -> Option<Role> {
        wanted.iter().copied().find(|role| self.has(*role))
    }

    /// As stored: the words, separated by blanks.
    pub fn stored(&self) -> String {
        self.0
            .iter()
            .map(|role| role.word())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// From what is stored. Words that are no role give no authority.
    pub fn from_stored(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        Self(
            Role::ALL
                .into_iter()
                .filter(|role| words.contains(&role.word()))
                .collect(),
        )
    }
}

/// A closed set of words that is stored as text.
macro_rules! stored_words {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word that stands in the database and the API.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// From the stored word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use stored_words;

/// As whom a person speaks; rules depend on it (R-FB-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerClass {
    /// Employed by the company.
    Company,
    /// Paid by the company or acting for it.
    Agent,
    /// A health-care professional on their own account.
    Professional,
    /// A patient or carer.
    Patient,
    /// Employed by an alliance partner.
    Partner,
}

stored_words!(SpeakerClass {
    Company => "company",
    Agent => "agent",
    Professional => "professional",
    Patient => "patient",
    Partner => "partner",
});

/// Who reads in a community (R-FB-42).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Verified health-care professionals.
    Professionals,
    /// Patients and carers.
    Patients,
    /// Alliance partners.
    Partners,
}

stored_words!(Audience {
    Professionals => "professionals",
    Patients => "patients",
    Partners => "partners",
});

/// How a product stands with the authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Authorised medicine.
    Approved,
    /// Authorised medicine whose label carries a boxed warning.
    ApprovedBoxedWarning,
    /// Authorised device.
    ApprovedDevice,
    /// Not authorised for any use.
    Investigational,
}

stored_words!(ProductStatus {
    Approved => "approved",
    ApprovedBoxedWarning => "approved_boxed_warning",
    ApprovedDevice => "approved_device",
    Investigational => "investigational",
});
