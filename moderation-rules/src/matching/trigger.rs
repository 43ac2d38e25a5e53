//! Which rules can hit at all, by the lexicons that did: the others cost nothing.

use super::LexiconId;
use super::condition::{Condition, Within};
use super::hits::Hits;

/// A rule needs one lexicon of each of so many sets, where its condition tells of as many.
const SETS: usize = 2;

/// Rules by the lexicons of which at least one must hit before the rule can.
#[derive(Default)]
pub(crate) struct Triggers {
    /// By lexicon: rules that need it or another of a set, and which of their sets that is.
    by_lexicon: Vec<Vec<(u32, u8)>>,
    /// By set: rules that do without it, as bits.
    always: [Vec<u64>; SETS],
}

impl Triggers {
    /// Over the conditions of all rules, in their order.
    pub(crate) fn of<'a>(
        conditions: impl ExactSizeIterator<Item = &'a Condition>,
        lexicons: usize,
    ) -> Self {
        let mut triggers = Self {
            by_lexicon: vec![Vec::new(); lexicons],
            always: [(); SETS].map(|()| vec![0; conditions.len().div_ceil(64)]),
        };
        for (rule, condition) in (0_u32..).zip(conditions) {
            let mut sets = needed(condition).into_iter();
            for (set, always) in (0_u8..).zip(&mut triggers.always) {
                let Some(lexicons) = sets.next() else {
                    mark(always, rule);
                    continue;
                };
                for lexicon in lexicons {
                    if let Some(rules) = triggers.by_lexicon.get_mut(lexicon as usize) {
                        rules.push((rule, set));
                    }
                }
            }
        }
        triggers
    }

    /// The rules that can hit, as indices in the order of the rules.
    pub(crate) fn rules(&self, hits: &Hits) -> Vec<u32> {
        let mut sets = self.always.clone();
        for lexicon in hits.lexicons() {
            let rules = self.by_lexicon.get(*lexicon as usize);
            for (rule, set) in rules.into_iter().flatten() {
                if let Some(bits) = sets.get_mut(*set as usize) {
                    mark(bits, *rule);
                }
            }
        }
        let [one, other] = sets;
        let mut rules = Vec::with_capacity(64);
        for ((one, other), first) in one.into_iter().zip(other).zip((0_u32..).step_by(64)) {
            let word = one & other;
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

/// Sets of lexicons, of each of which one must hit for the condition to hold; the smallest first.
fn needed(condition: &Condition) -> Vec<Vec<LexiconId>> {
    let mut sets = match condition {
        Condition::Lexicons { lexicons, .. } => vec![lexicons.clone()],
        Condition::Near { left, right, .. } => [needed(left), needed(right)].concat(),
        Condition::All {
            first,
            rest,
            within,
            ..
        } => {
            // The thread may say the rest.
            let here = rest.iter().filter(|_| *within != Within::Thread);
            let rest: Vec<_> = here.flat_map(needed).collect();
            [needed(first), rest].concat()
        }
        Condition::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(needed).collect();
            let fewest = parts.iter().map(Vec::len).min().unwrap_or_default();
            let joined = |set: usize| parts.iter().filter_map(move |sets| sets.get(set)).flatten();
            let joined = (0..fewest).map(|set| joined(set).copied().collect());
            joined.collect()
        }
        Condition::Count { of, .. } => needed(of),
        _ => Vec::new(),
    };
    sets.sort_by_key(Vec::len);
    sets
}
