//! WHERE: walled communities with their members, roles, speaker classes, invitations and products.
//!
//! INVARIANT: scope is in the first call of every query: an operation receives an [`authority::Authority`], and
//! what lies outside its communities answers as if it did not exist.

pub mod authority;
mod authors;
mod entity;
pub mod roles;

pub use authors::{Author, authors};
