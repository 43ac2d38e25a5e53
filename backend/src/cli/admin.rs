//! `hortus admin`: what only whoever runs the machine may do. Every use is in the audit log.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::place;
use crate::audit::{Actor, Audit};
use crate::clock::Clock;
use crate::communities::{invite_administrator, link};
use crate::identity::{Email, unlock};

/// What only whoever runs the machine may do. Every use is in the audit log.
#[derive(Debug, Args)]
pub struct Admin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints a one-time link that makes its reader an administrator of the server.
    ///
    /// For when nobody who may do so can sign in any more.
    InviteAdministrator {
        /// The address that the account has, or will have.
        email: String,
        #[command(flatten)]
        place: place::Place,
    },
    /// Takes the lock from an account after too many failed sign-ins.
    Unlock {
        /// The address of the account.
        email: String,
        #[command(flatten)]
        place: place::Place,
    },
}

impl Admin {
    /// Does what is asked.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::InviteAdministrator { email, place } => invite(&email, &place).await,
            Command::Unlock { email, place } => take_lock(&email, &place).await,
        }
    }
}

async fn invite(email: &str, place: &place::Place) -> anyhow::Result<()> {
    let email = Email::parse(email)?;
    let settings = place.settings(&[])?;
    let db = place::open_existing(&settings).await?;
    let audit = Audit::new(db.clone(), Clock::system());
    let hours = settings.invitations.lifetime_hours;
    let by = Actor::command("admin invite-administrator");
    let lifetime = Duration::from_secs(hours * 3600);
    let token = invite_administrator(&audit, &by, &email, lifetime).await?;
    println!(
        "This link works once, within {hours} hours:\n\n  {}\n",
        link(&settings.server.public_url, &token)
    );
    db.close().await?;
    Ok(())
}

async fn take_lock(email: &str, place: &place::Place) -> anyhow::Result<()> {
    let email = Email::parse(email)?;
    let settings = place.settings(&[])?;
    let db = place::open_existing(&settings).await?;
    let audit = Audit::new(db.clone(), Clock::system());
    let found = unlock(&audit, &Actor::command("admin unlock"), &email).await?;
    db.close().await?;
    anyhow::ensure!(found, "no account has this address");
    println!("The account can sign in again.");
    Ok(())
}
