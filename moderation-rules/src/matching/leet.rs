//! Words in leetspeak, drawn out or spelled out: `1d10t`, `$cam`, `idiooot`, `i d i o t`.
//!
//! Only for lexicons that ask for it, and only for their words: a dose is no insult. Text without a suspicious word costs
//! two looks a word.

use super::hits::Found;
use super::vocabulary::{ByHash, UNKNOWN, WordId};
use super::{Hit, LexiconId};
use crate::matching::trie::{Entry, Trie};
use crate::text::{Text, Token};

/// Shorter words are too often something else.
const SHORTEST: usize = 3;
/// Drawn-out and spelled-out words must be longer.
const SHORTEST_PLAIN: usize = 4;
const LONGEST: usize = 24;

/// Whether a sign stands for a letter within a word.
fn is_sign(byte: u8) -> bool {
    matches!(byte, b'@' | b'$' | b'!' | b'|' | b'+')
}

/// Letters and signs that are drawn alike have one key.
fn key(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' | b'l' => b'i',
        b'2' => b'z',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' | b'+' => b't',
        b'8' => b'b',
        b'9' | b'6' => b'g',
        other => other,
    }
}

/// Hashes of the keys of a word: as it is, and with every letter that is repeated only once.
struct Keys {
    plain: u64,
    single: u64,
    letters: usize,
    /// A letter stands three times in a row.
    drawn_out: bool,
    /// There is a digit or a sign among letters.
    coded: bool,
}

fn keys(word: impl Iterator<Item = u8>) -> Keys {
    let (mut plain, mut single) = (0x51ed_270b_u64, 0x2545_f491_u64);
    let (mut before, mut times, mut count) = (0_u8, 0, 0);
    let (mut letter, mut sign, mut drawn_out) = (false, false, false);
    for byte in word {
        count += 1;
        letter |= byte.is_ascii_lowercase();
        sign |= byte.is_ascii_digit() || is_sign(byte);
        let key = key(byte);
        plain = (plain ^ u64::from(key)).wrapping_mul(0x0100_0000_01b3);
        if key != before {
            single = (single ^ u64::from(key)).wrapping_mul(0x0100_0000_01b3);
            times = 0;
        }
        times += 1;
        drawn_out |= times > 2;
        before = key;
    }
    Keys {
        plain,
        single,
        letters: count,
        drawn_out,
        coded: letter && sign,
    }
}

/// The words and lexicons that leetspeak is read for.
#[derive(Default)]
pub(crate) struct Leet {
    words: ByHash<WordId>,
    lexicons: Vec<LexiconId>,
}

/// A stretch of a text that is a word in disguise, by its bytes and its tokens.
struct Disguised {
    start: u32,
    end: u32,
    first: usize,
    last: usize,
    word: WordId,
}

impl Leet {
    /// A word of a lexicon that asks for it.
    pub(crate) fn word(&mut self, word: &[u8], id: WordId) {
        let keys = keys(word.iter().copied().filter(|b| *b != b'\''));
        if (SHORTEST..=LONGEST).contains(&keys.letters) {
            self.words.insert(keys.plain, id);
        }
        if (SHORTEST_PLAIN..=LONGEST).contains(&keys.letters) {
            self.words.insert(keys.single, id);
        }
    }

    pub(crate) fn lexicon(&mut self, lexicon: LexiconId) {
        self.lexicons.push(lexicon);
    }

    /// Reports the hits that words in disguise make; `words` are the numbers of the tokens.
    pub(super) fn scan(&self, trie: &Trie, text: &Text, words: &[WordId], found: &mut Found) {
        if self.words.is_empty() {
            return;
        }
        let disguised = self.disguised(text, words);
        if disguised.is_empty() {
            return;
        }
        // The text once more, with each of them as one word.
        let (mut tokens, mut numbers) = (Vec::new(), Vec::new());
        let mut at = 0;
        for word in &disguised {
            tokens.extend_from_slice(text.tokens.get(at..word.first).unwrap_or_default());
            numbers.extend_from_slice(words.get(at..word.first).unwrap_or_default());
            if let Some(token) = text.tokens.get(word.first) {
                tokens.push(Token {
                    start: word.start,
                    end: word.end,
                    ..*token
                });
                numbers.push(word.word);
            }
            at = word.last + 1;
        }
        tokens.extend_from_slice(text.tokens.get(at..).unwrap_or_default());
        numbers.extend_from_slice(words.get(at..).unwrap_or_default());
        trie.scan(&tokens, &numbers, |ends, hit| {
            let next = disguised.partition_point(|word| word.end <= hit.start);
            let meets = disguised.get(next).is_some_and(|word| word.start < hit.end);
            let Some((first, last)) = text.tokens_at(hit.start, hit.end).filter(|_| meets) else {
                return;
            };
            let asked = ends.iter().filter_map(|entry| match entry {
                Entry::Lexicon(lexicon) => Some(*lexicon),
                Entry::Term(_) => None,
            });
            let asked = asked.filter(|lexicon| self.lexicons.contains(lexicon));
            found.add(asked, Hit { first, last, ..hit });
        });
    }

    /// The words in disguise, in the order of the text.
    fn disguised(&self, text: &Text, words: &[WordId]) -> Vec<Disguised> {
        let lower = text.folded.lower.as_slice();
        let byte = |at: usize| lower.get(at).copied().unwrap_or(b' ');
        let mut disguised: Vec<Disguised> = Vec::new();
        let mut spelled = 0;
        let mut skip = 0;
        for (index, token) in text.tokens.iter().enumerate() {
            let (mut start, mut end) = (token.start as usize, token.end as usize);
            let near = text.tokens.get(index.wrapping_sub(1));
            let follows =
                near.is_some_and(|t| t.end + 2 >= token.start && t.sentence == token.sentence);
            spelled = match end - start {
                1 if spelled == 0 || follows => spelled + 1,
                1 => 1,
                _ => 0,
            };
            if spelled >= SHORTEST_PLAIN
                && let Some(word) = self.spelled(text, index, spelled)
            {
                disguised.retain(|d| d.last < word.first);
                disguised.push(word);
                spelled = 0;
                skip = index + 1;
                continue;
            }
            if index < skip {
                continue;
            }
            let signed = is_sign(byte(end)) && byte(end + 1).is_ascii_alphanumeric();
            let opened = start > 0
                && is_sign(byte(start - 1))
                && !byte(start.wrapping_sub(2)).is_ascii_alphanumeric();
            if !signed && !opened && words.get(index) != Some(&UNKNOWN) {
                continue;
            }
            while start > 0 && is_sign(byte(start - 1)) {
                start -= 1;
            }
            let mut last = index;
            while is_sign(byte(end)) {
                let next = (end..).take_while(|at| is_sign(byte(*at))).count() + end;
                match text
                    .tokens
                    .get(last + 1)
                    .filter(|t| t.start as usize == next)
                {
                    Some(token) => {
                        end = token.end as usize;
                        last += 1;
                    }
                    None => break,
                }
            }
            let bytes = lower.get(start..end).unwrap_or_default();
            if bytes.len() > 2 * LONGEST {
                continue;
            }
            let keys = keys(bytes.iter().copied().filter(|b| *b != b'\''));
            let word = match (keys.drawn_out, keys.coded) {
                (true, _) => self.words.get(&keys.single),
                (false, true) => self.words.get(&keys.plain),
                (false, false) => None,
            };
            if let Some(word) = word {
                disguised.push(Disguised {
                    start: start as u32,
                    end: end as u32,
                    first: index,
                    last,
                    word: *word,
                });
                skip = last + 1;
            }
        }
        disguised
    }

    /// A word whose letters stand apart, the last of them at `index`; the longest of at most `letters`.
    fn spelled(&self, text: &Text, index: usize, letters: usize) -> Option<Disguised> {
        let longest = letters.min(LONGEST);
        (SHORTEST_PLAIN..=longest).rev().find_map(|letters| {
            let first = index + 1 - letters;
            let tokens = text.tokens.get(first..=index)?;
            let bytes = tokens.iter();
            let bytes = bytes.filter_map(|t| text.folded.lower.get(t.start as usize).copied());
            let word = *self.words.get(&keys(bytes).plain)?;
            Some(Disguised {
                start: tokens.first()?.start,
                end: tokens.last()?.end,
                first,
                last: index,
                word,
            })
        })
    }
}
