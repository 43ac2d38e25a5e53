//! Electronic signatures (21 CFR 11.50, 11.70, 11.100, 11.200; R-ER-03 to R-ER-07).
//!
//! A signature is one row that never changes: the canonical JSON of who signed what, when, and what it means. Its SHA-256 is
//! in the audit record of the same transaction, so that it cannot be cut out, copied to something else, or changed.
//!
//! INVARIANT: a signature is of the person whose session it is; no operation takes another account.
//! INVARIANT: the first signing of a series takes the password and a code; later ones in the same session at least one.
//! What breaks the series: time, sign-out, another session, another device, changed roles, a changed password, a changed
//! second factor, a lock.
//! INVARIANT: nobody signs whose identity another person has not verified, or who has not accepted that the signature binds.

mod certification;
mod check;
mod limits;
mod manifest;
mod meaning;
pub mod routes;
mod series;
mod sign;
mod signer;
mod status;
mod store;
#[cfg(test)]
mod tests;

pub use certification::{
    Certification, CertificationError, NewCertification, certifications, record_certification,
};
pub use check::{Components, Ready, SigningError, check};
pub use limits::SigningRules;
pub use manifest::Manifest;
pub use meaning::Meaning;
pub use series::end_series;
pub use sign::sign;
pub use signer::{Signer, VerifyError, accept_statement, signer, signers, verify_identity};
pub use status::{SigningStatus, status};
pub use store::{Signature, SignatureView, signature, signatures_in, signatures_of};
