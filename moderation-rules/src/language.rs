//! Texts in a language that no pack reads: silence of the rules would then say nothing.

use crate::matching::LexiconId;
use crate::matching::hits::Hits;
use crate::text::Text;

/// The name under which a language pack gives common words of other languages that are no words of its own.
pub(crate) const OTHER_LANGUAGE: &str = "other_language";

/// So many of them, and such a share of all words, make a text of another language.
const LEAST: usize = 3;
const ONE_IN: usize = 6;

/// Why the rules cannot judge the text, if it seems to be written in another language.
pub(crate) fn unread(text: &Text, hits: &Hits, words: Option<LexiconId>) -> Option<String> {
    let found = hits.of(words?).len();
    (found >= LEAST && found * ONE_IN >= text.tokens.len()).then(|| {
        "the text, or a part of it, seems to be in a language that the rules do not read; a person who does must read it whole"
            .to_owned()
    })
}
