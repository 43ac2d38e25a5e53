//! SUBMIT: the one gate that every text of every surface goes through.
//!
//! Validate, screen with the rules in force, and store in one transaction: the revision, its screening, the review
//! item, the safety case where an adverse event is possible, the audit record and the jobs. Submissions that wait
//! together share one commit; each is still stored whole or not at all.
//!
//! INVARIANT: no other code inserts a revision.
//! INVARIANT: a rule that fails, or packs that cannot be read, hold the text with a technical reason (fail closed).

mod appeal;
mod derive;
mod draft;
mod group_commit;
mod place;
mod precheck;
mod public_words;
mod queue_hints;
mod recent_keys;
mod refusal;
mod report;
mod rescreening;
mod routes;
mod rules;
mod submissions;
mod submit;
mod to_staff;

pub use appeal::AppealError;
pub use group_commit::{Gate, committers};
pub use report::ReportError;
pub use rescreening::Rescreening;
pub use routes::routes;
pub use rules::{Rules, read_packs, read_terms};
pub use submissions::{SubmissionView, waiting_in};
pub use submit::Intake;
