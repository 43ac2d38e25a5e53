//! Words that a reply takes over from the post it answers, with or without quotation marks.

use super::Hit;
use crate::submission::Submission;
use crate::text::Text;

/// Fewer words in a row are nobody's own.
const LEAST: usize = 8;

/// The stretches of a text that stand word for word in another one.
pub(crate) struct Copied {
    /// First and last token, in order, without overlap.
    stretches: Vec<(u32, u32)>,
}

impl Copied {
    /// Reads which stretches of `text` stand in `body` too.
    pub(crate) fn read(text: &Text, body: &str) -> Self {
        let above = Text::read(&Submission { title: None, body });
        let mut known: Vec<u64> = stretches(&above).collect();
        known.sort_unstable();
        let mut copied: Vec<(u32, u32)> = Vec::new();
        for (first, hash) in (0_u32..).zip(stretches(text)) {
            if known.binary_search(&hash).is_err() {
                continue;
            }
            let last = first + LEAST as u32 - 1;
            match copied.last_mut().filter(|before| before.1 + 1 >= first) {
                Some(before) => before.1 = last,
                None => copied.push((first, last)),
            }
        }
        Self { stretches: copied }
    }

    /// The words of the hit are copied.
    pub(crate) fn holds(&self, hit: &Hit) -> bool {
        let at = self
            .stretches
            .partition_point(|(_, last)| *last < hit.first);
        let stretch = self.stretches.get(at);
        stretch.is_some_and(|(first, last)| *first <= hit.first && hit.last <= *last)
    }
}

/// One hash for each run of [`LEAST`] words.
fn stretches(text: &Text) -> impl Iterator<Item = u64> {
    text.tokens.windows(LEAST).map(|words| {
        let join = |hash: u64, word: u64| hash.rotate_left(7).wrapping_add(word);
        words.iter().fold(0, |hash, word| join(hash, word.hash))
    })
}
