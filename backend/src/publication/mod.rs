//! PUBLISH: what readers see, and the streams that tell them so.
//!
//! A post is visible when it has a row in `publication`, and then as the revision named there. The row is written
//! by [`publish::publish`] alone, inside the transaction of a release decision.
//!
//! INVARIANT: no reading function of this slice looks at a revision that no publication names.

mod entity;
mod feed;
mod list_communities;
mod list_members;
mod list_threads;
mod post_view;
pub mod publish;
mod released_texts;
mod routes;
mod show_thread;
mod streams;

pub use entity::publication::Model as Publication;
pub use feed::source;
pub use post_view::{PostView, post_views};
pub use released_texts::released_texts;
pub use routes::routes;
pub use show_thread::last_posts;
pub use streams::{community_stream, released_of, released_revision, thread_stream};
