//! Words: stretches of letters and digits, with what stands in the gap before them.

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gap(pub u8);

impl Gap {
    pub(crate) const COMMA: u8 = 1;
    /// Semicolon, colon, bracket, dash between spaces: the thought changes.
    pub(crate) const TURN: u8 = 2;
    /// The word stands within a longer quotation.
    pub(crate) const QUOTED: u8 = 4;
    /// The word itself has other bytes than letters and digits of ASCII.
    pub(crate) const MIXED: u8 = 8;

    pub(crate) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// One word of the folded text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// Folded byte offset of its first byte.
    pub start: u32,
    /// Folded byte offset after its last byte.
    pub end: u32,
    /// Hash of its letters; apostrophes do not count, so "don't" and "dont" are one word.
    pub hash: u64,
    /// Index of its sentence.
    pub sentence: u32,
    /// What stands before it.
    pub gap: Gap,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Whether a byte belongs to a word. Bytes of characters outside ASCII do.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The hash of a word as it stands in a pack: lower case, apostrophes left out.
pub(crate) fn word_hash(word: &[u8]) -> u64 {
    word.iter()
        .filter(|b| **b != b'\'')
        .fold(SEED, |h, b| (h ^ u64::from(*b)).wrapping_mul(PRIME))
}

/// A word of a text, by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Byte offset after its last byte.
    pub end: usize,
    /// Hash of its letters.
    pub hash: u64,
    /// It has other bytes than letters and digits of ASCII.
    pub mixed: bool,
}

/// The word that starts at `at`.
pub(crate) fn word_at(bytes: &[u8], at: usize) -> Word {
    let mut word = Word {
        end: at,
        hash: SEED,
        mixed: false,
    };
    while let Some(&byte) = bytes.get(word.end) {
        if byte.is_ascii_alphanumeric() {
            word.hash = (word.hash ^ u64::from(byte)).wrapping_mul(PRIME);
        } else {
            if byte >= 0x80 {
                word.hash = (word.hash ^ u64::from(byte)).wrapping_mul(PRIME);
            } else if byte != b'\'' || !bytes.get(word.end + 1).is_some_and(u8::is_ascii_alphabetic)
            {
                break;
            }
            word.mixed = true;
        }
        word.end += 1;
    }
    word
}
