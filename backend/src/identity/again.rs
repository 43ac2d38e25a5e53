//! Proves again, within a session, that the person at the desk is the one who signed in: by the password, a code of the
//! authenticator, or both (21 CFR 11.200(a)).
//!
//! Passwords are computed before the transaction; what was proven is used up within it. Failures are counted for the
//! account, whatever was typed wrong and wherever in the product. One too many locks signing, says so to who watches, and
//! ends the session that the guesses came from (21 CFR 11.300(d), R-ER-07). Who is not signed in cannot bring that about.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use super::door::Door;
use super::entity::{account, session};
use super::lock_out::{Failure, forgive, locked_until};
use super::password::PasswordFault;
use super::second_factor::{Factor, check_code, use_up};
use super::signed_in::{ACCOUNT_HOLDER, SignedIn};
use super::signing::end_series;
use crate::audit::{Audit, Event, Tx};
use crate::clock::Timestamp;
use crate::jobs::{Job, enqueue};

/// The kind of job that tells people that somebody's signing is locked.
pub const LOCKED_JOB: &str = "identity.signing_locked";

/// What somebody typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    /// The password of the account.
    pub password: Option<&'a SecretString>,
    /// A code of the authenticator.
    pub code: Option<&'a SecretString>,
    /// Whether a recovery code is taken in place of a code.
    pub recovery_too: bool,
}

/// Why nothing was proven.
#[derive(Debug, Error)]
pub enum AgainError {
    /// The password or the code: which of them is not told.
    #[error("the password or the code is wrong")]
    Wrong,
    /// The code was right, but it proved something before.
    #[error("this code was used already; wait for the next one")]
    CodeUsed,
    /// Too many failures.
    #[error("too many failures; wait {seconds} seconds")]
    Locked {
        /// How long to wait.
        seconds: u64,
    },
    /// The session or the password changed meanwhile.
    #[error("you were signed out meanwhile; sign in again")]
    SignedOut,
    /// The password could not be compared.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What was proven, to be used up in a transaction.
#[derive(Debug)]
pub struct Again {
    account: Uuid,
    session: Uuid,
    /// The hash that the password was compared with.
    password_hash: Option<String>,
    factor: Option<Factor>,
}

impl Again {
    /// What was typed, as words of the record.
    pub(super) fn components(&self) -> Vec<&'static str> {
        let password = self.password_hash.as_ref().map(|_| "password");
        let factor = self.factor.map(Factor::word);
        factor.into_iter().chain(password).collect()
    }

    /// Uses it up: the session and the password are still those that were seen, and the code is used for nothing else.
    pub(super) async fn hold(&self, tx: &Tx, now: Timestamp) -> Result<account::Model, AgainError> {
        let session = session::Entity::find_by_id(self.session)
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.micros()))
            .one(tx.conn())
            .await?;
        let person = account::Entity::find_by_id(self.account)
            .filter(account::Column::DisabledAt.is_null())
            .one(tx.conn())
            .await?;
        let (Some(_), Some(person)) = (session, person) else {
            return Err(AgainError::SignedOut);
        };
        if self
            .password_hash
            .as_ref()
            .is_some_and(|compared| *compared != person.password_hash)
        {
            return Err(AgainError::SignedOut);
        }
        let subject = subject(self.account);
        if let Some(until) = locked_until(tx.conn(), &subject, now).await? {
            return Err(locked(until, now));
        }
        if let Some(factor) = self.factor
            && !use_up(tx, self.account, factor, now).await?
        {
            return Err(AgainError::CodeUsed);
        }
        forgive(tx.conn(), &subject).await?;
        Ok(person)
    }
}

/// Compares what was typed. `failed` is the action that the record of a failure names.
pub(super) async fn prove_again(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    typed: Typed<'_>,
    failed: &'static str,
) -> Result<Again, AgainError> {
    let (on, now) = (audit.db().read(), audit.clock().now());
    let subject = subject(who.account_id);
    if let Some(until) = locked_until(on, &subject, now).await? {
        audit.record(event(who, failed).why(Some("locked"))).await?;
        return Err(locked(until, now));
    }
    let person = account::Entity::find_by_id(who.account_id).one(on).await?;
    let person = person
        .filter(|person| person.disabled_at.is_none())
        .ok_or(AgainError::SignedOut)?;
    // Everything that was typed is compared before anything is told.
    let mut wrong = typed.password.is_none() && typed.code.is_none();
    let mut password_hash = None;
    if let Some(password) = typed.password {
        let stored = person.password_hash;
        let turn = door.passwords.turn().await?;
        wrong |= !turn.verify(password, Some(stored.clone())).await?;
        password_hash = Some(stored);
    }
    let mut factor = None;
    if let Some(code) = typed.code {
        let seal = &door.second_factors.seal;
        let text = code.expose_secret();
        factor = check_code(on, seal, who.account_id, text, typed.recovery_too, now).await?;
        wrong |= factor.is_none();
    }
    if wrong {
        return Err(refuse(audit, door, who, &subject, failed, now).await?);
    }
    if factor == Some(Factor::Used) {
        audit
            .record(event(who, failed).why(Some("code_used")))
            .await?;
        return Err(AgainError::CodeUsed);
    }
    // Guesses beside this one may have locked it meanwhile.
    if let Some(until) = locked_until(on, &subject, now).await? {
        return Err(locked(until, now));
    }
    Ok(Again {
        account: who.account_id,
        session: who.session_id,
        password_hash,
        factor,
    })
}

async fn refuse(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    subject: &str,
    failed: &'static str,
    now: Timestamp,
) -> Result<AgainError, DbErr> {
    let tx = audit.begin().await?;
    match door.lock_out.count(tx.conn(), subject, now).await? {
        Failure::Locked(until) => {
            tx.commit(event(who, failed).why(Some("locked"))).await?;
            Ok(locked(until, now))
        }
        Failure::Counted(None) => {
            tx.commit(event(who, failed).why(Some("wrong"))).await?;
            Ok(AgainError::Wrong)
        }
        Failure::Counted(Some(until)) => {
            end_series(tx.conn(), who.account_id).await?;
            session::Entity::update_many()
                .col_expr(session::Column::EndedAt, Expr::value(Some(now.micros())))
                .filter(session::Column::Id.eq(who.session_id))
                .filter(session::Column::EndedAt.is_null())
                .exec(tx.conn())
                .await?;
            tracing::warn!(account = %who.account_id, session = %who.session_id,
                "ALERT: too many wrong signatures: signing is locked for a while and the session was ended");
            metrics::counter!("signing_locks_total").increment(1);
            let told = Job {
                kind: LOCKED_JOB,
                payload: json!({ "account": who.account_id, "until": until.micros() }),
            };
            enqueue(&tx, audit.clock(), [told]).await?;
            let alert = event(who, "signing.locked").change(json!({
                "locked_until": until.rfc3339(),
                "session": who.session_id,
            }));
            let ended = Event::new(
                &who.actor(ACCOUNT_HOLDER),
                "session.ended",
                "session",
                who.session_id,
            )
            .why(Some("signing_locked"));
            tx.commit_all(event(who, failed).why(Some("wrong")), [alert, ended])
                .await?;
            Ok(AgainError::Wrong)
        }
    }
}

/// What the table of failures knows an account as that is signed in. Sign-in counts under the address, so that nobody
/// outside can lock the signing of somebody inside.
pub(super) fn subject(account: Uuid) -> String {
    hex::encode(Sha256::digest(format!("signed in {account}").as_bytes()))
}

fn event(who: &SignedIn, action: &'static str) -> Event {
    Event::new(
        &who.actor(ACCOUNT_HOLDER),
        action,
        "account",
        who.account_id,
    )
}

fn locked(until: Timestamp, now: Timestamp) -> AgainError {
    let micros = u64::try_from(until.micros().saturating_sub(now.micros())).unwrap_or_default();
    AgainError::Locked {
        seconds: micros.div_ceil(1_000_000),
    }
}
