//! `hortus audit`: proves that nothing was changed.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::place;
use crate::audit::{public_key, verify_log};
use crate::clock::Clock;
use crate::db::Db;
use crate::export::state;
use crate::review::stray_item;
use crate::verify::{Report, Trust, key_fault, verify, verify_state};

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
    /// the database is checked: the log, the triggers that guard evidence, and every text, screening, decision, safety
    /// case and publication against the log, as a bundle of everything would be. Nothing is written to it.
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
            Some(key) if Path::new(key).exists() => Some(read(Path::new(key))?),
            key => key.clone(),
        };
        if let (Some(asked), Some(fault)) = (&asked.key, key.as_deref().and_then(key_fault)) {
            anyhow::bail!(
                "`{asked}` is neither a file with a public key that can be read nor a public key: {fault}"
            );
        }
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
    let mut good = true;
    if let Some(item) = stray_item(db.read()).await? {
        println!("FAULT the review item `{item}` is not what its screening and its revision say");
        good = false;
    }
    if let Some(missing) = db.missing_guard().await? {
        println!(
            "FAULT the trigger {missing}, which guards evidence, is missing or is not the one that was made"
        );
        good = false;
    }
    if let Some(fault) = found.fault {
        println!("FAULT {fault}");
        good = false;
    } else {
        let content = verify_content(&db, key.trim()).await?;
        for (count, what) in &content.passed {
            println!("ok    {count:>9} {what}");
        }
        if let Some(fault) = content.fault {
            println!("FAULT {fault}, as the database would be exported");
            good = false;
        }
    }
    if good {
        println!("GOOD  the log and what it tells of are complete and unchanged");
    }
    db.close().await?;
    Ok(good)
}

/// Writes down everything as an export would, and checks that. Neither the export nor the verification is recorded:
/// this must be possible on a copy, by one who does not have the key of the log.
async fn verify_content(db: &Db, key: &str) -> anyhow::Result<Report> {
    let mut bundle = state(db, &Clock::system(), key).await?;
    let mut zip = Vec::new();
    bundle.zip.read_to_end(&mut zip)?;
    Ok(verify_state(&zip, key))
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))
}
