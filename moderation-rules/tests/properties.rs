//! What holds for every text that anyone can send.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

#[path = "support/packs.rs"]
mod packs;

use std::sync::LazyLock;

use moderation_rules::{
    Context, Field, PackSource, Product, RuleSet, Screening, Speaker, Submission,
};
use packs::pack_of;
use proptest::prelude::*;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::shipped().unwrap());

/// Looks for every kind of quantity, and counts, near and far, in every reach.
static QUANTITIES: LazyLock<RuleSet> = LazyLock::new(|| {
    let kinds = [
        "dose",
        "duration",
        "percent",
        "age",
        "weight",
        "temperature",
        "lab",
    ];
    let kinds = kinds
        .map(|kind| format!("{{ quantity = {{ kind = \"{kind}\" }}, without = [\"quoted\"] }}"));
    let any = format!("{{ any = [{}] }}", kinds.join(", "));
    let counted = format!("{{ count = {{ of = {any}, at_least = 2 }}, within = \"paragraph\" }}");
    let toml = pack_of(&format!("{{ any = [{any}, {counted}] }}"), "");
    let name = "quantities.toml";
    RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap()
});

/// Numbers and units, broken up by anything at all.
fn measures() -> impl Strategy<Value = String> {
    let units = vec![
        "mg",
        "mg/kg",
        "%",
        "per cent",
        "°C",
        "°",
        "F",
        "year-old",
        "yo",
        "kg",
        "mmol/l",
        "weeks",
        "µg",
        "/",
        "-",
        ".",
        ",",
        "to",
        " ",
        "\n\n",
        "aged",
        "a couple of",
        "thirty",
        "five",
        "１２",
        "٣",
        "\u{200B}",
    ];
    let word = prop_oneof![
        prop::sample::select(units).prop_map(str::to_owned),
        "[0-9]{1,12}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// Text that rules react to, broken up by anything at all.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("nausea".to_owned()),
        Just("no side effects".to_owned()),
        Just("Zelvoria".to_owned()),
        Just("cures pain".to_owned()),
        Just("Dr. Anna B.".to_owned()),
        Just("03/04/2024".to_owned()),
        Just("aged 9".to_owned()),
        Just("20 - 40 mg/kg".to_owned()),
        Just("39.5°".to_owned()),
        Just("a couple of".to_owned()),
        Just("Denies:\n- rash".to_owned()),
        Just("The most common side effects are".to_owned()),
        Just("[a](https://you-said.example \"rash\")".to_owned()),
        Just("![rash](x?)".to_owned()),
        Just("\n[a]: tel:07700900123\n".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("🤮1d10t $c4m i d i o t 😵\u{FE0F}".to_owned()),
        Just("haemorhage hospitalised hypersensativty".to_owned()),
        Just("&amp;&#x200B;<b>**_".to_owned()),
        Just("e\u{301}\u{200D}\u{FEFF}".to_owned()),
        Just("ﷺ ẞ İ ﬁ ㎎ Å".to_owned()),
        Just("na\u{0}us\u{1B}ea\u{7F} ra\u{80}s\u{FFFC}h\u{1D17A}\u{85}".to_owned()),
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
    fn every_quantity_is_in_range_on_boundaries_and_is_what_was_matched(body in measures()) {
        let screening = QUANTITIES.screen(&Submission { title: None, body: &body }, &Context::default());
        let of_language = |reason: &str| reason.contains("in a language that the rules do not read");
        prop_assert!(screening.technical_reason.as_deref().is_none_or(of_language));
        for finding in &screening.findings {
            prop_assert_eq!(body.get(finding.start..finding.end), Some(finding.matched.as_str()));
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
        // Letters from anywhere may be another language; the engine itself must not fail.
        let of_language = |reason: &str| reason.contains("in a language that the rules do not read");
        prop_assert!(screening.technical_reason.as_deref().is_none_or(of_language));
        prop_assert!(screening.priority <= 1000);
        let parts: u32 = screening.priority_parts.iter().map(|part| part.points).sum();
        prop_assert_eq!(screening.priority, parts);
        for (family, score) in &screening.scores {
            prop_assert!((0.0..=1.0).contains(score));
            prop_assert_eq!(*score >= Screening::HOLD_SCORE, screening.categories.contains(family));
        }
        let told = |field: Field, start: usize, end: usize| match field {
            Field::Title => title.get(start..end),
            Field::Body => body.get(start..end),
        };
        let grounds = screening.adverse_event.iter().flat_map(|event| &event.grounds).map(|ground| &ground.place);
        let balance = screening.balance.iter().flat_map(|b| b.benefits.iter().chain(&b.risks).chain(&b.links));
        for place in grounds.chain(balance) {
            prop_assert_eq!(told(place.field, place.start, place.end), Some(place.words.as_str()));
        }
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
