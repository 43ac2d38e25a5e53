//! Whether a labelled indication speaks of the illness that some words name: in its own words, or by initials on either
//! side (`COPD` and "chronic obstructive pulmonary disease").

use crate::text::Text;

/// Words that initials leave out.
const LEFT_OUT: [&[u8]; 9] = [
    b"a", b"an", b"and", b"by", b"in", b"of", b"or", b"the", b"with",
];

/// Whether the indication speaks of what the folded words name: all their longer words are in it, by their first letters;
/// or the one is the initials of the other.
pub(crate) fn covers(label: &Text, words: &[u8]) -> bool {
    let named: Vec<&[u8]> = parts(words).collect();
    let labelled = label.tokens.iter().filter_map(|t| {
        let whole = t.start as usize..t.end as usize;
        label.folded.lower.get(whole)
    });
    let labelled: Vec<&[u8]> = labelled.flat_map(parts).collect();
    if let [short] = named.as_slice()
        && short.len() <= 6
        && (labelled.contains(short) || has_initials(&labelled, short))
    {
        return true;
    }
    if named.len() > 1 && labelled.iter().any(|word| is_initials(&named, word)) {
        return true;
    }
    let mut longer = named.iter().filter(|word| word.len() > 3).peekable();
    // One short word that the indication has in no form is another illness; short words beside others say nothing.
    if longer.peek().is_none() && named.len() == 1 {
        return false;
    }
    longer.all(|word| {
        let stem = word.get(..word.len().min(6)).unwrap_or(word);
        labelled
            .iter()
            .any(|l| l.starts_with(stem) || (l.len() > 3 && word.starts_with(l)))
    })
}

fn parts(words: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = words.split(|b| !b.is_ascii_alphanumeric());
    parts.filter(|word| !word.is_empty())
}

/// Whether words that follow each other begin with these letters, one each: "type 2 diabetes mellitus" with `t2d`.
fn has_initials(words: &[&[u8]], letters: &[u8]) -> bool {
    letters.len() > 1
        && (0..words.len()).any(|from| {
            let mut following = words.iter().skip(from).filter(|w| !LEFT_OUT.contains(w));
            letters
                .iter()
                .all(|letter| following.next().and_then(|w| w.first()) == Some(letter))
        })
}

/// Whether these letters are the initials of all these words.
fn is_initials(words: &[&[u8]], letters: &[u8]) -> bool {
    let initials = words.iter().filter(|w| !LEFT_OUT.contains(w));
    letters.len() > 1 && initials.map(|w| w.first()).eq(letters.iter().map(Some))
}
