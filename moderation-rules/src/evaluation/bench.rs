//! How fast the rules read, on texts made of their own examples.

use serde::Serialize;

use crate::certainty::rounded;
use crate::context::{Audience, Context, Speaker};
use crate::rule_set::RuleSet;
use crate::submission::Submission;

/// How fast one kind of text is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// The kind of text.
    pub texts: String,
    /// Bytes of each text, about.
    pub bytes: usize,
    /// How many were read.
    pub count: usize,
    /// Texts in a second.
    pub per_second: f64,
    /// Megabytes in a second.
    pub megabytes_per_second: f64,
    /// Half of the texts took no longer than this many microseconds.
    pub p50_micros: f64,
    /// Of a hundred texts ninety-nine took no longer than this many microseconds.
    pub p99_micros: f64,
}

/// So many bytes of each kind are read.
const BYTES: usize = 2 << 20;
/// So many different texts of each kind.
const DIFFERENT: usize = 64;

/// Reads several kinds of text with all rules; the clock gives nanoseconds since any moment.
pub fn bench(rules: &RuleSet, mut clock: impl FnMut() -> u64) -> Vec<Pace> {
    let examples: Vec<&str> = rules
        .rules()
        .flat_map(|rule| rule.examples.hits.iter().chain(&rule.examples.misses))
        .map(String::as_str)
        .collect();
    let plain = examples.join(" ");
    let kinds = [
        ("examples, 200 B", 200, plain.clone()),
        ("examples, 1 KB", 1 << 10, plain.clone()),
        ("examples, 10 KB", 10 << 10, plain.clone()),
        ("words no rule knows, 1 KB", 1 << 10, unknown(&plain)),
        ("letters beyond ASCII, 1 KB", 1 << 10, foreign(&plain)),
        (
            "one example over and over, 10 KB",
            10 << 10,
            repeated(&examples),
        ),
    ];
    // Whoever speaks to whomever: all rules apply.
    let context = Context {
        speaker: Speaker::Unknown,
        audience: Audience::Unknown,
        ..Context::default()
    };
    kinds
        .into_iter()
        .map(|(name, bytes, source)| {
            let texts = cut(&source, bytes);
            let mut took = Vec::with_capacity(BYTES / bytes);
            let begun = clock();
            for text in texts.iter().cycle().take(BYTES / bytes) {
                let start = clock();
                let submission = Submission {
                    title: None,
                    body: text,
                };
                std::hint::black_box(rules.screen(&submission, &context));
                took.push(clock().saturating_sub(start));
            }
            let seconds = clock().saturating_sub(begun).max(1) as f64 / 1e9;
            let read: usize = texts.iter().cycle().take(took.len()).map(String::len).sum();
            took.sort_unstable();
            let at = |share: f64| {
                let place = (took.len() as f64 * share) as usize;
                let nanos = took.get(place.min(took.len().saturating_sub(1)));
                rounded(nanos.copied().unwrap_or_default() as f64 / 1e3)
            };
            Pace {
                texts: name.to_owned(),
                bytes,
                count: took.len(),
                per_second: rounded(took.len() as f64 / seconds),
                megabytes_per_second: rounded(read as f64 / 1e6 / seconds),
                p50_micros: at(0.5),
                p99_micros: at(0.99),
            }
        })
        .collect()
}

/// Texts of about so many bytes, from different places of a longer one.
fn cut(source: &str, bytes: usize) -> Vec<String> {
    let words: Vec<&str> = source.split(' ').collect();
    let step = (words.len() / DIFFERENT).max(1);
    (0..DIFFERENT)
        .map(|n| {
            let mut text = String::with_capacity(bytes + 32);
            for word in words.iter().cycle().skip(n * step) {
                if text.len() >= bytes {
                    break;
                }
                text.push_str(word);
                text.push(' ');
            }
            text
        })
        .collect()
}

/// Words of the same lengths that nobody has written before.
fn unknown(text: &str) -> String {
    let next = |letter: char| match letter {
        'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(letter) + 1).unwrap_or(letter),
        'z' => 'a',
        'Z' => 'A',
        other => other,
    };
    text.chars().map(next).collect()
}

/// The same words with marks on their vowels and letters of other scripts among them.
fn foreign(text: &str) -> String {
    let other = |letter: char| match letter {
        'a' => 'á',
        'e' => 'е',
        'o' => 'ö',
        's' => 'ѕ',
        other => other,
    };
    text.chars().map(other).collect()
}

fn repeated(examples: &[&str]) -> String {
    let longest = examples.iter().max_by_key(|text| text.len());
    format!("{} ", longest.copied().unwrap_or("a")).repeat(DIFFERENT)
}
