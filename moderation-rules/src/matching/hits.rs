//! Where the lexicons hit, as it is found and as it is asked for.
//!
//! Most lexicons that hit in a text are never asked for, for the others of their rule do not: a hit is only linked to the
//! one before it of its lexicon, and the list of a lexicon is made when it is first asked for.

use std::cell::OnceCell;
use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::util::pool::{Pool, PoolGuard};

use super::{Hit, LexiconId};

/// Hits in the order in which they are found. Many lexicons may hit at one place.
#[derive(Default)]
pub(super) struct Found {
    places: Vec<Hit>,
    /// Each with its place, and the one of the same lexicon that was found before it, counted from 1.
    hits: Vec<(u32, u32)>,
    /// By lexicon: where it is in `touched`, counted from 1.
    slots: Vec<u32>,
    /// By lexicon: the sentences its hits stand in, as bits; a long text goes through the bits more than once.
    sentences: Vec<u64>,
    touched: Vec<Touched>,
}

/// A lexicon that hits.
struct Touched {
    lexicon: LexiconId,
    /// Its hit that was found last, counted from 1.
    last: u32,
    count: u32,
    /// Its hits in the order of the text, without those that lie within another one.
    list: OnceCell<Vec<Hit>>,
}

/// What a longer text needs is given back.
const MOST_KEPT: usize = 1 << 16;

impl Found {
    /// Forgets the last text.
    pub(super) fn clear(&mut self, lexicons: usize) {
        if self.hits.capacity() > MOST_KEPT {
            *self = Self::default();
        }
        self.places.clear();
        self.hits.clear();
        self.touched.clear();
        self.slots.clear();
        self.slots.resize(lexicons, 0);
        self.sentences.clear();
        self.sentences.resize(lexicons, 0);
    }

    /// Lexicons hit at a place.
    pub(super) fn add(&mut self, lexicons: impl Iterator<Item = LexiconId>, hit: Hit) {
        let place = self.places.len() as u32;
        self.places.push(hit);
        for lexicon in lexicons {
            let (Some(slot), Some(sentences)) = (
                self.slots.get_mut(lexicon as usize),
                self.sentences.get_mut(lexicon as usize),
            ) else {
                continue;
            };
            *sentences |= bit(hit.sentence);
            let number = self.hits.len() as u32 + 1;
            let before = match self.touched.get_mut((*slot as usize).wrapping_sub(1)) {
                Some(touched) => {
                    touched.count += 1;
                    std::mem::replace(&mut touched.last, number)
                }
                None => {
                    self.touched.push(Touched {
                        lexicon,
                        last: number,
                        count: 1,
                        list: OnceCell::new(),
                    });
                    *slot = self.touched.len() as u32;
                    0
                }
            };
            self.hits.push((place, before));
        }
    }

    /// The lexicon hits somewhere.
    pub(super) fn has(&self, lexicon: LexiconId) -> bool {
        self.touched(lexicon).is_some()
    }

    fn touched(&self, lexicon: LexiconId) -> Option<&Touched> {
        let slot = *self.slots.get(lexicon as usize)? as usize;
        self.touched.get(slot.checked_sub(1)?)
    }

    /// The places of a lexicon, the one found last first.
    fn places(&self, touched: &Touched) -> impl Iterator<Item = &Hit> {
        let mut next = touched.last;
        std::iter::from_fn(move || {
            let (place, before) = self.hits.get((next as usize).checked_sub(1)?)?;
            next = *before;
            self.places.get(*place as usize)
        })
    }

    fn list(&self, touched: &Touched) -> Vec<Hit> {
        let mut places: Vec<Hit> = Vec::with_capacity(touched.count as usize);
        places.extend(self.places(touched));
        places.reverse();
        // Phrases come by their starts, and most lexicons hit by phrases alone.
        if !places.is_sorted_by_key(|h| h.start) {
            // Few patterns, each with its hits in order: a sort that merges what is in order.
            places.sort_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
        }
        keep_longest(&mut places);
        places
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = (LexiconId, Hit)> {
        let each = |touched: &Touched| {
            let places = self.places(touched).copied().collect::<Vec<_>>();
            places
                .into_iter()
                .map(|hit| (touched.lexicon, hit))
                .collect::<Vec<_>>()
        };
        self.touched.iter().flat_map(each)
    }
}

/// Drops every hit that lies within another one; they come by their starts.
fn keep_longest(hits: &mut Vec<Hit>) {
    hits.dedup_by(|hit, last| {
        let longer = hit.start == last.start && hit.end > last.end;
        if longer {
            *last = *hit;
        }
        longer || hit.end <= last.end
    });
}

/// The bit of a sentence.
pub(super) fn bit(sentence: u32) -> u64 {
    1 << (sentence & 63)
}

/// Room for what is found, from text to text.
pub(crate) struct Rooms(Pool<Found, Make>);

type Make = Box<dyn Fn() -> Found + Send + Sync + UnwindSafe + RefUnwindSafe>;

impl Default for Rooms {
    fn default() -> Self {
        Self(Pool::new(Box::new(Found::default)))
    }
}

impl Rooms {
    /// Room for the next text.
    pub(super) fn take(&self, lexicons: usize) -> PoolGuard<'_, Found, Make> {
        let mut room = self.0.get();
        room.clear(lexicons);
        room
    }
}

/// The hits of one text, by lexicon, in the order of the text.
pub(crate) struct Hits<'m> {
    found: PoolGuard<'m, Found, Make>,
    /// Terms of terminologies, the longest at each place, in the order of the text.
    pub terms: Vec<(u32, Hit)>,
}

impl<'m> Hits<'m> {
    pub(super) fn of_found(found: PoolGuard<'m, Found, Make>, terms: Vec<(u32, Hit)>) -> Self {
        Self { found, terms }
    }

    pub(crate) fn of(&self, lexicon: LexiconId) -> &[Hit] {
        let Some(touched) = self.found.touched(lexicon).filter(|t| t.count != 0) else {
            return &[];
        };
        touched.list.get_or_init(|| self.found.list(touched))
    }

    /// The sentences in which a lexicon may have hits, as bits; none where it has none.
    pub(crate) fn sentences(&self, lexicon: LexiconId) -> u64 {
        let sentences = self.found.sentences.get(lexicon as usize);
        sentences.copied().unwrap_or_default()
    }

    /// Whether a lexicon may have a hit in a sentence.
    pub(crate) fn may_stand(&self, lexicon: LexiconId, sentence: u32) -> bool {
        self.sentences(lexicon) & bit(sentence) != 0
    }

    /// The lexicons that hit, in no order.
    pub(crate) fn lexicons(&self) -> impl Iterator<Item = LexiconId> {
        let hit = self.found.touched.iter().filter(|t| t.count != 0);
        hit.map(|touched| touched.lexicon)
    }

    /// Takes out of the hits of a lexicon those that overlap hits of its exception.
    pub(super) fn strike(&mut self, struck: LexiconId, exception: LexiconId) {
        let exceptions = match self.found.touched(exception) {
            Some(exceptions) if self.found.has(struck) => self.found.list(exceptions),
            _ => return,
        };
        let mut left = self.of(struck).to_vec();
        left.retain(|hit| {
            let next = exceptions.partition_point(|e| e.end <= hit.start);
            exceptions.get(next).is_none_or(|e| e.start >= hit.end)
        });
        if let Some(sentences) = self.found.sentences.get_mut(struck as usize)
            && left.is_empty()
        {
            *sentences = 0;
        }
        let slot = self.found.slots.get(struck as usize).copied();
        let slot = slot.unwrap_or_default() as usize;
        if let Some(touched) = self.found.touched.get_mut(slot.wrapping_sub(1)) {
            touched.count = left.len() as u32;
            touched.list = OnceCell::from(left);
        }
    }
}
