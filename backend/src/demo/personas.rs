//! Who may be played: invented people with passwords that were drawn for this folder alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One invented person that a visitor may sign in as.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Persona {
    /// Printed name.
    pub name: String,
    /// What to sign in with.
    pub email: String,
    /// Drawn at random when this demonstration was made.
    pub password: String,
    /// Profession or function.
    pub title: String,
    /// What this person is here for.
    pub blurb: String,
    /// The name of the community they are at home in.
    pub community: String,
    /// Their roles there.
    pub roles: Vec<String>,
}

/// Everyone that the sign-in page offers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Personas {
    /// In the order of the story.
    pub items: Vec<Persona>,
}
