//! Rules held to texts whose truth is known: their own examples, judged rows, and another rule set.
//!
//! All of it is pure, as the engine is: whoever calls brings the texts and prints the outcome.

mod answer;
mod bench;
mod diff;
mod examples;
mod rate;
mod record;
mod score;
mod truth;
mod wrong;

pub use answer::{Answer, Case, Coded, Criteria, Located, Rests, Words};
pub use bench::{Pace, bench};
pub use diff::{Changed, Difference, ListChange, Moved, Sample, Shift, Side, diff};
pub use examples::{ExampleFailure, ExampleReport, Tally, test};
pub use rate::Rate;
pub use record::{Record, RecordId, RecordProduct};
pub use score::{FamilyScore, FlagScore, Group, Score, score};
pub use truth::{PredictedCase, PredictedFinding, Prediction, Row, Span, TruthRow, Twice};
pub use wrong::{Mistake, wrong};
