//! The condition language, each kind of condition by a sentence that holds and one that does not.
#![expect(
    clippy::panic,
    reason = "a test that cannot load its rules must fail, and say why"
)]

#[path = "support/packs.rs"]
mod packs;

use moderation_rules::{Context, PackSource, Product, RuleSet, Submission};
use packs::pack_of;

/// The rules of [`pack_of`] together with the way English means things.
fn rules_of(when: &str, more: &str) -> RuleSet {
    let toml = pack_of(when, more);
    let language = RuleSet::shipped_packs()
        .into_iter()
        .find(|pack| pack.name == "language-en.toml");
    let mut packs: Vec<PackSource<'_>> = language.into_iter().collect();
    packs.push(PackSource {
        name: "tea.toml",
        toml: &toml,
    });
    RuleSet::load(&packs).unwrap_or_else(|error| panic!("{error}"))
}

fn found(rules: &RuleSet, body: &str, context: &Context) -> Vec<String> {
    let screening = rules.screen(&Submission { title: None, body }, context);
    screening.findings.into_iter().map(|f| f.matched).collect()
}

fn holds(rules: &RuleSet, body: &str) -> bool {
    !found(rules, body, &Context::default()).is_empty()
}

#[test]
fn no_word_of_room_means_side_by_side() {
    let when =
        r#"{ near = [{ phrases = ["green"] }, { phrases = ["tea"] }], words = 0, ordered = true }"#;
    let rules = rules_of(when, "");
    assert!(holds(&rules, "A green tea, please."));
    assert!(!holds(&rules, "A green iced tea, please."));
    assert!(!holds(&rules, "Tea, green or black."));
}

#[test]
fn what_is_counted_must_be_there_often_enough() {
    let rules = rules_of(
        r#"{ count = { of = { phrases = ["tea", "green tea"] }, at_least = 3 } }"#,
        "",
    );
    let two = "Tea at noon. Green tea at night.";
    assert!(!holds(&rules, two), "what overlaps counts once");
    let three = found(&rules, "Tea, tea. And green tea.", &Context::default());
    assert_eq!(three, ["Tea", "tea", "green tea"]);
}

#[test]
fn what_is_counted_in_a_sentence_or_a_paragraph_must_stand_together() {
    let within = |within: &str| {
        let when = format!(
            r#"{{ count = {{ of = {{ phrases = ["tea"] }}, at_least = 2 }}, within = "{within}" }}"#
        );
        rules_of(&when, "")
    };
    assert!(holds(&within("sentence"), "Tea and tea."));
    assert!(!holds(&within("sentence"), "Tea. Tea."));
    assert!(holds(&within("paragraph"), "Tea. Tea."));
    assert!(!holds(&within("paragraph"), "Tea.\n\nTea."));
    let mixed = found(
        &within("paragraph"),
        "Tea.\n\nA tea. B tea.",
        &Context::default(),
    );
    assert_eq!(
        mixed.len(),
        2,
        "only those of the paragraph that has enough"
    );
}

#[test]
fn the_parts_of_a_paragraph_may_stand_in_two_sentences_of_it() {
    let rules = rules_of(
        r#"{ all = [{ phrases = ["tea"] }, { phrases = ["milk"] }, { not = { phrases = ["sugar"] } }], within = "paragraph" }"#,
        "",
    );
    assert!(holds(&rules, "I like tea. It needs milk."));
    assert!(!holds(&rules, "I like tea.\n\nIt needs milk."));
    assert!(!holds(&rules, "I like tea. It needs milk. And sugar."));
    assert!(holds(&rules, "I like tea. It needs milk.\n \nAnd sugar."));
    assert!(holds(&rules, "Sugar first.\n\nI like\ntea. It needs milk."));
}

#[test]
fn the_thread_is_read_for_the_parts_that_are_not_shown() {
    let rules = rules_of(
        r#"{ all = [{ phrases = ["me too"] }, { phrases = ["rash"], without = ["negated"] }, { not = { product = "any" } }], within = "thread" }"#,
        "",
    );
    let answering = |title: Option<&str>, parent: Option<&str>| Context {
        thread_title: title.map(str::to_owned),
        parent_body: parent.map(str::to_owned),
        products: vec![Product {
            name: "Zelvoria".to_owned(),
            ..Product::default()
        }],
        ..Context::default()
    };
    let to = |body: &str, title, parent| found(&rules, body, &answering(title, parent));
    assert_eq!(to("Me too!", None, Some("I have a rash.")), ["Me too"]);
    assert_eq!(
        to("Me too!", Some("Rash"), Some("Read the title.")),
        ["Me too"]
    );
    assert_eq!(to("Me too, a rash!", None, None), ["Me too"]);
    assert!(to("Me too!", None, Some("I have no rash.")).is_empty());
    assert!(to("Me too!", None, Some("Zelvoria gave me a rash.")).is_empty());
    assert!(to("Thanks!", None, Some("Me too, I have a rash.")).is_empty());
}

#[test]
fn a_rule_may_be_for_some_markets_only() {
    let rules = rules_of(
        r#"{ phrases = ["tea"] }"#,
        "scope = { markets = [\"GB\", \"EU\"] }",
    );
    let silent = |market: &str| {
        let context = Context {
            market: Some(market.to_owned()),
            ..Context::default()
        };
        found(&rules, "Tea.", &context).is_empty()
    };
    assert!(!silent("gb") && !silent("DE") && !silent("EU"));
    assert!(silent("US") && silent("CH"));
    assert!(
        holds(&rules, "Tea."),
        "an unknown market is held to every rule"
    );
}
