//! Numbers with units: what they are, and how they compare.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

#[path = "support/packs.rs"]
mod packs;

use moderation_rules::{Context, PackSource, RuleSet, Submission};
use packs::pack_of;

/// What a text holds of the quantities that `quantity` asks for.
fn found(quantity: &str, body: &str) -> Vec<String> {
    let toml = pack_of(&format!("{{ quantity = {{ {quantity} }} }}"), "");
    let name = "tea.toml";
    let rules = RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap();
    let screening = rules.screen(&Submission { title: None, body }, &Context::default());
    screening.findings.into_iter().map(|f| f.matched).collect()
}

#[test]
fn each_kind_of_quantity_is_read_in_the_ways_people_write_it() {
    for (kind, body, quantities) in [
        (
            "dose",
            "I take 20mg, or 1,000 mg, or 2.5 mcg.",
            vec!["20mg", "1,000 mg", "2.5 mcg"],
        ),
        (
            "dose",
            "10-20 mg, then two tablets and 5 mg/kg.",
            vec!["10-20 mg", "two tablets", "5 mg/kg"],
        ),
        (
            "dose",
            "Dial 12 units on the pen, take 30 ml.",
            vec!["12 units", "30 ml"],
        ),
        (
            "duration",
            "After 3 weeks, a couple of days and 6-month follow-up.",
            vec!["3 weeks", "a couple of days", "6-month"],
        ),
        (
            "duration",
            "Twice a day for thirty five years.",
            vec!["thirty five years"],
        ),
        (
            "percent",
            "It was 12% or 12.5 percent or 5 per cent.",
            vec!["12%", "12.5 percent", "5 per cent"],
        ),
        (
            "age",
            "A 54-year-old woman, 54F, aged 12, and an 18 month old.",
            vec!["54-year-old", "54F", "12", "18 month old"],
        ),
        (
            "age",
            "My dad is 81 years old, mum 79 yo, at the age of 3.",
            vec!["81 years old", "79 yo", "3"],
        ),
        (
            "weight",
            "She is 70 kg, he is 12 stone, I lost 24 pounds.",
            vec!["70 kg", "12 stone", "24 pounds"],
        ),
        (
            "temperature",
            "A fever of 39.5 °C, 102F, 39C and 103 degrees.",
            vec!["39.5 °C", "102F", "39C", "103 degrees"],
        ),
        (
            "lab",
            "Potassium 6.1 mmol/L, pressure 180/95 mmHg, CRP 40 mg/l.",
            vec!["6.1 mmol/L", "95 mmHg", "40 mg/l"],
        ),
    ] {
        assert_eq!(
            found(&format!("kind = \"{kind}\""), body),
            quantities,
            "{body}"
        );
    }
}

#[test]
fn numbers_without_a_unit_are_no_quantities() {
    for kind in [
        "dose",
        "duration",
        "percent",
        "age",
        "weight",
        "temperature",
        "lab",
    ] {
        let body = "On 03/04/2024 I rang 07700 900123, room 12, 24/7. Take 5. Weeks later: 3rd floor, 2nd try.";
        let quantity = format!("kind = \"{kind}\"");
        assert_eq!(found(&quantity, body), Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn quantities_compare_in_any_unit_of_their_measure() {
    let doses = "It was 500 mcg, 40 mg, 1 g, 40 units.";
    assert_eq!(found("kind = \"dose\", min = 30", doses), ["40 mg", "1 g"]);
    assert_eq!(found("kind = \"dose\", max = 1", doses), ["500 mcg"]);
    assert_eq!(
        found("kind = \"dose\", min = 10, unit = \"units\"", doses),
        ["40 units"]
    );
    let fever = "It was 101 F, then 40 C.";
    assert_eq!(found("kind = \"temperature\", min = 39", fever), ["40 C"]);
    assert_eq!(
        found(
            "kind = \"temperature\", min = 100, unit = \"fahrenheit\"",
            fever
        ),
        ["101 F", "40 C"]
    );
    let ages = "An 18-month-old and a 17-year-old.";
    assert_eq!(found("kind = \"age\", max = 2", ages), ["18-month-old"]);
    assert_eq!(
        found(
            "kind = \"duration\", min = 2, unit = \"weeks\"",
            "10 days, 3 weeks"
        ),
        ["3 weeks"]
    );
    assert_eq!(
        found("kind = \"dose\", min = 15, max = 18", "10-20 mg"),
        ["10-20 mg"],
        "a range overlaps"
    );
}

#[test]
fn a_quantity_stands_beside_words_like_any_other_condition() {
    let near =
        "{ near = [{ quantity = { kind = \"weight\" } }, { phrases = [\"gain+\"] }], words = 2 }";
    let toml = pack_of(near, "");
    let rules = RuleSet::load(&[PackSource {
        name: "tea.toml",
        toml: &toml,
    }])
    .unwrap();
    let found = |body: &str| {
        let screening = rules.screen(&Submission { title: None, body }, &Context::default());
        screening.findings.first().map(|f| f.matched.clone())
    };
    assert_eq!(
        found("I gained about 12 kilos.").as_deref(),
        Some("gained about 12 kilos")
    );
    assert_eq!(found("I gained friends. The box is 12 kilos."), None);
}
