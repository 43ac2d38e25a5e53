//! Every shipped rule is held to its own examples: texts it must find, and texts it must leave alone.

use std::path::Path;

use moderation_rules::{Rule, RuleSet, Severity, Submission};

/// A rule finds a text when one of its findings weighs more than a remark.
fn finds(rules: &RuleSet, rule: &Rule, body: &str) -> bool {
    let screening = rules.screen(&Submission { title: None, body }, &rule.examples.context);
    screening
        .findings
        .iter()
        .any(|f| f.rule == rule.code && f.severity > Severity::Info)
}

#[test]
fn every_rule_finds_its_hits_and_leaves_its_misses_alone() {
    let rules = RuleSet::shipped().unwrap();
    let mut wrong = Vec::new();
    for rule in rules.rules() {
        for text in &rule.examples.hits {
            if !finds(&rules, rule, text) {
                wrong.push(format!("{} misses: {text}", rule.code));
            }
        }
        for text in &rule.examples.misses {
            if finds(&rules, rule, text) {
                wrong.push(format!("{} wrongly finds: {text}", rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_pack_with_rules_is_shipped_in_the_order_of_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
    let shipped: Vec<&str> = RuleSet::shipped_packs().iter().map(|p| p.name).collect();
    assert!(shipped.is_sorted());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let rules = std::fs::read_to_string(&path)
            .unwrap()
            .contains("\n[[rule]]\n");
        if name.ends_with(".toml") && rules {
            assert!(
                shipped.contains(&name),
                "{name} is not in src/pack/shipped.rs"
            );
        }
    }
}
