//! Questions that a reviewer puts to another desk before somebody decides: safety, medical, legal and regulatory. Each has
//! its own clock and stays on record with its answer.
//!
//! While a question is open its item is `referred`: nobody holds it and nobody judges. The last answer gives it back as it
//! was, and to whoever asked first. The deadline of the item runs on meanwhile.
//!
//! INVARIANT: a question is open as long as nothing ended it and its item is `referred`. When the author withdraws the
//! text or sends a newer one, that changes the state of the item, and so ends the question without a further row.
//! INVARIANT: the author of the text never learns that a question was asked, also not as a reviewer.
//! INVARIANT: nobody answers what they asked themselves.

mod answer;
mod ask;
mod entity;
mod field;
mod list;
mod question_view;
mod recall;
mod routes;
mod store;
mod view;

pub use ask::REFERRED_JOB;
pub use entity::referral::Model as Referral;
pub use entity::referral_answer::Model as ReferralAnswer;
pub use field::Field;
pub use routes::routes;
pub use store::{OpenQuestion, open_on, open_question, questions_due_by, referrals_in};
pub use view::{CardQuestion, ReferralView, card_questions, fields_to_ask, trail};
