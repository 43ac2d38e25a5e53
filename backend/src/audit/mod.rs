//! PROVE: nothing changes without its record, and no record changes.
//!
//! INVARIANT: a change that does not name its [`Event`] does not compile: [`Tx`] has no other way to commit.
//! INVARIANT: if the record cannot be written, the change does not happen: both are one transaction.
//! INVARIANT: records, leaves, nodes and checkpoints are never updated or deleted: the database refuses it.

pub mod canonical;
mod changes;
pub mod checkpoint;
mod entity;
mod event;
mod index;
mod key_file;
mod memory;
pub mod merkle;
mod proof;
mod record_view;
mod routes;
mod sealer;
mod search;
pub mod store;
#[cfg(test)]
mod tests;
mod tx;
mod verification;

pub use changes::Subject;
pub use event::{Actor, Event, words_hash};
pub use key_file::{KeyFileError, open_key, public_key};
pub use memory::Memory;
pub use proof::{Proof, ProveError, prove};
pub use routes::routes;
pub use sealer::{SealError, Sealer};
pub use search::last_at;
pub use tx::{Additions, Audit, Tx};
pub use verification::{Verification, verify_log};
