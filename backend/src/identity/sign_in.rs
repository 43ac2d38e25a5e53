//! Signs a person in: the address may try, the name is not locked, the password is right, and the record says so.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DbErr, EntityTrait,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::accounts::by_email;
use super::door::Door;
use super::email::Email;
use super::entity::account;
use super::lock_out::{Failure, forgive, locked_until, subject};
use super::password::PasswordFault;
use super::second_factor::{AskedFor, Factor, check_code, enrolled_at, use_up};
use super::sessions::{Device, open_session};
use super::signed_in::{ACCOUNT_HOLDER, SignedIn, Token};
use crate::audit::{Actor, Audit, Event, Tx};
use crate::clock::{Clock, Timestamp};

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Unknown, disabled, or another password: which of them is not told.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The password is right, and the account has a second factor.
    #[error("type a code of your authenticator, or a recovery code")]
    CodeNeeded,
    /// The password is right, and the code is not, or it proved something before.
    #[error("the code is wrong or was used already; wait for the next one")]
    WrongCode,
    /// Too many failures for this name, or too many attempts from this address.
    #[error("too many attempts; wait {seconds} seconds")]
    TooMany {
        /// How long to wait.
        seconds: u64,
    },
    /// The password could not be compared.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What somebody signs in with.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// The address, as typed.
    pub email: &'a str,
    /// The password.
    pub password: &'a SecretString,
    /// A code of the authenticator or a recovery code, for accounts that have a second factor.
    pub code: Option<&'a SecretString>,
}

/// A person who has just typed the right password, and the right code where one was asked for.
pub struct Proven {
    account: account::Model,
    subject: String,
    factor: Option<Factor>,
}

/// A session that has just begun, and its token.
pub struct Opened {
    /// For the browser, once.
    pub token: Token,
    /// Whose session it is.
    pub who: SignedIn,
}

/// Begins a session for who knows the password.
pub async fn sign_in(
    audit: &Audit,
    door: &Door,
    given: Credentials<'_>,
    device: &Device,
) -> Result<Opened, SignInError> {
    let proven = prove(audit, door, given, device).await?;
    let tx = audit.begin().await?;
    let (opened, event) = proven.open(&tx, audit.clock(), door, device).await?;
    tx.commit(event).await?;
    Ok(opened)
}

/// Compares the password and the code, within the limits. A failure is recorded without the address that was typed.
pub async fn prove(
    audit: &Audit,
    door: &Door,
    given: Credentials<'_>,
    device: &Device,
) -> Result<Proven, SignInError> {
    door.addresses
        .check(device.address)
        .map_err(|wait| SignInError::TooMany {
            seconds: wait.as_secs() + 1,
        })?;
    let email = Email::fold(given.email);
    let subject = subject(&email);
    let on = audit.db().read();
    let account = by_email(on, &email).await?;
    let now = audit.clock().now();
    if let Some(until) = locked_until(on, &subject, now).await? {
        audit.record(failure(account.as_ref(), "locked")).await?;
        return Err(too_many(until, now));
    }
    let stored = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    // The turn is for computing alone: whoever waited for the database in it would let a core idle.
    let turn = door.passwords.turn().await?;
    let right = turn.verify(given.password, stored).await?;
    let (reason, refusal) = match account {
        Some(ref account) if right && account.disabled_at.is_none() => {
            // Guesses beside this one may have locked the name meanwhile.
            if let Some(until) = locked_until(on, &subject, now).await? {
                audit.record(failure(Some(account), "locked")).await?;
                return Err(too_many(until, now));
            }
            match second_factor(audit, door, account, given.code).await? {
                Second::Proven(factor) => {
                    let account = account.clone();
                    return Ok(Proven {
                        account,
                        subject,
                        factor,
                    });
                }
                Second::Missing => return Err(SignInError::CodeNeeded),
                Second::Wrong => ("wrong_code", SignInError::WrongCode),
            }
        }
        Some(ref account) if account.disabled_at.is_some() => {
            ("account_disabled", SignInError::WrongCredentials)
        }
        Some(_) => ("wrong_password", SignInError::WrongCredentials),
        None => ("unknown_account", SignInError::WrongCredentials),
    };
    let tx = audit.begin().await?;
    match door.lock_out.count(tx.conn(), &subject, now).await? {
        Failure::Counted(lock) => {
            let locked = lock.map(|until| locked(account.as_ref(), until));
            tx.commit_all(failure(account.as_ref(), reason), locked)
                .await?;
            Err(refusal)
        }
        Failure::Locked(until) => {
            tx.commit(failure(account.as_ref(), "locked")).await?;
            Err(too_many(until, now))
        }
    }
}

/// What became of the second factor.
enum Second {
    /// It was right, or it is not asked for.
    Proven(Option<Factor>),
    /// It is asked for, and nothing was typed.
    Missing,
    /// It was wrong, or used before.
    Wrong,
}

async fn second_factor(
    audit: &Audit,
    door: &Door,
    account: &account::Model,
    code: Option<&SecretString>,
) -> Result<Second, DbErr> {
    let (on, now) = (audit.db().read(), audit.clock().now());
    let asked = door.second_factors.asked_for != AskedFor::Signing;
    if !asked || enrolled_at(on, account.id).await?.is_none() {
        return Ok(Second::Proven(None));
    }
    let Some(code) = code.map(ExposeSecret::expose_secret) else {
        return Ok(Second::Missing);
    };
    let seal = &door.second_factors.seal;
    Ok(
        match check_code(on, seal, account.id, code, true, now).await? {
            None | Some(Factor::Used) => Second::Wrong,
            right => Second::Proven(right),
        },
    )
}

impl Proven {
    /// The account.
    pub fn account_id(&self) -> Uuid {
        self.account.id
    }

    /// Makes this person an administrator of the server. The event belongs into the commit.
    pub async fn make_administrator(&mut self, tx: &Tx, from: &str) -> Result<Event, DbErr> {
        let id = self.account.id;
        account::Entity::update(account::ActiveModel {
            id: Unchanged(id),
            administrator: Set(true),
            ..Default::default()
        })
        .exec(tx.conn())
        .await?;
        let old = std::mem::replace(&mut self.account.administrator, true);
        let actor = self.actor(from);
        Ok(
            Event::new(&actor, "account.administrator_granted", "account", id)
                .change(json!({ "administrator": { "old": old, "new": true } })),
        )
    }

    /// Who acts, for the record, before there is a session: `from` says by what.
    pub fn actor(&self, from: &str) -> Actor {
        Actor {
            id: Some(self.account.id),
            name_commitment: Some(self.account.name_commitment.clone()),
            role: ACCOUNT_HOLDER.to_owned(),
            from: from.to_owned(),
        }
    }

    /// Begins the session and forgives earlier failures. The event belongs into the commit.
    pub async fn open(
        self,
        tx: &Tx,
        clock: &Clock,
        door: &Door,
        device: &Device,
    ) -> Result<(Opened, Event), SignInError> {
        let account = self.account;
        if let Some(factor) = self.factor
            && !use_up(tx, account.id, factor, clock.now()).await?
        {
            return Err(SignInError::WrongCode);
        }
        forgive(tx.conn(), &self.subject).await?;
        let (token, session_id, expires_at) = open_session(
            tx,
            clock,
            account.id,
            device,
            door.sessions,
            self.factor.is_some(),
        )
        .await?;
        let who = SignedIn {
            account_id: account.id,
            name: account.name,
            email: account.email,
            name_commitment: account.name_commitment,
            administrator: account.administrator,
            session_id,
            expires_at,
            last_seen_at: clock.now(),
            second_factor: self.factor.is_some(),
        };
        let event = Event::new(
            &who.actor(ACCOUNT_HOLDER),
            "sign_in.succeeded",
            "session",
            session_id,
        )
        .change(json!({
            "expires_at": expires_at.rfc3339(),
            "second_factor": self.factor.map(Factor::word),
        }));
        Ok((Opened { token, who }, event))
    }

    /// The person whose account was made a moment ago, with the password they chose.
    pub(super) fn new_account(account: account::Model) -> Self {
        let subject = subject(&account.email);
        Self {
            account,
            subject,
            factor: None,
        }
    }
}

/// The record of a failure, without the address that was typed.
fn failure(account: Option<&account::Model>, reason: &'static str) -> Event {
    event("sign_in.failed", account).why(Some(reason))
}

/// The record of a lock, which is also told to who watches the log of the server.
fn locked(account: Option<&account::Model>, until: Timestamp) -> Event {
    tracing::warn!(account = %object(account), "too many wrong passwords: sign-in is locked for a while");
    event("sign_in.locked", account).change(json!({ "locked_until": until.rfc3339() }))
}

fn event(action: &'static str, account: Option<&account::Model>) -> Event {
    let visitor = Actor::visitor("web".to_owned());
    Event::new(&visitor, action, "account", object(account))
}

fn object(account: Option<&account::Model>) -> String {
    account.map_or_else(|| "unknown".to_owned(), |account| account.id.to_string())
}

fn too_many(until: Timestamp, now: Timestamp) -> SignInError {
    let micros = u64::try_from(until.micros().saturating_sub(now.micros())).unwrap_or_default();
    SignInError::TooMany {
        seconds: micros.div_ceil(1_000_000),
    }
}
