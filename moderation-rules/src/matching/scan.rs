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

    /// Sorts hits as they were found into those of each lexicon.
    fn sorted(found: &[(LexiconId, Hit)], lexicons: usize) -> Self {
        let mut ranges = vec![(0_u32, 0_u32); lexicons];
        let mut touched = Vec::with_capacity(32);
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
        for (lexicon, hit) in found {
            if let Some((_, end)) = ranges.get_mut(*lexicon as usize) {
                if let Some(slot) = hits.get_mut(*end as usize) {
                    *slot = *hit;
                }
                *end += 1;
            }
        }
        Self {
            hits,
            ranges,
            touched,
            terms: Vec::new(),
        }
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
        for at in 0..hits.touched.len() {
            if let Some(lexicon) = hits.touched.get(at).copied() {
                hits.shorten(lexicon, keep_longest);
            }
        }
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
    if hits.len() < 2 {
        return hits.len();
    }
    // Phrases come by their starts, and most lexicons hit by phrases alone.
    if !hits.is_sorted_by_key(|hit| hit.start) {
        hits.sort_unstable_by_key(|hit| hit.start);
    }
    let (mut kept, mut reach) = (0_usize, 0);
    for at in 0..hits.len() {
        let Some(hit) = hits.get(at).copied().filter(|hit| hit.end > reach) else {
            continue;
        };
        reach = hit.end;
        // A shorter one that begins at the same place lies within it.
        let before = kept.checked_sub(1).and_then(|last| hits.get(last));
        if before.is_some_and(|before| before.start == hit.start) {
            kept -= 1;
        }
        if let Some(slot) = hits.get_mut(kept) {
            *slot = hit;
        }
        kept += 1;
    }
    kept
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
