//! The shipped rules and a community of patients about one product.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

use std::sync::LazyLock;

use moderation_rules::{Context, Product, RuleSet, Screening, Submission};

pub static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::shipped().unwrap());

pub fn zelvoria() -> Product {
    Product {
        name: "Zelvoria".to_owned(),
        established_name: Some("zelvoritinib".to_owned()),
        indication: "plaque psoriasis in adults".to_owned(),
        ..Product::default()
    }
}

pub fn patients() -> Context {
    Context {
        products: vec![zelvoria()],
        ..Context::default()
    }
}

pub fn screen(body: &str, context: &Context) -> Screening {
    RULES.screen(&Submission { title: None, body }, context)
}
