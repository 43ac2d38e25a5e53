//! Why a text is at the desk.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::communities::roles::stored_words;
use crate::posts::Action;

/// What brought a text to the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Its author submitted it. Each revision has one such item.
    Submission,
    /// It is released, and a reader reported it or a colleague reopened it.
    Report,
    /// It is released, and the rules of today find more in it than those it was released under.
    Rescreen,
    /// It was rejected, and its author asks another person to look at it.
    Appeal,
    /// It was decided long ago; whether the same is decided again shows how the desk agrees with itself. No effect.
    Golden,
    /// It was decided lately and was drawn for a second look by somebody who does not know the first. No effect.
    Sample,
}

stored_words!(Origin {
    Submission => "submission",
    Report => "report",
    Rescreen => "rescreen",
    Appeal => "appeal",
    Golden => "golden",
    Sample => "sample",
});

impl Origin {
    /// Whether a decision changes anything beside the record.
    pub const fn has_effect(self) -> bool {
        !matches!(self, Self::Golden | Self::Sample)
    }

    /// Whether this is a decision on what came to the desk in this way.
    pub const fn allows(self, action: Action) -> bool {
        match self {
            Self::Submission => matches!(
                action,
                Action::Release
                    | Action::ReleaseWithBalance
                    | Action::RedactAndRelease
                    | Action::RequestChanges
                    | Action::Split
                    | Action::Duplicate
                    | Action::Reject
            ),
            Self::Golden | Self::Sample => matches!(
                action,
                Action::Release
                    | Action::ReleaseWithBalance
                    | Action::RequestChanges
                    | Action::Reject
            ),
            Self::Report | Self::Rescreen => matches!(action, Action::Keep | Action::Retract),
            Self::Appeal => matches!(action, Action::Uphold | Action::Overturn),
        }
    }
}
