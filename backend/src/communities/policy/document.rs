//! The policy of a community: one document that says how its texts are reviewed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::calendar::Calendar;
use super::term::Term;
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::roles::{Role, Roles, stored_words};

/// When a text is seen. There is one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moderation {
    /// After a person has released it.
    PreModeration,
}

/// What may call for a second reviewer, or for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The text of somebody who speaks for the company (R-FB-02).
    CompanySpeaker,
    /// A finding of the highest severity.
    HighSeverity,
    /// A published text is taken back.
    Retraction,
    /// A text is released as it stands although a weighty rule objects.
    RuleOverride,
}

stored_words!(Occasion {
    CompanySpeaker => "company_speaker",
    HighSeverity => "high_severity",
    Retraction => "retraction",
    RuleOverride => "rule_override",
});

impl Occasion {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CompanySpeaker,
        Self::HighSeverity,
        Self::Retraction,
        Self::RuleOverride,
    ];
}

/// What a policy gives to roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the glossary explains the verbs of the desk")]
pub enum Act {
    Release,
    ReleaseWithBalance,
    RedactAndRelease,
    RequestChanges,
    Reject,
    Refer,
    AnswerReferral,
    Split,
    Duplicate,
    TakeOver,
    SettleDisagreement,
    Correct,
    Retract,
    Restore,
    DecideAppeal,
    DecideInBulk,
    ReadSealed,
}

stored_words!(Act {
    Release => "release",
    ReleaseWithBalance => "release_with_balance",
    RedactAndRelease => "redact_and_release",
    RequestChanges => "request_changes",
    Reject => "reject",
    Refer => "refer",
    AnswerReferral => "answer_referral",
    Split => "split",
    Duplicate => "duplicate",
    TakeOver => "take_over",
    SettleDisagreement => "settle_disagreement",
    Correct => "correct",
    Retract => "retract",
    Restore => "restore",
    DecideAppeal => "decide_appeal",
    DecideInBulk => "decide_in_bulk",
    ReadSealed => "read_sealed",
});

impl Act {
    /// All of them, in the order in which people read them.
    pub const ALL: [Self; 17] = [
        Self::Release,
        Self::ReleaseWithBalance,
        Self::RedactAndRelease,
        Self::RequestChanges,
        Self::Reject,
        Self::Refer,
        Self::AnswerReferral,
        Self::Split,
        Self::Duplicate,
        Self::TakeOver,
        Self::SettleDisagreement,
        Self::Correct,
        Self::Retract,
        Self::Restore,
        Self::DecideAppeal,
        Self::DecideInBulk,
        Self::ReadSealed,
    ];

    /// Who may do it where a policy does not say.
    pub const fn usual(self) -> &'static [Role] {
        use Role::{Inspector, Lead, MedicalReviewer, MlrApprover, Moderator, SafetyOfficer};
        match self {
            Self::TakeOver | Self::SettleDisagreement => &[Lead],
            Self::AnswerReferral => &[Moderator, SafetyOfficer, MedicalReviewer, Lead, MlrApprover],
            Self::ReadSealed => &[Moderator, SafetyOfficer, Lead, Inspector],
            _ => &[Moderator, MedicalReviewer, Lead, MlrApprover],
        }
    }
}

/// How long what may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// A decision on a text that may report an adverse event.
    pub safety: Term,
    /// A decision on a text with concerns of promotion.
    pub promotion: Term,
    /// A decision on any other text.
    pub routine: Term,
    /// A decision on a text that the rules escalate, if it is nearer than that of its class.
    pub escalated: Term,
    /// The answer to a referral.
    pub referral: Term,
    /// The outcome of an appeal.
    pub appeal: Term,
}

impl Deadlines {
    /// Each with its name.
    pub fn named(&self) -> [(&'static str, Term); 6] {
        [
            ("safety", self.safety),
            ("promotion", self.promotion),
            ("routine", self.routine),
            ("escalated", self.escalated),
            ("referral", self.referral),
            ("appeal", self.appeal),
        ]
    }
}

/// Who is told when work is left lying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    /// So many minutes before a deadline; 0 for no such alarm.
    pub near_minutes: u32,
    /// When texts wait and nobody has worked for so many minutes: of business time, or of any time if one of them may
    /// report an adverse event; 0 for no such alarm.
    pub unattended_minutes: u32,
    /// Who is told: whoever holds one of these roles.
    pub roles: Vec<Role>,
    /// Whether they get mail as well.
    pub mail: bool,
    /// Further mail addresses, such as that of a team on call.
    pub mail_to: Vec<String>,
    /// A web address that is told, signed with the secret of the community.
    pub webhook: Option<String>,
}

/// How the quality of decisions is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Of a hundred decided items, how many are judged again by somebody who does not know of the first judgement.
    pub share_percent: u32,
}

/// Why a text was not released as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its code in decisions: a–z, 0–9 and `_`.
    pub code: String,
    /// What it is called at the desk.
    pub name: String,
    /// What the author may do about it, in plain words.
    pub remedy: String,
}

/// Words to an author that reviewers use often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorTemplate {
    /// Its name: a–z, 0–9, `_` and `-`.
    pub key: String,
    /// The number of the policy in which it began to say this; the server sets it.
    #[serde(default)]
    pub version: i64,
    /// The reason it goes with.
    pub reason: Option<String>,
    /// The language (BCP 47).
    pub language: String,
    /// The words.
    pub words: String,
}

/// A text of the company that is shown under a released post, so that benefit and risk are in balance (R-FB-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BalanceText {
    /// Its name: a–z, 0–9, `_` and `-`.
    pub key: String,
    /// The number of the policy in which it began to say this; the server sets it.
    #[serde(default)]
    pub version: i64,
    /// The product it is about; of any product where none is named.
    pub product: Option<Uuid>,
    /// The market whose label it follows, such as `US` or `EU`.
    pub market: String,
    /// The language (BCP 47).
    pub language: String,
    /// The text that readers see.
    pub text: String,
}

/// How the texts of a community are reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// When a text is seen.
    pub moderation: Moderation,
    /// When people are at their desks.
    pub calendar: Calendar,
    /// How long what may take.
    pub deadlines: Deadlines,
    /// When a second reviewer, who does not know of the first judgement, must agree.
    pub second_review: BTreeSet<Occasion>,
    /// When a decision is signed.
    pub signature: BTreeSet<Occasion>,
    /// Which roles may do what; what is not named here may be done by the usual roles.
    pub may: BTreeMap<Act, Vec<Role>>,
    /// Seconds in which a decision can be taken back before it takes effect.
    pub undo_seconds: u32,
    /// Who is told when work is left lying.
    pub alarms: Alarms,
    /// How the quality of decisions is looked at.
    pub quality: Quality,
    /// Why a text may be refused.
    pub reasons: Vec<Reason>,
    /// Words to authors.
    pub author_templates: Vec<AuthorTemplate>,
    /// Texts of the company that balance benefit and risk.
    pub balance_texts: Vec<BalanceText>,
}

impl Policy {
    /// When a decision is due on a text of this class that came then.
    pub fn due(&self, risk: RiskClass, escalated: bool, from: Timestamp) -> Timestamp {
        let term = match risk {
            RiskClass::Safety => self.deadlines.safety,
            RiskClass::Promotion => self.deadlines.promotion,
            RiskClass::Routine => self.deadlines.routine,
        };
        let due = term.after(&self.calendar, from);
        if escalated {
            due.min(self.deadlines.escalated.after(&self.calendar, from))
        } else {
            due
        }
    }

    /// When the answer to a question is due that was asked then.
    pub fn referral_due(&self, from: Timestamp) -> Timestamp {
        self.deadlines.referral.after(&self.calendar, from)
    }

    /// When the outcome of an appeal is due that was made then.
    pub fn appeal_due(&self, from: Timestamp) -> Timestamp {
        self.deadlines.appeal.after(&self.calendar, from)
    }

    /// Whether a second reviewer must agree.
    pub fn needs_second(&self, occasion: Occasion) -> bool {
        self.second_review.contains(&occasion)
    }

    /// Whether the decision is signed.
    pub fn needs_signature(&self, occasion: Occasion) -> bool {
        self.signature.contains(&occasion)
    }

    /// The roles that may do this.
    pub fn roles_for(&self, act: Act) -> &[Role] {
        self.may.get(&act).map_or(act.usual(), Vec::as_slice)
    }

    /// Whether whoever holds these roles in the community may do this.
    pub fn allows(&self, act: Act, roles: &Roles) -> bool {
        roles.first_of(self.roles_for(act)).is_some()
    }

    /// The reason with this code.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code == code)
    }

    /// Whether this is the code of a reason.
    pub fn knows_reason(&self, code: &str) -> bool {
        self.reason(code).is_some()
    }

    /// The codes of all reasons, in the order in which people read them.
    pub fn reason_codes(&self) -> Vec<String> {
        let codes = self.reasons.iter().map(|reason| reason.code.clone());
        codes.collect()
    }

    /// The balance text of this name.
    pub fn balance_text(&self, key: &str) -> Option<&BalanceText> {
        self.balance_texts.iter().find(|text| text.key == key)
    }

    /// The balance texts that fit a post about this product: its own, and those of any product.
    pub fn balance_texts_for(&self, product: Option<Uuid>) -> impl Iterator<Item = &BalanceText> {
        let fits = move |text: &&BalanceText| text.product.is_none() || text.product == product;
        self.balance_texts.iter().filter(fits)
    }
}
