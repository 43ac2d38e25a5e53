//! Why a text is not accepted.

use sea_orm::DbErr;

use super::draft::Fault;

/// Why a text was not accepted. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// There is no such place, or not for this author.
    #[error("there is nothing here, or nothing that you may write to")]
    NotFound,
    /// Fields were refused.
    #[error("fields were refused")]
    Invalid(Vec<Fault>),
    /// The reply would be nested too deep.
    #[error("replies end at level {0}; answer an earlier post of the thread")]
    TooDeep(i64),
    /// Too many in too short a time.
    #[error("that was quick; try again in {0} seconds, your text is not lost")]
    TooFast(u64),
    /// The key was used for another text.
    #[error("this idempotency key was used for another text; make a new key for a new text")]
    KeyReused,
    /// Another revision arrived in between.
    #[error("another version of this text arrived in between; open it again and apply your change")]
    Conflict,
    /// Too many wait.
    #[error("too many texts arrive just now; try again in a few seconds")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}
