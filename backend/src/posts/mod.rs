//! WHAT: threads, posts and their immutable revisions.
//!
//! A **post** is a place where text stands: a thread's first post, a reply, a profile line, a community's
//! description. A **revision** is one version of that text, exactly as submitted. Which revision readers see is
//! not decided here but in [`crate::publication`], and only by a decision of [`crate::review`].
//!
//! INVARIANT: a revision is never changed (the database refuses it); an edit is a further revision.
//! INVARIANT: title and body of a sealed revision leave the database by `sealed` and the inspection bundle alone.

pub mod derived;
pub mod entity;
pub mod markdown;
mod revision_hash;
mod said;
mod state;
pub mod store;
mod utf16;

pub use derived::Kind;
pub use entity::derivation::Model as Derivation;
pub use entity::post::Model as Post;
pub use entity::revision::Model as Revision;
pub use entity::thread::Model as Thread;
pub use revision_hash::revision_hash;
pub use said::{refusal, said, stray};
pub use state::{Action, ItemState, SubmissionState, Surface};
pub use utf16::{byte_offset, utf16_offset};
