//! All lexicons over one text, in three passes: phrases and terms, word endings, patterns.

use super::leet::Leet;
use super::pattern::Patterns;
use super::stem::Stems;
use super::trie::{Entry, Trie};
use super::{Hit, LexiconId};
use crate::text::Text;

/// Everything that packs look for, ready to run.
pub(crate) struct Matcher {
    pub trie: Trie,
    pub leet: Leet,
    pub stems: Stems,
    pub patterns: Patterns,
    /// Lexicons whose hits strike out hits of another: (exception, struck).
    pub exceptions: Vec<(LexiconId, LexiconId)>,
    /// How many lexicons there are.
    pub lexicons: usize,
}

/// The hits of one text, by lexicon, in the order of the text. Takes room only for lexicons that hit.
pub(crate) struct Hits {
    hits: Vec<Hit>,
    /// Where the hits of a lexicon begin and end.
    ranges: Vec<(u32, u32)>,
    touched: Vec<LexiconId>,
    /// Terms of terminologies, the longest at each place, in the order of the text.
    pub terms: Vec<(u32, Hit)>,
}

impl Hits {
    pub(crate) fn of(&self, lexicon: LexiconId) -> &[Hit] {
        let Some((start, end)) = self.ranges.get(lexicon as usize) else {
            return &[];
        };
        self.hits
            .get(*start as usize..*end as usize)
            .unwrap_or_default()
    }

    /// The lexicons that hit, in no order; some may have had all their hits struck out.
    pub(crate) fn lexicons(&self) -> &[LexiconId] {
        &self.touched
    }

    /// Sorts hits as they were found into those of each lexicon, without those that lie within another one.
    fn sorted(found: &[(LexiconId, Hit)], lexicons: usize) -> Self {
        let mut ranges = vec![(0_u32, 0_u32); lexicons];
        let mut touched = Vec::with_capacity(256);
        for (lexicon, _) in found {
            if let Some((_, count)) = ranges.get_mut(*lexicon as usize) {
                if *count == 0 {
                    touched.push(*lexicon);
                }
                *count += 1;
            }
        }
        let mut begin = 0;
        for lexicon in &touched {
            if let Some((start, end)) = ranges.get_mut(*lexicon as usize) {
                let count = *end;
                (*start, *end) = (begin, begin);
                begin += count;
            }
        }
        let nowhere = Hit {
            start: 0,
            end: 0,
            first: 0,
            last: 0,
            sentence: 0,
        };
        let mut hits = vec![nowhere; found.len()];
        let mut unsorted: Vec<LexiconId> = Vec::new();
        for (lexicon, hit) in found {
            let Some((start, end)) = ranges.get_mut(*lexicon as usize) else {
                continue;
            };
            if end > start
                && let Some(last) = hits.get_mut(*end as usize - 1)
            {
                // Phrases come by their starts, and most lexicons hit by phrases alone.
                if hit.start < last.start {
                    if unsorted.last() != Some(lexicon) {
                        unsorted.push(*lexicon);
                    }
                } else if hit.end <= last.end {
                    continue;
                } else if hit.start == last.start {
                    *last = *hit;
                    continue;
                }
            }
            if let Some(slot) = hits.get_mut(*end as usize) {
                *slot = *hit;
            }
            *end += 1;
        }
        let mut sorted = Self {
            hits,
            ranges,
            touched,
            terms: Vec::new(),
        };
        for lexicon in unsorted {
            sorted.shorten(lexicon, keep_longest);
        }
        sorted
    }

    /// Works on the hits of one lexicon and keeps as many as `keep` says.
    fn shorten(&mut self, lexicon: LexiconId, keep: impl FnOnce(&mut [Hit]) -> usize) {
        if let Some((start, end)) = self.ranges.get_mut(lexicon as usize)
            && let Some(hits) = self.hits.get_mut(*start as usize..*end as usize)
        {
            *end = *start + keep(hits) as u32;
        }
    }
}

impl Matcher {
    pub(crate) fn scan(&self, text: &Text) -> Hits {
        let mut found: Vec<(LexiconId, Hit)> = Vec::with_capacity(text.tokens.len());
        let mut terms: Vec<(u32, Hit)> = Vec::new();
        let words = self.trie.vocabulary.read(text);
        self.trie
            .scan(&text.tokens, &words, |entry, hit| match entry {
                Entry::Lexicon(lexicon) => found.push((lexicon, hit)),
                Entry::Term(term) => terms.push((term, hit)),
            });
        let mut keep = |lexicon: LexiconId, hit: Hit| found.push((lexicon, hit));
        self.leet.scan(&self.trie, text, &words, &mut keep);
        self.stems.scan(text, &mut keep);
        self.patterns.scan(text, &mut found);
        let mut hits = Hits::sorted(&found, self.lexicons);
        for (exception, struck) in &self.exceptions {
            if hits.of(*exception).is_empty() || hits.of(*struck).is_empty() {
                continue;
            }
            let exceptions = hits.of(*exception).to_vec();
            hits.shorten(*struck, |hits| {
                retain(hits, |hit| {
                    let next = exceptions.partition_point(|e| e.end <= hit.start);
                    exceptions.get(next).is_none_or(|e| e.start >= hit.end)
                })
            });
        }
        hits.terms = longest_terms(terms);
        hits
    }
}

/// Sorts, and drops every hit that lies within another one.
fn keep_longest(hits: &mut [Hit]) -> usize {
    hits.sort_unstable_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
    let mut reach = 0;
    retain(hits, |hit| {
        let fresh = hit.end > reach;
        reach = reach.max(hit.end);
        fresh
    })
}

/// Moves those to keep to the front, and says how many they are.
fn retain(hits: &mut [Hit], mut keep: impl FnMut(&Hit) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..hits.len() {
        if hits.get(at).is_some_and(&mut keep) {
            hits.swap(kept, at);
            kept += 1;
        }
    }
    kept
}

/// Several terms may have the same words; a term within a longer one says less.
fn longest_terms(mut terms: Vec<(u32, Hit)>) -> Vec<(u32, Hit)> {
    terms.sort_unstable_by_key(|(term, h)| (h.start, std::cmp::Reverse(h.end), *term));
    let mut reach = 0;
    let mut longest = (0, 0);
    terms.retain(|(_, hit)| {
        let fresh = hit.end > reach || (hit.start, hit.end) == longest;
        if hit.end > reach {
            longest = (hit.start, hit.end);
        }
        reach = reach.max(hit.end);
        fresh
    });
    terms
}
