//! Where the literals of patterns stand in a text.
//!
//! Literals are few among the places of a text: four bytes at each place are looked up in a table of bits, and only
//! where it says that a literal may begin is one compared. No place waits for the one before it, as in an automaton.

/// Bits for the first bytes of literals, as a power of two.
const FILTER: u32 = 15;
/// Lists of literals by their first bytes, as a power of two.
const LISTS: u32 = 12;

/// Literals by their first four bytes, or by all where they have fewer.
#[derive(Default)]
pub(super) struct Literals {
    literals: Vec<Box<[u8]>>,
    filter: Vec<u64>,
    /// Where the list of a hash begins in `listed`; one more than there are lists.
    begins: Vec<u32>,
    listed: Vec<u32>,
    /// Bits for the first bytes of literals of one or two bytes, and of three.
    short: [[u64; 4]; 2],
}

fn hash(key: u32, bits: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> (32 - bits)) as usize
}

/// The first bytes as a number, the first one lowest; of fewer than four, on top how many they are.
fn key(bytes: &[u8]) -> u32 {
    let first = (0..).zip(bytes.iter().take(4));
    let key = first.fold(0, |key, (at, byte)| key | u32::from(*byte) << (8 * at));
    match bytes.len() {
        length @ ..4 => key | (length as u32) << 24,
        _ => key,
    }
}

fn has(filter: &[u64], bit: usize) -> bool {
    filter
        .get(bit / 64)
        .is_some_and(|word| word & 1 << (bit % 64) != 0)
}

fn put(filter: &mut [u64], bit: usize) {
    if let Some(word) = filter.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

impl Literals {
    pub(super) fn of(literals: Vec<Vec<u8>>) -> Self {
        let mut all = Self {
            filter: vec![0; 1 << (FILTER - 6)],
            ..Self::default()
        };
        let mut listed: Vec<(usize, u32)> = Vec::with_capacity(literals.len());
        for (number, literal) in (0_u32..).zip(&literals) {
            let Some(first) = literal.first() else {
                continue;
            };
            put(&mut all.filter, hash(key(literal), FILTER));
            listed.push((hash(key(literal), LISTS), number));
            let [shortest, short] = &mut all.short;
            match literal.len() {
                ..3 => put(shortest, usize::from(*first)),
                3 => put(short, usize::from(*first)),
                _ => {}
            }
        }
        listed.sort_unstable();
        let begin = |list: usize| listed.partition_point(|(l, _)| *l < list) as u32;
        all.begins = (0..=1 << LISTS).map(begin).collect();
        all.listed = listed.into_iter().map(|(_, number)| number).collect();
        all.literals = literals.into_iter().map(Vec::into_boxed_slice).collect();
        all
    }

    /// Reports each literal wherever it stands, by its number, in the order of the text.
    pub(super) fn scan(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let [shortest, short] = &self.short;
        let begin = (1..).zip(text.iter().take(3));
        let mut bytes = begin.fold(0, |key, (at, byte)| key | u32::from(*byte) << (8 * at));
        let ahead = text.iter().skip(3).chain([&0, &0, &0]);
        for (at, (first, fourth)) in text.iter().zip(ahead).enumerate() {
            bytes = bytes >> 8 | u32::from(*fourth) << 24;
            let first = usize::from(*first);
            self.look(text, at, bytes, 4, &mut found);
            if has(short, first) {
                self.look(text, at, bytes & 0xff_ffff | 3 << 24, 3, &mut found);
            }
            if has(shortest, first) {
                self.look(text, at, bytes & 0xffff | 2 << 24, 2, &mut found);
                self.look(text, at, bytes & 0xff | 1 << 24, 1, &mut found);
            }
        }
    }

    fn look(
        &self,
        text: &[u8],
        at: usize,
        key: u32,
        length: usize,
        found: &mut impl FnMut(usize, u32),
    ) {
        if has(&self.filter, hash(key, FILTER)) {
            self.compare(text, at, key, length, found);
        }
    }

    /// Reports those of the literals with this key that stand here: of so many bytes, or of four and more.
    #[cold]
    fn compare(
        &self,
        text: &[u8],
        at: usize,
        key: u32,
        length: usize,
        found: &mut impl FnMut(usize, u32),
    ) {
        let mut bounds = self.begins.iter().skip(hash(key, LISTS));
        if let (Some(begin), Some(end)) = (bounds.next(), bounds.next()) {
            let rest = text.get(at..).unwrap_or_default();
            let listed = self.listed.get(*begin as usize..*end as usize);
            for number in listed.unwrap_or_default() {
                let literal = self.literals.get(*number as usize);
                if literal.is_some_and(|l| l.len().min(4) == length && rest.starts_with(l)) {
                    found(at, *number);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Literals;

    #[test]
    fn literals_are_found_wherever_they_stand_also_within_each_other_and_at_the_ends() {
        let all = ["ab", "abc", "c", "abcd", "bcd\nx", "cd\n", "xyz", ""];
        let literals = Literals::of(all.iter().map(|l| l.as_bytes().to_vec()).collect());
        for text in [
            "abcd\n",
            "xyzabcabxyz",
            "ab",
            "a",
            "",
            "cabc",
            "xabcd\ncd\n",
        ] {
            let mut found = Vec::new();
            literals.scan(text.as_bytes(), |at, number| {
                found.push((at, number as usize))
            });
            found.sort_unstable();
            let places = 0..text.len();
            let each = places.flat_map(|at| {
                let rest = text.get(at..).unwrap_or_default();
                let here = all.iter().enumerate();
                here.filter(move |(_, l)| !l.is_empty() && rest.starts_with(**l))
                    .map(move |(number, _)| (at, number))
            });
            assert_eq!(found, each.collect::<Vec<_>>(), "{text:?}");
        }
    }
}
