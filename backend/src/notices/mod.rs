//! NOTICES: what people should know, told in the app, by mail and to webhooks.
//!
//! A notice is written in the transaction of what causes it. Mail and webhooks leave as jobs of the same transaction,
//! are tried again when they fail, and what became of each is kept.
//!
//! INVARIANT: a notice names things by their identifiers; no word that somebody wrote leaves the server with it.

mod deliver;
mod entity;
mod list;
mod mail;
mod notice;
mod routes;
mod secrets;
mod tell;
mod webhook;

pub use deliver::{Deliverer, JOB as DELIVERY_JOB};
pub use entity::delivery::Model as Delivery;
pub use mail::Post;
pub use notice::{Notice, NoticeKind};
pub use routes::routes;
pub use tell::{Letter, send_mail, send_webhook, tell};
