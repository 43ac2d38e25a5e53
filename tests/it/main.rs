//! The integration tests of Hortus, a chapter for each part of the story and for each invariant of the whole.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what a test did not expect must stop it at once, with the place and the words"
)]

mod access;
mod alarms;
mod architecture;
mod audit;
mod bulk;
mod bypass;
mod cli;
mod communities;
mod demo;
mod desk;
mod export;
mod failure;
mod four_eyes;
mod gate;
mod identity;
mod intake;
mod leak;
mod live;
mod openapi;
mod parts;
mod policy;
mod quality;
mod queue;
mod reasons;
mod redaction;
mod referral;
mod reopening;
mod rescreening;
mod retraction;
mod review;
mod revisions;
mod rules;
mod rules_texts;
mod safety;
mod sampling;
mod signing;
mod tamper;
