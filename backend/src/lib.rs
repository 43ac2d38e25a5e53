//! Hortus: a private community server where every word is reviewed before anyone sees it, and every step can be proven.

pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod communities;
pub mod config;
pub mod db;
pub mod demo;
pub mod http;
pub mod identity;
pub mod intake;
pub mod jobs;
pub mod live;
pub mod posts;
pub mod problem;
pub mod publication;
pub mod review;
pub mod safety;
pub mod verify;
