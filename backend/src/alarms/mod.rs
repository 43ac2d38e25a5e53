//! ALARMS: work that is left lying reaches people who are not there.
//!
//! Every node looks at the queue every few seconds. What is near its deadline, past it, or waits while nobody works is
//! told to whom the community's policy names: in the app, by mail, to the webhook. Nobody need be signed in. A question to
//! another desk, a disagreement and a lock of signing are told the moment they happen, by jobs.
//!
//! INVARIANT: an alarm is raised once for an item and a threshold, by whichever node sees it first: the database has a
//! unique key for it, written in the transaction that tells people.

mod entity;
mod raise;
mod told;
mod watch;
mod words;

pub use watch::Watch;
