//! `hortus serve`: the server.

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::{logs, place};
use crate::app::App;
use crate::clock::Clock;
use crate::communities::{first_administrator_link, link};
use crate::http::serving;
use crate::intake::Rules;

/// Runs the server.
///
/// Settings come from flags, then the environment (HORTUS_SERVER__LISTEN=…), then the file, then the defaults.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: place::Place,
    /// Address and port to listen on [setting: server.listen].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Prints the settings in force, with secrets hidden, and ends.
    #[arg(long)]
    print_settings: bool,
}

impl Serve {
    /// Serves until a stop signal has come and open requests have ended.
    pub async fn run(self) -> anyhow::Result<()> {
        let listen = self.listen.map(|address| ("server.listen", address));
        let mut settings = self.place.settings(listen.as_slice())?;
        if self.print_settings {
            print!("{}", settings.effective());
            return Ok(());
        }
        logs::begin(&settings.log)?;
        let listener = TcpListener::bind(&settings.server.listen)
            .await
            .with_context(|| {
                format!(
                    "cannot listen on {}; choose another address with --listen",
                    settings.server.listen
                )
            })?;
        settings.listens_at(listener.local_addr()?);
        logs::settings_in_force(&settings);

        let db = place::open(&settings).await?;
        db.migrate()
            .await
            .context("the database schema cannot be brought up to date")?;
        let rules = Rules::read(&settings.rules.packs_folder, &settings.rules.terms_folder);
        if let Some(fault) = rules.fault() {
            tracing::error!(
                fault,
                "the rule packs cannot be read: every text is held for a person"
            );
        }
        let (app, work) = App::start(settings, Clock::system(), db, rules).await?;
        offer_first_administrator(&app).await?;
        serving::serve(app, work, listener).await
    }
}

/// On a database without accounts: prints the link that creates the administrator, which works once.
async fn offer_first_administrator(app: &App) -> anyhow::Result<()> {
    let hours = app.settings.invitations.lifetime_hours;
    let lifetime = Duration::from_secs(hours * 3600);
    if let Some(token) = first_administrator_link(&app.audit, lifetime).await? {
        let address = link(&app.settings.server.public_url, &token);
        println!(
            "\nNobody has an account here yet. Open this link within {hours} hours to become the administrator; it works once:\n\n  {address}\n"
        );
    }
    Ok(())
}
