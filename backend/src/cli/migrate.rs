//! `hortus migrate`: the database schema.

use clap::Args;

use super::place;

/// Brings the database schema up to date, as `serve` does when it starts.
///
/// Processes that start together wait for each other.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    place: place::Place,
}

impl Migrate {
    /// Runs the missing migrations and names them.
    pub async fn run(self) -> anyhow::Result<()> {
        let settings = self.place.settings(&[])?;
        let db = place::open(&settings).await?;
        let missing = db.pending_migrations().await?;
        db.migrate().await?;
        for name in &missing {
            println!("{name}");
        }
        println!("{} migrations run; the schema is up to date", missing.len());
        db.close().await?;
        Ok(())
    }
}
