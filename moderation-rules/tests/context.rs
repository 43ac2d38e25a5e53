//! Who speaks, where, about what: the same words under other circumstances.

#[path = "support/packs.rs"]
mod packs;
#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{
    Audience, Context, Inference, PackSource, Product, ProductInPlay, RuleSet, Speaker, Submission,
    Surface,
};
use packs::pack_of;
use zelvoria::{patients, screen, zelvoria};

#[test]
fn the_product_is_inferred_from_the_post_answered_then_the_title_then_the_community() {
    let two = vec![
        zelvoria(),
        Product {
            name: "Mirantel".to_owned(),
            ..Product::default()
        },
    ];
    let product_of = |context: Context| {
        let event = screen("Me too, with a rash.", &context)
            .adverse_event
            .unwrap();
        (event.product.met, event.product.inferred_from)
    };
    let plain = Context {
        surface: Surface::Reply,
        products: two,
        ..Context::default()
    };
    assert_eq!(product_of(plain.clone()), (false, None));
    let titled = Context {
        thread_title: Some("First month with Mirantel".to_owned()),
        ..plain.clone()
    };
    assert_eq!(product_of(titled.clone()), (true, Some(Inference::Title)));
    let answered = Context {
        parent_body: Some("Zelvoria, day two.".to_owned()),
        ..titled
    };
    assert_eq!(product_of(answered), (true, Some(Inference::Thread)));
    assert_eq!(
        product_of(patients()),
        (true, Some(Inference::Community)),
        "a community about one product"
    );
}

#[test]
fn a_rule_is_silent_outside_the_market_of_its_pack() {
    let toml = pack_of("{ phrases = [\"marmalade\"] }", "").replace("\"any\"", "\"GB\"");
    let name = "uk.toml";
    let rules = RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap();
    let in_market = |market: Option<&str>| {
        let context = Context {
            market: market.map(str::to_owned),
            ..Context::default()
        };
        let body = "Marmalade!";
        rules
            .screen(&Submission { title: None, body }, &context)
            .findings
            .len()
    };
    assert_eq!(in_market(Some("GB")), 1);
    assert_eq!(in_market(Some("US")), 0);
    assert_eq!(
        in_market(None),
        1,
        "an unknown market is held to every rule"
    );
}

#[test]
fn the_products_of_a_text_are_told_with_how_they_are_known() {
    let of = |body: &str, context: &Context| screen(body, context).products;
    let told = |name: &str, inferred_from| {
        vec![ProductInPlay {
            name: name.to_owned(),
            inferred_from,
        }]
    };
    assert_eq!(
        of("Zelvoria, day two.", &patients()),
        told("Zelvoria", None)
    );
    assert_eq!(
        of("Day two.", &patients()),
        told("Zelvoria", Some(Inference::Community))
    );
    let thread = Context {
        thread_product: Some("Orvexa".to_owned()),
        ..Context::default()
    };
    assert_eq!(
        of("Day two.", &thread),
        told("Orvexa", Some(Inference::Thread))
    );
    assert_eq!(of("Day two.", &Context::default()), []);
}

#[test]
fn the_rules_for_every_speaker_and_audience_apply_where_nobody_knows_them() {
    let toml = pack_of(
        "{ phrases = [\"tea\"] }",
        "scope = { speakers = [\"company\"], audiences = [\"patients\"] }",
    );
    let rules = RuleSet::load(&[PackSource {
        name: "tea.toml",
        toml: &toml,
    }])
    .unwrap();
    let found = |speaker, audience| {
        let context = Context {
            speaker,
            audience,
            ..Context::default()
        };
        let submission = Submission {
            title: None,
            body: "Tea.",
        };
        rules.screen(&submission, &context).findings.len()
    };
    assert_eq!(found(Speaker::Company, Audience::Patients), 1);
    assert_eq!(found(Speaker::Patient, Audience::Patients), 0);
    assert_eq!(found(Speaker::Unknown, Audience::Unknown), 1);
}

#[test]
fn a_pack_is_silent_before_its_first_day_and_after_its_last() {
    let toml = pack_of("{ phrases = [\"tea\"] }", "")
        .replace("\"2026-01-01\"", "\"2026-01-01\"\nuntil = \"2026-12-31\"");
    let rules = RuleSet::load(&[PackSource {
        name: "tea.toml",
        toml: &toml,
    }])
    .unwrap();
    let found = |date: Option<&str>| {
        let context = Context {
            date: date.map(str::to_owned),
            ..Context::default()
        };
        let submission = Submission {
            title: None,
            body: "Tea.",
        };
        rules.screen(&submission, &context).findings.len()
    };
    assert_eq!(
        [found(Some("2025-12-31")), found(Some("2027-01-01"))],
        [0, 0]
    );
    assert_eq!(
        [
            found(Some("2026-01-01")),
            found(Some("2026-12-31")),
            found(None)
        ],
        [1, 1, 1]
    );
}
