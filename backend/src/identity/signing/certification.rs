//! That the agency was told that electronic signatures are meant to be the equivalent of handwritten ones
//! (21 CFR 11.100(c)): when the letter was sent, to whom, and where it lies.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};
use serde_json::json;
use thiserror::Error;
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use crate::audit::{Actor, Audit, Event, words_hash};
use crate::db::insert;
use crate::identity::entity::signing_certification;

/// A letter that was sent.
pub type Certification = signing_certification::Model;

const LONGEST: usize = 300;

/// A letter to be noted.
pub struct NewCertification<'a> {
    /// The day on which it was sent, as in `2026-11-22`.
    pub sent_on: &'a str,
    /// To whom.
    pub recipient: &'a str,
    /// Where it lies: a file number, the number of the delivery receipt.
    pub reference: &'a str,
}

/// Why a letter was not noted.
#[derive(Debug, Error)]
pub enum CertificationError {
    /// No such day, or not yet.
    #[error("write the day on which the letter was sent as in 2026-11-22, not later than today")]
    Day,
    /// Empty or too long.
    #[error("write 1 to 300 characters")]
    Words(&'static str),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Notes a letter. It is never changed; a correction is a further one.
pub async fn record_certification(
    audit: &Audit,
    by: &Actor,
    account: Uuid,
    new: &NewCertification<'_>,
) -> Result<Certification, CertificationError> {
    let now = audit.clock().now();
    let day = Date::parse(new.sent_on, format_description!("[year]-[month]-[day]"))
        .map_err(|_| CertificationError::Day)?;
    if new.sent_on > now.rfc3339().get(..10).unwrap_or_default() {
        return Err(CertificationError::Day);
    }
    for (field, text) in [("recipient", new.recipient), ("reference", new.reference)] {
        let long = text.chars().count() > LONGEST || text.chars().any(char::is_control);
        if text.trim().is_empty() || long {
            return Err(CertificationError::Words(field));
        }
    }
    let row = Certification {
        id: audit.clock().new_id(),
        sent_on: day.to_string(),
        recipient: new.recipient.trim().to_owned(),
        reference: new.reference.trim().to_owned(),
        recorded_by: account,
        recorded_at: now.micros(),
    };
    let tx = audit.begin().await?;
    insert(tx.conn(), row.clone()).await?;
    let words = format!("{}\n{}", row.recipient, row.reference);
    let event = Event::new(by, "signing.certified", "signing_certification", row.id)
        .change(json!({ "sent_on": row.sent_on, "words_hash": words_hash(row.id, Some(&words)) }));
    tx.commit(event).await?;
    Ok(row)
}

/// The letters, the newest first.
pub async fn certifications(on: &impl ConnectionTrait) -> Result<Vec<Certification>, DbErr> {
    signing_certification::Entity::find()
        .order_by_desc(signing_certification::Column::Id)
        .all(on)
        .await
}
