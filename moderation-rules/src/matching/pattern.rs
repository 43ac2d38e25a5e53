//! Patterns, and what says which of them can match at all, and where.
//!
//! Running every regular expression over every post is the slow way. Most patterns begin where a word does, and one
//! machine reads the openings of all of these. Each of the others needs some literal (of "gained 24 pounds" at least
//! "gain" or "put on"), or a digit; one pass for all literals leaves only the few patterns worth running. Where it is
//! known how far before its literal a match can begin, a pattern is tried only there.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

use regex_automata::hybrid::dfa;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::pool::Pool;

use regex_syntax::hir::{HirKind, Look};

use super::LexiconId;
use super::check::Check;
use super::edges::{EdgeList, Edges};
use super::hits::Found;
use super::literal::{self, MOST_STARTS, Plan};
use super::literals::Literals;
use super::opening::lowered;
use super::run::{Owner, Pattern, Room, Run, is_word};
use crate::text::{Gap, Text, currency};

const COMPILED_LIMIT: usize = 1 << 20;
/// A pattern without longer matches than this may be tried at any number of places: that is linear too.
const SHORT_MATCH: usize = 160;

/// Collects patterns before the machines are built.
#[derive(Default)]
pub(crate) struct PatternList {
    patterns: Vec<Pattern>,
    /// Patterns that begin where a word does, and those of them that begin with a capital.
    edges: [EdgeList; 2],
    literals: Vec<Vec<u8>>,
    owners: Vec<Owner>,
    /// Patterns that may match at the very beginning.
    starts: Vec<Owner>,
    /// Patterns that need a number, with what can stand before it.
    numbers: Vec<Owner>,
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
        // The text is folded in the same way.
        let source = source.replace(currency, r"\$");
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(&source)
            .map_err(|error| one_line(&error.to_string()))?;
        thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .nfa_size_limit(Some(COMPILED_LIMIT))
                    .which_captures(WhichCaptures::None),
            )
            .build_from_hir(&hir)
            .map_err(|error| one_line(&error.to_string()))?;
        let pattern = self.patterns.len() as u32;
        let longest = hir.properties().maximum_len();
        let short = longest.is_some_and(|l| l <= SHORT_MATCH);
        let at_end = hir.properties().look_set_suffix().contains(Look::End);
        let owner = |before: Option<usize>| Owner {
            pattern,
            // A long way back and no end in sight, or the end of the text: one run over the text costs less.
            before: before
                .filter(|b| !at_end && (*b <= MOST_STARTS || short))
                .map(|b| b as u32),
            short,
            digits: 0,
            capital: false,
        };
        match literal::plan(&hir, cased) {
            Plan::Edge => {
                let [lower, written] = &mut self.edges;
                if cased && literal::opens_with_capital(&hir) {
                    written.add(&hir, owner(Some(0)));
                } else {
                    lower.add(&lowered(&hir), owner(Some(0)));
                }
            }
            Plan::Start => self.starts.push(owner(Some(0))),
            Plan::Literals { start, needed } => {
                if start {
                    self.starts.push(owner(Some(0)));
                }
                for needed in needed {
                    self.literals.push(needed.literal);
                    self.owners.push(Owner {
                        capital: needed.capital && cased,
                        ..owner(needed.before)
                    });
                }
            }
            Plan::Number { before, digits } => self.numbers.push(Owner {
                digits: digits as u32,
                ..owner(Some(before))
            }),
            Plan::Anywhere => self.always.push(pattern),
        }
        let pattern = Pattern {
            regex: OnceLock::new(),
            tried: OnceLock::new(),
            literal: match hir.kind() {
                HirKind::Literal(literal) => Some(literal.0.clone()),
                _ => None,
            },
            source,
            lexicon,
            cased,
            digits: literal::needed_digits(&hir) as u32,
            strikes,
            longest,
            on_edge: literal::opens_on_word(&hir),
            check,
        };
        if hir.properties().minimum_len() == Some(0) && pattern.regex().is_match(b"") {
            return Err("the pattern matches empty text".to_owned());
        }
        self.patterns.push(pattern);
        Ok(())
    }

    pub(crate) fn build(self) -> Result<Patterns, String> {
        let [lower, written] = self.edges;
        Ok(Patterns {
            patterns: self.patterns,
            rooms: Pool::new(Box::new(Rooms::default)),
            edges: [lower.build()?, written.build()?],
            literals: Literals::of(self.literals),
            owners: self.owners,
            starts: self.starts,
            numbers: self.numbers,
            always: self.always,
        })
    }
}

fn one_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}

/// What a text needs to be read: each thread has its own.
#[derive(Default)]
struct Rooms {
    run: Room,
    /// What the machines for the edges of words need.
    machines: Option<[dfa::Cache; 2]>,
    /// By pattern of each machine: one more than where it was last found.
    last: [Vec<u32>; 2],
}

type Make = Box<dyn Fn() -> Rooms + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// All patterns of a rule set, ready to run.
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    rooms: Pool<Rooms, Make>,
    edges: [Edges; 2],
    literals: Literals,
    owners: Vec<Owner>,
    starts: Vec<Owner>,
    numbers: Vec<Owner>,
    always: Vec<u32>,
}

impl Patterns {
    /// Adds the hits of all patterns to those of phrases and word endings.
    pub(super) fn scan(&self, text: &Text, found: &mut Found) {
        let mut rooms = self.rooms.get();
        let Rooms {
            run,
            machines,
            last,
        } = &mut *rooms;
        let machines = machines.get_or_insert_with(|| self.edges.each_ref().map(Edges::cache));
        let numbers = numbers(text);
        let mut run = Run::new(
            &self.patterns,
            text,
            run,
            &self.always,
            numbers.iter().map(|(_, digits)| *digits).max(),
            found,
        );
        for owner in &self.starts {
            run.place(owner, 0);
        }
        self.at_words(text, &mut run, machines, last);
        self.at_literals(text, &mut run);
        for (at, digits) in numbers {
            let numbers = self.numbers.iter();
            for owner in numbers.filter(|owner| owner.digits <= digits) {
                run.place(owner, at);
            }
        }
        run.finish();
    }

    /// Where a word begins.
    fn at_words<'a>(
        &'a self,
        text: &Text,
        run: &mut Run<'a>,
        caches: &mut [dfa::Cache; 2],
        last: &mut [Vec<u32>; 2],
    ) {
        let lower = text.folded.lower.as_slice();
        let cased = text.folded.cased.as_slice();
        let [in_lower, as_written] = &self.edges;
        let [lower_cache, written_cache] = caches;
        let [lower_last, written_last] = last;
        let mut in_lower = in_lower.reader(lower_cache, lower_last, lower);
        let mut as_written = as_written.reader(written_cache, written_last, cased);
        for token in &text.tokens {
            let start = token.start as usize;
            let mut look = |at: usize| {
                in_lower.at(at, |owner| run.place(owner, at as u32));
                if cased.get(at).is_some_and(u8::is_ascii_uppercase) {
                    as_written.at(at, |owner| run.place(owner, at as u32));
                }
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

    fn at_literals<'a>(&'a self, text: &Text, run: &mut Run<'a>) {
        let written = text.folded.cased.as_slice();
        self.literals.scan(&text.folded.lower, |at, literal| {
            let capital = || written.get(at).is_some_and(u8::is_ascii_uppercase);
            let owner = self.owners.get(literal as usize);
            if let Some(owner) = owner.filter(|owner| !owner.capital || capital()) {
                run.place(owner, at as u32);
            }
        });
    }
}

/// Where numbers begin, and how many digits they have in a row.
fn numbers(text: &Text) -> Vec<(u32, u32)> {
    let mut numbers: Vec<(u32, u32)> = Vec::new();
    if !text.folded.has_digit {
        return numbers;
    }
    let lower = (0..).zip(&text.folded.lower);
    for (at, _) in lower.filter(|(_, byte)| byte.is_ascii_digit()) {
        match numbers.last_mut() {
            Some((begin, digits)) if *begin + *digits == at => *digits += 1,
            _ => numbers.push((at, 1)),
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::Patterns;
    use crate::matching::hits::Found;
    use crate::matching::run::{haystack, placed};
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
            for matched in pattern.regex().find_iter(haystack(text, pattern)) {
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
            let mut found = Found::default();
            found.clear(SHIPPED.lexicons);
            patterns.scan(&text, &mut found);
            let mut tried: Vec<_> = found.all().map(|(l, hit)| (l, hit.start, hit.end)).collect();
            tried.sort_unstable();
            let mut run = run_over_all(patterns, &text);
            run.sort_unstable();
            prop_assert_eq!(tried, run);
        }
    }
}
