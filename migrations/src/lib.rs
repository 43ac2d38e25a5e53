//! The database schema of Hortus: one change per file, the same on SQLite and PostgreSQL.
//!
//! Rules: expand, then move, then contract; a merged file is never edited; nothing of ours is imported.
//! Times are microseconds since 1970 UTC (`…_at`), identifiers are UUID v7, hashes are hex text unless the
//! column says binary. What must never change (revisions, screenings, decisions, safety cases, the audit log) is guarded
//! by database triggers, so that not even the server can rewrite it.

use sea_orm_migration::prelude::*;

pub use immutable::{Guard, REFUSAL, guards};
pub use sea_orm_migration::MigratorTrait;

mod columns;
mod immutable;
mod m20261122_000001_identity;
mod m20261122_000002_communities;
mod m20261122_000003_posts;
mod m20261122_000004_review;
mod m20261122_000005_safety;
mod m20261122_000006_publication;
mod m20261122_000007_jobs;
mod m20261122_000008_audit;
mod m20261122_000009_signing;
mod m20261122_000010_policy;
mod m20261122_000011_assessment;
mod m20261122_000012_after_publication;
mod m20261122_000013_queue;
mod m20261122_000014_notes;
mod m20261122_000015_notices;
mod m20261122_000016_referral;
mod m20261122_000017_derivation;
mod m20261122_000018_rescreening;
mod m20261122_000019_quality;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_identity::Migration),
            Box::new(m20261122_000002_communities::Migration),
            Box::new(m20261122_000003_posts::Migration),
            Box::new(m20261122_000004_review::Migration),
            Box::new(m20261122_000005_safety::Migration),
            Box::new(m20261122_000006_publication::Migration),
            Box::new(m20261122_000007_jobs::Migration),
            Box::new(m20261122_000008_audit::Migration),
            Box::new(m20261122_000009_signing::Migration),
            Box::new(m20261122_000010_policy::Migration),
            Box::new(m20261122_000011_assessment::Migration),
            Box::new(m20261122_000012_after_publication::Migration),
            Box::new(m20261122_000013_queue::Migration),
            Box::new(m20261122_000014_notes::Migration),
            Box::new(m20261122_000015_notices::Migration),
            Box::new(m20261122_000016_referral::Migration),
            Box::new(m20261122_000017_derivation::Migration),
            Box::new(m20261122_000018_rescreening::Migration),
            Box::new(m20261122_000019_quality::Migration),
        ]
    }
}
