//! Where a command finds the settings and the database: the same flags for every command.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::config::Settings;
use crate::db::Db;

/// Which settings and which database.
#[derive(Debug, Args)]
pub struct Place {
    /// TOML file with settings; what it does not say is taken from the defaults.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder with the SQLite database and the signing key [setting: data.folder].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database instead of the SQLite file, as in postgres://user:password@host/name [setting: database.url].
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Place {
    /// Whether one of the flags was given.
    pub fn is_named(&self) -> bool {
        self.config.is_some() || self.data.is_some() || self.database.is_some()
    }

    /// The settings that these flags, the environment, the file and the defaults give. Further flags come first.
    pub fn settings(&self, further: &[(&str, String)]) -> anyhow::Result<Settings> {
        let mut flags = further.to_vec();
        if let Some(data) = &self.data {
            flags.push(("data.folder", data.display().to_string()));
        }
        if let Some(database) = &self.database {
            flags.push(("database.url", database.clone()));
        }
        Ok(Settings::read(self.config.as_deref(), &flags)?)
    }
}

/// Opens the database of these settings, and makes the data folder if it is missing.
pub async fn open(settings: &Settings) -> anyhow::Result<Db> {
    let folder = &settings.data.folder;
    // Members' words and the signing key are for this account's eyes alone.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| {
        format!(
            "the data folder `{}` cannot be made; choose another with --data",
            folder.display()
        )
    })?;
    Db::connect(&settings.database_url())
        .await
        .context("the database cannot be opened; see `database.url` and `data.folder`")
}

/// Opens a database that must be there and up to date already.
pub async fn open_existing(settings: &Settings) -> anyhow::Result<Db> {
    if settings.database.url.is_empty() && !settings.data.folder.join("hortus.db").exists() {
        anyhow::bail!(
            "there is no database in `{}`; name its folder with --data, or its URL with --database",
            settings.data.folder.display()
        );
    }
    let db = open(settings).await?;
    if !db.pending_migrations().await?.is_empty() {
        anyhow::bail!("the database schema is not up to date; run `hortus migrate` first");
    }
    Ok(db)
}
