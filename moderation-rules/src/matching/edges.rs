//! Literals that stand where a word begins, found with one look for nearly every word.

/// Buckets by the first two letters.
const BUCKETS: usize = 1 << 10;

/// A literal by its first eight bytes, so that one comparison mostly settles it.
struct Entry {
    head: u64,
    mask: u64,
    rest: Box<[u8]>,
    /// What the caller called it.
    name: u32,
}

/// Many literals, each beginning with a letter or digit.
#[derive(Default)]
pub(super) struct Edges {
    entries: Vec<Entry>,
    /// Where the entries of a bucket begin; one more than there are buckets.
    begins: Vec<u32>,
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

/// Bytes that differ in their low five bits fall into different buckets; a literal of one letter goes into several.
fn bucket(first: u8, second: u8) -> usize {
    (first as usize & 31) << 5 | (second as usize & 31)
}

impl Edges {
    /// Of literals in lower case, with their names.
    pub(super) fn of<'a>(literals: impl Iterator<Item = (&'a [u8], u32)>) -> Self {
        let mut sorted: Vec<(usize, &[u8], u32)> = Vec::new();
        for (literal, name) in literals {
            match literal {
                [first, second, ..] => sorted.push((bucket(*first, *second), literal, name)),
                [first] => {
                    sorted.extend((0..32).map(|second| (bucket(*first, second), literal, name)))
                }
                [] => {}
            }
        }
        sorted.sort_unstable();
        let mut begins = vec![0; BUCKETS + 1];
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

    /// Reports the names of the literals that stand at `at`.
    pub(super) fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(u32)) {
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.first() else { return };
        let second = rest.get(1).copied().unwrap_or_default();
        let bucket = bucket(*first, second);
        let (Some(begin), Some(end)) = (self.begins.get(bucket), self.begins.get(bucket + 1))
        else {
            return;
        };
        if begin == end {
            return;
        }
        let here = head(rest);
        let entries = self.entries.get(*begin as usize..*end as usize);
        for entry in entries.unwrap_or_default() {
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
