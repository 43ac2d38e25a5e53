//! WHERE: walled communities with their members, roles, speaker classes, invitations and products.
//!
//! INVARIANT: scope is in the first call of every query: an operation receives an [`authority::Authority`], and
//! what lies outside its communities answers as if it did not exist.
//! INVARIANT: a community never loses its last administrator, and nobody changes their own membership's rights.

pub mod authority;
mod authors;
mod change_member;
mod create;
mod end_membership;
mod entity;
mod invitations;
mod known;
mod me;
pub mod policy;
mod put_product;
mod risk;
pub mod roles;
mod routes;
mod signers;
mod slug;
mod store;
#[cfg(test)]
mod tests;

pub use authors::{Author, authors};
pub use create::{CreateError, NewCommunity, create};
pub use entity::community::Model as Community;
pub use entity::membership::Model as Membership;
pub use invitations::{
    AcceptError, Answer, InviteError, Invited, NewInvitation, accept, first_administrator_link,
    invite, invite_administrator, link,
};
pub use known::Known;
pub use put_product::{NewProduct, PutProductError, put_product};
pub use risk::RiskClass;
pub use routes::routes;
pub use slug::{NotASlug, Slug};
pub use store::{
    Product, communities, holders, holders_within, joined_at, left_since, member_counts, members,
    people_of, product_names, product_names_of, products,
};
