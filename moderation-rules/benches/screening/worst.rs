//! Texts made to be slow to read.

use crate::measure::once;
use crate::{context, screen};
use moderation_rules::{RuleSet, Speaker};

/// The longest text that is read; a longer one is held for a person.
const LONGEST: usize = 256 << 10;

pub fn print(rules: &RuleSet) {
    let context = context(Speaker::Company);
    println!("## Texts made to be slow\n| text | ms for 256 KiB | ms for 1 MiB |\n|---|---|---|");
    for (what, piece) in [
        ("one letter", "a"),
        ("open brackets", "["),
        ("links without end", "[a](<"),
        ("every word a symptom", "nausea rash "),
        ("every word denied", "no nausea not rash "),
        ("half phrases", "i had to stop taking it because of the "),
        ("numbers", "123-45-6789 "),
        ("one long number", "7"),
        ("literals of patterns", "gained lost put on up "),
        ("unknown long words", "hypersensativitation "),
        (
            "unknown words of the longest kind",
            "qhypersensativitatioxyz ",
        ),
        ("decomposed accents", "e\u{301}\u{302}\u{303}"),
        ("letters that unfold", "ﷺ"),
        ("emoji", "🤮"),
        ("letters of other scripts", "раin "),
        ("leetspeak", "1d10t k1ll y0ur5elf "),
        ("references", "&amp;&#x61;"),
        ("addresses", "http://a.b/c?d@e.f "),
        ("quotes", "> \"a\n"),
        ("no words", " .,;:!?\n"),
    ] {
        let text = piece.repeat(LONGEST / piece.len());
        let long = piece.repeat((1 << 20) / piece.len());
        let best = |text: &str| {
            let runs = (0..3).map(|_| {
                once(|| {
                    std::hint::black_box(screen(rules, &context, text));
                })
            });
            runs.fold(f64::MAX, f64::min) / 1e3
        };
        println!("| {what} | {:.1} | {:.2} |", best(&text), best(&long));
    }
    println!();
}
