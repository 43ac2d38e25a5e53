//! Patterns, and one automaton that says which of them can match at all, and where.
//!
//! Running every regular expression over every post is the slow way. Each pattern needs some literal (of "gained 24
//! pounds" at least "gain" or "put on"), or a digit; one pass for all literals leaves only the few patterns worth
//! running. Where it is known how far before its literal a match can begin, a pattern is tried only there.

use std::panic::{RefUnwindSafe, UnwindSafe};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_automata::hybrid::dfa;
use regex_automata::meta::{Cache, Regex};
use regex_automata::util::{pool::Pool, syntax};
use regex_automata::{Anchored, Input, PatternID};

use super::capitals::Capitals;
use super::check::Check;
use super::edges::Edges;
use super::literal::{self, MOST_STARTS, Needed, Plan};
use super::numbers::Numbers;
use super::{Hit, LexiconId};
use crate::text::{Gap, Text};

const COMPILED_LIMIT: usize = 1 << 20;
/// With more literals than this the fast automaton would take too much room.
const MOST_LITERALS_FOR_DFA: usize = 6_000;
/// A pattern whose literals stand in more places than so many and one for each so many bytes, but never more than the
/// last, is run over the rest of the text: it stays linear.
const PLACES: (usize, usize, usize) = (12, 128, 64);
/// Unless no match is longer than this: then trying each place is linear too.
const SHORT_MATCH: usize = 160;

struct Pattern {
    regex: Regex,
    lexicon: LexiconId,
    /// Matched on the text as written instead of its lower case.
    cased: bool,
    /// Without a digit in the text it cannot match.
    needs_digit: bool,
    /// Its hits only strike out those of this lexicon: without any it need not run.
    strikes: Option<LexiconId>,
    /// Bytes of the longest match.
    longest: Option<usize>,
    /// It begins at the edge of a word.
    on_edge: bool,
    check: Option<Check>,
}

/// One literal: whose it is, and how many bytes of a match can stand before it.
struct Owner {
    pattern: u32,
    /// `None`: anywhere, so the pattern must be run over the whole text.
    before: Option<u32>,
    /// Its matches are short, so that it may be tried at any number of places.
    short: bool,
    /// The literal must begin with a capital.
    capital: bool,
    /// Where it begins with a number: the fewest digits.
    digits: u32,
}

/// Collects patterns before the automaton is built.
#[derive(Default)]
pub(crate) struct PatternList {
    patterns: Vec<Pattern>,
    literals: Vec<Vec<u8>>,
    owners: Vec<Owner>,
    /// Literals that stand at the beginning of a word.
    on_edge: Vec<Vec<u8>>,
    on_edge_owners: Vec<Owner>,
    /// Patterns that begin with a number, and what can stand before it.
    numbers: Vec<Owner>,
    /// Those of them that one machine can tell apart, with their sources.
    bare_numbers: Vec<Owner>,
    sources: Vec<String>,
    /// Patterns that begin with the capital of a word, with their sources.
    capitals: Vec<Owner>,
    capital_sources: Vec<String>,
    always: Vec<u32>,
}

impl PatternList {
    /// Adds a pattern to a lexicon, whose hits strike out those of another where given; or says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        source: &str,
        cased: bool,
        check: Option<Check>,
        lexicon: LexiconId,
        strikes: Option<LexiconId>,
    ) -> Result<(), String> {
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(source)
            .map_err(|error| one_line(&error.to_string()))?;
        let regex = Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(
                Regex::config()
                    .utf8_empty(false)
                    .nfa_size_limit(Some(COMPILED_LIMIT)),
            )
            .build(source)
            .map_err(|error| one_line(&error.to_string()))?;
        if regex.is_match(b"") {
            return Err("the pattern matches empty text".to_owned());
        }
        let pattern = self.patterns.len() as u32;
        let longest = hir.properties().maximum_len();
        let on_edge = literal::opens_on_word(&hir);
        let short = longest.is_some_and(|l| l <= SHORT_MATCH);
        let owner = |before: Option<usize>| Owner {
            pattern,
            // A long way back and no end in sight: one run over the text costs less.
            before: before
                .filter(|b| *b <= MOST_STARTS || short)
                .map(|b| b as u32),
            short,
            capital: false,
            digits: 0,
        };
        match literal::plan(&hir, cased) {
            Plan::Literals(needed) => {
                let opens = |n: &Needed| {
                    n.before == Some(0) && n.literal.first().is_some_and(u8::is_ascii_alphanumeric)
                };
                // All in one list, for a pattern must be tried in the order of the text.
                let at_words = on_edge && needed.iter().all(opens);
                let (literals, owners) = if at_words {
                    (&mut self.on_edge, &mut self.on_edge_owners)
                } else {
                    (&mut self.literals, &mut self.owners)
                };
                for needed in needed {
                    literals.push(needed.literal);
                    owners.push(Owner {
                        capital: needed.capital && cased && at_words,
                        ..owner(needed.before)
                    });
                }
            }
            Plan::Number {
                before,
                digits,
                bare,
            } => {
                let owner = Owner {
                    digits: digits as u32,
                    ..owner(Some(before))
                };
                if bare && short && !cased {
                    self.bare_numbers.push(owner);
                    self.sources.push(source.to_owned());
                } else {
                    self.numbers.push(owner);
                }
            }
            Plan::Capital => {
                self.capitals.push(owner(Some(0)));
                self.capital_sources.push(source.to_owned());
            }
            Plan::Anywhere => self.always.push(pattern),
        }
        self.patterns.push(Pattern {
            regex,
            lexicon,
            cased,
            needs_digit: literal::needs_digit(&hir),
            strikes,
            longest,
            on_edge,
            check,
        });
        Ok(())
    }

    pub(crate) fn build(self) -> Result<Patterns, String> {
        let kind = if self.literals.len() <= MOST_LITERALS_FOR_DFA {
            AhoCorasickKind::DFA
        } else {
            AhoCorasickKind::ContiguousNFA
        };
        // Many patterns may share a literal; overlapping search must then report each owner.
        let literals = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(&self.literals)
            .map_err(|error| error.to_string())?;
        let lengths = self.literals.iter().map(|l| l.len() as u32).collect();
        let count = self.patterns.len();
        let struck = self.patterns.iter().filter_map(|p| p.strikes).max();
        Ok(Patterns {
            patterns: self.patterns,
            caches: Pool::new(Box::new(move || (vec![None; count], None))),
            literals,
            lengths,
            owners: self.owners,
            edges: Edges::of(self.on_edge.iter().map(Vec::as_slice).zip(0..)),
            edge_owners: self.on_edge_owners,
            numbers: self.numbers,
            machine: Numbers::of(&self.sources)?,
            bare_numbers: self.bare_numbers,
            capitals: Capitals::of(&self.capital_sources)?,
            capital_owners: self.capitals,
            always: self.always,
            struck: struck.map_or(0, |last| last as usize + 1),
        })
    }
}

/// A byte of a word, as `\b` understands it in patterns.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn one_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}

/// What the regular expressions need to run, and the machine for capitals.
type Needs = (Vec<Option<Cache>>, Option<dfa::Cache>);

/// Each thread has its own.
type Caches = Pool<Needs, Box<dyn Fn() -> Needs + Send + Sync + UnwindSafe + RefUnwindSafe>>;

/// All patterns of a rule set, ready to run.
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    caches: Caches,
    literals: AhoCorasick,
    lengths: Vec<u32>,
    owners: Vec<Owner>,
    edges: Edges,
    edge_owners: Vec<Owner>,
    numbers: Vec<Owner>,
    machine: Numbers,
    bare_numbers: Vec<Owner>,
    capitals: Capitals,
    capital_owners: Vec<Owner>,
    always: Vec<u32>,
    /// Every lexicon that a pattern strikes has a number below this one.
    struck: usize,
}

/// In place of the number of places: the pattern is run over the rest of the text.
const EVERYWHERE: u8 = u8::MAX;

/// One run over one text.
struct Run<'a> {
    patterns: &'a [Pattern],
    text: &'a Text,
    caches: &'a mut [Option<Cache>],
    /// How many places each pattern has had, or [`EVERYWHERE`]; and the end of its last match.
    had: Vec<(u8, u32)>,
    everywhere: Vec<u32>,
    /// Places of patterns that may have nothing to strike out.
    put_off: Vec<(&'a Owner, u32)>,
    most_places: u8,
    /// Every lexicon that a pattern strikes has a number below this one.
    struck: usize,
    found: &'a mut Vec<(LexiconId, Hit)>,
}

impl<'a> Run<'a> {
    /// Tries a pattern at a literal or number of it, now or later. Places come in the order of the text.
    fn place(&mut self, owner: &'a Owner, at: u32) {
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
        let Some((count, past)) = self.had.get_mut(owner.pattern as usize) else {
            return;
        };
        if *count == EVERYWHERE || (pattern.needs_digit && !self.text.folded.has_digit) {
            return;
        }
        let Some(before) = owner
            .before
            .filter(|_| owner.short || *count < self.most_places)
        else {
            *count = EVERYWHERE;
            self.everywhere.push(owner.pattern);
            return;
        };
        *count = (*count + 1).min(EVERYWHERE - 1);
        let first = at.saturating_sub(before).max(*past) as usize;
        if first > at as usize {
            return;
        }
        let haystack = haystack(self.text, pattern);
        if let Some(slot) = self.caches.get_mut(owner.pattern as usize) {
            let cache = slot.get_or_insert_with(|| pattern.regex.create_cache());
            if let Some((start, end)) = try_at(pattern, cache, haystack, first, at as usize) {
                *past = end.max(start + 1) as u32;
                self.keep(pattern, start, end);
            }
        }
    }

    /// Runs a pattern over all of the text that it has not matched yet.
    fn rest(&mut self, index: u32) {
        let (Some(pattern), Some((_, past)), Some(slot)) = (
            self.patterns.get(index as usize),
            self.had.get(index as usize).copied(),
            self.caches.get_mut(index as usize),
        ) else {
            return;
        };
        if pattern.needs_digit && !self.text.folded.has_digit {
            return;
        }
        let cache = slot.get_or_insert_with(|| pattern.regex.create_cache());
        let haystack = haystack(self.text, pattern);
        let mut places = Vec::new();
        let mut from = past as usize;
        while let Some(input) = (from <= haystack.len()).then(|| Input::new(haystack).range(from..))
            && let Some(found) = pattern.regex.search_with(cache, &input)
        {
            places.push((found.start(), found.end()));
            from = found.end().max(found.start() + 1);
        }
        for (start, end) in places {
            self.keep(pattern, start, end);
        }
    }

    /// Runs what is to be run over the whole text, then the patterns that have something to strike out.
    fn finish(&mut self) {
        let mut struck_later = Vec::new();
        for index in std::mem::take(&mut self.everywhere) {
            let pattern = self.patterns.get(index as usize);
            if pattern.is_some_and(|pattern| pattern.strikes.is_some()) {
                struck_later.push(index);
            } else {
                self.rest(index);
            }
        }
        if self.put_off.is_empty() && struck_later.is_empty() && self.everywhere.is_empty() {
            return;
        }
        let mut hit = vec![false; self.struck];
        for (lexicon, _) in &*self.found {
            if let Some(flag) = hit.get_mut(*lexicon as usize) {
                *flag = true;
            }
        }
        let strikes = |pattern: &Pattern| {
            let struck = pattern.strikes.and_then(|id| hit.get(id as usize));
            struck.is_some_and(|hit| *hit)
        };
        for (owner, at) in std::mem::take(&mut self.put_off) {
            if let Some(pattern) = self.patterns.get(owner.pattern as usize)
                && strikes(pattern)
            {
                self.attempt(pattern, owner, at);
            }
        }
        struck_later.append(&mut self.everywhere);
        for index in struck_later {
            if self.patterns.get(index as usize).is_some_and(strikes) {
                self.rest(index);
            }
        }
    }

    fn keep(&mut self, pattern: &Pattern, start: usize, end: usize) {
        if let Some(hit) = placed(self.text, pattern, start, end) {
            self.found.push((pattern.lexicon, hit));
        }
    }
}

impl Patterns {
    /// Adds the hits of all patterns to those of phrases and word endings.
    pub(crate) fn scan(&self, text: &Text, found: &mut Vec<(LexiconId, Hit)>) {
        let mut needs = self.caches.get();
        let (caches, capitals) = &mut *needs;
        let capitals = capitals.get_or_insert_with(|| self.capitals.cache());
        let (least, each, most) = PLACES;
        let mut run = Run {
            patterns: &self.patterns,
            text,
            caches,
            had: vec![(0, 0); self.patterns.len()],
            everywhere: self.always.clone(),
            put_off: Vec::with_capacity(64),
            most_places: (least + text.folded.lower.len() / each).min(most) as u8,
            struck: self.struck,
            found,
        };
        for index in &self.always {
            if let Some((count, _)) = run.had.get_mut(*index as usize) {
                *count = EVERYWHERE;
            }
        }
        let lower = text.folded.lower.as_slice();
        self.at_words(text, &mut run, capitals);
        self.at_literals(lower, &mut run);
        if text.folded.has_digit {
            self.at_numbers(lower, &mut run);
        }
        run.finish();
    }

    /// Literals and capitals that stand where a word begins.
    fn at_words<'a>(&'a self, text: &Text, run: &mut Run<'a>, cache: &mut dfa::Cache) {
        let mut set = self.capitals.set();
        let lower = text.folded.lower.as_slice();
        let cased = text.folded.cased.as_slice();
        for token in &text.tokens {
            let start = token.start as usize;
            let mut look = |at: usize| {
                if cased.get(at).is_some_and(u8::is_ascii_uppercase) {
                    let told = self.capitals.at(cache, cased, at, &mut set);
                    for (index, owner) in self.capital_owners.iter().enumerate() {
                        if !told || PatternID::new(index).is_ok_and(|id| set.contains(id)) {
                            run.place(owner, at as u32);
                        }
                    }
                }
                self.edges.at(lower, at, |literal| {
                    if let Some(owner) = self.edge_owners.get(literal as usize)
                        && !(owner.capital && cased.get(at) == lower.get(at))
                    {
                        run.place(owner, at as u32);
                    }
                });
            };
            look(start);
            if token.gap.has(Gap::MIXED) {
                // An apostrophe or a letter of another script ends a word for a pattern.
                let word = lower.get(start..token.end as usize).unwrap_or_default();
                for (at, pair) in (start + 1..).zip(word.windows(2)) {
                    if let [before, here] = pair
                        && !is_word(*before)
                        && is_word(*here)
                    {
                        look(at);
                    }
                }
            }
        }
    }

    /// All other literals.
    fn at_literals<'a>(&'a self, lower: &[u8], run: &mut Run<'a>) {
        let mut places: Vec<(usize, usize)> = self
            .literals
            .find_overlapping_iter(lower)
            .filter_map(|hit| {
                let literal = hit.pattern().as_usize();
                let length = self.lengths.get(literal)?;
                Some((hit.end() - *length as usize, literal))
            })
            .collect();
        // They come by their ends.
        places.sort_unstable();
        for (at, literal) in places {
            if let Some(owner) = self.owners.get(literal) {
                run.place(owner, at as u32);
            }
        }
    }

    fn at_numbers<'a>(&'a self, lower: &[u8], run: &mut Run<'a>) {
        let mut set = self.machine.set();
        let mut past = 0;
        for (at, _) in lower.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
            if at < past {
                continue;
            }
            let rest = lower.get(at..).unwrap_or_default();
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            past = at + digits;
            for owner in self.numbers.iter().filter(|o| o.digits as usize <= digits) {
                run.place(owner, at as u32);
            }
            let joined = at.checked_sub(1).and_then(|i| lower.get(i));
            if joined.is_some_and(|b| is_word(*b)) {
                // What stands before the number belongs to the match, or there is none.
                for owner in &self.bare_numbers {
                    run.place(owner, at as u32);
                }
                continue;
            }
            let end = lower.len().min(at + SHORT_MATCH + 1);
            let window = lower.get(..end).unwrap_or_default();
            self.machine.at(window, at, &mut set);
            for found in set.iter() {
                if let Some(owner) = self.bare_numbers.get(found.as_usize()) {
                    run.place(owner, at as u32);
                }
            }
        }
    }
}

fn haystack<'a>(text: &'a Text, pattern: &Pattern) -> &'a [u8] {
    if pattern.cased {
        text.folded.cased.as_slice()
    } else {
        text.folded.lower.as_slice()
    }
}

/// The first match that begins at `first..=last`; the same that a run over the whole text would find there.
fn try_at(
    pattern: &Pattern,
    cache: &mut Cache,
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
        starts.into_iter().find_map(|start| {
            let input = Input::new(haystack).range(start..).anchored(Anchored::Yes);
            pattern.regex.search_with(cache, &input)
        })
    } else {
        let end = pattern.longest.map_or(haystack.len(), |longest| {
            last.saturating_add(longest).min(haystack.len())
        });
        let input = Input::new(haystack).range(first..end);
        pattern.regex.search_with(cache, &input)
    };
    found
        .map(|m| (m.start(), m.end()))
        .filter(|(start, _)| *start <= last)
}

fn placed(text: &Text, pattern: &Pattern, start: usize, end: usize) -> Option<Hit> {
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::{Patterns, haystack, placed};
    use crate::matching::scan::Matcher;
    use crate::submission::Submission;
    use crate::text::Text;

    static SHIPPED: LazyLock<Matcher> = LazyLock::new(|| {
        let loaded = crate::pack::load(crate::pack::SHIPPED, Vec::new());
        loaded.unwrap_or_else(|e| panic!("{e}")).0.matcher
    });

    /// All matches of all patterns that have something to strike out, each pattern run over the whole text.
    fn run_over_all(patterns: &Patterns, text: &Text) -> Vec<(u32, u32, u32)> {
        let mut found = Vec::new();
        let all = patterns.patterns.iter();
        let (strikes, finds): (Vec<_>, Vec<_>) = all.partition(|p| p.strikes.is_some());
        for pattern in finds.into_iter().chain(strikes) {
            let struck = |(lexicon, ..): &(u32, u32, u32)| Some(*lexicon) == pattern.strikes;
            if pattern.strikes.is_some() && !found.iter().any(struck) {
                continue;
            }
            for matched in pattern.regex.find_iter(haystack(text, pattern)) {
                if let Some(hit) = placed(text, pattern, matched.start(), matched.end()) {
                    found.push((pattern.lexicon, hit.start, hit.end));
                }
            }
        }
        found
    }

    fn piece() -> impl Strategy<Value = String> {
        let words = vec![
            "in",
            "In",
            "at",
            "from the",
            "our",
            "Boston",
            "Anna",
            "B.",
            "Dr.",
            "patient",
            "mrn",
            "12",
            "3",
            "943 476 5919",
            "24",
            "pounds",
            "years old",
            "a 5",
            "03/04/2024",
            "on",
            "March",
            "14,",
            "2021",
            "call me",
            "07700 900123",
            "SW1A 1AA",
            "up to",
            "90%",
            "of",
            "patients",
            "http://a.b/c?d",
            "@x",
            "a@b.co",
            "gained",
            "lost",
            "put on",
            "about",
            "works",
            "don't",
            "é",
            "naïve",
            "id:",
            "A1",
            "1.2.3.4",
            "(555)",
            "555-1234",
            "week",
            "hospital",
            "clinic",
            "St",
            "near",
            "'s",
            ",",
            ".",
            ";",
            "\n",
            "  ",
            "_",
            "-",
            "19",
            "20",
        ];
        let joint = prop::sample::select(vec![" ", " ", " ", "", "-", "\n", ", "]);
        (prop::sample::select(words), joint).prop_map(|(word, joint)| format!("{word}{joint}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn patterns_tried_in_places_find_what_patterns_run_over_all_find(pieces in prop::collection::vec(piece(), 0..60)) {
            let body = pieces.concat();
            let text = Text::read(&Submission { title: None, body: &body });
            let patterns = &SHIPPED.patterns;
            let mut hits = Vec::new();
            patterns.scan(&text, &mut hits);
            let mut tried: Vec<_> = hits.iter().map(|(l, hit)| (*l, hit.start, hit.end)).collect();
            tried.sort_unstable();
            let mut run = run_over_all(patterns, &text);
            run.sort_unstable();
            prop_assert_eq!(tried, run);
        }
    }
}
