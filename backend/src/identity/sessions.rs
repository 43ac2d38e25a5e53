//! Sessions: one for each device that is signed in.

use std::net::IpAddr;
use std::time::Duration;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::door::SessionLimits;
use super::entity::session;
use super::signed_in::{SignedIn, Token};
use crate::audit::Tx;
use crate::clock::{Clock, Timestamp};
use crate::db::{Db, insert};

/// How often the time of last use is written.
const SEEN_EVERY: Duration = Duration::from_secs(60);
const LONGEST_USER_AGENT: usize = 200;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Device {
    /// The address, behind the proxies that are trusted.
    pub address: IpAddr,
    /// What the browser calls itself, at most 200 printable characters.
    pub user_agent: String,
}

impl Device {
    /// A device at this address that calls itself this.
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        Self {
            address,
            user_agent: user_agent
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_USER_AGENT)
                .collect(),
        }
    }
}

/// A device on which somebody is signed in.
#[derive(Debug, Clone)]
pub struct SignedInDevice {
    /// The session.
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// Begins a session of the account on this device: the token for the browser, the session, and when it ends.
pub(super) async fn open_session(
    tx: &Tx,
    clock: &Clock,
    account: Uuid,
    device: &Device,
    limits: SessionLimits,
    second_factor: bool,
) -> Result<(Token, Uuid, Timestamp), DbErr> {
    let (token, id, now) = (Token::random(), clock.new_id(), clock.now());
    let expires_at = now.plus(limits.lifetime);
    insert(
        tx.conn(),
        session::Model {
            id,
            token_hash: token.hash(),
            account_id: account,
            created_at: now.micros(),
            last_seen_at: now.micros(),
            expires_at: expires_at.micros(),
            ended_at: None,
            user_agent: device.user_agent.clone(),
            address: device.address.to_string(),
            second_factor_at: second_factor.then_some(now.micros()),
        },
    )
    .await?;
    Ok((token, id, expires_at))
}

/// Notes that the session is in use, at most once a minute.
pub async fn seen(db: &Db, who: &SignedIn, now: Timestamp) -> Result<(), DbErr> {
    let due = now.minus(SEEN_EVERY);
    if who.last_seen_at > due {
        return Ok(());
    }
    let tx = db.upkeep().await?;
    session::Entity::update_many()
        .set(session::ActiveModel {
            last_seen_at: Set(now.micros()),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(who.session_id))
        .filter(session::Column::LastSeenAt.lte(due.micros()))
        .exec(&tx)
        .await?;
    tx.commit().await
}

/// The devices on which this account is signed in now, the newest first.
pub async fn devices(
    on: &impl ConnectionTrait,
    account: Uuid,
    now: Timestamp,
    idle: Duration,
) -> Result<Vec<SignedInDevice>, DbErr> {
    let rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.micros()))
        .filter(session::Column::LastSeenAt.gt(now.minus(idle).micros()))
        .order_by_desc(session::Column::Id)
        .all(on)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SignedInDevice {
            id: row.id,
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            user_agent: row.user_agent,
        })
        .collect())
}

/// The sessions that ended since then, on whichever node.
pub async fn ended_since(on: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<Uuid>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::EndedAt.gt(since.micros()))
        .into_tuple()
        .all(on)
        .await
}
