//! Word endings, above all the INN stems of non-proprietary drug names.

use super::hits::Found;
use super::{Hit, LexiconId};
use crate::text::Text;

/// A stem needs a word of at least this many letters around it: "mab" alone is no drug.
const LETTERS_BEFORE: usize = 2;

/// Endings by their last two letters, so that nearly every word is passed over with one look.
#[derive(Default)]
pub(crate) struct Stems {
    by_end: Vec<Vec<(Vec<u8>, LexiconId)>>,
}

/// Letters differ in their low five bits.
fn bucket(a: u8, b: u8) -> usize {
    (a as usize & 31) << 5 | (b as usize & 31)
}

impl Stems {
    /// Adds an ending such as `tinib`, or says what is wrong with it.
    pub(crate) fn add(&mut self, stem: &str, lexicon: LexiconId) -> Result<(), String> {
        let letters = stem.strip_prefix('-').unwrap_or(stem).as_bytes();
        let (Some(a), Some(b)) = (letters.iter().rev().nth(1), letters.last()) else {
            return Err("a stem needs at least three letters".to_owned());
        };
        if letters.len() < 3 || !letters.iter().all(u8::is_ascii_lowercase) {
            return Err("a stem needs at least three letters, all of them lower case".to_owned());
        }
        self.by_end.resize_with(1 << 10, Vec::new);
        if let Some(stems) = self.by_end.get_mut(bucket(*a, *b)) {
            stems.push((letters.to_vec(), lexicon));
        }
        Ok(())
    }

    pub(super) fn scan(&self, text: &Text, found: &mut Found) {
        if self.by_end.is_empty() {
            return;
        }
        for (index, token) in text.tokens.iter().enumerate() {
            if token.end - token.start < 6 {
                continue;
            }
            let Some(word) = text
                .folded
                .lower
                .get(token.start as usize..token.end as usize)
            else {
                continue;
            };
            let [.., a, b] = word else { continue };
            let Some(stems) = self.by_end.get(bucket(*a, *b)) else {
                continue;
            };
            for (stem, lexicon) in stems {
                if word.len() >= stem.len() + LETTERS_BEFORE && word.ends_with(stem) {
                    found.add(
                        std::iter::once(*lexicon),
                        Hit {
                            start: token.start,
                            end: token.end,
                            first: index as u32,
                            last: index as u32,
                            sentence: token.sentence,
                        },
                    );
                }
            }
        }
    }
}
