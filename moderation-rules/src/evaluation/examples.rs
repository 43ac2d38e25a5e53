//! Every rule held to its own examples.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rate::Rate;
use crate::finding::{Family, Severity};
use crate::rule_set::RuleSet;
use crate::submission::Submission;

/// An example that a rule gets wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleFailure {
    /// Code of the rule.
    pub rule: String,
    /// The rule had to find the text and did not; otherwise it had to leave it alone and found it.
    pub missed: bool,
    /// The text.
    pub text: String,
    /// The words the rule found, where it should have found none.
    pub matched: Vec<String>,
}

/// The examples of one family.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Rules of the family.
    pub rules: usize,
    /// Texts to find that were found.
    pub found: usize,
    /// Texts to find that were missed.
    pub missed: usize,
    /// Texts to leave alone that were found.
    pub wrongly_found: usize,
    /// Texts to leave alone that were left alone.
    pub left_alone: usize,
    /// How many of the texts to find were held for each family.
    pub held_for: BTreeMap<Family, usize>,
}

impl Tally {
    /// Share of the texts to find that were found.
    #[must_use]
    pub fn recall(&self) -> Rate {
        Rate::new(self.found, self.found + self.missed)
    }

    /// Share of the texts to leave alone that were found.
    #[must_use]
    pub fn false_positives(&self) -> Rate {
        Rate::new(self.wrongly_found, self.wrongly_found + self.left_alone)
    }
}

/// What became of all examples.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExampleReport {
    /// How many there are.
    pub examples: usize,
    /// Those that are wrong, in the order of the rules.
    pub failures: Vec<ExampleFailure>,
    /// By family.
    pub families: BTreeMap<Family, Tally>,
}

/// Reads every example of every rule in the circumstances the rule gives for them. A rule finds a text where one of its
/// findings weighs more than a remark.
#[must_use]
pub fn test(rules: &RuleSet) -> ExampleReport {
    let mut report = ExampleReport::default();
    for rule in rules.rules() {
        let tally = report.families.entry(rule.family).or_default();
        tally.rules += 1;
        let hits = rule.examples.hits.iter().map(|text| (text, true));
        let misses = rule.examples.misses.iter().map(|text| (text, false));
        for (text, to_find) in hits.chain(misses) {
            report.examples += 1;
            let submission = Submission {
                title: None,
                body: text,
            };
            let screening = rules.screen(&submission, &rule.examples.context);
            let matched: Vec<String> = screening
                .findings
                .into_iter()
                .filter(|f| f.rule == rule.code && f.severity > Severity::Info)
                .map(|f| f.matched)
                .collect();
            let count = match (to_find, matched.is_empty()) {
                (true, false) => &mut tally.found,
                (true, true) => &mut tally.missed,
                (false, false) => &mut tally.wrongly_found,
                (false, true) => &mut tally.left_alone,
            };
            *count += 1;
            if to_find == matched.is_empty() {
                report.failures.push(ExampleFailure {
                    rule: rule.code.clone(),
                    missed: to_find,
                    text: text.clone(),
                    matched,
                });
            }
            if to_find {
                for family in screening.categories {
                    *tally.held_for.entry(family).or_default() += 1;
                }
            }
        }
    }
    report
}
