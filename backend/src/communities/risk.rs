//! What is at stake with a text: it sets the clock of its review.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::roles::stored_words;

/// The risk class of a text that waits for a decision.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RiskClass {
    /// It may report an adverse event, or there is a case behind it.
    Safety,
    /// It may promote out of balance or off the label.
    Promotion,
    /// Neither.
    Routine,
}

stored_words!(RiskClass {
    Safety => "safety",
    Promotion => "promotion",
    Routine => "routine",
});
