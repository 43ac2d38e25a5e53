//! No text makes the engine fail, and every span is what was matched. The first line is the title, the rest the body.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use moderation_rules::{Context, Field, Product, RuleSet, Speaker, Submission};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::shipped().expect("the shipped packs load"));

fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').unwrap_or(("", text));
    for speaker in [Speaker::Patient, Speaker::Company] {
        let context = Context {
            speaker,
            products: vec![Product { name: "Zelvoria".to_owned(), ..Product::default() }],
            ..Context::default()
        };
        let screening = RULES.screen(&Submission { title: Some(title), body }, &context);
        if let Some(reason) = &screening.technical_reason {
            assert!(reason.starts_with("the text"), "{reason}");
        }
        for finding in &screening.findings {
            let field = match finding.field {
                Field::Title => title,
                Field::Body => body,
            };
            assert_eq!(field.get(finding.start..finding.end), Some(finding.matched.as_str()));
        }
        for term in &screening.terms {
            assert!(term.start < term.end);
        }
    }
});
