//! `hortus audit`: proves that nothing was changed.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::place;
use crate::audit::{public_key, verify_log};
use crate::verify::{Trust, verify};

/// Proves that the record was not changed.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks an inspection bundle, or the log of a running server. Exit status 0 or 1, the place of the first fault last.
    ///
    /// A bundle is checked offline: no network, no database, no code in common with what wrote it. Without a bundle,
    /// the log in the database is checked.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// The bundle, as `hortus export` or the export page wrote it.
    #[arg(value_name = "BUNDLE.zip", conflicts_with_all = ["config", "data", "database"])]
    bundle: Option<PathBuf>,
    #[command(flatten)]
    place: place::Place,
    /// The log's public key (C2SP vkey) as it was handed over before; a file with it may be named instead.
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// A file with a signed checkpoint from an earlier visit: the bundle must continue it.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    checkpoint: Option<PathBuf>,
}

impl Audit {
    /// Does what is asked; ends the process with status 1 if there is a fault.
    pub async fn run(self) -> anyhow::Result<()> {
        let Command::Verify(asked) = self.command;
        let key = match &asked.key {
            Some(key) if Path::new(key).is_file() => Some(read(Path::new(key))?),
            key => key.clone(),
        };
        let good = match &asked.bundle {
            Some(bundle) => verify_bundle(bundle, key, asked.checkpoint.as_deref())?,
            None => verify_database(&asked.place, key).await?,
        };
        if !good {
            std::process::exit(1);
        }
        Ok(())
    }
}

fn verify_bundle(
    bundle: &Path,
    key: Option<String>,
    checkpoint: Option<&Path>,
) -> anyhow::Result<bool> {
    let zip =
        std::fs::read(bundle).with_context(|| format!("`{}` cannot be read", bundle.display()))?;
    let checkpoint = checkpoint.map(read).transpose()?;
    let report = verify(&zip, &Trust { key, checkpoint });
    println!("{report}");
    Ok(report.is_good())
}

async fn verify_database(place: &place::Place, key: Option<String>) -> anyhow::Result<bool> {
    let settings = place.settings(&[])?;
    let db = place::open_existing(&settings).await?;
    let own = public_key(&db).await?;
    let key = key
        .or(own)
        .context("the log was never begun: no server has run on this database")?;
    let found = verify_log(&db, key.trim()).await?;
    println!(
        "ok    {:>9} sealed records have their leaf\nok    {:>9} records are covered by the last signed checkpoint",
        found.records, found.checkpoint_size
    );
    match &found.fault {
        None => println!("GOOD  the log is complete and unchanged"),
        Some(fault) => println!("FAULT {fault}"),
    }
    db.close().await?;
    Ok(found.fault.is_none())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))
}
