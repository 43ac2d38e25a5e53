//! WHO: accounts, passwords, sessions, and the printed names that the audit log commits to.

mod entity;
mod signed_in;

pub use signed_in::{SignedIn, Token};
