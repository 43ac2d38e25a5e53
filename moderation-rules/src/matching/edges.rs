//! Literals that stand where a word begins, found with one look for nearly every word.

/// A literal by its first eight bytes, so that one comparison mostly settles it.
struct Entry {
    head: u64,
    mask: u64,
    rest: Box<[u8]>,
    /// What the caller called it.
    name: u32,
}

/// Literals in buckets by the codes of their first letters.
#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    /// Where the entries of a bucket begin; one more than there are buckets.
    begins: Vec<u32>,
}

/// Many literals, each beginning with a letter or digit: those of one letter, of two, and of three or more.
#[derive(Default)]
pub(super) struct Edges {
    tables: [Table; 3],
}

fn head(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes
            .iter()
            .rev()
            .fold(0, |head, b| head << 8 | u64::from(*b)),
    }
}

/// Letters have codes of their own; digits share one, and so does all the rest.
fn code(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'0'..=b'9' => 26,
        b' ' => 27,
        _ => 28,
    }
}

/// How many codes there are.
const CODES: usize = 29;

/// The bucket of the first so many bytes.
fn bucket(bytes: &[u8], letters: usize) -> usize {
    let first = bytes.iter().take(letters);
    first.fold(0, |bucket, byte| bucket * CODES + code(*byte))
}

impl Table {
    fn of(literals: &[(&[u8], u32)], letters: usize) -> Self {
        let mut sorted: Vec<(usize, &[u8], u32)> = literals
            .iter()
            .filter(|(literal, _)| literal.len().min(3) == letters)
            .map(|(literal, name)| (bucket(literal, letters), *literal, *name))
            .collect();
        sorted.sort_unstable();
        let mut begins = vec![0; CODES.pow(letters as u32) + 1];
        for (bucket, ..) in &sorted {
            if let Some(next) = begins.get_mut(bucket + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let entries = sorted.into_iter().map(|(_, literal, name)| Entry {
            head: head(literal),
            mask: u64::MAX >> (64 - 8 * literal.len().min(8)),
            rest: literal.get(8..).unwrap_or_default().into(),
            name,
        });
        Self {
            entries: entries.collect(),
            begins,
        }
    }

    fn bucket(&self, bucket: usize) -> &[Entry] {
        let (Some(begin), Some(end)) = (self.begins.get(bucket), self.begins.get(bucket + 1))
        else {
            return &[];
        };
        let range = *begin as usize..*end as usize;
        self.entries.get(range).unwrap_or_default()
    }
}

impl Edges {
    /// Of literals in lower case, with their names.
    pub(super) fn of<'a>(literals: impl Iterator<Item = (&'a [u8], u32)>) -> Self {
        let literals: Vec<(&[u8], u32)> = literals.collect();
        Self {
            tables: [1, 2, 3].map(|letters| Table::of(&literals, letters)),
        }
    }

    /// Reports the names of the literals that stand at `at`.
    pub(super) fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(u32)) {
        let rest = text.get(at..).unwrap_or_default();
        let here = head(rest);
        let mut index = 0;
        for (table, byte) in self.tables.iter().zip(rest) {
            index = index * CODES + code(*byte);
            for entry in table.bucket(index) {
                if here & entry.mask == entry.head
                    && (entry.rest.is_empty()
                        || rest
                            .get(8..)
                            .is_some_and(|tail| tail.starts_with(&entry.rest)))
                {
                    found(entry.name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Edges;

    #[test]
    fn literals_of_every_length_are_found_where_they_stand() {
        let literals = [
            "a",
            "at ",
            "admitted to ",
            "admit",
            "hospital",
            "hospitalised",
        ];
        let edges = Edges::of(literals.iter().zip(0..).map(|(l, n)| (l.as_bytes(), n)));
        let found = |text: &str| {
            let mut names = Vec::new();
            edges.at(text.as_bytes(), 0, |name| names.push(name));
            names.sort_unstable();
            names
        };
        assert_eq!(found("admitted to hospital"), [0, 2, 3]);
        assert_eq!(found("at home"), [0, 1]);
        assert_eq!(found("hospital"), [4]);
        assert_eq!(found("hospitalised twice"), [4, 5]);
        assert!(found("hosp").is_empty());
        assert!(found("").is_empty());
    }
}
