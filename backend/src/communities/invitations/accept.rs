//! Accepts an invitation: makes the account if there is none, begins the membership, and signs in.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DbErr, EntityTrait, QuerySelect, SqlErr,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::state::{InvitationState, open_invitation};
use crate::audit::{Actor, Audit, Event, Tx};
use crate::clock::Timestamp;
use crate::communities::entity::{invitation, membership};
use crate::db::{Lock, insert};
use crate::identity::signing::end_series;
use crate::identity::{
    Credentials, Device, Door, Email, NewAccount, NotAName, NotAnEmail, Opened, PasswordFault,
    PasswordRefused, PrintedName, Proven, RegisterError, SignInError, Token, account_of,
    check_password, nobody_yet, prove, register,
};

/// What the invited person answers.
pub struct Answer<'a> {
    /// The printed name of the very first administrator; not looked at otherwise.
    pub name: &'a str,
    /// The password they choose, or the one of their account.
    pub password: &'a SecretString,
    /// The address of the very first administrator, whom nobody invited; not looked at otherwise.
    pub email: Option<&'a str>,
    /// A code of the authenticator, for an account that has one.
    pub code: Option<&'a SecretString>,
}

/// Why nobody came in.
#[derive(Debug, Error)]
pub enum AcceptError {
    /// The link never worked or works no more.
    #[error("this invitation is unknown, used or expired; ask for a new one")]
    Unknown,
    /// The person is in the community already.
    #[error("you are a member of this community already; sign in instead")]
    AlreadyMember,
    /// Somebody made an account under this address a moment ago.
    #[error("there is an account with this e-mail address now; try again with its password")]
    EmailTaken,
    /// The name cannot be printed.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// The first administrator must name an address.
    #[error(transparent)]
    Email(#[from] NotAnEmail),
    /// The password may not be chosen.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordFault),
    /// The password is not the one of the account.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<RegisterError> for AcceptError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::EmailTaken => Self::EmailTaken,
            RegisterError::Database(cause) => Self::Database(cause),
        }
    }
}

/// Who accepts.
enum Guest {
    /// Somebody with an account, who typed its password.
    Known(Proven),
    /// Somebody new, with the hash of the password they chose.
    New {
        name: PrintedName,
        password_hash: String,
    },
}

/// Accepts the invitation of this token and begins a session on this device.
pub async fn accept(
    audit: &Audit,
    door: &Door,
    token: &Token,
    answer: &Answer<'_>,
    device: &Device,
) -> Result<Opened, AcceptError> {
    let read = audit.db().read();
    let found = open_invitation(read, token, audit.clock().now())
        .await?
        .ok_or(AcceptError::Unknown)?;
    let email = if found.email.is_empty() {
        Email::parse(answer.email.unwrap_or_default())?
    } else {
        Email::parse(&found.email)?
    };
    // Passwords are computed before the transaction: nobody waits for them.
    let guest = match account_of(read, &email).await? {
        Some(_) => {
            let given = Credentials {
                email: email.as_str(),
                password: answer.password,
                code: answer.code,
            };
            Guest::Known(prove(audit, door, given, device).await?)
        }
        None => {
            // A verified name is the administrator's word: an invited person does not choose whom to be.
            let given = if found.community_id.is_some() {
                found.name.as_str()
            } else {
                answer.name
            };
            let name = PrintedName::parse(given)?;
            let password = answer.password.expose_secret();
            check_password(password, email.as_str(), name.as_str())?;
            Guest::New {
                name,
                password_hash: door.passwords.hash(answer.password).await?,
            }
        }
    };
    let tx = audit.begin().await?;
    let invitation = claim(&tx, found.id, audit.clock().now()).await?;
    let from = format!("invitation:{}", invitation.id);
    let mut events = Vec::new();
    let person = match guest {
        Guest::Known(mut person) => {
            if invitation.community_id.is_none() {
                events.push(person.make_administrator(&tx, &from).await?);
            }
            person
        }
        Guest::New {
            name,
            password_hash,
        } => {
            let new = NewAccount {
                email: &email,
                name: &name,
                password_hash,
                administrator: invitation.community_id.is_none(),
                from: &from,
            };
            let (person, registered) = register(&tx, audit.clock(), new).await?;
            events.push(registered);
            person
        }
    };
    let (account, actor) = (person.account_id(), person.actor(&from));
    let accepted = mark_accepted(audit, &tx, &invitation, account, &actor).await?;
    if let Some(community) = invitation.community_id {
        events.push(join(audit, &tx, &invitation, community, account, &actor).await?);
        end_series(tx.conn(), account).await?;
    }
    let (opened, signed_in) = person.open(&tx, audit.clock(), door, device).await?;
    events.push(signed_in);
    tx.commit_all(accepted, events).await?;
    Ok(opened)
}

/// The invitation, if it is still open, locked against a second use.
async fn claim(tx: &Tx, id: Uuid, now: Timestamp) -> Result<invitation::Model, AcceptError> {
    let row = invitation::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .filter(|row| row.state(now) == InvitationState::Open)
        .ok_or(AcceptError::Unknown)?;
    if row.is_first() {
        Lock::FirstStart.wait(tx.conn()).await?;
        if !nobody_yet(tx.conn()).await? {
            return Err(AcceptError::Unknown);
        }
    }
    Ok(row)
}

async fn mark_accepted(
    audit: &Audit,
    tx: &Tx,
    invitation: &invitation::Model,
    account: Uuid,
    actor: &Actor,
) -> Result<Event, DbErr> {
    invitation::Entity::update(invitation::ActiveModel {
        id: Unchanged(invitation.id),
        accepted_at: Set(Some(audit.clock().now().micros())),
        accepted_by: Set(Some(account)),
        ..Default::default()
    })
    .exec(tx.conn())
    .await?;
    let event = Event::new(actor, "invitation.accepted", "invitation", invitation.id)
        .change(json!({ "account": account }));
    Ok(match invitation.community_id {
        Some(community) => event.within(community),
        None => event,
    })
}

async fn join(
    audit: &Audit,
    tx: &Tx,
    invitation: &invitation::Model,
    community: Uuid,
    account: Uuid,
    actor: &Actor,
) -> Result<Event, AcceptError> {
    let row = membership::Model {
        id: audit.clock().new_id(),
        community_id: community,
        account_id: account,
        roles: invitation.roles.clone(),
        speaker: invitation.speaker.clone(),
        organisation: invitation.organisation.clone(),
        joined_at: audit.clock().now().micros(),
        ended_at: None,
    };
    let event = Event::new(actor, "membership.began", "membership", row.id)
        .within(community)
        .change(json!({
            "account": account,
            "invitation": invitation.id,
            "roles": row.roles,
            "speaker": row.speaker,
            "organisation": row.organisation,
        }));
    insert(tx.conn(), row)
        .await
        .map_err(|cause| match cause.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => AcceptError::AlreadyMember,
            _ => AcceptError::Database(cause),
        })?;
    Ok(event)
}
