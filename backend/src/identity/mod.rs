//! WHO: accounts, passwords, second factors, sessions, electronic signatures, and the printed names that the audit log
//! commits to.
//!
//! INVARIANT: an account is made only by accepting an invitation, and its identifier is never given again (R-ER-06).
//! INVARIANT: an unknown account, a disabled one and a wrong password answer alike and cost the same time.
//! INVARIANT: tokens and passwords are never stored, only their hashes; a name enters the log only as a commitment.

mod accounts;
mod again;
mod change_password;
mod cookie;
mod door;
mod email;
mod entity;
mod lock_out;
mod names;
mod password;
mod password_rules;
mod printed_name;
mod printed_names;
mod register;
mod revocations;
pub mod routes;
pub mod second_factor;
mod sessions;
mod sign_in;
mod sign_out;
mod signed_in;
pub mod signing;
#[cfg(test)]
pub(crate) mod tests;
mod unlock;

pub use accounts::{account_of, addresses, nobody_yet};
pub use again::{AgainError, LOCKED_JOB};
pub use cookie::{SESSION_COOKIE, ended_cookie, session_cookie};
pub use door::{Door, SessionLimits};
pub use email::{Email, NotAnEmail};
pub use lock_out::{AddressLimit, LockOut};
pub use names::{RevealedName, reveal};
pub use password::{PasswordFault, Passwords};
pub use password_rules::{PasswordRefused, check_password};
pub use printed_name::{NotAName, PrintedName};
pub use printed_names::printed_names;
pub use register::{NewAccount, RegisterError, register};
pub use revocations::{Revocations, Revoked};
pub use sessions::{Device, SignedInDevice, devices, ended_since, seen};
pub use sign_in::{Credentials, Opened, Proven, SignInError, prove, sign_in};
pub use sign_out::{sign_out, sign_out_everywhere};
pub use signed_in::{SignedIn, Token};
pub use unlock::unlock;
