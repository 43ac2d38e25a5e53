//! How long a screening takes, and what it costs more than the work itself: `cargo bench -p moderation-rules`.
//!
//! Everything is measured in one run, in rounds that take turns, so that the ratios hold whatever else the machine does.
//! Texts, terms and rules are generated here. `-- only=posts,growth,worst,peers` runs some parts only;
//! `-- data=DIR` takes `text_1k.txt`, `text_10k.txt`, `text_200.txt`, `text_1kwild.txt` (one post a line) and
//! `terms_90k.txt` (one name a line) from a folder in place of the generated ones.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark without rules has nothing to measure"
)]

mod bare;
mod generate;
mod growth;
mod measure;
mod peers;
mod worst;

use std::path::PathBuf;

use bare::Bare;
use generate::{Manner, posts};
use measure::{Figures, kib, rounds};
use moderation_rules::terminology::import::{self, MeddraFiles};
use moderation_rules::terminology::{Edition, SourceFile, Terminology};
use moderation_rules::{Context, Product, RuleSet, Speaker, Submission};

/// Terms of the large terminology, about as many as MedDRA has.
const TERMS: usize = 90_000;
/// Patterns of the bare program.
const PATTERNS: usize = 300;

/// A terminology with these names, put through the reader of the distribution and the lexicon file.
pub fn lexicon_file(names: &[String]) -> String {
    let rows = names.iter().zip(10_000_000_u32..);
    let (mut llt, mut pt) = (String::new(), String::new());
    for (name, code) in rows {
        llt.push_str(&format!("{code}${name}${code}$$$$$$$Y$$\n"));
        pt.push_str(&format!("{code}${name}$$10000$$$$$$$$\n"));
    }
    let file = |name, text| SourceFile { name, text };
    let files = MeddraFiles {
        llt: file("llt.asc", &llt),
        pt: file("pt.asc", &pt),
        mdhier: None,
    };
    let edition = Edition {
        version: "1",
        licence: "generated",
        joins: None,
    };
    import::meddra(&files, &edition).unwrap().to_text()
}

/// The shipped packs with a terminology.
pub fn rules_with(lexicon: &str) -> RuleSet {
    let read = Terminology::read("generated.terms", lexicon).unwrap();
    RuleSet::load_with(&RuleSet::shipped_packs(), vec![read]).unwrap()
}

pub fn context(speaker: Speaker) -> Context {
    Context {
        speaker,
        products: vec![Product {
            name: "Zelvoria".to_owned(),
            established_name: Some("zelvoritinib".to_owned()),
            indication: "plaque psoriasis in adults".to_owned(),
            ..Product::default()
        }],
        ..Context::default()
    }
}

pub fn screen(rules: &RuleSet, context: &Context, body: &str) -> usize {
    let screening = rules.screen(&Submission { title: None, body }, context);
    screening.findings.len() + screening.terms.len()
}

fn lines(data: Option<&PathBuf>, name: &str, made: impl FnOnce() -> Vec<String>) -> Vec<String> {
    let read = data.and_then(|folder| std::fs::read_to_string(folder.join(name)).ok());
    read.map_or_else(made, |text| text.lines().map(str::to_owned).collect())
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let value = |key: &str| {
        let found = words
            .iter()
            .find_map(|w| w.strip_prefix(key)?.strip_prefix('='));
        found.map(str::to_owned)
    };
    let only = value("only").unwrap_or_else(|| "posts,growth,worst,peers".to_owned());
    let asked = |part: &str| only.split(',').any(|o| o == part);
    let data = value("data").map(PathBuf::from);
    let names = lines(data.as_ref(), "terms_90k.txt", || generate::terms(TERMS));
    let patterns = generate::patterns(PATTERNS);
    if asked("posts") {
        typical(data.as_ref(), &names, &patterns);
    }
    if asked("growth") {
        growth::print();
    }
    if asked("worst") {
        worst::print(&rules_with(&lexicon_file(&names)));
    }
    if asked("peers") {
        peers::print(&names, &patterns);
    }
}

/// Posts of all kinds, beside the bare program.
fn typical(data: Option<&PathBuf>, names: &[String], patterns: &[(String, Vec<String>)]) {
    let lexicon = lexicon_file(names);
    let before = kib();
    let rules = rules_with(&lexicon);
    let grown = kib().saturating_sub(before);
    let mut bare = Bare::new(names, patterns);
    let loads = rounds(
        5,
        &mut [
            &mut || drop(std::hint::black_box(rules_with(&lexicon))),
            &mut || drop(std::hint::black_box(Bare::new(names, patterns))),
            &mut || drop(std::hint::black_box(RuleSet::shipped().unwrap())),
        ],
    );
    println!("## Loading\n| what | ms | x bare |\n|---|---|---|");
    let base = loads.get(1).copied().unwrap_or(1.0);
    for (what, ms) in ["all packs and 90,000 terms", "bare", "all packs alone"]
        .iter()
        .zip(&loads)
    {
        println!("| {what} | {:.1} | {:.2} |", ms / 1e3, ms / base);
    }
    println!(
        "\nMemory that the rule set with 90,000 terms takes: {} MiB",
        grown >> 10
    );
    println!("Rules: {}\n", rules.rules().count());

    println!("## Posts, all packs and 90,000 terms, all findings with spans\n");
    println!(
        "| post | bare us | ours us | p99 us | x bare | p99 / p50 | findings and terms a post |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (speaker, told) in [(Speaker::Patient, "patient"), (Speaker::Company, "company")] {
        let context = context(speaker);
        for (what, file, manner, bytes, count) in [
            ("200 B", "text_200.txt", Manner::Plain, 200, 1_500),
            ("1 KB", "text_1k.txt", Manner::Plain, 1_000, 1_000),
            ("10 KB", "text_10k.txt", Manner::Plain, 10_000, 100),
            (
                "1 KB, unseen words",
                "text_1kwild.txt",
                Manner::Unseen,
                1_000,
                1_000,
            ),
            ("1 KB, not ASCII", "", Manner::NotAscii, 1_000, 1_000),
        ] {
            let mut texts = lines(data, file, || posts(manner, bytes, count));
            texts.truncate(count);
            let mut hits = 0;
            let ours = |text: &str| hits += screen(&rules, &context, text);
            let (bare, ours) = measure::beside(
                &texts,
                |text| {
                    std::hint::black_box(bare.screen(text));
                },
                ours,
            );
            let Figures { p50, p99 } = ours;
            println!(
                "| {told}, {what} | {:.1} | {p50:.1} | {p99:.1} | {:.2} | {:.2} | {:.1} |",
                bare.p50,
                p50 / bare.p50,
                p99 / p50,
                hits as f64 / (texts.len() * measure::PASSES) as f64,
            );
        }
    }
    println!();
}
