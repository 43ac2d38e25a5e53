//! WHO: accounts, passwords, sessions, and the printed names that the audit log commits to.

mod entity;
mod printed_names;
mod revocations;
mod signed_in;

pub use printed_names::printed_names;
pub use revocations::{Revocations, Revoked};
pub use signed_in::{SignedIn, Token};
