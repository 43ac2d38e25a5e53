//! PUBLISH: what readers see, and the streams that tell them so.
//!
//! A post is visible when it has a row in `publication`, and then as the revision named there. The row is written
//! by [`publish::publish`] alone, inside the transaction of a release decision.
//!
//! INVARIANT: no reading function of this slice looks at a revision that no publication names.
//! INVARIANT: the publication of a retracted post names no revision; readers see its tombstone, also where an old event
//! of a stream is read again.

mod entity;
mod feed;
mod list_communities;
mod list_members;
mod list_threads;
mod post_view;
pub mod publish;
mod released_texts;
mod restore;
mod retract;
mod retraction;
mod retraction_routes;
mod routes;
mod show_thread;
mod streams;

pub use entity::publication::Model as Publication;
pub use feed::source;
pub use post_view::{PostView, post_views};
pub use released_texts::ReleasedTexts;
pub use restore::{RestoreReason, restore};
pub use retract::{WithdrawalError, retract, tombstone};
pub use retraction::{
    Cause, Change, Retraction, Tombstone, Withdrawal, retractions, retractions_of,
};
pub use retraction_routes::screened_tombstone;
pub use routes::routes;
pub use show_thread::last_posts;
pub use streams::{
    community_stream, count_released_after, publication_to_change, released_after, released_of,
    released_revision, thread_stream,
};
