//! One rule: what it says to people, who answers for it, and how precise it has been.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::figures::{RuleCount, RulePrecision};
use super::material::texts;
use crate::review::revisions_found_by;

/// Most texts that the precision of one rule is made of: the newest ones.
const MOST: u64 = 5_000;

/// Whether this is how codes of rules are written.
pub fn is_code(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=40).contains(&code.len()) && code.chars().all(plain)
}

/// How precise the rule of this code has been in these communities, or in all of them: over its newest texts.
pub async fn precision(
    on: &impl ConnectionTrait,
    communities: Option<&[Uuid]>,
    code: &str,
) -> Result<RulePrecision, DbErr> {
    let mut count = RuleCount::default();
    if is_code(code) {
        let revisions = revisions_found_by(on, communities, code, MOST).await?;
        for text in texts(on, &revisions).await? {
            let made = text.found.iter().find(|(found, _)| found.rule == code);
            if let Some((_, made)) = made {
                count.add(&text, *made, |_| true);
            }
        }
    }
    Ok(count.precision())
}
