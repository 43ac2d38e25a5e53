//! All lexicons over one text, in three passes: phrases and terms, word endings, patterns.

use super::hits::{Hits, Rooms};
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
    pub rooms: Rooms,
}

impl Matcher {
    pub(crate) fn scan(&self, text: &Text) -> Hits<'_> {
        let mut found = self.rooms.take(self.lexicons);
        let mut terms: Vec<(u32, Hit)> = Vec::new();
        let words = self.trie.vocabulary.read(text);
        self.trie.scan(&text.tokens, &words, |ends, hit| {
            let lexicons = ends.iter().filter_map(|entry| match entry {
                Entry::Lexicon(lexicon) => Some(*lexicon),
                Entry::Term(term) => {
                    terms.push((*term, hit));
                    None
                }
            });
            found.add(lexicons, hit);
        });
        self.leet.scan(&self.trie, text, &words, &mut found);
        self.stems.scan(text, &mut found);
        self.patterns.scan(text, &mut found);
        let mut hits = Hits::of_found(found, longest_terms(terms));
        for (exception, struck) in &self.exceptions {
            hits.strike(*struck, *exception);
        }
        hits
    }
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
