//! Invitations: the only way in. A link is shown once, works once, and ends by itself.

mod accept;
mod first_administrator;
mod invite;
mod invite_administrator;
pub(super) mod list;
pub(super) mod look;
pub(super) mod revoke;
pub(super) mod routes;
pub(super) mod state;

pub use accept::{AcceptError, Answer, accept};
pub use first_administrator::first_administrator_link;
pub use invite::{InviteError, Invited, NewInvitation, invite, link};
pub use invite_administrator::invite_administrator;
