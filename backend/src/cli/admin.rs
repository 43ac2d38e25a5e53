//! `hortus admin`: what only whoever runs the machine may do. Every use is in the audit log.

use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::place;
use crate::audit::{Actor, Audit};
use crate::clock::Clock;
use crate::communities::{invite_administrator, link};
use crate::identity::second_factor::reset;
use crate::identity::signing::verify_identity;
use crate::identity::{Email, account_of, unlock};

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
    /// Notes that somebody has verified who a signer is (21 CFR 11.100(b)).
    ///
    /// For the first administrator, whom nobody else can verify, and after a reset where there is one administrator only.
    VerifySigner {
        /// The address of the account.
        email: String,
        /// How it was verified, for example which document was seen.
        #[arg(long, value_name = "WORDS")]
        evidence: String,
        #[command(flatten)]
        place: place::Place,
    },
    /// Takes a lost second factor away and prints the link with which its owner enrols again.
    ///
    /// Every session of the account ends; until its owner's identity is verified anew it signs nothing.
    ResetSecondFactor {
        /// The address of the account.
        email: String,
        #[command(flatten)]
        place: place::Place,
    },
    /// Takes the locks from an account after too many failed sign-ins or signatures.
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
            Command::VerifySigner {
                email,
                evidence,
                place,
            } => verify(&email, &evidence, &place).await,
            Command::ResetSecondFactor { email, place } => reset_factor(&email, &place).await,
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

async fn verify(email: &str, evidence: &str, place: &place::Place) -> anyhow::Result<()> {
    let email = Email::parse(email)?;
    let settings = place.settings(&[])?;
    let db = place::open_existing(&settings).await?;
    let audit = Audit::new(db.clone(), Clock::system());
    let by = Actor::command("admin verify-signer");
    let account = account_of(db.read(), &email).await?;
    let account = account.context("no account has this address")?;
    let evidence = evidence.trim();
    anyhow::ensure!(
        (3..=500).contains(&evidence.chars().count()),
        "write in 3 to 500 characters how you verified who this is (--evidence)"
    );
    let tx = audit.begin().await?;
    let event = verify_identity(&tx, audit.clock(), &by, account, evidence).await?;
    tx.commit(event).await?;
    db.close().await?;
    println!("The identity of this signer is verified.");
    Ok(())
}

async fn reset_factor(email: &str, place: &place::Place) -> anyhow::Result<()> {
    let email = Email::parse(email)?;
    let settings = place.settings(&[])?;
    let db = place::open_existing(&settings).await?;
    let audit = Audit::new(db.clone(), Clock::system());
    let by = Actor::command("admin reset-second-factor");
    let account = account_of(db.read(), &email).await?;
    let account = account.context("no account has this address")?;
    let hours = settings.invitations.lifetime_hours;
    let lifetime = Duration::from_secs(hours * 3600);
    let tx = audit.begin().await?;
    let (made, event) = reset(&tx, audit.clock(), &by, account, lifetime).await?;
    tx.commit(event).await?;
    println!(
        "This link works beside the password of its owner, within {hours} hours:\n\n  {}\n",
        made.link(&settings.server.public_url)
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
