//! Which rules can hit at all, by the lexicons that did: the others cost nothing.

use super::LexiconId;
use super::condition::Condition;
use super::scan::Hits;

/// Rules by the lexicons of which at least one must hit before the rule can.
#[derive(Default)]
pub(crate) struct Triggers {
    by_lexicon: Vec<Vec<u32>>,
    /// Rules that may hit without any lexicon, as bits.
    always: Vec<u64>,
}

impl Triggers {
    /// Over the conditions of all rules, in their order.
    pub(crate) fn of<'a>(
        conditions: impl ExactSizeIterator<Item = &'a Condition>,
        lexicons: usize,
    ) -> Self {
        let mut triggers = Self {
            by_lexicon: vec![Vec::new(); lexicons],
            always: vec![0; conditions.len().div_ceil(64)],
        };
        for (rule, condition) in (0_u32..).zip(conditions) {
            match needed(condition) {
                Some(lexicons) => {
                    for lexicon in lexicons {
                        if let Some(rules) = triggers.by_lexicon.get_mut(lexicon as usize) {
                            rules.push(rule);
                        }
                    }
                }
                None => mark(&mut triggers.always, rule),
            }
        }
        triggers
    }

    /// The rules that can hit, as indices in the order of the rules.
    pub(crate) fn rules(&self, hits: &Hits) -> Vec<u32> {
        let mut bits = self.always.clone();
        for lexicon in hits.lexicons() {
            for rule in self.by_lexicon.get(*lexicon as usize).into_iter().flatten() {
                mark(&mut bits, *rule);
            }
        }
        let mut rules = Vec::with_capacity(32);
        for (word, first) in bits.into_iter().zip((0_u32..).step_by(64)) {
            let mut rest = word;
            while rest != 0 {
                rules.push(first + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        rules
    }
}

fn mark(bits: &mut [u64], rule: u32) {
    if let Some(word) = bits.get_mut(rule as usize / 64) {
        *word |= 1 << (rule % 64);
    }
}

/// Lexicons of which one must hit for the condition to hold; `None` where it can hold without any.
fn needed(condition: &Condition) -> Option<Vec<LexiconId>> {
    match condition {
        Condition::Lexicons { lexicons, .. } => Some(lexicons.clone()),
        Condition::Near { left, right, .. } => needed(left).or_else(|| needed(right)),
        Condition::All { first, .. } => needed(first),
        Condition::Any(parts) => {
            let sets: Option<Vec<_>> = parts.iter().map(needed).collect();
            sets.map(|sets| sets.concat())
        }
        Condition::Count { of, .. } => needed(of),
        _ => None,
    }
}
