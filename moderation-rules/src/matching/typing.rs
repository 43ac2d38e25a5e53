//! Typing errors in long words: one in words of 8 letters and more, two in words of 12 and more.
//!
//! Two words that differ by one letter changed, left out, doubled or swapped share a form with one letter left out of
//! each. All such forms of the words of the packs stand in one table, by hash; a word of a text is looked up by its own
//! forms. The first letter must be right: people mistype it least, and *meditation* must not become *medication* by it.

use super::vocabulary::WordId;

/// Shorter words are never corrected: too many others are near.
const SHORTEST: usize = 8;
/// From this length on two errors are forgiven.
const SHORTEST_FOR_TWO: usize = 12;
/// Longer words are compared as they stand; keeps the work of one word small.
const LONGEST: usize = 24;
/// Looked at for one form; more words that share it do not exist outside made-up lists.
const MOST_CANDIDATES: usize = 16;

const BASE: u64 = 0x0000_0100_0000_01b3;

/// Long words by their forms with letters left out.
#[derive(Default)]
pub(crate) struct Neighbours {
    /// Open addressing: part of the hash of a form, and the index of its word, counted from 1.
    slots: Vec<(u32, u32)>,
    /// One bit a form, so that a word that is near nothing rarely reaches the table.
    filter: Vec<u64>,
    words: Vec<(Box<[u8]>, WordId)>,
}

/// Sums from which the hash of a word without some of its letters follows at once.
struct Sums {
    prefix: [u64; LONGEST + 1],
    power: [u64; LONGEST + 1],
    len: usize,
}

impl Sums {
    fn of(word: &[u8]) -> Self {
        let mut sums = Self {
            prefix: [0; LONGEST + 1],
            power: [1; LONGEST + 1],
            len: word.len().min(LONGEST),
        };
        let (mut sum, mut power) = (0_u64, 1_u64);
        let slots = sums.prefix.iter_mut().zip(&mut sums.power).skip(1);
        for ((prefix, slot), byte) in slots.zip(word) {
            sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(*byte));
            power = power.wrapping_mul(BASE);
            (*prefix, *slot) = (sum, power);
        }
        sums
    }

    fn prefix(&self, upto: usize) -> u64 {
        self.prefix.get(upto).copied().unwrap_or_default()
    }

    fn power(&self, letters: usize) -> u64 {
        self.power.get(letters).copied().unwrap_or_default()
    }

    /// The sum over the letters of `from..to`.
    fn part(&self, from: usize, to: usize) -> u64 {
        let head = self.prefix(from).wrapping_mul(self.power(to - from));
        self.prefix(to).wrapping_sub(head)
    }

    /// Every form with at most `errors` letters left out, but never the first; stops when `look` says so.
    fn forms(&self, errors: usize, mut look: impl FnMut(u64)) {
        let len = self.len;
        look(mixed(self.prefix(len)));
        for i in 1..len {
            let head = self.prefix(i);
            let tail = self.part(i + 1, len);
            let one = head.wrapping_mul(self.power(len - i - 1));
            look(mixed(one.wrapping_add(tail)));
            if errors < 2 {
                continue;
            }
            for j in i + 1..len {
                let middle = head
                    .wrapping_mul(self.power(j - i - 1))
                    .wrapping_add(self.part(i + 1, j));
                let two = middle.wrapping_mul(self.power(len - j - 1));
                look(mixed(two.wrapping_add(self.part(j + 1, len))));
            }
        }
    }
}

fn mixed(sum: u64) -> u64 {
    let mixed = (sum ^ (sum >> 29)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 32)
}

fn errors(letters: usize) -> usize {
    if letters < SHORTEST_FOR_TWO { 1 } else { 2 }
}

impl Neighbours {
    /// Whether errors in this word of a pack are forgiven.
    pub(crate) fn takes(word: &[u8]) -> bool {
        (SHORTEST..=LONGEST).contains(&word.len()) && word.iter().all(u8::is_ascii_lowercase)
    }

    pub(crate) fn of(words: Vec<(Box<[u8]>, WordId)>) -> Self {
        let forms: usize = words
            .iter()
            .map(|(word, _)| match word.len() {
                n if n < SHORTEST_FOR_TWO => n,
                n => n + (n - 1) * (n - 2) / 2,
            })
            .sum();
        let size = (forms * 3 / 2).next_power_of_two().max(64);
        let mut table = Self {
            slots: vec![(0, 0); size],
            filter: vec![0; size * 4 / 64],
            words: Vec::new(),
        };
        for (index, (word, _)) in words.iter().enumerate() {
            Sums::of(word).forms(errors(word.len()), |hash| {
                table.insert(hash, index as u32 + 1);
            });
        }
        table.words = words;
        table
    }

    fn insert(&mut self, hash: u64, word: u32) {
        let bits = self.filter.len() * 64;
        let bit = (hash >> 16) as usize & (bits - 1);
        if let Some(slot) = self.filter.get_mut(bit / 64) {
            *slot |= 1 << (bit % 64);
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 {
                *slot = ((hash >> 32) as u32, word);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a word of so many bytes can be near any.
    pub(crate) fn may_have(&self, letters: usize) -> bool {
        (SHORTEST - 1..=LONGEST).contains(&letters) && !self.words.is_empty()
    }

    /// The word that is meant, if one is near enough: the nearest, and of several the first that was added.
    pub(crate) fn nearest(&self, word: &[u8]) -> Option<WordId> {
        if !word.iter().all(u8::is_ascii_lowercase) {
            return None;
        }
        let mut best: Option<(usize, u32)> = None;
        let reach = errors(word.len() + 1);
        Sums::of(word).forms(reach, |hash| self.look(hash, word, &mut best));
        let (_, index) = best?;
        self.words.get(index as usize).map(|(_, id)| *id)
    }

    fn look(&self, hash: u64, word: &[u8], best: &mut Option<(usize, u32)>) {
        let bits = self.filter.len() * 64;
        let bit = (hash >> 16) as usize & (bits - 1);
        if self.filter.get(bit / 64).copied().unwrap_or_default() & (1 << (bit % 64)) == 0 {
            return;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        let mut looked = 0;
        while let Some(&(part, index)) = self.slots.get(at).filter(|(_, index)| *index != 0) {
            if part == (hash >> 32) as u32 {
                let index = index - 1;
                if let Some((known, _)) = self.words.get(index as usize)
                    && let Some(distance) = distance(word, known, errors(known.len()))
                    && best.is_none_or(|b| (distance, index) < b)
                {
                    *best = Some((distance, index));
                }
                looked += 1;
            }
            if looked > MOST_CANDIDATES {
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Letters changed, left out, added or swapped with their neighbour; `None` above `most` or where the first differs.
fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.first() != b.first() || a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before = [0_usize; LONGEST + 3];
    let mut above: [usize; LONGEST + 3] = std::array::from_fn(|i| i);
    for (i, x) in a.iter().enumerate() {
        let mut row = [0_usize; LONGEST + 3];
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        let mut least = i + 1;
        for (j, y) in b.iter().enumerate() {
            let get =
                |row: &[usize; LONGEST + 3], at: usize| row.get(at).copied().unwrap_or(most + 1);
            let mut cost = (get(&above, j) + usize::from(x != y))
                .min(get(&above, j + 1) + 1)
                .min(get(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(get(&before, j - 1) + 1);
            }
            if let Some(slot) = row.get_mut(j + 1) {
                *slot = cost;
            }
            least = least.min(cost);
        }
        if least > most {
            return None;
        }
        before = above;
        above = row;
    }
    above.get(b.len()).copied().filter(|d| *d <= most)
}

#[cfg(test)]
mod tests {
    use super::{Neighbours, distance};

    fn near(words: &[&str], word: &str) -> Option<u32> {
        let words = words
            .iter()
            .zip(1..)
            .filter(|(w, _)| Neighbours::takes(w.as_bytes()))
            .map(|(w, id)| (w.as_bytes().into(), id))
            .collect();
        Neighbours::of(words).nearest(word.as_bytes())
    }

    #[test]
    fn one_error_is_forgiven_in_a_long_word_and_two_in_a_very_long_one() {
        let words = ["headache", "haemorrhage", "hypersensitivity", "diarrhoea"];
        for (written, meant) in [
            ("headahce", 1),
            ("headche", 1),
            ("headachhe", 1),
            ("hesdache", 1),
            ("haemorhage", 2),
            ("hypersensativity", 3),
            ("hypersensativty", 3),
            ("hipersensitivty", 3),
            ("diarhoea", 4),
        ] {
            assert_eq!(near(&words, written), Some(meant), "{written}");
        }
    }

    #[test]
    fn short_words_far_words_and_other_first_letters_are_left_alone() {
        assert_eq!(near(&["nausea"], "nausae"), None);
        assert_eq!(near(&["headache"], "hadachee"), None);
        assert_eq!(near(&["medication"], "dedication"), None);
        assert_eq!(near(&["hypersensitivity"], "hyposensativty"), None);
    }

    #[test]
    fn the_nearest_word_wins() {
        let words = ["hypotension", "hypertension"];
        assert_eq!(near(&words, "hypertenson"), Some(2));
        assert_eq!(near(&words, "hypotenson"), Some(1));
    }

    #[test]
    fn distance_counts_a_swap_as_one() {
        assert_eq!(distance(b"tablets", b"tabelts", 2), Some(1));
        assert_eq!(distance(b"tablets", b"tables", 2), Some(1));
        assert_eq!(distance(b"tablets", b"tbls", 2), None);
    }
}
