//! From a terminology to the words the matcher looks for.

use super::{Term, Terminology};
use crate::matching::LexiconId;
use crate::matching::trie::Trie;
use crate::matching::vocabulary::WordId;
use crate::submission::Submission;
use crate::text::{Text, word_at};

/// The terminologies of a rule set, and which numbers their terms have in the matcher.
#[derive(Default)]
pub(crate) struct Terms {
    terminologies: Vec<(u32, Terminology)>,
}

impl Terms {
    /// A term by its number in the matcher, with its terminology.
    pub(super) fn get(&self, number: u32) -> Option<(&Terminology, &Term)> {
        let after = self
            .terminologies
            .partition_point(|(first, _)| *first <= number);
        let (first, terminology) = self.terminologies.get(after.checked_sub(1)?)?;
        let term = terminology.terms.get((number - first) as usize)?;
        Some((terminology, term))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Terminology> {
        self.terminologies.iter().map(|(_, t)| t)
    }
}

/// "Not otherwise specified" and "not elsewhere classified": nobody writes so.
const UNWRITTEN: [&[u8]; 2] = [b"nos", b"nec"];
/// Letters of the shortest name that is looked for; shorter ones are words of every language.
const SHORTEST: usize = 3;

/// Adds the names of a terminology to the trie, and to the lexicon that it joins.
pub(crate) fn add(
    trie: &mut Trie,
    terms: &mut Terms,
    terminology: Terminology,
    joins: Option<LexiconId>,
) {
    let first = terms
        .terminologies
        .last()
        .map_or(0, |(first, t)| first + t.terms.len() as u32);
    trie.reserve(terminology.terms.len());
    let mut words: Vec<WordId> = Vec::new();
    let mut later: Vec<(u32, Vec<WordId>)> = Vec::new();
    for (number, term) in (first..).zip(&terminology.terms) {
        words.clear();
        let cut = name_words(&term.name, trie, &mut words);
        if words.is_empty() {
            continue;
        }
        if cut {
            later.push((number, words.clone()));
        } else {
            trie.add_term(&words, number, first);
        }
        if let Some(lexicon) = joins {
            trie.add_words(&words, lexicon);
        }
    }
    // A name that is cut gives way to the term that has these words whole.
    for (number, words) in later {
        trie.add_term(&words, number, first);
    }
    terms.terminologies.push((first, terminology));
}

/// The words of a name as they stand in texts; says whether something was left out at the end.
fn name_words(name: &str, trie: &mut Trie, words: &mut Vec<WordId>) -> bool {
    let plain = |b: u8| {
        b.is_ascii()
            && !matches!(
                b,
                b'*' | b'_' | b'~' | b'`' | b'\\' | b'&' | b'%' | b'[' | b']'
            )
    };
    let mut letters = 0;
    let mut cut = false;
    let mut take = |word: &[u8], hash: u64, last: bool| {
        if last && letters > 0 && UNWRITTEN.contains(&word) {
            cut = true;
            return;
        }
        letters += word.len();
        words.push(trie.vocabulary.intern_hashed(hash, word));
    };
    if name.bytes().all(plain) {
        let lower = name.to_ascii_lowercase();
        let bytes = lower.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if !crate::text::is_word(byte) {
                at += 1;
                continue;
            }
            let word = word_at(bytes, at);
            take(
                bytes.get(at..word.end).unwrap_or_default(),
                word.hash,
                word.end == bytes.len(),
            );
            at = word.end;
        }
    } else {
        let text = Text::read(&Submission {
            title: None,
            body: name,
        });
        let count = text.tokens.len();
        for (index, token) in text.tokens.iter().enumerate() {
            let word = text
                .folded
                .lower
                .get(token.start as usize..token.end as usize);
            take(word.unwrap_or_default(), token.hash, index + 1 == count);
        }
    }
    if letters < SHORTEST {
        words.clear();
    }
    cut
}
