//! PROVE it elsewhere: the inspection bundle, whose format is in `docs/BUNDLE.md`.
//!
//! INVARIANT: an export is recorded and sealed before it is answered, so the bundle holds the record of itself.
//! INVARIANT: a bundle is one state of the database, in which every record was sealed: what it shows of texts, cases
//! and publications is exactly what its records tell.

mod bundle;
mod content;
mod log;
mod people;
mod report;
mod routes;
mod signatures;
mod spool;
#[cfg(test)]
mod tests;
mod zip;

pub use bundle::{Bundle, ExportError, Scope, export, state};
pub use routes::routes;
