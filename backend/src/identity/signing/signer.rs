//! Whose signature counts: a person with a second factor, who accepted that their signature binds them (21 CFR 11.10(j),
//! 11.100(c)), and whose identity somebody else has verified (11.100(b)).

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::SigningRules;
use super::check::SigningError;
use crate::audit::{Actor, Audit, Event, Tx, words_hash};
use crate::clock::{Clock, Timestamp};
use crate::identity::entity::{second_factor, signer as row};
use crate::identity::signed_in::{ACCOUNT_HOLDER, SignedIn};

/// How an account stands with signing.
#[derive(Debug, Clone, Default)]
pub struct Signer {
    /// Since when it has a second factor.
    pub enrolled_at: Option<Timestamp>,
    /// The statement that was accepted, and when.
    pub accepted: Option<(String, Timestamp)>,
    /// When the identity was verified; by whom, if it was not done at the machine.
    pub verified: Option<(Timestamp, Option<Uuid>)>,
}

impl Signer {
    /// Whether this person accepted the statement that is in force.
    pub fn has_accepted(&self, rules: &SigningRules) -> bool {
        let hash = rules.statement_hash();
        self.accepted
            .as_ref()
            .is_some_and(|(text, _)| *text == hash)
    }

    /// Whether this person may sign at all.
    pub(super) fn may_sign(&self, rules: &SigningRules) -> Result<(), SigningError> {
        if self.enrolled_at.is_none() {
            return Err(SigningError::NotEnrolled);
        }
        if !self.has_accepted(rules) {
            return Err(SigningError::NotAccepted);
        }
        if self.verified.is_none() {
            return Err(SigningError::NotVerified);
        }
        Ok(())
    }
}

/// How this account stands with signing.
pub async fn signer(on: &impl ConnectionTrait, account: Uuid) -> Result<Signer, DbErr> {
    Ok(signers(on, &[account])
        .await?
        .remove(&account)
        .unwrap_or_default())
}

/// How these accounts stand with signing.
pub async fn signers(
    on: &impl ConnectionTrait,
    accounts: &[Uuid],
) -> Result<HashMap<Uuid, Signer>, DbErr> {
    let factors = second_factor::Entity::find()
        .filter(second_factor::Column::AccountId.is_in(accounts.iter().copied()))
        .all(on)
        .await?;
    let rows = row::Entity::find()
        .filter(row::Column::AccountId.is_in(accounts.iter().copied()))
        .all(on)
        .await?;
    let mut found: HashMap<Uuid, Signer> = HashMap::new();
    for factor in factors {
        found.entry(factor.account_id).or_default().enrolled_at =
            factor.confirmed_at.map(Timestamp::from_micros);
    }
    for row in rows {
        let signer = found.entry(row.account_id).or_default();
        signer.accepted = row
            .statement_hash
            .zip(row.accepted_at.map(Timestamp::from_micros));
        signer.verified = row
            .verified_at
            .map(|at| (Timestamp::from_micros(at), row.verified_by));
    }
    Ok(found)
}

/// Accepts the statement with this hash. Gives false if another one is in force.
pub async fn accept_statement(
    audit: &Audit,
    rules: &SigningRules,
    who: &SignedIn,
    hash: &str,
) -> Result<bool, DbErr> {
    if rules.statement_hash() != hash {
        return Ok(false);
    }
    let tx = audit.begin().await?;
    row::Entity::insert(row::ActiveModel {
        account_id: Set(who.account_id),
        statement_hash: Set(Some(hash.to_owned())),
        accepted_at: Set(Some(audit.clock().now().micros())),
        evidence: NotSet,
        verified_at: NotSet,
        verified_by: NotSet,
        reset_by: NotSet,
    })
    .on_conflict(
        OnConflict::column(row::Column::AccountId)
            .update_columns([row::Column::StatementHash, row::Column::AcceptedAt])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    let event = Event::new(
        &who.actor(ACCOUNT_HOLDER),
        "signing.accepted",
        "account",
        who.account_id,
    )
    .change(json!({ "statement_hash": hash }));
    tx.commit(event).await?;
    Ok(true)
}

/// Why an identity was not verified.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// Nobody vouches for themselves.
    #[error("nobody verifies their own identity; ask another administrator")]
    Own,
    /// Who reset the second factor does not also say who enrolled anew (21 CFR 11.200(a)(3)).
    #[error(
        "you reset this person's second factor; somebody else must verify who has enrolled anew"
    )]
    ResetByYou,
    /// There is nothing to vouch for yet.
    #[error("this person has no second factor yet; let them enrol first, then verify who they are")]
    NotEnrolled,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Notes that somebody has verified who this is, and how. The event belongs into the commit.
pub async fn verify_identity(
    tx: &Tx,
    clock: &Clock,
    by: &Actor,
    account: Uuid,
    evidence: &str,
) -> Result<Event, VerifyError> {
    if by.id == Some(account) {
        return Err(VerifyError::Own);
    }
    let before = row::Entity::find_by_id(account).one(tx.conn()).await?;
    if by.id.is_some() && before.is_some_and(|row| row.reset_by == by.id) {
        return Err(VerifyError::ResetByYou);
    }
    if signer(tx.conn(), account).await?.enrolled_at.is_none() {
        return Err(VerifyError::NotEnrolled);
    }
    let now = clock.now();
    row::Entity::insert(row::ActiveModel {
        account_id: Set(account),
        statement_hash: NotSet,
        accepted_at: NotSet,
        evidence: Set(Some(evidence.to_owned())),
        verified_at: Set(Some(now.micros())),
        verified_by: Set(by.id),
        reset_by: NotSet,
    })
    .on_conflict(
        OnConflict::column(row::Column::AccountId)
            .update_columns([
                row::Column::Evidence,
                row::Column::VerifiedAt,
                row::Column::VerifiedBy,
            ])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    Ok(
        Event::new(by, "signing.identity_verified", "account", account).change(json!({
            "verified_at": now.micros(),
            "words_hash": words_hash(account, Some(evidence)),
        })),
    )
}
