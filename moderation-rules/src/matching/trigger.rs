//! Which rules can hit at all, and in which sentences, by the lexicons that did: the others cost nothing.

use super::LexiconId;
use super::condition::{Condition, Within};
use super::hits::Hits;

/// Rules by the lexicons of which at least one must hit before the rule can.
#[derive(Default)]
pub(crate) struct Triggers {
    /// By lexicon: where its rules begin in `rules`; one more than there are lexicons.
    begins: Vec<u32>,
    /// Rules that need a lexicon, or another of the smallest set of which they need one.
    rules: Vec<u32>,
    /// Rules that need none, as bits.
    always: Vec<u64>,
    /// By rule.
    needs: Vec<Need>,
}

impl Triggers {
    /// Over the conditions of all rules, in their order.
    pub(crate) fn of<'a>(
        conditions: impl ExactSizeIterator<Item = &'a Condition>,
        lexicons: usize,
    ) -> Self {
        let needs: Vec<Need> = conditions.map(need).collect();
        let mut always = vec![0_u64; needs.len().div_ceil(64)];
        let mut pairs: Vec<(LexiconId, u32)> = Vec::new();
        for (rule, need) in (0_u32..).zip(&needs) {
            match need.smallest() {
                Some(set) => pairs.extend(set.into_iter().map(|lexicon| (lexicon, rule))),
                None => mark(&mut always, rule),
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let begin = |lexicon: usize| pairs.partition_point(|(l, _)| (*l as usize) < lexicon) as u32;
        Self {
            begins: (0..=lexicons).map(begin).collect(),
            rules: pairs.iter().map(|(_, rule)| *rule).collect(),
            always,
            needs,
        }
    }

    /// The rules that may hit, as indices in the order of the rules.
    pub(crate) fn rules(&self, hits: &Hits<'_>) -> impl Iterator<Item = u32> {
        let mut marks = self.always.clone();
        for lexicon in hits.lexicons() {
            let mut bounds = self.begins.iter().skip(lexicon as usize);
            if let (Some(begin), Some(end)) = (bounds.next(), bounds.next()) {
                let rules = self.rules.get(*begin as usize..*end as usize);
                for rule in rules.unwrap_or_default() {
                    mark(&mut marks, *rule);
                }
            }
        }
        (0_u32..).zip(marks).flat_map(|(word, mut bits)| {
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some(word * 64 + bit)
            })
        })
    }

    /// The sentences in which a rule can hit, as bits.
    pub(crate) fn sentences(&self, rule: u32, hits: &Hits<'_>) -> u64 {
        let need = self.needs.get(rule as usize);
        need.map_or(u64::MAX, |need| need.sentences(hits))
    }
}

fn mark(bits: &mut [u64], rule: u32) {
    if let Some(word) = bits.get_mut(rule as usize / 64) {
        *word |= 1 << (rule % 64);
    }
}

/// What must have been found for a condition to hold, whatever is meant by it.
enum Need {
    /// Nothing that is known before the condition is asked.
    Open,
    Lexicon(LexiconId),
    Any(Vec<Need>),
    /// In one sentence; the cheapest first.
    All(Vec<Need>),
    /// In whichever sentence.
    Somewhere(Box<Need>),
}

impl Need {
    fn any(parts: impl Iterator<Item = Need>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Self::Open => return Self::Open,
                Self::Any(more) => all.extend(more),
                part => all.push(part),
            }
        }
        Self::Any(all)
    }

    fn all(parts: impl Iterator<Item = Need>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Self::Open => {}
                Self::All(more) => all.extend(more),
                part => all.push(part),
            }
        }
        all.sort_by_key(Self::size);
        if all.is_empty() {
            return Self::Open;
        }
        Self::All(all)
    }

    /// How many lexicons are asked for at most.
    fn size(&self) -> usize {
        match self {
            Self::Open => 0,
            Self::Lexicon(_) => 1,
            Self::Any(parts) | Self::All(parts) => parts.iter().map(Self::size).sum(),
            Self::Somewhere(part) => part.size(),
        }
    }

    /// The fewest lexicons of which one must hit, where there are any.
    fn smallest(&self) -> Option<Vec<LexiconId>> {
        match self {
            Self::Open => None,
            Self::Lexicon(lexicon) => Some(vec![*lexicon]),
            Self::Any(parts) => {
                let sets: Option<Vec<_>> = parts.iter().map(Self::smallest).collect();
                Some(sets?.concat())
            }
            Self::All(parts) => parts.iter().filter_map(Self::smallest).min_by_key(Vec::len),
            Self::Somewhere(part) => part.smallest(),
        }
    }

    fn sentences(&self, hits: &Hits<'_>) -> u64 {
        match self {
            Self::Open => u64::MAX,
            Self::Lexicon(lexicon) => hits.sentences(*lexicon),
            Self::Any(parts) => parts.iter().fold(0, |all, part| all | part.sentences(hits)),
            Self::All(parts) => {
                let mut left = u64::MAX;
                for part in parts {
                    left &= part.sentences(hits);
                    if left == 0 {
                        break;
                    }
                }
                left
            }
            Self::Somewhere(part) if part.sentences(hits) == 0 => 0,
            Self::Somewhere(_) => u64::MAX,
        }
    }
}

fn need(condition: &Condition) -> Need {
    match condition {
        Condition::Lexicons { lexicons, .. } => {
            let mut each = lexicons.iter().map(|lexicon| Need::Lexicon(*lexicon));
            match lexicons.len() {
                1 => each.next().unwrap_or(Need::Open),
                _ => Need::any(each),
            }
        }
        Condition::Near { left, right, .. } => Need::all([need(left), need(right)].into_iter()),
        Condition::All {
            first,
            rest,
            within,
            ..
        } => {
            let rest = rest.iter().map(|part| match (within, need(part)) {
                // The thread may say it.
                (Within::Thread, _) | (_, Need::Open) => Need::Open,
                (Within::Sentence, part) => part,
                (Within::Paragraph | Within::Text, part) => Need::Somewhere(Box::new(part)),
            });
            Need::all(std::iter::once(need(first)).chain(rest))
        }
        Condition::Any(parts) => Need::any(parts.iter().map(need)),
        Condition::Count { of, .. } => need(of),
        _ => Need::Open,
    }
}
