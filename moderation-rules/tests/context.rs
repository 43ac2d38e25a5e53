//! Who speaks, where, about what: the same words under other circumstances.

#[path = "support/packs.rs"]
mod packs;
#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{
    Audience, Context, Inference, PackSource, Product, ProductInPlay, RuleSet, Speaker, Submission,
    Surface, Verdict,
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
fn every_labelled_use_counts() {
    let context = Context {
        speaker: Speaker::Company,
        products: vec![Product {
            indications: vec!["moderate to severe atopic dermatitis".to_owned()],
            ..zelvoria()
        }],
        ..patients()
    };
    let off_label = |body: &str| {
        let screening = screen(body, &context);
        screening.findings.iter().any(|f| f.rule == "OL-011")
    };
    assert!(!off_label("Zelvoria is used in atopic dermatitis."));
    assert!(!off_label("Zelvoria is used in psoriasis."));
    assert!(off_label("Zelvoria is used in asthma."));
}

#[test]
fn initials_name_the_labelled_illness_on_either_side() {
    let outside = |indication: &str, illness: &str| {
        let phrase = illness.to_lowercase();
        let when = format!("{{ phrases = [\"{phrase}\"], label = \"outside_indication\" }}");
        let toml = pack_of(&when, "scope = { product = \"in_play\" }");
        let name = "tea.toml";
        let rules = RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap();
        let label = Product {
            indication: indication.to_owned(),
            ..zelvoria()
        };
        let context = Context {
            products: vec![label],
            thread_product: Some("Zelvoria".to_owned()),
            ..patients()
        };
        let body = format!("We gave it for {illness} last year.");
        let submission = Submission {
            title: None,
            body: &body,
        };
        !rules.screen(&submission, &context).findings.is_empty()
    };
    let lung = "maintenance treatment of chronic obstructive pulmonary disease";
    assert!(!outside(lung, "COPD"));
    assert!(outside(lung, "RLS"));
    assert!(outside(lung, "asthma"));
    assert!(!outside("adults with type 2 diabetes mellitus", "T2DM"));
    assert!(!outside(
        "COPD in adults",
        "chronic obstructive pulmonary disease"
    ));
    assert!(!outside("attention-deficit/hyperactivity disorder", "ADHD"));
    assert!(outside("attention-deficit/hyperactivity disorder", "GAD"));
}

#[test]
fn ages_doses_and_routes_are_held_to_the_label() {
    let found = |when: &str, body: &str| {
        let toml = pack_of(when, "scope = { product = \"in_play\" }");
        let name = "tea.toml";
        let rules = RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap();
        let label = Product {
            min_age_years: Some(12),
            max_age_years: Some(75),
            min_dose: Some("10 mg".to_owned()),
            max_dose: Some("40 mg".to_owned()),
            routes: vec!["oral".to_owned()],
            ..zelvoria()
        };
        let context = Context {
            products: vec![label],
            ..Context::default()
        };
        let screening = rules.screen(&Submission { title: None, body }, &context);
        screening
            .findings
            .into_iter()
            .map(|f| f.matched)
            .collect::<Vec<_>>()
    };
    let ages = "A 10-year-old, an 18-month-old, a 12-year-old, a 75-year-old and an 80-year-old.";
    let young = "{ quantity = { kind = \"age\" }, label = \"below_labelled_age\" }";
    assert_eq!(found(young, ages), ["10-year-old", "18-month-old"]);
    let old = "{ quantity = { kind = \"age\" }, label = \"above_labelled_age\" }";
    assert_eq!(found(old, ages), ["80-year-old"]);
    let dose = "{ quantity = { kind = \"dose\" }, label = \"outside_dose\" }";
    let doses = "From 5 mg over 10 mg and 0.04 g to 60 mg, or 80 units.";
    assert_eq!(found(dose, doses), ["5 mg", "60 mg"]);
    let route = "{ phrases = [\"oral\", \"orally\", \"intravenous\"], label = \"outside_route\" }";
    assert_eq!(
        found(route, "Oral or intravenous, or orally."),
        ["intravenous"]
    );
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
        let screening = rules.screen(&submission, &context);
        let findings = screening.findings.len();
        // Where no rule is in force silence is no clearance.
        assert_eq!(screening.technical_reason.is_some(), findings == 0);
        assert!(findings > 0 || screening.verdict == Verdict::Hold);
        findings
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
