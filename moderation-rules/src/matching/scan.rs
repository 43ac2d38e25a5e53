//! All lexicons over one text, in three passes: phrases, word endings, patterns.

use super::pattern::Patterns;
use super::phrase::Trie;
use super::stem::Stems;
use super::{Hit, LexiconId};
use crate::text::Text;

/// Everything that packs look for, ready to run.
pub(crate) struct Matcher {
    pub trie: Trie,
    pub stems: Stems,
    pub patterns: Patterns,
    /// Lexicons whose hits strike out hits of another: (exception, struck).
    pub exceptions: Vec<(LexiconId, LexiconId)>,
    pub lexicons: usize,
}

/// The hits of one text, by lexicon, in the order of the text.
pub(crate) struct Hits {
    by_lexicon: Vec<Vec<Hit>>,
}

impl Hits {
    pub(crate) fn of(&self, lexicon: LexiconId) -> &[Hit] {
        self.by_lexicon
            .get(lexicon as usize)
            .map_or(&[], Vec::as_slice)
    }
}

impl Matcher {
    pub(crate) fn scan(&self, text: &Text) -> Hits {
        let mut by_lexicon: Vec<Vec<Hit>> = vec![Vec::new(); self.lexicons];
        let mut keep = |lexicon: LexiconId, hit: Hit| {
            if let Some(hits) = by_lexicon.get_mut(lexicon as usize) {
                hits.push(hit);
            }
        };
        self.trie.scan(text, &mut keep);
        self.stems.scan(text, &mut keep);
        self.patterns.scan(text, &mut keep);
        for hits in &mut by_lexicon {
            keep_longest(hits);
        }
        for (exception, struck) in &self.exceptions {
            let exceptions = by_lexicon
                .get_mut(*exception as usize)
                .map(std::mem::take)
                .unwrap_or_default();
            if exceptions.is_empty() {
                continue;
            }
            if let Some(hits) = by_lexicon.get_mut(*struck as usize) {
                hits.retain(|hit| {
                    let next = exceptions.partition_point(|e| e.end <= hit.start);
                    exceptions.get(next).is_none_or(|e| e.start >= hit.end)
                });
            }
        }
        Hits { by_lexicon }
    }
}

/// Sorts, and drops every hit that lies within another one.
fn keep_longest(hits: &mut Vec<Hit>) {
    if hits.len() < 2 {
        return;
    }
    hits.sort_unstable_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
    let mut reach = 0;
    hits.retain(|hit| {
        let fresh = hit.end > reach;
        reach = reach.max(hit.end);
        fresh
    });
}
