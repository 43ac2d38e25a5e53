//! QUALITY: how well people and rules decide, in figures that are honest about small numbers.
//!
//! Nothing here changes what readers see. Figures are made of decisions that stand; a person is compared with another who
//! judged the same text again, a rule with what people made of its findings.

mod feed;
mod figures;
mod looks;
mod material;
mod owners;
mod rate;
mod routes;
mod rule;
#[cfg(test)]
mod tests;
mod verdicts;

pub use figures::RulePrecision;
pub use owners::Owners;
pub use rate::Rate;
pub use routes::routes;
pub use rule::{is_code, precision};
