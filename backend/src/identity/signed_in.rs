//! A session token, and the person that it proves.

use std::time::Duration;

use rand::RngExt as _;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::entity::{account, session};
use crate::audit::Actor;
use crate::clock::Timestamp;

/// The role in which a person acts on their own account and sessions.
pub(super) const ACCOUNT_HOLDER: &str = "account_holder";

/// 256 random bits that a browser holds. The database knows only their SHA-256.
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn random() -> Self {
        Self(hex::encode(rand::rng().random::<[u8; 32]>()))
    }

    /// One that came with a request.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What goes into the cookie or the link, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// A person with a session that is neither ended nor expired nor idle for too long.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account.
    pub account_id: Uuid,
    /// The printed name today.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What records say instead of the name.
    pub name_commitment: String,
    /// Whether they may create communities on this server.
    pub administrator: bool,
    /// The session.
    pub session_id: Uuid,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// Whether the second factor was proven in it.
    pub second_factor: bool,
}

impl SignedIn {
    /// The person whose session this token opens at this time, if there is one. A session that was not used for
    /// `idle` opens no more.
    pub async fn by_token(
        on: &impl ConnectionTrait,
        token: &Token,
        now: Timestamp,
        idle: Duration,
    ) -> Result<Option<Self>, DbErr> {
        let found = session::Entity::find()
            .filter(session::Column::TokenHash.eq(token.hash()))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.micros()))
            .filter(session::Column::LastSeenAt.gt(now.minus(idle).micros()))
            .one(on)
            .await?;
        let Some(session) = found else {
            return Ok(None);
        };
        let person = account::Entity::find_by_id(session.account_id)
            .filter(account::Column::DisabledAt.is_null())
            .one(on)
            .await?;
        Ok(person.map(|account| Self {
            account_id: account.id,
            name: account.name,
            email: account.email,
            name_commitment: account.name_commitment,
            administrator: account.administrator,
            session_id: session.id,
            expires_at: Timestamp::from_micros(session.expires_at),
            last_seen_at: Timestamp::from_micros(session.last_seen_at),
            second_factor: session.second_factor_at.is_some(),
        }))
    }

    /// Who acts, for the record, in this role.
    pub fn actor(&self, role: &str) -> Actor {
        Actor {
            id: Some(self.account_id),
            name_commitment: Some(self.name_commitment.clone()),
            role: role.to_owned(),
            from: format!("session:{}", self.session_id),
        }
    }
}
