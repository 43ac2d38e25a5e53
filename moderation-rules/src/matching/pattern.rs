//! Patterns, and one automaton that says which of them can match at all.
//!
//! Running every regular expression over every post is the slow way. Each pattern needs some literal (of "gained 24
//! pounds" at least "gain" or "put on"); one pass for all literals leaves only the few patterns worth running.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::check::Check;
use super::{Hit, LexiconId};
use crate::text::Text;

const COMPILED_LIMIT: usize = 1 << 20;

struct Pattern {
    regex: Regex,
    lexicon: LexiconId,
    /// Matched on the text as written instead of its lower case.
    cased: bool,
    /// Without a digit in the text it cannot match.
    needs_digit: bool,
    check: Option<Check>,
}

/// Collects patterns before the automaton is built.
#[derive(Default)]
pub(crate) struct PatternList {
    patterns: Vec<Pattern>,
    literals: Vec<Vec<u8>>,
    owners: Vec<u32>,
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
        let regex = RegexBuilder::new(source)
            .unicode(false)
            .size_limit(COMPILED_LIMIT)
            .build()
            .map_err(|error| one_line(&error.to_string()))?;
        if regex.is_match(b"") {
            return Err("the pattern matches empty text".to_owned());
        }
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(source)
            .map_err(|error| one_line(&error.to_string()))?;
        let index = self.patterns.len() as u32;
        match needed(&hir) {
            Some(literals) => {
                for literal in literals {
                    self.literals.push(literal.to_ascii_lowercase());
                    self.owners.push(index);
                }
            }
            None => self.always.push(index),
        }
        self.patterns.push(Pattern {
            regex,
            lexicon,
            cased,
            needs_digit: needs_digit(&hir),
            check,
        });
        Ok(())
    }

    pub(crate) fn build(self) -> Result<Patterns, String> {
        // Many patterns may share a literal; overlapping search must then report each owner.
        let literals = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&self.literals)
            .map_err(|error| error.to_string())?;
        Ok(Patterns {
            patterns: self.patterns,
            literals,
            owners: self.owners,
            always: self.always,
        })
    }
}

fn one_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}

/// All patterns of a rule set, ready to run.
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    literals: AhoCorasick,
    owners: Vec<u32>,
    always: Vec<u32>,
}

impl Patterns {
    pub(crate) fn scan(&self, text: &Text, mut found: impl FnMut(LexiconId, Hit)) {
        let lower = text.folded.lower.as_slice();
        let mut wanted = vec![false; self.patterns.len()];
        for hit in self.literals.find_overlapping_iter(lower) {
            if let Some(owner) = self.owners.get(hit.pattern().as_usize())
                && let Some(flag) = wanted.get_mut(*owner as usize)
            {
                *flag = true;
            }
        }
        for index in &self.always {
            if let Some(flag) = wanted.get_mut(*index as usize) {
                *flag = true;
            }
        }
        for (pattern, _) in self.patterns.iter().zip(wanted).filter(|(_, w)| *w) {
            if pattern.needs_digit && !text.folded.has_digit {
                continue;
            }
            let haystack = if pattern.cased {
                text.folded.cased.as_slice()
            } else {
                lower
            };
            for matched in pattern.regex.find_iter(haystack) {
                let sound = |check: Check| check.holds(matched.as_bytes());
                if matched.is_empty() || !pattern.check.is_none_or(sound) {
                    continue;
                }
                let (start, end) = (matched.start() as u32, matched.end() as u32);
                let Some((first, last)) = text.tokens_at(start, end) else {
                    continue;
                };
                let sentence = text.tokens.get(first as usize).map_or(0, |t| t.sentence);
                found(
                    pattern.lexicon,
                    Hit {
                        start,
                        end,
                        first,
                        last,
                        sentence,
                    },
                );
            }
        }
    }
}

/// Literals of which at least one is in every match, or `None` where no such set of use exists.
fn needed(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let worth = |set: &Vec<Vec<u8>>| {
        let shortest = set.iter().map(Vec::len).min().unwrap_or(0).min(6);
        (shortest, std::cmp::Reverse(set.len()))
    };
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.len() >= 2 || &*literal.0 == b"@" => {
            Some(vec![literal.0.to_vec()])
        }
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(needed).max_by_key(worth),
        HirKind::Alternation(parts) => parts
            .iter()
            .map(needed)
            .collect::<Option<Vec<_>>>()
            .map(|sets| sets.concat()),
        _ => None,
    }
}

/// Whether every match has an ASCII digit in it.
fn needs_digit(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .all(|r| r.start() >= b'0' && r.end() <= b'9'),
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .all(|r| r.start() >= '0' && r.end() <= '9'),
        HirKind::Capture(capture) => needs_digit(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && needs_digit(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().any(needs_digit),
        HirKind::Alternation(parts) => parts.iter().all(needs_digit),
        _ => false,
    }
}
