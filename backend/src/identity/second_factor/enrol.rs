//! Enrols an authenticator: the secret is shown once, and counts from the first code that proves the app has it
//! (21 CFR 11.300(e)).

use qrcodegen::{QrCode, QrCodeEcc};
use rand::RngExt as _;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::time::Duration;
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::{recovery, totp};
use crate::audit::{Audit, Event};
use crate::clock::Timestamp;
use crate::identity::again::{AgainError, Typed, prove_again};
use crate::identity::door::Door;
use crate::identity::entity::{second_factor, second_factor_reset, session};
use crate::identity::signed_in::{ACCOUNT_HOLDER, SignedIn, Token};
use crate::identity::signing::end_series;

/// How long a new secret waits for its first code.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A secret that waits for its first code.
pub struct Enrolment {
    /// In base 32, to be typed into the app.
    pub secret: String,
    /// The same with the names, as the app reads it from the picture.
    pub uri: String,
    /// The picture.
    pub qr: Qr,
    /// Until when the first code is awaited.
    pub until: Timestamp,
}

/// A QR code: the dark squares as the path of an SVG.
pub struct Qr {
    /// Squares to a side.
    pub size: i32,
    /// One unit a square, as the attribute `d` of a path.
    pub path: String,
}

/// Why nothing was enrolled.
#[derive(Debug, Error)]
pub enum EnrolError {
    /// There is an authenticator; who replaces it proves that they have it, or a recovery code.
    #[error("type a code of the authenticator that you use now, or a recovery code")]
    CodeNeeded,
    /// The authenticator was reset; only who holds the link enrols anew.
    #[error("your second factor was reset: open the link that your administrator gave you")]
    LinkNeeded,
    /// The link is another one, or too old.
    #[error("this link is unknown, used or expired; ask your administrator for a new one")]
    LinkUnknown,
    /// There is no secret that waits.
    #[error("the enrolment was not begun or took too long; begin again")]
    NotBegun,
    /// The code is not that of the new secret.
    #[error(
        "this is not the code that the app should show now; check the clock of the telephone and type the newest code"
    )]
    WrongCode,
    /// The person did not prove again who they are.
    #[error(transparent)]
    Again(#[from] AgainError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who asks for a new secret, and what they typed.
pub struct Asked<'a> {
    /// The password.
    pub password: &'a SecretString,
    /// A code of the authenticator so far, or a recovery code.
    pub code: Option<&'a SecretString>,
    /// From the link, after a reset.
    pub link: Option<&'a Token>,
}

/// Makes a secret. What was enrolled so far stays until the new one is confirmed.
pub async fn begin(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    asked: Asked<'_>,
) -> Result<Enrolment, EnrolError> {
    let (on, now) = (audit.db().read(), audit.clock().now());
    let enrolled = super::enrolled_at(on, who.account_id).await?.is_some();
    if enrolled && asked.code.is_none() {
        return Err(EnrolError::CodeNeeded);
    }
    let reset = second_factor_reset::Entity::find_by_id(who.account_id)
        .one(on)
        .await?;
    if let Some(reset) = reset {
        let link = asked.link.ok_or(EnrolError::LinkNeeded)?;
        let same: bool = link.hash().ct_eq(&reset.token_hash).into();
        if !same || reset.expires_at <= now.micros() {
            return Err(EnrolError::LinkUnknown);
        }
    }
    let typed = Typed {
        password: Some(asked.password),
        code: asked.code.filter(|_| enrolled),
        recovery_too: true,
    };
    let again = prove_again(audit, door, who, typed, "second_factor.failed").await?;
    let secret = rand::rng().random::<[u8; totp::SECRET_BYTES]>();
    let authenticator = totp::authenticator(secret.to_vec())?;
    let uri = totp::uri(&authenticator, &door.second_factors.issuer, &who.email);
    let until = now.plus(PATIENCE);
    let sealed = door.second_factors.seal.seal(who.account_id, &secret)?;

    let tx = audit.begin().await?;
    again.hold(&tx, now).await?;
    second_factor::Entity::insert(second_factor::ActiveModel {
        account_id: Set(who.account_id),
        secret: NotSet,
        confirmed_at: NotSet,
        last_step: Set(0),
        pending: Set(Some(sealed)),
        pending_until: Set(Some(until.micros())),
    })
    .on_conflict(
        OnConflict::column(second_factor::Column::AccountId)
            .update_columns([
                second_factor::Column::Pending,
                second_factor::Column::PendingUntil,
            ])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    let event = Event::new(
        &who.actor(ACCOUNT_HOLDER),
        "second_factor.begun",
        "account",
        who.account_id,
    )
    .change(json!({ "replaces": enrolled, "proven_by": again.components() }));
    tx.commit(event).await?;
    Ok(Enrolment {
        secret: authenticator.secret().to_base32(),
        qr: qr(&uri)?,
        uri,
        until,
    })
}

/// Takes the first code of the new secret, which counts from now on, and gives new recovery codes. A series of signings
/// that was open is over.
pub async fn confirm(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    code: &SecretString,
) -> Result<Vec<String>, EnrolError> {
    let (account, now) = (who.account_id, audit.clock().now());
    let tx = audit.begin().await?;
    let row = second_factor::Entity::find_by_id(account)
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    let Some(row) = row.filter(|row| row.pending_until.is_some_and(|until| now.micros() < until))
    else {
        return Err(EnrolError::NotBegun);
    };
    let sealed = row.pending.ok_or(EnrolError::NotBegun)?;
    let secret = door.second_factors.seal.open(account, &sealed)?;
    let authenticator = totp::authenticator(secret)?;
    let step =
        totp::step_of(&authenticator, code.expose_secret(), now).ok_or(EnrolError::WrongCode)?;
    second_factor::Entity::update(second_factor::ActiveModel {
        account_id: Set(account),
        secret: Set(Some(sealed)),
        confirmed_at: Set(Some(now.micros())),
        last_step: Set(step),
        pending: Set(None),
        pending_until: Set(None),
    })
    .exec(tx.conn())
    .await?;
    second_factor_reset::Entity::delete_by_id(account)
        .exec(tx.conn())
        .await?;
    let codes = recovery::renew(&tx, audit.clock(), account).await?;
    end_series(tx.conn(), account).await?;
    session::Entity::update_many()
        .col_expr(
            session::Column::SecondFactorAt,
            Expr::value(Some(now.micros())),
        )
        .filter(session::Column::Id.eq(who.session_id))
        .exec(tx.conn())
        .await?;
    let event = Event::new(
        &who.actor(ACCOUNT_HOLDER),
        "second_factor.enrolled",
        "account",
        account,
    )
    .change(json!({ "replaces": row.confirmed_at.is_some(), "recovery_codes": codes.len() }));
    tx.commit(event).await?;
    Ok(codes)
}

/// Makes new recovery codes for who types the password and a code of the authenticator.
pub async fn renew_recovery_codes(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    password: &SecretString,
    code: &SecretString,
) -> Result<Vec<String>, EnrolError> {
    let typed = Typed {
        password: Some(password),
        code: Some(code),
        recovery_too: false,
    };
    let again = prove_again(audit, door, who, typed, "second_factor.failed").await?;
    let tx = audit.begin().await?;
    again.hold(&tx, audit.clock().now()).await?;
    let codes = recovery::renew(&tx, audit.clock(), who.account_id).await?;
    let event = Event::new(
        &who.actor(ACCOUNT_HOLDER),
        "second_factor.recovery_codes_made",
        "account",
        who.account_id,
    )
    .change(json!({ "recovery_codes": codes.len() }));
    tx.commit(event).await?;
    Ok(codes)
}

fn qr(text: &str) -> Result<Qr, DbErr> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|cause| DbErr::Custom(format!("the picture of a secret: {cause}")))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    Ok(Qr {
        size: code.size(),
        path,
    })
}
