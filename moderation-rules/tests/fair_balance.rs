//! Promotion: who may say what, and how benefit and risk stand to each other.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{
    Audience, Balance, Context, Field, Lack, Product, ProductStatus, Screening, Severity, Speaker,
    Submission, Verdict,
};
use zelvoria::{RULES, patients, screen, zelvoria};

fn rules_of(screening: &Screening) -> Vec<&str> {
    screening
        .findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .map(|f| f.rule.as_str())
        .collect()
}

#[test]
fn the_same_words_weigh_by_who_says_them() {
    // R-FB-01
    let claim = "Zelvoria (zelvoritinib) is completely safe and relieves pain.";
    let by = |speaker| {
        let context = Context {
            speaker,
            ..patients()
        };
        let screening = screen(claim, &context);
        rules_of(&screening)
            .into_iter()
            .filter(|code| code.starts_with("FB-"))
            .count()
    };
    assert!(by(Speaker::Company) > by(Speaker::Professional));
    assert!(by(Speaker::Professional) > 0);
    assert_eq!(by(Speaker::Patient), 0, "honest experience is no promotion");
}

#[test]
fn risk_in_the_body_balances_a_benefit_in_the_title() {
    // R-FB-25: net impression over title and body.
    let context = Context {
        speaker: Speaker::Company,
        ..patients()
    };
    let with = |body| {
        let submission = Submission {
            title: Some("Zelvoria (zelvoritinib) reduces attacks"),
            body,
        };
        let screening = RULES.screen(&submission, &context);
        let finding = screening.findings.iter().find(|f| f.rule == "FB-010");
        finding.map(|f| f.field)
    };
    assert_eq!(with("Read on."), Some(Field::Title));
    assert_eq!(
        with("The most common side effects are nausea and headache."),
        None
    );
}

#[test]
fn an_investigational_product_may_not_be_called_safe() {
    let context = Context {
        speaker: Speaker::Company,
        products: vec![Product {
            name: "HX-204".to_owned(),
            status: ProductStatus::Investigational,
            ..Product::default()
        }],
        ..Context::default()
    };
    let screening = screen("Investigational HX-204 has been well tolerated.", &context);
    assert_eq!(screening.verdict, Verdict::Escalate);
    assert!(rules_of(&screening).contains(&"FB-019"));
}

fn company() -> Context {
    Context {
        speaker: Speaker::Company,
        audience: Audience::Professionals,
        ..patients()
    }
}

fn balance(body: &str, context: &Context) -> Option<Balance> {
    screen(body, context).balance
}

#[test]
fn the_balance_shows_every_benefit_and_risk_with_its_place() {
    let body = "Zelvoria (zelvoritinib) reduces itch. The most common side effects are tiredness.";
    let balance = balance(body, &company()).unwrap();
    let benefit = balance.benefits.first().unwrap();
    assert_eq!(
        body.get(benefit.start..benefit.end),
        Some(benefit.words.as_str())
    );
    assert!(benefit.words.contains("reduces"), "{benefit:?}");
    assert_eq!(balance.risks.len(), 1, "{:?}", balance.risks);
    assert!(
        balance
            .risk_position
            .is_some_and(|share| share > 0.3 && share < 0.6)
    );
    assert!((balance.risks_per_benefit - 1.0).abs() < 1e-9);
    assert_eq!(balance.missing, []);
}

#[test]
fn what_is_missing_from_the_balance_is_named() {
    // R-FB-10, R-FB-11, R-FB-20, R-FB-21
    let bare = balance("Zelvoria reduces itch.", &company()).unwrap();
    assert_eq!(bare.missing, [Lack::Risk, Lack::EstablishedName]);
    assert!(!bare.only_a_link && bare.risk_position.is_none());
    let linked = "Zelvoria (zelvoritinib) reduces itch. See full prescribing information.";
    let linked = balance(linked, &company()).unwrap();
    assert_eq!(linked.missing, [Lack::Risk]);
    assert!(linked.only_a_link && linked.links.len() == 1);
    let boxed = Context {
        products: vec![Product {
            status: ProductStatus::ApprovedBoxedWarning,
            ..zelvoria()
        }],
        ..company()
    };
    let told = "Zelvoria (zelvoritinib) reduces itch. The most common side effects are nausea and headache.";
    assert_eq!(balance(told, &boxed).unwrap().missing, [Lack::BoxedWarning]);
    let warned = format!("{told} Boxed warning: serious infections.");
    assert_eq!(balance(&warned, &boxed).unwrap().missing, []);
}

#[test]
fn a_risk_at_the_end_of_many_claims_lacks_prominence_and_proportion() {
    // R-FB-23
    let claims = "Zelvoria (zelvoritinib) reduces itch. It relieves pain. It improves sleep. It improves mood. ";
    let body = format!(
        "{}The most common side effects are nausea and headache.",
        claims.repeat(6)
    );
    let balance = balance(&body, &company()).unwrap();
    assert_eq!(balance.missing, [Lack::Prominence, Lack::Proportion]);
    assert!(balance.risk_position.is_some_and(|share| share > 0.8));
}

#[test]
fn an_honest_experience_of_a_patient_is_not_weighed() {
    assert_eq!(balance("Zelvoria reduced my itch.", &patients()), None);
    assert_eq!(balance("Where is the booth?", &company()), None);
}
