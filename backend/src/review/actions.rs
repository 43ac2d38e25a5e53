//! What a person may do with an item: the one table. The server answers every call by it and tells the desk what it
//! would answer, so that no client offers what is refused.

use std::collections::BTreeSet;

use moderation_rules::{Family, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use super::Origin;
use super::referral::Field;
use super::reopening::Barred;
use crate::communities::RiskClass;
use crate::communities::authority::{Reviewing, Standing as _};
use crate::communities::policy::{Act, Occasion};
use crate::communities::roles::{Role, Roles};
use crate::identity::signing::Meaning;
use crate::posts::{Action, ItemState};

/// What can be done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Readers may see it.
    Release,
    /// Readers may see it, with a text of the company under it.
    ReleaseWithBalance,
    /// The author is asked for another revision.
    RequestChanges,
    /// Readers may see it without the words that are taken out.
    RedactAndRelease,
    /// It is cut into parts, each of which is decided on alone.
    Split,
    /// It stays unseen, because another post says the same.
    Duplicate,
    /// It stays unseen.
    Reject,
    /// It is released and came to the desk again: readers go on seeing it.
    Keep,
    /// It is released and came to the desk again: readers see a public text in its place.
    Retract,
    /// The rejection that is appealed against stands.
    Uphold,
    /// The appeal is granted: readers may see it.
    Overturn,
    /// Say whether it reports an adverse event.
    Dispose,
    /// Take back one's judgement while the undo window runs.
    Undo,
    /// Put a question to another desk; the item waits for the answer.
    Refer,
    /// Answer a question that was put to one's field.
    AnswerReferral,
    /// Take a question back.
    RecallReferral,
}

impl Move {
    /// Every move, in the order in which the desk shows them.
    pub const ALL: [Self; 16] = [
        Self::Dispose,
        Self::Release,
        Self::ReleaseWithBalance,
        Self::RedactAndRelease,
        Self::RequestChanges,
        Self::Split,
        Self::Duplicate,
        Self::Reject,
        Self::Keep,
        Self::Retract,
        Self::Uphold,
        Self::Overturn,
        Self::Refer,
        Self::AnswerReferral,
        Self::RecallReferral,
        Self::Undo,
    ];

    /// The judgement, if it is one.
    pub const fn judgement(self) -> Option<Action> {
        match self {
            Self::Release => Some(Action::Release),
            Self::ReleaseWithBalance => Some(Action::ReleaseWithBalance),
            Self::RedactAndRelease => Some(Action::RedactAndRelease),
            Self::Split => Some(Action::Split),
            Self::Duplicate => Some(Action::Duplicate),
            Self::RequestChanges => Some(Action::RequestChanges),
            Self::Reject => Some(Action::Reject),
            Self::Keep => Some(Action::Keep),
            Self::Retract => Some(Action::Retract),
            Self::Uphold => Some(Action::Uphold),
            Self::Overturn => Some(Action::Overturn),
            Self::Dispose
            | Self::Undo
            | Self::Refer
            | Self::AnswerReferral
            | Self::RecallReferral => None,
        }
    }

    /// What the policy calls it, where it says who may.
    const fn act(self) -> Option<Act> {
        match self {
            Self::Release | Self::Keep => Some(Act::Release),
            Self::Retract => Some(Act::Retract),
            Self::Uphold | Self::Overturn => Some(Act::DecideAppeal),
            Self::ReleaseWithBalance => Some(Act::ReleaseWithBalance),
            Self::RedactAndRelease => Some(Act::RedactAndRelease),
            Self::Split => Some(Act::Split),
            Self::Duplicate => Some(Act::Duplicate),
            Self::RequestChanges => Some(Act::RequestChanges),
            Self::Reject => Some(Act::Reject),
            Self::Refer => Some(Act::Refer),
            Self::AnswerReferral => Some(Act::AnswerReferral),
            Self::Dispose | Self::Undo | Self::RecallReferral => None,
        }
    }

    /// In which states.
    const fn states(self) -> &'static [ItemState] {
        match self {
            Self::Undo => &[ItemState::Settling],
            Self::AnswerReferral | Self::RecallReferral => &[ItemState::Referred],
            _ => &ItemState::TO_DECIDE,
        }
    }

    /// What must come with it, whatever the item.
    const fn needs(self) -> &'static [Need] {
        match self {
            Self::Dispose => &[Need::Disposition],
            Self::ReleaseWithBalance => &[Need::BalanceText],
            Self::RedactAndRelease => &[Need::Spans],
            Self::Split => &[Need::Cuts],
            Self::Duplicate => &[Need::DuplicateOf],
            Self::RequestChanges | Self::Reject => &[Need::Reason, Need::Words],
            Self::Retract => &[Need::Reason, Need::Words, Need::Tombstone],
            Self::Uphold | Self::Overturn => &[Need::Words],
            Self::Refer => &[Need::Question],
            Self::AnswerReferral => &[Need::Answer],
            Self::Release | Self::Keep | Self::Undo | Self::RecallReferral => &[],
        }
    }
}

impl From<Action> for Move {
    fn from(action: Action) -> Self {
        match action {
            Action::Release => Self::Release,
            Action::ReleaseWithBalance => Self::ReleaseWithBalance,
            Action::RedactAndRelease => Self::RedactAndRelease,
            Action::Split => Self::Split,
            Action::Duplicate => Self::Duplicate,
            Action::RequestChanges => Self::RequestChanges,
            Action::Reject => Self::Reject,
            Action::Keep => Self::Keep,
            Action::Retract => Self::Retract,
            Action::Uphold => Self::Uphold,
            Action::Overturn => Self::Overturn,
        }
    }
}

/// What a signature under this judgement says.
const fn meaning_of(judgement: Action) -> Meaning {
    match judgement {
        Action::Release | Action::ReleaseWithBalance | Action::Keep => {
            Meaning::ApprovedForPublication
        }
        Action::RedactAndRelease => Meaning::RedactedAndReleased,
        Action::RequestChanges => Meaning::ChangesRequested,
        Action::Split => Meaning::Divided,
        Action::Reject | Action::Duplicate => Meaning::Rejected,
        Action::Retract => Meaning::Retracted,
        Action::Uphold => Meaning::AppealUpheld,
        Action::Overturn => Meaning::AppealGranted,
    }
}

/// What must come with a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A reason code.
    Reason,
    /// Words to the author.
    Words,
    /// One of the company's texts that balance benefit and risk.
    BalanceText,
    /// Which words are taken out.
    Spans,
    /// Where the text is cut.
    Cuts,
    /// The post that says the same.
    DuplicateOf,
    /// A public text in the place of the post.
    Tombstone,
    /// Whether it is an adverse event.
    Disposition,
    /// An electronic signature.
    Signature,
    /// What is asked, and of which field.
    Question,
    /// An answer to whoever asked, and what it comes to.
    Answer,
}

/// Everything that the table asks of the item, the person and the policy.
#[derive(Debug, Clone)]
pub struct Facts {
    /// How the item stands.
    pub state: ItemState,
    /// What the person may do in that community.
    pub roles: Roles,
    /// What brought it to the desk.
    pub origin: Origin,
    /// They wrote it.
    pub own_text: bool,
    /// They reported it, or made the decision that is appealed against.
    pub barred: Option<Barred>,
    /// A judgement of theirs stands.
    pub judged: bool,
    /// The last judgement that stands is theirs.
    pub judged_last: bool,
    /// The fields of the open questions that are theirs to answer: of their roles, and not asked by themselves.
    pub questions: BTreeSet<Field>,
    /// An open question is theirs.
    pub asked: bool,
    /// There is a safety case.
    pub has_case: bool,
    /// The case has no disposition.
    pub open_disposition: bool,
    /// It is a thread or a reply of which readers see nothing yet: its parts can stand in its place.
    pub divisible: bool,
    /// The author speaks for the company (R-FB-01).
    pub company: bool,
    /// The text is about a product.
    pub about_product: bool,
    /// What is at stake with the text.
    pub risk: RiskClass,
    /// The families in which the rules found something.
    pub families: BTreeSet<Family>,
    /// The weightiest finding.
    pub worst: Option<Severity>,
    /// An approver of medical, legal and regulatory affairs has judged that it may be seen, and that stands.
    pub approved_mlr: bool,
    /// When a second reviewer must agree.
    pub second_review: BTreeSet<Occasion>,
    /// When a judgement is signed.
    pub signature: BTreeSet<Occasion>,
    /// What the roles of the person allow by the policy.
    pub may: BTreeSet<Act>,
}

/// A move that is allowed, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Allowed {
    /// The move.
    pub action: Move,
    /// What must come with it.
    pub needs: Vec<Need>,
    /// What the signature will say, where one is needed.
    pub meaning: Option<Meaning>,
    /// Somebody else must judge as well before it takes effect.
    pub second_review: bool,
    /// The role in which the person would act.
    #[serde(skip)]
    #[schema(ignore)]
    pub role: Role,
}

/// Why a move is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody judges what they wrote.
    #[error("nobody reviews their own text; leave it to a colleague")]
    OwnText,
    /// They reported it, or made the decision that is appealed against.
    #[error(transparent)]
    Barred(Barred),
    /// It came to the desk for another kind of decision.
    #[error("this cannot be decided on what brought the text to the desk; open the item again")]
    NotForThis,
    /// The item is in a state in which this cannot be done.
    #[error("this cannot be done with the item as it stands; look at it afresh")]
    State(ItemState),
    /// One person judges once.
    #[error("you have judged this text; somebody else must judge it now")]
    JudgedAlready,
    /// The judgement is somebody else's.
    #[error("only whoever judged last can take it back")]
    NotYours,
    /// The possible adverse event has no disposition (R-PV-30).
    #[error("say first whether this is an adverse event; then decide on the text")]
    DispositionNeeded,
    /// An edit, a profile line or a description stands in one place.
    #[error("only a thread or a reply that was not released yet can be split")]
    NotDivisible,
    /// The rules found no possible adverse event.
    #[error("the rules found no possible adverse event in this text")]
    NoCase,
    /// The person does not hold the role.
    #[error("this needs the role `{}`; leave it to a colleague who holds it", .0.word())]
    RoleNeeded(Role),
    /// The question is for others.
    #[error(
        "this question is for others to answer: people of the role that was asked, and not whoever asked"
    )]
    NotYoursToAnswer,
    /// The question is somebody else's.
    #[error("only whoever asked, or a lead, can take a question back")]
    NotYoursToRecall,
    /// The policy gives it to other roles.
    #[error("the policy of this community gives this to other roles")]
    NotByPolicy,
    /// It is not judged together with others.
    #[error(transparent)]
    NotInBulk(Alone),
}

/// The judgements that can be made on several items at once.
pub const IN_BULK: [Action; 4] = [
    Action::Release,
    Action::RequestChanges,
    Action::Reject,
    Action::Keep,
];

/// Why an item is not judged together with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Alone {
    /// This judgement is made on one text at a time.
    #[error("this is decided on one text at a time")]
    Judgement,
    /// It may report an adverse event.
    #[error(
        "this text may report an adverse event, or has a safety case; open it and decide on it alone"
    )]
    Safety,
    /// The rules found something else in it.
    #[error(
        "the rules found something of another family in this text; open it and decide on it alone"
    )]
    Family,
    /// It takes a signature.
    #[error("this decision is signed; open the item and decide on it alone")]
    Signature,
    /// It is there to look at decisions.
    #[error("this item is decided on alone; open it")]
    Quality,
}

impl Facts {
    /// Whether the judgement is only good with that of an approver of medical, legal and regulatory affairs: the company
    /// itself speaks of a product (R-FB-02).
    fn for_mlr(&self, judgement: Action) -> bool {
        self.company && self.about_product && judgement.is_public()
    }

    /// What about the item and the judgement may call for a second reviewer or a signature.
    fn occasions(&self, judgement: Action) -> BTreeSet<Occasion> {
        let weighty = self.worst >= Some(Severity::Major);
        [
            (Occasion::CompanySpeaker, self.company),
            (
                Occasion::HighSeverity,
                self.worst == Some(Severity::Critical),
            ),
            (
                Occasion::RuleOverride,
                // What is left of a text may say what the rule objects to.
                weighty
                    && matches!(
                        judgement,
                        Action::Release | Action::RedactAndRelease | Action::Overturn
                    ),
            ),
            (Occasion::Retraction, judgement == Action::Retract),
        ]
        .into_iter()
        .filter_map(|(occasion, there)| there.then_some(occasion))
        .collect()
    }

    /// The judgement, or why this person may not make it.
    fn judge(&self, action: Move, judgement: Action) -> Result<Allowed, Refusal> {
        if self.judged {
            return Err(Refusal::JudgedAlready);
        }
        if !self.origin.has_effect() {
            return Ok(self.looked_at(action));
        }
        if self.open_disposition {
            return Err(Refusal::DispositionNeeded);
        }
        if judgement == Action::Split && !self.divisible {
            return Err(Refusal::NotDivisible);
        }
        let settles = self.state == ItemState::LeadReview;
        if settles && !self.may.contains(&Act::SettleDisagreement) {
            return Err(Refusal::RoleNeeded(Role::Lead));
        }
        let approver = self.roles.has(Role::MlrApprover);
        let for_mlr = self.for_mlr(judgement);
        // The first of two need not be the approver.
        if for_mlr && !approver && !self.approved_mlr && self.state != ItemState::Waiting {
            return Err(Refusal::RoleNeeded(Role::MlrApprover));
        }
        let occasions = self.occasions(judgement);
        let approves = for_mlr && approver;
        let second_review = self.state == ItemState::Waiting
            && (!occasions.is_disjoint(&self.second_review) || (for_mlr && !approver));
        let mut needs = action.needs().to_vec();
        let signed = approves || !occasions.is_disjoint(&self.signature);
        if signed {
            needs.push(Need::Signature);
        }
        let role = if approves {
            Role::MlrApprover
        } else if settles {
            Role::Lead
        } else {
            self.desk_role()
        };
        let meaning = match (approves, settles) {
            (true, _) => Meaning::ApprovedMlr,
            (false, true) => Meaning::DisagreementSettled,
            (false, false) => meaning_of(judgement),
        };
        Ok(Allowed {
            action,
            needs,
            meaning: signed.then_some(meaning),
            second_review,
            role,
        })
    }

    /// The role in which the person refers the item: whoever could judge it may ask first.
    fn refer(&self) -> Result<Role, Refusal> {
        let settles = self.state == ItemState::LeadReview;
        if self.judged {
            Err(Refusal::JudgedAlready)
        } else if !self.origin.has_effect() {
            Err(Refusal::NotForThis)
        } else if settles && !self.may.contains(&Act::SettleDisagreement) {
            Err(Refusal::RoleNeeded(Role::Lead))
        } else if settles {
            Ok(Role::Lead)
        } else {
            Ok(self.desk_role())
        }
    }

    /// The role in which the person answers a question.
    fn answer(&self) -> Result<Role, Refusal> {
        let field = self.questions.first();
        field
            .map(|field| field.role())
            .ok_or(Refusal::NotYoursToAnswer)
    }

    /// The role in which the person takes a question back.
    fn recall(&self) -> Result<Role, Refusal> {
        if self.asked {
            Ok(self.desk_role())
        } else if self.roles.has(Role::Lead) {
            Ok(Role::Lead)
        } else {
            Err(Refusal::NotYoursToRecall)
        }
    }

    /// A judgement without effect: by one person, unsigned, and nobody is told anything.
    fn looked_at(&self, action: Move) -> Allowed {
        let needs = action.needs().iter().copied();
        Allowed {
            action,
            needs: needs.filter(|need| *need != Need::Words).collect(),
            meaning: None,
            second_review: false,
            role: self.desk_role(),
        }
    }

    /// The role in which the person sits at the desk.
    fn desk_role(&self) -> Role {
        self.roles
            .first_of(Reviewing::ROLES)
            .unwrap_or(Role::Moderator)
    }
}

/// Whether the person may do this with the item, and with what.
///
/// # Errors
/// Why not.
pub fn check(facts: &Facts, action: Move) -> Result<Allowed, Refusal> {
    if facts.own_text {
        return Err(Refusal::OwnText);
    }
    if let Some(barred) = facts.barred {
        return Err(Refusal::Barred(barred));
    }
    let judgement = action.judgement();
    let for_this = match judgement {
        Some(judgement) => facts.origin.allows(judgement),
        // INVARIANT: what has no effect is judged, or the judgement is taken back, and nothing else.
        None => facts.origin.has_effect() || action == Move::Undo,
    };
    if !for_this {
        return Err(Refusal::NotForThis);
    }
    if !action.states().contains(&facts.state) {
        return Err(Refusal::State(facts.state));
    }
    if action.act().is_some_and(|act| !facts.may.contains(&act)) {
        return Err(Refusal::NotByPolicy);
    }
    if let Some(judgement) = action.judgement() {
        return facts.judge(action, judgement);
    }
    let role = match action {
        Move::Refer => facts.refer()?,
        Move::AnswerReferral => facts.answer()?,
        Move::RecallReferral => facts.recall()?,
        Move::Dispose if !facts.has_case => return Err(Refusal::NoCase),
        Move::Undo if !facts.judged_last => return Err(Refusal::NotYours),
        _ => facts.desk_role(),
    };
    Ok(Allowed {
        action,
        needs: action.needs().to_vec(),
        meaning: None,
        second_review: false,
        role,
    })
}

/// Whether the person may judge the item so together with others of this family.
///
/// # Errors
/// Why not.
pub fn check_in_bulk(
    facts: &Facts,
    action: Move,
    family: Option<Family>,
) -> Result<Allowed, Refusal> {
    let alone = |why: Alone| Err(Refusal::NotInBulk(why));
    // INVARIANT (R-PV-30): a person looks at every possible adverse event by itself.
    let safety = facts.has_case
        || facts.risk == RiskClass::Safety
        || facts.families.contains(&Family::AdverseEvent);
    let allowed = match check(facts, action) {
        Err(Refusal::DispositionNeeded) => return alone(Alone::Safety),
        checked => checked?,
    };
    let many = action.judgement().is_some_and(|one| IN_BULK.contains(&one));
    if !facts.may.contains(&Act::DecideInBulk) {
        Err(Refusal::NotByPolicy)
    } else if !many {
        alone(Alone::Judgement)
    } else if safety {
        alone(Alone::Safety)
    } else if !facts.origin.has_effect() {
        alone(Alone::Quality)
    } else if !facts.families.iter().eq(family.iter()) {
        alone(Alone::Family)
    } else if allowed.needs.contains(&Need::Signature) {
        alone(Alone::Signature)
    } else {
        Ok(allowed)
    }
}

/// Everything that the person may do with the item.
pub fn allowed(facts: &Facts) -> Vec<Allowed> {
    let moves = Move::ALL.into_iter();
    moves
        .filter_map(|action| check(facts, action).ok())
        .collect()
}

/// What becomes of an item by an allowed judgement: `agrees` with the one before it, if there was one; `undo` where it can
/// be taken back for a while.
pub fn after(state: ItemState, allowed: &Allowed, agrees: bool, undo: bool) -> ItemState {
    match state {
        ItemState::Waiting if allowed.second_review => ItemState::SecondReview,
        ItemState::SecondReview if !agrees => ItemState::LeadReview,
        _ if undo => ItemState::Settling,
        _ => ItemState::Decided,
    }
}
