//! How I stand with signing: what the page of my account and the dialog for signing show.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;

use super::meaning::Meaning;
use super::{SigningRules, series, signer};
use crate::clock::Timestamp;
use crate::identity::again;
use crate::identity::lock_out::locked_until;
use crate::identity::sessions::Device;
use crate::identity::signed_in::SignedIn;

/// What the next signature takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureNeeds {
    /// The password and a code: it is the first of a series.
    Both,
    /// The password or a code.
    One,
}

/// A meaning and its sentence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeaningText {
    /// The meaning.
    pub meaning: Meaning,
    /// What the signer reads and signs.
    pub text: String,
}

/// What is accepted before the first signature.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SigningStatement {
    /// The sentence.
    pub text: String,
    /// Its SHA-256.
    pub hash: String,
    /// When I accepted it.
    pub accepted_at: Option<Timestamp>,
}

/// How I stand with signing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SigningStatus {
    /// The name that is printed with a signature.
    pub name: String,
    /// Whether I may sign: enrolled, accepted, verified.
    pub ready: bool,
    /// Since when I have a second factor.
    pub enrolled_at: Option<Timestamp>,
    /// The statement on electronic signatures.
    pub statement: SigningStatement,
    /// When somebody verified my identity.
    pub verified_at: Option<Timestamp>,
    /// What the next signature takes.
    pub needs: SignatureNeeds,
    /// Until when the series is open, if it is.
    pub series_until: Option<Timestamp>,
    /// Until when signing is locked, if it is.
    pub locked_until: Option<Timestamp>,
    /// Now, by the clock that signatures are timed with.
    pub now: Timestamp,
    /// Everything that a signature can mean.
    pub meanings: Vec<MeaningText>,
}

/// How this person stands with signing, on this device.
pub async fn status(
    on: &impl ConnectionTrait,
    rules: &SigningRules,
    who: &SignedIn,
    device: &Device,
    now: Timestamp,
) -> Result<SigningStatus, DbErr> {
    let signer = signer(on, who.account_id).await?;
    let place = series::place(device);
    let series_until = series::open_until(on, who, &place, rules, now).await?;
    let subject = again::subject(who.account_id);
    let accepted_at = signer
        .accepted
        .as_ref()
        .filter(|_| signer.has_accepted(rules))
        .map(|(_, at)| *at);
    Ok(SigningStatus {
        name: who.name.clone(),
        ready: signer.may_sign(rules).is_ok(),
        enrolled_at: signer.enrolled_at,
        statement: SigningStatement {
            text: rules.statement.clone(),
            hash: rules.statement_hash(),
            accepted_at,
        },
        verified_at: signer.verified.map(|(at, _)| at),
        needs: if series_until.is_some() {
            SignatureNeeds::One
        } else {
            SignatureNeeds::Both
        },
        series_until,
        locked_until: locked_until(on, &subject, now).await?,
        now,
        meanings: Meaning::ALL
            .iter()
            .map(|meaning| MeaningText {
                meaning: *meaning,
                text: meaning.text().to_owned(),
            })
            .collect(),
    })
}
