//! What holds for every text that anyone can send.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

use std::sync::LazyLock;

use moderation_rules::{Context, Field, Product, RuleSet, Speaker, Submission};
use proptest::prelude::*;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::shipped().unwrap());

/// Text that rules react to, broken up by anything at all.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("nausea".to_owned()),
        Just("no side effects".to_owned()),
        Just("Zelvoria".to_owned()),
        Just("cures pain".to_owned()),
        Just("Dr. Anna B.".to_owned()),
        Just("03/04/2024".to_owned()),
        Just("[a](https://you-said.example \"rash\")".to_owned()),
        Just("![rash](x?)".to_owned()),
        Just("\n[a]: tel:07700900123\n".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("&amp;&#x200B;<b>**_".to_owned()),
        Just("e\u{301}\u{200D}\u{FEFF}".to_owned()),
        Just("ﷺ ẞ İ ﬁ ㎎ Å".to_owned()),
        any::<String>(),
        any::<char>().prop_map(String::from),
        "[ \n\t.,;:!?\"'()\\[\\]|%<>&*_~`\\\\-]{0,4}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// What the eye takes for a gap between two words.
const GAPS: [char; 29] = [
    '\t',
    '\u{0B}',
    '\u{0C}',
    '\u{85}',
    '\u{A0}',
    '\u{1680}',
    '\u{2000}',
    '\u{2001}',
    '\u{2002}',
    '\u{2003}',
    '\u{2004}',
    '\u{2005}',
    '\u{2006}',
    '\u{2007}',
    '\u{2008}',
    '\u{2009}',
    '\u{200A}',
    '\u{2028}',
    '\u{2029}',
    '\u{202F}',
    '\u{205F}',
    '\u{3000}',
    '\u{2800}',
    '\u{3164}',
    '\u{115F}',
    '\u{1160}',
    '\u{FFA0}',
    '\u{180E}',
    '\u{1D159}',
];

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    let word = prop::sample::select(vec![
        "my", "father", "died", "after", "Zelvoria", "no", "rash", "threw", "up", "all", "night",
        "call", "07700", "900123", "cures", "pain", "stop", "taking", "your", "insulin", "Dr.",
        "Anna", "Bell", "in", "Boston", "I", "gained", "24", "pounds", "is", "it", "normal?",
        "terrible", "March", "14,", "2021",
    ]);
    prop::collection::vec(word, 1..14)
}

proptest! {
    #[test]
    fn whatever_looks_like_a_gap_is_one(words in words(), gap in prop::sample::select(GAPS.to_vec())) {
        let context = Context {
            products: vec![Product { name: "Zelvoria".to_owned(), ..Product::default() }],
            ..Context::default()
        };
        let found = |gap: &str| {
            let body = words.join(gap);
            let screening = RULES.screen(&Submission { title: None, body: &body }, &context);
            let findings = screening.findings.into_iter();
            findings.map(|f| (f.rule, f.matched.replace(gap, " "), f.severity)).collect::<Vec<_>>()
        };
        let with_gap = found(&gap.to_string());
        for finding in found(" ") {
            prop_assert!(with_gap.contains(&finding), "{:?} {:?}", gap, finding);
        }
    }

    #[test]
    fn every_span_is_in_range_on_boundaries_and_is_what_was_matched(title in text(), body in text(), company: bool) {
        let context = Context {
            speaker: if company { Speaker::Company } else { Speaker::Patient },
            products: vec![Product { name: "Zelvoria".to_owned(), ..Product::default() }],
            ..Context::default()
        };
        let screening = RULES.screen(&Submission { title: Some(&title), body: &body }, &context);
        prop_assert_eq!(&screening.technical_reason, &None);
        prop_assert!(screening.priority <= 1000);
        for finding in &screening.findings {
            let field = match finding.field { Field::Title => &title, Field::Body => &body };
            prop_assert_eq!(field.get(finding.start..finding.end), Some(finding.matched.as_str()));
            prop_assert!(finding.start < finding.end);
        }
        if let Some(event) = &screening.adverse_event {
            for criterion in [&event.reporter, &event.patient, &event.product, &event.reaction] {
                if let (Some(field), Some(start), Some(end)) = (criterion.field, criterion.start, criterion.end) {
                    let field = match field { Field::Title => &title, Field::Body => &body };
                    prop_assert!(field.get(start..end).is_some());
                }
            }
        }
    }
}
