//! Where the lexicons hit, as it is found and as it is asked for.

use super::{Hit, LexiconId};

/// Hits in the order in which they are found. Many lexicons may hit at one place.
pub(super) struct Found {
    places: Vec<Hit>,
    lexicons: Vec<(LexiconId, u32)>,
}

/// Lexicons that a word is in, about.
const LEXICONS_OF_A_WORD: usize = 6;

impl Found {
    pub(super) fn with_room(words: usize) -> Self {
        Self {
            places: Vec::with_capacity(words * 2),
            lexicons: Vec::with_capacity(words * LEXICONS_OF_A_WORD),
        }
    }

    /// A place where something hits.
    pub(super) fn place(&mut self, hit: Hit) -> u32 {
        self.places.push(hit);
        self.places.len() as u32 - 1
    }

    /// A lexicon hits at a place.
    pub(super) fn there(&mut self, lexicon: LexiconId, place: u32) {
        self.lexicons.push((lexicon, place));
    }

    pub(super) fn add(&mut self, lexicon: LexiconId, hit: Hit) {
        let place = self.place(hit);
        self.there(lexicon, place);
    }

    /// The lexicons that hit, as often as they do.
    pub(super) fn lexicons(&self) -> impl Iterator<Item = LexiconId> {
        self.lexicons.iter().map(|(lexicon, _)| *lexicon)
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = (LexiconId, Hit)> {
        let hit = |place: &u32| self.places.get(*place as usize).copied();
        let all = self.lexicons.iter();
        all.filter_map(move |(lexicon, place)| Some((*lexicon, hit(place)?)))
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
    places: Vec<u32>,
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
        let place = self.places.get(lexicon as usize).copied();
        let place = place.unwrap_or_default() as usize;
        let range = place.checked_sub(1).and_then(|at| self.ranges.get(at));
        range.copied().unwrap_or_default()
    }

    /// The lexicons that hit, in no order; some may have had all their hits struck out.
    pub(crate) fn lexicons(&self) -> &[LexiconId] {
        &self.touched
    }

    /// Sorts hits as they were found into those of each lexicon, without those that lie within another one.
    pub(super) fn sorted(found: &Found, lexicons: usize) -> Self {
        let mut places = vec![0_u32; lexicons];
        let mut ranges: Vec<Range> = Vec::with_capacity(256);
        let mut touched = Vec::with_capacity(256);
        for (lexicon, at) in &found.lexicons {
            let (Some(hit), Some(place)) = (
                found.places.get(*at as usize),
                places.get_mut(*lexicon as usize),
            ) else {
                continue;
            };
            if *place == 0 {
                touched.push(*lexicon);
                ranges.push(Range::default());
                *place = ranges.len() as u32;
            }
            if let Some(range) = ranges.get_mut(*place as usize - 1) {
                range.end += 1;
                range.sentences |= bit(hit.sentence);
            }
        }
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
        let mut hits = vec![nowhere; found.lexicons.len()];
        let mut unsorted: Vec<LexiconId> = Vec::new();
        for (lexicon, at) in &found.lexicons {
            let Some(hit) = found.places.get(*at as usize) else {
                continue;
            };
            let place = places.get(*lexicon as usize).copied();
            let place = place.unwrap_or_default() as usize;
            let Some(Range { start, end, .. }) =
                place.checked_sub(1).and_then(|at| ranges.get_mut(at))
            else {
                continue;
            };
            if end > start
                && let Some(last) = hits.get_mut(*end as usize - 1)
            {
                // Phrases come by their starts, and most lexicons hit by phrases alone.
                if hit.start < last.start {
                    if unsorted.last() != Some(lexicon) {
                        unsorted.push(*lexicon);
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
            places,
            ranges,
            touched,
            terms: Vec::new(),
        };
        for lexicon in unsorted {
            sorted.shorten(lexicon, keep_longest);
        }
        sorted
    }

    /// Works on the hits of one lexicon and keeps as many as `keep` says.
    pub(super) fn shorten(&mut self, lexicon: LexiconId, keep: impl FnOnce(&mut [Hit]) -> usize) {
        let place = self.places.get(lexicon as usize).copied();
        let place = place.unwrap_or_default() as usize;
        if let Some(range) = place.checked_sub(1).and_then(|at| self.ranges.get_mut(at))
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
