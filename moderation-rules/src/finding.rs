//! What a rule found: where, why it matters, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::submission::{Field, Place};

/// The five kinds of concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Family {
    /// Promotion without balance (21 CFR 202.1, 312.7(a)).
    FairBalance,
    /// A possible adverse event or special situation (ICH E2D(R1), GVP VI).
    AdverseEvent,
    /// A use outside the label, or an invitation to discuss one.
    OffLabel,
    /// What could identify a person.
    Privacy,
    /// How members treat each other, and what must not be traded.
    Conduct,
}

impl Family {
    /// Every family, in the order in which scores are given.
    pub const ALL: [Family; 5] = [
        Family::FairBalance,
        Family::AdverseEvent,
        Family::OffLabel,
        Family::Privacy,
        Family::Conduct,
    ];

    /// Its name in plain words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Family::FairBalance => "fair balance",
            Family::AdverseEvent => "adverse event",
            Family::OffLabel => "off-label use",
            Family::Privacy => "privacy",
            Family::Conduct => "conduct",
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Severity {
    /// Shown to the moderator; does not hold the text by itself.
    Info,
    /// A small matter a moderator must look at.
    Minor,
    /// Must not be released as it stands without a considered decision.
    Major,
    /// Needs the responsible officer at once.
    Critical,
}

impl Severity {
    /// How sure a hit of a rule of this severity makes of its concern, where the pack does not say.
    pub(crate) fn usual_score(self) -> f64 {
        match self {
            Severity::Info => 0.1,
            Severity::Minor => 0.4,
            Severity::Major => 0.7,
            Severity::Critical => 0.95,
        }
    }
}

/// How the words of a finding are meant where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Status {
    /// Denied: "no nausea".
    Negated,
    /// Asked: "does it cause nausea?".
    Question,
    /// Imagined or feared: "it could cause nausea".
    Hypothetical,
    /// Bound to a condition: "if you feel sick".
    Conditional,
    /// Somebody else's words.
    Quoted,
    /// Past, or before the treatment: "history of migraine".
    Historical,
    /// About a relative of the author.
    FamilyMember,
    /// Relieved by the treatment: "it cured my headaches".
    Benefit,
    /// The illness being treated: "prescribed for anxiety".
    Indication,
    /// The language of labels and leaflets, about everybody and nobody: "side effects may include nausea".
    Generic,
}

impl Status {
    /// Every status, in the order in which findings list them.
    pub const ALL: [Status; 10] = [
        Status::Negated,
        Status::Question,
        Status::Hypothetical,
        Status::Conditional,
        Status::Quoted,
        Status::Historical,
        Status::FamilyMember,
        Status::Benefit,
        Status::Indication,
        Status::Generic,
    ];

    /// How such words are read, in plain words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Status::Negated => "denied",
            Status::Question => "a question",
            Status::Hypothetical => "imagined or feared",
            Status::Conditional => "bound to a condition",
            Status::Quoted => "somebody else's words",
            Status::Historical => "past, or before the treatment",
            Status::FamilyMember => "about a relative",
            Status::Benefit => "relieved by the treatment",
            Status::Indication => "the illness that is treated",
            Status::Generic => "the language of labels",
        }
    }
}

/// One hit of one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The stable code of the rule, such as `FB-010`. What the rule says to people stands once, in its pack:
    /// [`RuleSet::words`](crate::RuleSet::words).
    pub rule: String,
    /// The kind of concern.
    pub family: Family,
    /// The weight of this hit; lower than the rule's own where the words are a question or a quotation.
    pub severity: Severity,
    /// How sure this hit makes of the concern, 0 to 1.
    #[serde(default)]
    pub score: f64,
    /// The field in which the words stand.
    pub field: Field,
    /// Byte offset of the first byte in the original field; always on a character boundary.
    pub start: usize,
    /// Byte offset after the last byte in the original field; always on a character boundary.
    pub end: usize,
    /// The words as they were written.
    pub matched: String,
    /// How the words are meant.
    pub status: Vec<Status>,
}

impl Finding {
    /// The words and where they stand.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            field: self.field,
            start: self.start,
            end: self.end,
            words: self.matched.clone(),
        }
    }
}
