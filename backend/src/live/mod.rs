//! Tells readers now: WebSocket sessions, numbered streams, hints.
//!
//! A stream's events are rows, numbered in the transaction that published them. A socket subscribes with the last
//! number it has, gets the gap from the database and then the stream, so that nothing is lost or doubled across
//! reconnections, whichever process it reaches. Hints carry no content: they say that something is worth fetching. They are
//! jobs, and each process looks once a second for those that another did.
//!
//! INVARIANT: a socket's queue is bounded. Who is too slow gets `resync`, never an ever longer queue.
//! INVARIANT: every subscription is checked against the seats of the person; a session or membership that ends
//! closes the socket.

pub mod frames;
mod heard;
mod hub;
mod routes;
mod signal;
mod socket;

pub use hub::{Hub, Numbered, Source};
pub use routes::routes;
pub use signal::{KIND as SIGNAL_JOB, Signal};
