//! Which rules can hit at all, by the lexicons that did: the others cost nothing.

use super::LexiconId;
use super::condition::{Condition, Within};
use super::hits::Hits;

/// A rule needs one lexicon of each of so many sets, where its condition tells of as many.
const SETS: usize = 3;

/// By set: the sentences in which a rule has what it needs of it, as bits.
type Sentences = [u64; SETS];

/// Rules by the lexicons of which at least one must hit before the rule can.
#[derive(Default)]
pub(crate) struct Triggers {
    /// By lexicon: what needs it.
    by_lexicon: Vec<Vec<Use>>,
    /// By rule: every sentence for a set that it does without.
    always: Vec<Sentences>,
}

/// A rule needs a lexicon or another of a set.
struct Use {
    rule: u32,
    set: u8,
    /// It must stand in the sentence of the hit.
    tied: bool,
}

impl Triggers {
    /// Over the conditions of all rules, in their order.
    pub(crate) fn of<'a>(
        conditions: impl ExactSizeIterator<Item = &'a Condition>,
        lexicons: usize,
    ) -> Self {
        let mut by_lexicon: Vec<Vec<Use>> = Vec::new();
        by_lexicon.resize_with(lexicons, Vec::new);
        let mut always = Vec::with_capacity(conditions.len());
        for (rule, condition) in (0_u32..).zip(conditions) {
            let mut sets = needed(condition).into_iter();
            let mut without = [0; SETS];
            for (set, without) in (0_u8..).zip(&mut without) {
                let Some(needed) = sets.next() else {
                    *without = u64::MAX;
                    continue;
                };
                let tied = needed.tied;
                for lexicon in needed.lexicons {
                    if let Some(uses) = by_lexicon.get_mut(lexicon as usize) {
                        uses.push(Use { rule, set, tied });
                    }
                }
            }
            always.push(without);
        }
        Self { by_lexicon, always }
    }

    /// The rules that can hit, as indices in the order of the rules.
    pub(crate) fn rules(&self, hits: &Hits) -> Vec<u32> {
        let mut sets = self.always.clone();
        for lexicon in hits.lexicons() {
            let sentences = hits.sentences(*lexicon);
            let uses = self.by_lexicon.get(*lexicon as usize);
            for used in uses.into_iter().flatten() {
                let rule = sets.get_mut(used.rule as usize);
                if let Some(bits) = rule.and_then(|sets| sets.get_mut(used.set as usize)) {
                    let anywhere = if sentences == 0 { 0 } else { u64::MAX };
                    *bits |= if used.tied { sentences } else { anywhere };
                }
            }
        }
        let rules = (0_u32..).zip(sets);
        let can = rules.filter(|(_, sets)| sets.iter().fold(u64::MAX, |all, bits| all & bits) != 0);
        can.map(|(rule, _)| rule).collect()
    }
}

/// Lexicons of which one must hit.
#[derive(Clone)]
struct Needed {
    lexicons: Vec<LexiconId>,
    /// In the sentence of the hit.
    tied: bool,
}

/// Sets of lexicons, of each of which one must hit for the condition to hold; the smallest first.
fn needed(condition: &Condition) -> Vec<Needed> {
    let mut sets = match condition {
        Condition::Lexicons { lexicons, .. } => vec![Needed {
            lexicons: lexicons.clone(),
            tied: true,
        }],
        Condition::Near { left, right, .. } => [needed(left), needed(right)].concat(),
        Condition::All {
            first,
            rest,
            within,
            ..
        } => {
            // The thread may say the rest.
            let here = rest.iter().filter(|_| *within != Within::Thread);
            let mut rest: Vec<_> = here.flat_map(needed).collect();
            for needed in &mut rest {
                needed.tied &= *within == Within::Sentence;
            }
            [needed(first), rest].concat()
        }
        Condition::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(needed).collect();
            let fewest = parts.iter().map(Vec::len).min().unwrap_or_default();
            let joined = |set: usize| {
                let each = || parts.iter().filter_map(|sets| sets.get(set));
                Needed {
                    lexicons: each().flat_map(|n| n.lexicons.iter().copied()).collect(),
                    tied: each().all(|needed| needed.tied),
                }
            };
            (0..fewest).map(joined).collect()
        }
        Condition::Count { of, .. } => needed(of),
        _ => Vec::new(),
    };
    sets.sort_by_key(|needed| needed.lexicons.len());
    sets
}
