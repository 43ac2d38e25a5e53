//! How a version of a policy stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::communities::roles::stored_words;

/// How a version stands. Only a proposed one can still change: into each of the others but `former`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// It waits for a second person.
    Proposed,
    /// It holds.
    InForce,
    /// It held until another followed.
    Former,
    /// The second person said no.
    Refused,
    /// Whoever proposed it took it back.
    Withdrawn,
    /// Another policy came into force before it was decided.
    Outdated,
}

stored_words!(VersionState {
    Proposed => "proposed",
    InForce => "in_force",
    Former => "former",
    Refused => "refused",
    Withdrawn => "withdrawn",
    Outdated => "outdated",
});
