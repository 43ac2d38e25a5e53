//! QUEUE and DECISION: what waits, who holds it, what was decided.
//!
//! A claim is a lease: it runs out without heartbeats, and its fence (a number that grows with each claim) makes a
//! decision under an old lease fail. A decision names the revision hash and the rule-set hash it was made on.
//!
//! INVARIANT: one item, one decision (unique in the database); it is never changed.
//! INVARIANT: a note is never changed, and the author of the text never sees it.
//! INVARIANT: nobody decides on their own text, in a thread that they started, or where they declared an interest; and
//! nobody sees what people of another partner wrote.
//! INVARIANT: an item that looks at the desk itself changes nothing for readers, authors and the safety team.
//! INVARIANT: the words of a sealed text are read with a reason that is recorded first, or not at all.
//! INVARIANT: a possible adverse event has a disposition before there is a decision (R-PV-30).

mod actions;
mod assessments;
mod background;
mod background_routes;
mod blind;
mod bulk;
mod bulk_routes;
mod claim;
mod conflict;
mod counts;
mod decide;
mod derived;
mod derived_view;
mod desk_view;
mod disagreement;
mod dispose;
mod duplicate;
mod entity;
mod facts;
mod finding_view;
mod item_view;
mod judged;
mod kept_words;
mod net_impression;
mod next;
mod not_waiting;
mod notes;
mod notes_routes;
mod origin;
mod page;
mod particulars;
mod queue;
mod queue_routes;
mod referral;
mod reopening;
mod routes;
mod saved_views;
mod scope;
mod sealed;
mod sealed_routes;
mod search;
mod settle;
mod similarity;
mod skip;
mod store;
mod take_over;
#[cfg(test)]
mod tests;
mod undo;
mod views;
mod watch;

pub use assessments::{assessments, standing};
pub use derived::{Derived, DerivedText};
pub use derived_view::{Redaction, redactions, repeats};
pub use disagreement::{DISAGREEMENT_JOB, Disagreement, disagreement};
pub use entity::assessment::Model as Assessment;
pub use entity::decision::Model as Decision;
pub use entity::review_item::Model as ReviewItem;
pub use entity::rule_set::Model as StoredRuleSet;
pub use entity::screening::Model as StoredScreening;
pub use entity::sealed_reading::Model as SealedReading;
pub use finding_view::{AuthorFinding, FindingView, author_findings, finding_views};
pub use judged::{
    Judged, Repeatable, judged_between, judged_items, judged_on, repeatable, repeatable_between,
    revisions_found_by,
};
pub use kept_words::{KeptWords, SetWords};
pub use origin::Origin;
pub use particulars::{Misfit, Particulars, Span};
pub use referral::{
    Field, OpenQuestion, REFERRED_JOB, Referral, ReferralAnswer, open_question, questions_due_by,
    referrals_in,
};
pub use reopening::rescreening;
pub use reopening::{
    Appeal, MemberReport, Outcome, ReportReason, again, appeal_against, appeals_in, appeals_of,
    keep_appeal, keep_report, open_report_item, reports_in, screenings_of_words,
};
pub use routes::routes;
pub use sealed::{event_without_words, readable, sealed_readings};
pub use settle::{SETTLE_JOB, settle, settling};
pub use skip::bar;
pub use store::{
    Standing, decisions_of, keep, keep_rule_set, open, rule_sets, screenings, standing_of,
    stray_item, submitted_by, supersede, waiting_of, withdraw_item,
};
pub use watch::{DueItem, Waiting, due_by, waiting};
