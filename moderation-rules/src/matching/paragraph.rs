//! Where paragraphs begin: after an empty line, and with each part of the text that is read by itself.

use super::Hit;
use crate::text::Text;

/// The beginnings of the paragraphs of a text.
pub(crate) struct Paragraphs {
    /// Folded byte offsets, in order; the first paragraph begins at 0.
    starts: Vec<u32>,
}

impl Paragraphs {
    pub(crate) fn read(text: &Text) -> Self {
        let bytes = text.folded.lower.as_slice();
        let mut starts = Vec::new();
        let mut at = 0;
        let line = |from: usize| bytes.iter().skip(from).position(|b| *b == b'\n');
        while let Some(ahead) = line(at) {
            at += ahead;
            let blank = bytes.iter().skip(at);
            let blank = blank.take_while(|b| matches!(b, b'\n' | b' ' | b'\t' | b'\r' | b'>'));
            let mut lines = 0;
            for byte in blank {
                lines += usize::from(*byte == b'\n');
                at += 1;
            }
            if lines > 1 && at < bytes.len() {
                starts.push(at as u32);
            }
        }
        Self { starts }
    }

    /// The number of the paragraph in which a hit begins.
    pub(crate) fn of(&self, hit: &Hit) -> u32 {
        self.starts.partition_point(|start| *start <= hit.start) as u32
    }

    /// One of the places is in the paragraph of the hit. Places come in the order of the text.
    pub(crate) fn share(&self, places: &[Hit], hit: &Hit) -> bool {
        places
            .binary_search_by_key(&self.of(hit), |place| self.of(place))
            .is_ok()
    }
}
