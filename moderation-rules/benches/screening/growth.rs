//! How the cost of a post grows with the number of rules and of terms.

use crate::generate::{Manner, pack, posts, terms};
use crate::measure::{beside, once};
use crate::{context, lexicon_file, rules_with, screen};
use moderation_rules::{PackSource, RuleSet, Speaker};

pub fn print() {
    let texts = posts(Manner::Plain, 1_000, 1_000);
    let context = context(Speaker::Patient);
    println!("## Growth, posts of 1 KB\n| rule set | us | p99 us | load ms |\n|---|---|---|---|");
    let language = RuleSet::shipped_packs()
        .into_iter()
        .find(|pack| pack.name == "language-en.toml")
        .unwrap();
    for count in [100, 300, 1_000] {
        let generated = pack(count);
        let packs = [
            language,
            PackSource {
                name: "generated.toml",
                toml: &generated,
            },
        ];
        let load = once(|| drop(RuleSet::load(&packs).unwrap()));
        let rules = RuleSet::load(&packs).unwrap();
        let (_, ours) = beside(
            &texts,
            |_| {},
            |text| {
                std::hint::black_box(screen(&rules, &context, text));
            },
        );
        println!(
            "| {count} generated rules | {:.1} | {:.1} | {:.1} |",
            ours.p50,
            ours.p99,
            load / 1e3
        );
    }
    for count in [1_000, 10_000, 90_000] {
        let lexicon = lexicon_file(&terms(count));
        let load = once(|| drop(rules_with(&lexicon)));
        let rules = rules_with(&lexicon);
        let (_, ours) = beside(
            &texts,
            |_| {},
            |text| {
                std::hint::black_box(screen(&rules, &context, text));
            },
        );
        println!(
            "| all packs, {count} terms | {:.1} | {:.1} | {:.1} |",
            ours.p50,
            ours.p99,
            load / 1e3
        );
    }
    println!();
}
