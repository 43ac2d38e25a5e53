//! Texts in a language that no pack reads: silence of the rules would then say nothing.

use std::sync::LazyLock;

use crate::context::Context;
use crate::matching::LexiconId;
use crate::matching::hits::Hits;
use crate::matching::vocabulary::{ByHash, Vocabulary};
use crate::submission::Submission;
use crate::text::{Gap, Text, Token, word_hash};

/// The name under which a language pack gives common words of other languages that are no words of its own.
pub(crate) const OTHER_LANGUAGE: &str = "other_language";

/// So many of them, and such a share of all words, make a text of another language.
const LEAST: usize = 3;
const ONE_IN: usize = 6;

/// Fewer letters of another script are a sign, a unit or a quoted word.
const LETTERS: usize = 6;

/// A shorter paragraph may do without any common word.
const WORDS: usize = 12;

/// Common words of English that other languages do not write: even the tersest note has one among so many words.
const ONE_OWN_IN: usize = 12;
const OWN: &str = "
about after again all an and any anyone are because bad been before being both but can could day days did does dont down during each
every feel feeling first for from get good got had has have her here his how im into it its ive just last like many month
months more morning most much new next night not now of once one only other our out patient patients please should since
some started still stopped take taking than thank thanks that the their them then there these they this those time to today took
twice two until up very was week weekly weeks well were what when where which while who why will with without work would
year years yes yesterday you your
";

/// Common words of English that are also words of other languages: three of them say as much as one of its own.
const SHARED: &str =
    "a am as at be by do go he i if in is may me my no off old on or over per she so too us we";
const SHARED_FOR_OWN: usize = 3;

/// Longer words are seldom words of two languages.
const LONG: u32 = 3;

/// Whether a word of a list is English only.
static COMMON: LazyLock<ByHash<bool>> = LazyLock::new(|| {
    let list = |words: &'static str, own: bool| {
        let words = words.split_ascii_whitespace();
        words.map(move |word| (word_hash(word.as_bytes()), own))
    };
    list(OWN, true).chain(list(SHARED, false)).collect()
});

/// Why the rules cannot judge the text, if it is said or seems to be written in another language.
pub(crate) fn unread(
    submission: &Submission<'_>,
    context: &Context,
    text: &Text,
    hits: &Hits<'_>,
    words: Option<LexiconId>,
    vocabulary: &Vocabulary,
) -> Option<String> {
    if !is_english(&context.language) {
        return Some(format!(
            "the text is said to be in the language `{}`, which the rules do not read; a person who does must read it whole",
            context.language
        ));
    }
    let foreign = words.is_some_and(|words| {
        let found = hits.of(words).len();
        found >= LEAST && found * ONE_IN >= text.tokens.len()
    });
    let title = submission.title.unwrap_or_default();
    (foreign
        || in_other_script(title)
        || in_other_script(submission.body)
        || without_english(text, vocabulary))
    .then(|| {
        "the text, or a part of it, seems to be in a language that the rules do not read; a person who does must read it whole"
            .to_owned()
    })
}

/// Whether a BCP 47 tag means English, or nothing: who does not know the language writes none, or `und`.
fn is_english(tag: &str) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
    ["", "en", "eng", "und"]
        .iter()
        .any(|known| primary.eq_ignore_ascii_case(known))
}

/// Whether the larger part of the letters of a paragraph is not Latin.
fn in_other_script(text: &str) -> bool {
    // Nearly every text: nothing to count, for such a letter has two bytes or more.
    if text.bytes().filter(|byte| !byte.is_ascii()).count() < 2 * LETTERS {
        return false;
    }
    let (mut latin, mut other) = (0_usize, 0_usize);
    for line in text.lines() {
        if line.trim().is_empty() {
            if other >= LETTERS && other > latin {
                return true;
            }
            (latin, other) = (0, 0);
        }
        for c in line.chars().filter(|c| c.is_alphabetic()) {
            if is_latin(c) {
                latin += 1;
            } else {
                other += 1;
            }
        }
    }
    other >= LETTERS && other > latin
}

/// Whether a letter is Latin, or a Latin letter in the dress of a sign.
fn is_latin(c: char) -> bool {
    matches!(c,
        '\0'..='\u{02FF}' | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2000}'..='\u{2BFF}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB6F}' | '\u{FB00}'..='\u{FB06}'
        | '\u{FF21}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F1FF}')
}

/// Whether a paragraph of running text has practically none of the common words of English.
fn without_english(text: &Text, vocabulary: &Vocabulary) -> bool {
    let tokens = text.tokens.as_slice();
    if tokens.len() < WORDS {
        return false;
    }
    let (mut from, mut own, mut shared, mut before) = (0, 0, 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        if parts_paragraphs(text, before, token.start) {
            let paragraph = tokens.get(from..at).unwrap_or_default();
            if is_foreign(text, vocabulary, paragraph, own, shared) {
                return true;
            }
            (from, own, shared) = (at, 0, 0);
        }
        before = token.end;
        match COMMON.get(&token.hash) {
            Some(true) => own += 1,
            Some(false) => shared += 1,
            None => {}
        }
    }
    let paragraph = tokens.get(from..).unwrap_or_default();
    is_foreign(text, vocabulary, paragraph, own, shared)
}

/// Whether there is an empty line in a gap between two words.
fn parts_paragraphs(text: &Text, start: u32, end: u32) -> bool {
    end > start + 1
        && text
            .folded
            .lower
            .get(start as usize..end as usize)
            .is_some_and(|gap| gap.iter().filter(|b| **b == b'\n').count() > 1)
}

fn is_foreign(
    text: &Text,
    vocabulary: &Vocabulary,
    words: &[Token],
    own: usize,
    shared: usize,
) -> bool {
    let count = words.len();
    if count < WORDS || own * ONE_OWN_IN >= count || own * SHARED_FOR_OWN + shared >= count / 4 {
        return false;
    }
    // Names, lists, findings and abbreviations of a note are no sentences: commas, digits and capitals stand between them.
    let mut before = words.first().map_or(0, |token| token.start);
    let mut running = 0;
    for token in words {
        running += usize::from(runs_on(text, token, before));
        before = token.end;
    }
    // Words of the packs: terse English, such as the findings of a note. Short ones are words of any language.
    let long: Vec<&Token> = words.iter().filter(|t| t.end - t.start > LONG).collect();
    let known = long.iter().filter(|t| vocabulary.knows(t.hash)).count();
    running * 4 >= count * 3 && known * 2 <= long.len()
}

/// Whether a token is a word with nothing but space before it: no number, letter by itself or word in capitals.
fn runs_on(text: &Text, token: &Token, before: u32) -> bool {
    let folded = |start: u32, end: u32| {
        let bytes = text.folded.cased.get(start as usize..end as usize);
        bytes.unwrap_or_default()
    };
    let (word, gap) = (folded(token.start, token.end), folded(before, token.start));
    let abbreviated = word.iter().all(u8::is_ascii_uppercase);
    word.len() > 1
        && !abbreviated
        && !word.iter().any(u8::is_ascii_digit)
        && !token.gap.has(Gap::COMMA | Gap::TURN)
        && gap.iter().all(u8::is_ascii_whitespace)
}
