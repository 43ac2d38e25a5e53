//! One's own texts: what became of them, told honestly, and taking one back.

mod list;
mod made;
pub(super) mod routes;
mod withdraw;

pub use list::{SubmissionView, waiting_in};
