//! Patterns, and one automaton that says which of them can match at all, and where.
//!
//! Running every regular expression over every post is the slow way. Each pattern needs some literal (of "gained 24
//! pounds" at least "gain" or "put on"), or a digit; one pass for all literals leaves only the few patterns worth
//! running. Where it is known how far before its literal a match can begin, a pattern is tried only there.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::check::Check;
use super::literal::{self, MOST_STARTS, Needed, Plan};
use super::{Hit, LexiconId};
use crate::text::Text;

const COMPILED_LIMIT: usize = 1 << 20;
/// With more literals than this the fast automaton would take too much room.
const MOST_LITERALS_FOR_DFA: usize = 6_000;
/// A pattern whose literals stand in more places is run over the whole text: it stays linear.
const MOST_PLACES: u8 = 12;
/// Unless no match is longer than this: then trying each place is linear too.
const SHORT_MATCH: usize = 160;

struct Pattern {
    regex: Regex,
    lexicon: LexiconId,
    /// Matched on the text as written instead of its lower case.
    cased: bool,
    /// Without a digit in the text it cannot match.
    needs_digit: bool,
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
    /// Just before the literal a word must end or none be.
    on_edge: bool,
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
    /// Patterns that begin with a number, and what can stand before it.
    numbers: Vec<Owner>,
    always: Vec<u32>,
}

impl PatternList {
    /// Adds a pattern to a lexicon, or says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        source: &str,
        cased: bool,
        check: Option<Check>,
        lexicon: LexiconId,
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
            on_edge: false,
            capital: false,
            digits: 0,
        };
        match literal::plan(&hir) {
            Plan::Literals(needed) => {
                for Needed {
                    literal,
                    before,
                    capital,
                } in needed
                {
                    let opens = before == Some(0) && literal.first().is_some_and(|b| is_word(*b));
                    self.literals.push(literal);
                    self.owners.push(Owner {
                        on_edge: on_edge && opens,
                        capital: capital && cased,
                        ..owner(before)
                    });
                }
            }
            Plan::Number { before, digits } => self.numbers.push(Owner {
                digits: digits as u32,
                ..owner(Some(before))
            }),
            Plan::Anywhere => self.always.push(pattern),
        }
        self.patterns.push(Pattern {
            regex,
            lexicon,
            cased,
            needs_digit: literal::needs_digit(&hir),
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
        Ok(Patterns {
            patterns: self.patterns,
            literals,
            lengths,
            owners: self.owners,
            numbers: self.numbers,
            always: self.always,
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

/// All patterns of a rule set, ready to run.
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    literals: AhoCorasick,
    lengths: Vec<u32>,
    owners: Vec<Owner>,
    numbers: Vec<Owner>,
    always: Vec<u32>,
}

/// Where a match of a pattern can begin: first and last byte.
type Start = (u32, u32);

/// In place of the number of places: the pattern is run over the whole text.
const EVERYWHERE: u8 = u8::MAX;

/// Which patterns can match, and where.
struct Wanted {
    places: Vec<(u32, Start)>,
    /// How many places each pattern has, or [`EVERYWHERE`].
    counts: Vec<u8>,
    everywhere: Vec<u32>,
}

impl Wanted {
    fn add(&mut self, owner: &Owner, at: u32) {
        let Some(count) = self.counts.get_mut(owner.pattern as usize) else {
            return;
        };
        if *count == EVERYWHERE {
            return;
        }
        *count = (*count + 1).min(EVERYWHERE - 1);
        match owner.before {
            Some(before) if owner.short || *count <= MOST_PLACES => {
                let start = (at.saturating_sub(before), at);
                self.places.push((owner.pattern, start));
            }
            _ => self.run(owner.pattern),
        }
    }

    fn run(&mut self, pattern: u32) {
        if let Some(count) = self.counts.get_mut(pattern as usize) {
            *count = EVERYWHERE;
        }
        self.everywhere.push(pattern);
    }
}

impl Patterns {
    pub(crate) fn scan(&self, text: &Text, mut found: impl FnMut(LexiconId, Hit)) {
        let wanted = self.wanted(text);
        let mut keep = |pattern: &Pattern, start: usize, end: usize| {
            if let Some(hit) = placed(text, pattern, start, end) {
                found(pattern.lexicon, hit);
            }
        };
        for index in &wanted.everywhere {
            let Some(pattern) = self.patterns.get(*index as usize) else {
                continue;
            };
            if pattern.needs_digit && !text.folded.has_digit {
                continue;
            }
            for matched in pattern.regex.find_iter(haystack(text, pattern)) {
                keep(pattern, matched.start(), matched.end());
            }
        }
        let by_pattern = wanted.places.chunk_by(|(a, _), (b, _)| a == b);
        for places in by_pattern {
            let Some((index, _)) = places.first() else {
                continue;
            };
            let Some(pattern) = self.patterns.get(*index as usize) else {
                continue;
            };
            let everywhere = wanted.counts.get(*index as usize) == Some(&EVERYWHERE);
            if everywhere || (pattern.needs_digit && !text.folded.has_digit) {
                continue;
            }
            let haystack = haystack(text, pattern);
            let mut past = 0;
            for (_, (first, last)) in places {
                let first = (*first as usize).max(past);
                if first > *last as usize {
                    continue;
                }
                if let Some((start, end)) = try_at(pattern, haystack, first, *last as usize) {
                    keep(pattern, start, end);
                    past = end.max(start + 1);
                }
            }
        }
    }

    fn wanted(&self, text: &Text) -> Wanted {
        let lower = text.folded.lower.as_slice();
        let mut wanted = Wanted {
            places: Vec::with_capacity(64),
            counts: vec![0; self.patterns.len()],
            everywhere: Vec::new(),
        };
        let byte = |at: u32| lower.get(at as usize).copied();
        for hit in self.literals.find_overlapping_iter(lower) {
            let literal = hit.pattern().as_usize();
            let (Some(owner), Some(length)) = (self.owners.get(literal), self.lengths.get(literal))
            else {
                continue;
            };
            let at = hit.end() as u32 - length;
            if owner.on_edge && at.checked_sub(1).and_then(byte).is_some_and(is_word) {
                continue;
            }
            if owner.capital && text.folded.cased.get(at as usize) == lower.get(at as usize) {
                continue;
            }
            wanted.add(owner, at);
        }
        if text.folded.has_digit && !self.numbers.is_empty() {
            let mut past = 0;
            for (at, _) in lower.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
                if at < past {
                    continue;
                }
                let rest = lower.get(at..).unwrap_or_default();
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                past = at + digits;
                for owner in self.numbers.iter().filter(|o| o.digits as usize <= digits) {
                    wanted.add(owner, at as u32);
                }
            }
        }
        for index in &self.always {
            wanted.run(*index);
        }
        wanted.places.sort_unstable();
        wanted
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
fn try_at(pattern: &Pattern, haystack: &[u8], first: usize, last: usize) -> Option<(usize, usize)> {
    let edge = |at: usize| {
        let word = |at: usize| haystack.get(at).is_some_and(|b| is_word(*b));
        at.checked_sub(1).is_some_and(word) != word(at)
    };
    let found = if last - first <= MOST_STARTS {
        let starts = (first..=last).filter(|at| !pattern.on_edge || edge(*at));
        starts.into_iter().find_map(|start| {
            let input = Input::new(haystack).range(start..).anchored(Anchored::Yes);
            pattern.regex.find(input)
        })
    } else {
        let end = pattern.longest.map_or(haystack.len(), |longest| {
            last.saturating_add(longest).min(haystack.len())
        });
        pattern.regex.find(Input::new(haystack).range(first..end))
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
