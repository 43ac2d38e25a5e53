//! WHERE: walled communities with their members, roles, speaker classes, invitations and products.
//!
//! INVARIANT: scope is in the first call of every query: an operation receives an [`authority::Authority`], and
//! what lies outside its communities answers as if it did not exist.

pub mod authority;
mod authors;
mod entity;
pub mod roles;
mod store;

pub use authors::{Author, authors};
pub use entity::membership::Model as Membership;
pub use store::{Product, joined_at, member_counts, members, product_names, products};
