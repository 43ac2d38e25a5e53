//! `hortus export`: an inspection bundle for somebody who has no account.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::place::{self, Place};
use crate::audit::{Actor, Audit, Sealer, open_key};
use crate::clock::Clock;
use crate::communities::communities;
use crate::export::{Scope, export};
use crate::posts::said;

/// Writes an inspection bundle: records, proofs, texts, decisions and a readable report, signed.
///
/// The export is recorded in the log. A server may be running on the database.
#[derive(Debug, Args)]
pub struct Export {
    /// Where to write it; a name with date and size in this folder where it is not given.
    #[arg(long, value_name = "FILE.zip")]
    out: Option<PathBuf>,
    /// Only this community (its name in addresses), instead of the whole log; may be given several times.
    #[arg(long, value_name = "NAME")]
    community: Vec<String>,
    /// Why the words of sealed texts shall be in it; without a reason they are not. The reason is recorded.
    #[arg(long, value_name = "REASON")]
    sealed: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Export {
    /// Writes the bundle and says where it is.
    pub async fn run(self) -> anyhow::Result<()> {
        let settings = self.place.settings(&[])?;
        let db = place::open_existing(&settings).await?;
        let scope = if self.community.is_empty() {
            Scope::Everything
        } else {
            let known = communities(db.read(), None).await?;
            let wanted = self.community.iter().map(|slug| {
                let found = known.iter().find(|community| community.slug == *slug);
                found
                    .map(|community| community.id)
                    .with_context(|| format!("there is no community called `{slug}`"))
            });
            Scope::Communities(wanted.collect::<anyhow::Result<_>>()?)
        };
        let audit = Audit::new(db, Clock::system());
        let key = open_key(
            &audit,
            &settings.audit_key_file(),
            &settings.audit.origin,
            &settings.audit_origin(),
        )
        .await?;
        let public = key.public();
        let sealer = Sealer::new(audit.clone(), key);
        let sealed = said(self.sealed.as_deref()).map_err(anyhow::Error::msg)?;
        let actor = Actor::command("export");
        let mut bundle = export(&audit, &sealer, &actor, &scope, sealed).await?;

        let path = self.out.unwrap_or_else(|| PathBuf::from(&bundle.name));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| {
                format!(
                    "`{}` cannot be written; choose another with --out",
                    path.display()
                )
            })?;
        std::io::copy(&mut bundle.zip, &mut file)?;
        file.sync_all()?;
        println!("{} records in {}", bundle.records, path.display());
        println!(
            "verify it anywhere: hortus audit verify {} --key '{public}'",
            path.display()
        );
        Ok(())
    }
}
