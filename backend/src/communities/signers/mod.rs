//! Who of a community's staff may sign: verifying identities, taking a lost second factor away, and reading signatures.

mod list;
mod reset;
pub(super) mod routes;
mod verify;
