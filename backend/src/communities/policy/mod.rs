//! POLICY as data: how the texts of a community are reviewed, by when, by whom, and who is told when they are not.
//!
//! INVARIANT: what a version says is never changed; a change is a further version with the next number.
//! INVARIANT: a change that weakens a control takes effect when a second person has approved it.

mod calendar;
mod changes;
mod check;
mod decide;
mod defaults;
mod document;
mod entity;
mod in_force;
mod propose;
mod reason_names;
pub(super) mod routes;
mod state;
mod store;
mod term;
#[cfg(test)]
mod tests;
mod view;
mod weakens;

pub use calendar::{Calendar, Day, Holiday, Opening, TimeOfDay, Week};
pub use changes::{Change, changes};
pub use document::{
    Act, Alarms, AuthorTemplate, BalanceText, Deadlines, Moderation, Occasion, Policy, Quality,
    Reason,
};
pub use in_force::{InForce, Policies};
pub use reason_names::{GivenReason, ReasonNames};
pub use state::VersionState;
pub use store::{Version, proposed};
pub use term::{Term, Unit};
pub use view::{PolicyPerson, PolicyVersion, PolicyView};
pub use weakens::{Control, Weakening, weakens};
