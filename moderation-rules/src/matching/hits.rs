//! Where the lexicons hit, as it is found and as it is asked for.

use super::{Hit, LexiconId};

/// Hits in the order in which they are found. Many lexicons may hit at one place.
pub(super) struct Found {
    places: Vec<Hit>,
    /// Slots of lexicons, counted from 1, each with one of the places where it hits.
    hits: Vec<(u32, u32)>,
    /// By lexicon: its slot, counted from 1.
    slots: Vec<u32>,
    /// By slot: how many hits the lexicon has, and in which sentences.
    ranges: Vec<Range>,
    /// By slot: the lexicon.
    touched: Vec<LexiconId>,
}

/// Lexicons that a word is in, about.
const LEXICONS_OF_A_WORD: usize = 6;

impl Found {
    /// `words`: about how many places there will be.
    pub(super) fn with_room(words: usize, lexicons: usize) -> Self {
        Self {
            places: Vec::with_capacity(words * 2),
            hits: Vec::with_capacity(words * LEXICONS_OF_A_WORD),
            slots: vec![0; lexicons],
            ranges: Vec::with_capacity(256),
            touched: Vec::with_capacity(256),
        }
    }

    /// Lexicons hit at a place.
    pub(super) fn add(&mut self, lexicons: impl Iterator<Item = LexiconId>, hit: Hit) {
        let place = self.places.len() as u32;
        self.places.push(hit);
        for lexicon in lexicons {
            let Some(slot) = self.slots.get_mut(lexicon as usize) else {
                continue;
            };
            if *slot == 0 {
                self.touched.push(lexicon);
                self.ranges.push(Range::default());
                *slot = self.ranges.len() as u32;
            }
            if let Some(range) = self.ranges.get_mut(*slot as usize - 1) {
                range.end += 1;
                range.sentences |= bit(hit.sentence);
            }
            self.hits.push((*slot, place));
        }
    }

    /// The lexicon hits somewhere.
    pub(super) fn has(&self, lexicon: LexiconId) -> bool {
        self.slots
            .get(lexicon as usize)
            .is_some_and(|slot| *slot != 0)
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = (LexiconId, Hit)> {
        self.hits.iter().filter_map(|(slot, place)| {
            let lexicon = self.touched.get(*slot as usize - 1)?;
            Some((*lexicon, *self.places.get(*place as usize)?))
        })
    }
}

/// The hits of one lexicon among those of all.
#[derive(Clone, Copy, Default)]
struct Range {
    start: u32,
    end: u32,
    /// The sentences they stand in, as bits; a long text goes through the bits more than once.
    sentences: u64,
}

/// The bit of a sentence.
fn bit(sentence: u32) -> u64 {
    1 << (sentence & 63)
}

/// The hits of one text, by lexicon, in the order of the text. Takes room only for lexicons that hit.
pub(crate) struct Hits {
    hits: Vec<Hit>,
    /// By lexicon: its place in `ranges`, counted from 1.
    slots: Vec<u32>,
    ranges: Vec<Range>,
    touched: Vec<LexiconId>,
    /// Terms of terminologies, the longest at each place, in the order of the text.
    pub terms: Vec<(u32, Hit)>,
}

impl Hits {
    pub(crate) fn of(&self, lexicon: LexiconId) -> &[Hit] {
        let range = self.range(lexicon);
        self.hits
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    }

    /// The sentences in which a lexicon may have hits, as bits; none where it has none.
    pub(crate) fn sentences(&self, lexicon: LexiconId) -> u64 {
        self.range(lexicon).sentences
    }

    /// Whether a lexicon may have a hit in a sentence.
    pub(crate) fn may_stand(&self, lexicon: LexiconId, sentence: u32) -> bool {
        self.sentences(lexicon) & bit(sentence) != 0
    }

    fn range(&self, lexicon: LexiconId) -> Range {
        let slot = self.slots.get(lexicon as usize).copied();
        let slot = slot.unwrap_or_default() as usize;
        let range = slot.checked_sub(1).and_then(|at| self.ranges.get(at));
        range.copied().unwrap_or_default()
    }

    /// The lexicons that hit, in no order; some may have had all their hits struck out.
    pub(crate) fn lexicons(&self) -> &[LexiconId] {
        &self.touched
    }

    /// Sorts hits as they were found into those of each lexicon, without those that lie within another one.
    pub(super) fn sorted(found: Found) -> Self {
        let Found {
            places,
            hits: found,
            slots,
            mut ranges,
            touched,
        } = found;
        let mut begin = 0;
        for range in &mut ranges {
            let count = range.end;
            (range.start, range.end) = (begin, begin);
            begin += count;
        }
        let nowhere = Hit {
            start: 0,
            end: 0,
            first: 0,
            last: 0,
            sentence: 0,
        };
        let mut hits = vec![nowhere; found.len()];
        let mut unsorted: Vec<u32> = Vec::new();
        for (slot, at) in &found {
            let (Some(hit), Some(Range { start, end, .. })) =
                (places.get(*at as usize), ranges.get_mut(*slot as usize - 1))
            else {
                continue;
            };
            if end > start
                && let Some(last) = hits.get_mut(*end as usize - 1)
            {
                // Phrases come by their starts, and most lexicons hit by phrases alone.
                if hit.start < last.start {
                    if unsorted.last() != Some(slot) {
                        unsorted.push(*slot);
                    }
                } else if hit.end <= last.end {
                    continue;
                } else if hit.start == last.start {
                    *last = *hit;
                    continue;
                }
            }
            if let Some(slot) = hits.get_mut(*end as usize) {
                *slot = *hit;
            }
            *end += 1;
        }
        let mut sorted = Self {
            hits,
            slots,
            ranges,
            touched,
            terms: Vec::new(),
        };
        for slot in unsorted {
            sorted.shorten_slot(slot, keep_longest);
        }
        sorted
    }

    /// Works on the hits of one lexicon and keeps as many as `keep` says.
    pub(super) fn shorten(&mut self, lexicon: LexiconId, keep: impl FnOnce(&mut [Hit]) -> usize) {
        if let Some(slot) = self.slots.get(lexicon as usize).copied() {
            self.shorten_slot(slot, keep);
        }
    }

    fn shorten_slot(&mut self, slot: u32, keep: impl FnOnce(&mut [Hit]) -> usize) {
        let at = (slot as usize).checked_sub(1);
        if let Some(range) = at.and_then(|at| self.ranges.get_mut(at))
            && let Some(hits) = self.hits.get_mut(range.start as usize..range.end as usize)
        {
            range.end = range.start + keep(hits) as u32;
            if range.end == range.start {
                range.sentences = 0;
            }
        }
    }
}

/// Sorts, and drops every hit that lies within another one.
fn keep_longest(hits: &mut [Hit]) -> usize {
    hits.sort_unstable_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
    let mut reach = 0;
    retain(hits, |hit| {
        let fresh = hit.end > reach;
        reach = reach.max(hit.end);
        fresh
    })
}

/// Moves those to keep to the front, and says how many they are.
pub(super) fn retain(hits: &mut [Hit], mut keep: impl FnMut(&Hit) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..hits.len() {
        if hits.get(at).is_some_and(&mut keep) {
            hits.swap(kept, at);
            kept += 1;
        }
    }
    kept
}
