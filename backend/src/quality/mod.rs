//! QUALITY: how well people and rules decide, in figures that are honest about small numbers.
//!
//! INVARIANT: nothing here changes what readers see, what an author is told, or a safety case.
//! INVARIANT: a seed is committed to in the log before a decision is drawn with it, and nobody sees it before its month ends.
//!
//! Figures are made of decisions that stand; a person is compared with another who
//! judged the same text again, a rule with what people made of its findings.

mod draw;
mod entity;
mod feed;
mod figures;
mod golden;
mod golden_routes;
mod looks;
mod material;
mod owners;
mod rate;
mod rounds;
mod routes;
mod rule;
mod sampling;
mod store;
mod tell;
#[cfg(test)]
mod tests;
mod verdicts;

pub use figures::RulePrecision;
pub use owners::Owners;
pub use rate::Rate;
pub use rounds::Rounds;
pub use routes::routes;
pub use rule::{is_code, precision};
pub use store::{GoldenText, Sample, SampleSeed, golden_texts, samples, seeds};
