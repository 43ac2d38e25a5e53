//! `hortus audit`: proves that nothing was changed.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::verify::{Trust, verify};

/// Proves that the record was not changed.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks an inspection bundle; needs no network and no database. Exit status 0 or 1, the place of the first fault last.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// The bundle, as `hortus export` or the export page wrote it.
    #[arg(value_name = "BUNDLE.zip")]
    bundle: PathBuf,
    /// The log's public key (C2SP vkey) as it was handed over before; a file with it may be named instead.
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// A file with a signed checkpoint from an earlier visit: the bundle must continue it.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

impl Audit {
    /// Does what is asked; the error is the fault that was found.
    pub fn run(self) -> anyhow::Result<()> {
        let Command::Verify(asked) = self.command;
        asked.bundle()
    }
}

impl Verify {
    fn bundle(self) -> anyhow::Result<()> {
        let zip = std::fs::read(&self.bundle)
            .with_context(|| format!("`{}` cannot be read", self.bundle.display()))?;
        let key = match self.key {
            Some(key) if Path::new(&key).is_file() => Some(read(Path::new(&key))?),
            key => key,
        };
        let checkpoint = self.checkpoint.as_deref().map(read).transpose()?;
        let report = verify(&zip, &Trust { key, checkpoint });
        println!("{report}");
        if !report.is_good() {
            std::process::exit(1);
        }
        Ok(())
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))
}
