//! The states of a submission, and the one table of what leads to what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::communities::roles::stored_words;

/// Where a text stands. Every surface goes through the same gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The title and first post of a thread.
    Thread,
    /// A reply in a thread.
    Reply,
    /// The line under a member's name in a community.
    ProfileLine,
    /// What a community says of itself.
    CommunityDescription,
    /// Words to the desk beside a report of a post. No reader ever sees them.
    Report,
    /// Words to the desk in an appeal. No reader ever sees them.
    Appeal,
}

impl Surface {
    /// Whether only staff ever read it.
    pub const fn is_to_staff(self) -> bool {
        matches!(self, Self::Report | Self::Appeal)
    }
}

stored_words!(Surface {
    Thread => "thread",
    Reply => "reply",
    ProfileLine => "profile_line",
    CommunityDescription => "community_description",
    Report => "report",
    Appeal => "appeal",
});

/// What became of a review item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Nobody has judged yet.
    Waiting,
    /// One person has judged, and another must.
    SecondReview,
    /// Two persons disagree; a lead settles it.
    LeadReview,
    /// A question was put to another desk, and waits for its answer.
    Referred,
    /// It is judged, and can be undone until the window ends; then the decision takes effect.
    Settling,
    /// There is a decision.
    Decided,
    /// The author took the text back before a decision.
    Withdrawn,
    /// The author sent a newer revision before a decision.
    Superseded,
}

stored_words!(ItemState {
    Waiting => "waiting",
    SecondReview => "second_review",
    LeadReview => "lead_review",
    Referred => "referred",
    Settling => "settling",
    Decided => "decided",
    Withdrawn => "withdrawn",
    Superseded => "superseded",
});

impl ItemState {
    /// The states in which a person at the desk may take the item and judge.
    pub const TO_DECIDE: [Self; 3] = [Self::Waiting, Self::SecondReview, Self::LeadReview];
    /// The states without a decision: what the author may still take back, and what a newer revision replaces.
    pub const OPEN: [Self; 5] = [
        Self::Waiting,
        Self::SecondReview,
        Self::LeadReview,
        Self::Referred,
        Self::Settling,
    ];

    /// What may become of an item in this state: the one table.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Waiting => &[
                Self::SecondReview,
                Self::Referred,
                Self::Settling,
                Self::Decided,
                Self::Withdrawn,
                Self::Superseded,
            ],
            Self::SecondReview => &[
                Self::LeadReview,
                Self::Referred,
                Self::Settling,
                Self::Decided,
                Self::Withdrawn,
                Self::Superseded,
            ],
            Self::LeadReview => &[
                Self::Referred,
                Self::Settling,
                Self::Decided,
                Self::Withdrawn,
                Self::Superseded,
            ],
            Self::Referred => &[
                Self::Waiting,
                Self::SecondReview,
                Self::LeadReview,
                Self::Withdrawn,
                Self::Superseded,
            ],
            Self::Settling => &[
                Self::Waiting,
                Self::SecondReview,
                Self::LeadReview,
                Self::Decided,
                Self::Withdrawn,
                Self::Superseded,
            ],
            Self::Decided | Self::Withdrawn | Self::Superseded => &[],
        }
    }

    /// Whether it may become this.
    pub fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }
}

/// A decision on a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Readers may see it.
    Release,
    /// Readers may see it, with a text of the company under it.
    ReleaseWithBalance,
    /// The author is asked for another revision.
    RequestChanges,
    /// Readers may see it without the words that are taken out; the text as it was written is sealed.
    RedactAndRelease,
    /// It stays unseen; each of its parts is decided on alone.
    Split,
    /// It stays unseen, because another post says the same.
    Duplicate,
    /// It stays unseen.
    Reject,
    /// A released text that came to the desk again: readers go on seeing it.
    Keep,
    /// A released text that came to the desk again: readers see a public text in its place.
    Retract,
    /// An appeal: the rejection stands.
    Uphold,
    /// An appeal: readers may see the text.
    Overturn,
}

stored_words!(Action {
    Release => "release",
    ReleaseWithBalance => "release_with_balance",
    RequestChanges => "request_changes",
    RedactAndRelease => "redact_and_release",
    Split => "split",
    Duplicate => "duplicate",
    Reject => "reject",
    Keep => "keep",
    Retract => "retract",
    Uphold => "uphold",
    Overturn => "overturn",
});

impl Action {
    /// Whether readers see the text, or what is left of it, because of it.
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::Release | Self::ReleaseWithBalance | Self::RedactAndRelease | Self::Overturn
        )
    }
}

/// What the author is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Waiting for a person.
    InReview,
    /// Sent back with words on what to change.
    ChangesRequested,
    /// Readers see it, or a later revision of it.
    Released,
    /// It stays unseen.
    Rejected,
    /// The author took it back.
    Withdrawn,
    /// A newer revision took its place.
    Superseded,
    /// It was released, and its words were taken from readers again.
    Retracted,
    /// It stays unseen; each of its parts is a submission of its own.
    Split,
    /// It stays unseen, because another post says the same.
    Duplicate,
}

impl SubmissionState {
    /// What the author is told when the item is in this state and has this decision.
    pub const fn of(item: ItemState, decision: Option<Action>) -> Self {
        match (item, decision) {
            (ItemState::Withdrawn, _) => Self::Withdrawn,
            (ItemState::Superseded, _) => Self::Superseded,
            (
                ItemState::Decided,
                Some(
                    Action::Release
                    | Action::ReleaseWithBalance
                    | Action::RedactAndRelease
                    | Action::Overturn,
                ),
            ) => Self::Released,
            (ItemState::Decided, Some(Action::Split)) => Self::Split,
            (ItemState::Decided, Some(Action::Duplicate)) => Self::Duplicate,
            (ItemState::Decided, Some(Action::RequestChanges)) => Self::ChangesRequested,
            (ItemState::Decided, Some(Action::Reject)) => Self::Rejected,
            // INVARIANT: whatever is unclear is unseen.
            _ => Self::InReview,
        }
    }
}
