//! Two things close to each other.

use super::Hit;

/// Words of the longest partner that is looked for.
const LONGEST_PARTNER: u32 = 40;

/// The hits of `left` that have one of `right` within `words` words, in the same sentence; each grown to cover both.
/// With `ordered`, the right one stands after the left one. Both lists are in the order of the text.
pub(crate) fn near(left: &[Hit], right: &[Hit], words: u32, ordered: bool) -> Vec<Hit> {
    let mut found = Vec::new();
    for hit in left {
        // A partner may begin before the reach and end within it; none is longer than the sentence allows.
        let low = hit.first.saturating_sub(words + LONGEST_PARTNER);
        let from = right.partition_point(|r| r.first < low);
        let partner = right
            .iter()
            .skip(from)
            .take_while(|r| r.first <= hit.last + words + 1)
            .filter(|r| r.sentence == hit.sentence && !r.overlaps(hit))
            .filter(|r| {
                let after = r.first > hit.last && r.first - hit.last - 1 <= words;
                let before = r.last < hit.first && hit.first - r.last - 1 <= words;
                after || (before && !ordered)
            })
            .min_by_key(|r| r.first.abs_diff(hit.first));
        if let Some(partner) = partner {
            found.push(Hit {
                start: hit.start.min(partner.start),
                end: hit.end.max(partner.end),
                first: hit.first.min(partner.first),
                last: hit.last.max(partner.last),
                sentence: hit.sentence,
            });
        }
    }
    found
}
