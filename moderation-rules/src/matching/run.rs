//! A pattern by itself, and a run of all patterns over one text: each is tried in its places, or run over all.

use std::sync::OnceLock;

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::check::Check;
use super::hits::Found;
use super::literal::MOST_STARTS;
use super::{Hit, LexiconId};
use crate::text::Text;

/// A pattern whose places are more than so many and one for each so many bytes, but never more than the last, is run over
/// the rest of the text: it stays linear.
const PLACES: (usize, usize, usize) = (12, 128, 64);
/// One pattern, by itself.
pub(super) struct Pattern {
    /// Compiled when it is first run: of the patterns of all packs a text needs few.
    pub regex: OnceLock<Regex>,
    /// The same, for a try at one place.
    pub tried: OnceLock<Option<DFA>>,
    /// It is these bytes and nothing else.
    pub literal: Option<Box<[u8]>>,
    pub source: String,
    pub lexicon: LexiconId,
    /// Matched on the text as written instead of its lower case.
    pub cased: bool,
    /// Without so many digits in a row it cannot match.
    pub digits: u32,
    /// Its hits only strike out those of this lexicon: without any it need not run.
    pub strikes: Option<LexiconId>,
    /// Bytes of the longest match.
    pub longest: Option<usize>,
    /// It begins at the edge of a word.
    pub on_edge: bool,
    pub check: Option<Check>,
}

/// What a pattern needs to run, each made when it is first needed.
#[derive(Default)]
pub(super) struct Caches {
    tried: Option<Box<dfa::Cache>>,
    run: Option<Box<meta::Cache>>,
}

impl Pattern {
    pub(super) fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| {
            let built = Regex::builder()
                .syntax(bytes())
                .configure(Regex::config().utf8_empty(false))
                .build(&self.source);
            built.unwrap_or_else(|error| unreachable!("a pattern that was read: {error}"))
        })
    }

    /// The end of the match that begins at this place.
    fn end(&self, caches: &mut Caches, haystack: &[u8], start: usize) -> Option<usize> {
        if let Some(literal) = &self.literal {
            let here = haystack.get(start..)?.starts_with(literal);
            return here.then_some(start + literal.len());
        }
        let input = Input::new(haystack).range(start..).anchored(Anchored::Yes);
        let tried = self.tried.get_or_init(|| {
            let config = DFA::config().skip_cache_capacity_check(true);
            let built = DFA::builder()
                .configure(config)
                .syntax(bytes())
                .thompson(thompson::Config::new().utf8(false))
                .build(&self.source);
            built.ok()
        });
        if let Some(machine) = tried {
            let made = || Box::new(machine.create_cache());
            let cache = caches.tried.get_or_insert_with(made);
            if let Ok(found) = machine.try_search_fwd(cache, &input) {
                return found.map(|half| half.offset());
            }
        }
        self.search(caches, &input).map(|(_, end)| end)
    }

    /// The first match of a stretch.
    fn search(&self, caches: &mut Caches, input: &Input<'_>) -> Option<(usize, usize)> {
        let made = || Box::new(self.regex().create_cache());
        let cache = caches.run.get_or_insert_with(made);
        let found = self.regex().search_with(cache, input)?;
        Some((found.start(), found.end()))
    }
}

fn bytes() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}

/// One way to find the places of a pattern.
pub(super) struct Owner {
    pub pattern: u32,
    /// How many bytes of a match can stand before the place; `None`: any number, so that the pattern must be run over the
    /// whole text.
    pub before: Option<u32>,
    /// Its matches are short, so that it may be tried at any number of places.
    pub short: bool,
    /// Where the place is a number: the fewest digits.
    pub digits: u32,
    /// The place must begin with a capital.
    pub capital: bool,
}

/// In place of the number of places: the pattern is run over the rest of the text.
const EVERYWHERE: u8 = u8::MAX;

/// Room for runs, from text to text.
#[derive(Default)]
pub(super) struct Room {
    /// By pattern.
    caches: Vec<Caches>,
    /// How many places each pattern has had, or [`EVERYWHERE`]; and the end of its last match.
    had: Vec<(u8, u32)>,
    everywhere: Vec<u32>,
}

/// One run over one text.
pub(super) struct Run<'a> {
    patterns: &'a [Pattern],
    text: &'a Text,
    room: &'a mut Room,
    /// Places of patterns that may have nothing to strike out.
    put_off: Vec<(&'a Owner, u32)>,
    most_places: u8,
    /// The most digits in a row.
    digits: u32,
    found: &'a mut Found,
}

impl<'a> Run<'a> {
    /// `always`: the patterns that are run over the whole text, come what may.
    pub(super) fn new(
        patterns: &'a [Pattern],
        text: &'a Text,
        room: &'a mut Room,
        always: &[u32],
        digits: Option<u32>,
        found: &'a mut Found,
    ) -> Self {
        let (least, each, most) = PLACES;
        room.caches.resize_with(patterns.len(), Caches::default);
        room.had.clear();
        room.had.resize(patterns.len(), (0, 0));
        room.everywhere.clear();
        room.everywhere.extend_from_slice(always);
        for index in always {
            if let Some((count, _)) = room.had.get_mut(*index as usize) {
                *count = EVERYWHERE;
            }
        }
        Self {
            patterns,
            text,
            room,
            put_off: Vec::with_capacity(32),
            most_places: (least + text.folded.lower.len() / each).min(most) as u8,
            digits: digits.unwrap_or_default(),
            found,
        }
    }

    /// Tries a pattern at a place of it, now or later. Places come in the order of the text.
    pub(super) fn place(&mut self, owner: &'a Owner, at: u32) {
        let Some(pattern) = self.patterns.get(owner.pattern as usize) else {
            return;
        };
        if pattern.strikes.is_some() {
            self.put_off.push((owner, at));
        } else {
            self.attempt(pattern, owner, at);
        }
    }

    fn attempt(&mut self, pattern: &Pattern, owner: &Owner, at: u32) {
        let Some((count, past)) = self.room.had.get_mut(owner.pattern as usize) else {
            return;
        };
        if *count == EVERYWHERE || pattern.digits > self.digits {
            return;
        }
        let Some(before) = owner
            .before
            .filter(|_| owner.short || *count < self.most_places)
        else {
            *count = EVERYWHERE;
            self.room.everywhere.push(owner.pattern);
            return;
        };
        *count = (*count + 1).min(EVERYWHERE - 1);
        let first = at.saturating_sub(before).max(*past) as usize;
        if first > at as usize {
            return;
        }
        let haystack = haystack(self.text, pattern);
        if let Some(caches) = self.room.caches.get_mut(owner.pattern as usize)
            && let Some((start, end)) = try_at(pattern, caches, haystack, first, at as usize)
        {
            *past = end.max(start + 1) as u32;
            self.keep(pattern, start, end);
        }
    }

    /// Runs a pattern over all of the text that it has not matched yet.
    fn rest(&mut self, index: u32) {
        let (Some(pattern), Some((_, past)), Some(caches)) = (
            self.patterns.get(index as usize),
            self.room.had.get(index as usize).copied(),
            self.room.caches.get_mut(index as usize),
        ) else {
            return;
        };
        if pattern.digits > self.digits {
            return;
        }
        let haystack = haystack(self.text, pattern);
        let mut places = Vec::new();
        let mut from = past as usize;
        while let Some(input) = (from <= haystack.len()).then(|| Input::new(haystack).range(from..))
            && let Some((start, end)) = pattern.search(caches, &input)
        {
            places.push((start, end));
            from = end.max(start + 1);
        }
        for (start, end) in places {
            self.keep(pattern, start, end);
        }
    }

    /// Runs what is to be run over the whole text, then the patterns that have something to strike out.
    pub(super) fn finish(&mut self) {
        let mut struck_later = Vec::new();
        for index in std::mem::take(&mut self.room.everywhere) {
            let pattern = self.patterns.get(index as usize);
            if pattern.is_some_and(|pattern| pattern.strikes.is_some()) {
                struck_later.push(index);
            } else {
                self.rest(index);
            }
        }
        let strikes = |pattern: &Pattern, found: &Found| {
            let struck = pattern.strikes;
            struck.is_some_and(|lexicon| found.has(lexicon))
        };
        for (owner, at) in std::mem::take(&mut self.put_off) {
            if let Some(pattern) = self.patterns.get(owner.pattern as usize)
                && strikes(pattern, self.found)
            {
                self.attempt(pattern, owner, at);
            }
        }
        struck_later.append(&mut self.room.everywhere);
        for index in struck_later {
            let pattern = self.patterns.get(index as usize);
            if pattern.is_some_and(|pattern| strikes(pattern, self.found)) {
                self.rest(index);
            }
        }
    }

    fn keep(&mut self, pattern: &Pattern, start: usize, end: usize) {
        if let Some(hit) = placed(self.text, pattern, start, end) {
            self.found.add(std::iter::once(pattern.lexicon), hit);
        }
    }
}

/// A byte of a word, as `\b` understands it in patterns.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) fn haystack<'a>(text: &'a Text, pattern: &Pattern) -> &'a [u8] {
    if pattern.cased {
        text.folded.cased.as_slice()
    } else {
        text.folded.lower.as_slice()
    }
}

/// The first match that begins at `first..=last`; the same that a run over the whole text would find there.
fn try_at(
    pattern: &Pattern,
    caches: &mut Caches,
    haystack: &[u8],
    first: usize,
    last: usize,
) -> Option<(usize, usize)> {
    let edge = |at: usize| {
        let word = |at: usize| haystack.get(at).is_some_and(|b| is_word(*b));
        at.checked_sub(1).is_some_and(word) != word(at)
    };
    let found = if last - first <= MOST_STARTS {
        let starts = (first..=last).filter(|at| !pattern.on_edge || edge(*at));
        starts
            .into_iter()
            .find_map(|start| Some((start, pattern.end(caches, haystack, start)?)))
    } else {
        let end = pattern.longest.map_or(haystack.len(), |longest| {
            last.saturating_add(longest).min(haystack.len())
        });
        let input = Input::new(haystack).range(first..end);
        pattern.search(caches, &input)
    };
    found.filter(|(start, _)| *start <= last)
}

pub(super) fn placed(text: &Text, pattern: &Pattern, start: usize, end: usize) -> Option<Hit> {
    let matched = haystack(text, pattern).get(start..end)?;
    if matched.is_empty() || !pattern.check.is_none_or(|check| check.holds(matched)) {
        return None;
    }
    let (start, end) = (start as u32, end as u32);
    let (first, last) = text.tokens_at(start, end)?;
    let sentence = text.tokens.get(first as usize).map_or(0, |t| t.sentence);
    Some(Hit {
        start,
        end,
        first,
        last,
        sentence,
    })
}
