//! RE-SCREENING: when the rules change, what is released is screened again. Where they find what no decision has seen, the
//! text comes to the desk; where an adverse event is possible that nobody noticed, a safety case opens.
//!
//! A row says how far it came, so that it goes on after whatever ended the process. One process at a time works on it, in
//! pages, slowly enough that accepting texts keeps its speed. When everything is done, it goes on with texts that are
//! released by decisions under the former rules.
//!
//! INVARIANT: what readers see changes by a person's decision alone.

mod entity;
mod reopen;
mod routes;
mod run;

pub use routes::routes;
pub use run::Rescreening;
