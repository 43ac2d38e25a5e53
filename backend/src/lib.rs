//! Hortus: a private community server where every word is reviewed before anyone sees it, and every step can be proven.
//!
//! The life of a post, and where each part of it is told:
//!
//! 1. **Who** writes ([`identity`]), and **where** ([`communities`]): authority is a type, scope is in every query.
//! 2. **Submit** ([`intake`]): one gate for every surface ([`posts`]). The rules read the text; one transaction stores
//!    it with its screening, its place in the queue, its safety case, its audit record and its jobs.
//! 3. **Review** ([`review`]): claim, say whether it is an adverse event ([`safety`]), decide.
//! 4. **Publish** ([`publication`]): inside the decision's transaction the revision becomes visible.
//! 5. **Tell** ([`live`], woken by [`jobs`]): every socket of the thread gets it, in order, once.
//! 6. **Prove** ([`audit`]): no change without its record; [`export`] takes the proof home, [`verify`] checks it offline.
//!
//! docs/ARCHITECTURE.md tells the same with file names, and holds the table of what may import what.

// Who and where.
pub mod communities;
pub mod identity;

// What is written, decided and shown.
pub mod alarms;
pub mod intake;
pub mod live;
pub mod notices;
pub mod posts;
pub mod publication;
pub mod quality;
pub mod review;
pub mod safety;

// What proves it.
pub mod audit;
pub mod verify;

// What carries it.
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod export;
pub mod http;
pub mod jobs;
pub mod problem;
