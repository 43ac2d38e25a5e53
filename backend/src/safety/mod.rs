//! Adverse-event cases. A case is opened in the transaction that stores the text, whatever becomes of the text.
//!
//! INVARIANT: no decision, withdrawal or supersession of a post closes or removes its case (R-PV-01, R-PV-30).
//! INVARIANT: day 0 is the moment of posting: held text already stands on a medium of the company (R-PV-02).

mod case_view;
mod dispose;
mod disposition_routes;
mod entity;
mod open;
mod routes;
mod store;

pub use case_view::{AeEvidence, CriterionView, evidence_view};
pub use dispose::{Disposal, Disposition, DispositionError, NotAdverseEventReason, dispose};
pub use entity::safety_case::Model as SafetyCase;
pub use open::{SafetyCaseRow, case_row, keep, open};
pub use routes::routes;
pub use store::cases_of;
