//! Compares the components of a signature, before the transaction of what is signed begins.

use sea_orm::DbErr;
use secrecy::SecretString;
use serde::Deserialize;
use thiserror::Error;
use utoipa::ToSchema;

use super::meaning::Meaning;
use super::{series, signer};
use crate::audit::Audit;
use crate::identity::again::{Again, AgainError, Typed, prove_again};
use crate::identity::door::Door;
use crate::identity::password::PasswordFault;
use crate::identity::sessions::Device;
use crate::identity::signed_in::SignedIn;

/// What the signer read and typed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = SignatureComponents)]
pub struct Components {
    /// The meaning that was shown before signing.
    pub meaning: Meaning,
    /// The password of the account.
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
    /// A code of the authenticator.
    #[schema(value_type = Option<String>)]
    pub code: Option<SecretString>,
}

/// Why nothing was signed. Nothing has changed then, but for the count of failures.
#[derive(Debug, Error)]
pub enum SigningError {
    /// No signature came, and one is needed.
    #[error("this must be signed: type your password or a code of your authenticator")]
    Needed(Meaning),
    /// The first of a series takes everything.
    #[error(
        "this is the first signature of a series: type your password and a code of your authenticator"
    )]
    BothNeeded,
    /// The password or the code: which of them is not told.
    #[error("the password or the code is wrong; nothing was signed")]
    Wrong,
    /// The code proved something before.
    #[error("this code was used already; wait for the next one")]
    CodeUsed,
    /// Too many failures.
    #[error("too many wrong signatures; signing is locked for {seconds} seconds")]
    Locked {
        /// How long to wait.
        seconds: u64,
    },
    /// There is no authenticator.
    #[error("enrol a second factor on your account page before you sign")]
    NotEnrolled,
    /// The statement is not accepted, or another one is in force.
    #[error("accept the statement on electronic signatures on your account page before you sign")]
    NotAccepted,
    /// Nobody has verified who this is.
    #[error(
        "your identity must be verified before you sign; ask an administrator of your community"
    )]
    NotVerified,
    /// The meaning that was shown is another one.
    #[error("what the signature would mean has changed; read it again and sign")]
    AnotherMeaning,
    /// The session ended meanwhile.
    #[error("you were signed out meanwhile; sign in again")]
    SignedOut,
    /// The password could not be compared.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<AgainError> for SigningError {
    fn from(error: AgainError) -> Self {
        match error {
            AgainError::Wrong => Self::Wrong,
            AgainError::CodeUsed => Self::CodeUsed,
            AgainError::Locked { seconds } => Self::Locked { seconds },
            AgainError::SignedOut => Self::SignedOut,
            AgainError::Password(fault) => Self::Password(fault),
            AgainError::Database(cause) => Self::Database(cause),
        }
    }
}

/// Components that were right, of this person, in this session, for one signature.
#[derive(Debug)]
pub struct Ready {
    pub(super) who: SignedIn,
    pub(super) again: Again,
    pub(super) meaning: Meaning,
    pub(super) place: String,
    pub(super) rules: super::SigningRules,
}

/// Compares the components. Failures are recorded; too many lock signing and end the session (R-ER-07).
///
/// # Errors
/// [`SigningError`] says what to do.
pub async fn check(
    audit: &Audit,
    door: &Door,
    who: &SignedIn,
    device: &Device,
    given: &Components,
) -> Result<Ready, SigningError> {
    let (on, now, rules) = (audit.db().read(), audit.clock().now(), &door.signing);
    signer(on, who.account_id).await?.may_sign(rules)?;
    let place = series::place(device);
    let open = series::open_until(on, who, &place, rules, now).await?;
    match (open, &given.password, &given.code) {
        (_, Some(_), Some(_)) => {}
        (None, ..) => return Err(SigningError::BothNeeded),
        (Some(_), None, None) => return Err(SigningError::Needed(given.meaning)),
        (Some(_), ..) => {}
    }
    let typed = Typed {
        password: given.password.as_ref(),
        code: given.code.as_ref(),
        recovery_too: false,
    };
    let again = prove_again(audit, door, who, typed, "signature.failed").await?;
    Ok(Ready {
        who: who.clone(),
        again,
        meaning: given.meaning,
        place,
        rules: rules.clone(),
    })
}
