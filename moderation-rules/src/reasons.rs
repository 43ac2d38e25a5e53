//! Why a text is held, or why it is not, in sentences for the review desk.

use crate::adverse_event::AdverseEvent;
use crate::finding::{Family, Finding, Severity};
use crate::rule::Rule;
use crate::verdict::Read;

/// The reasons, the weightiest first.
pub(crate) fn reasons(read: &Read, categories: &[Family]) -> Vec<String> {
    let mut reasons: Vec<String> = read.adverse_event.iter().map(of_case).collect();
    let alone = |family: &Family| {
        let own = |f: &&Finding| f.family == *family && f.severity > Severity::Info;
        let surest = read.findings.iter().filter(own).map(|f| f.score);
        surest.fold(0.0, f64::max) >= crate::certainty::HOLD
    };
    for family in categories.iter().filter(|family| !alone(family)) {
        let family = family.words();
        reasons.push(format!("several weak signs together: {family}"));
    }
    reasons.extend_from_slice(&read.broken_rules);
    reasons.extend_from_slice(&read.set_aside);
    reasons
}

fn of_case(event: &AdverseEvent) -> String {
    let missing: Vec<&str> = [
        ("patient", event.patient.met),
        ("product", event.product.met),
        ("reaction", event.reaction.met),
    ]
    .into_iter()
    .filter_map(|(name, met)| (!met).then_some(name))
    .collect();
    if missing.is_empty() {
        "possible adverse event: the rules found words or context for all four criteria; a person decides whether it is a valid report".to_owned()
    } else {
        let missing = missing.join(", ");
        format!("possible adverse event; not yet known: {missing}")
    }
}

/// Each rule that has a finding once, the weightiest first.
pub(crate) fn of_rules(found: &[(&Rule, Finding)]) -> Vec<String> {
    let mut rules: Vec<(&Rule, Severity)> = Vec::new();
    for (rule, Finding { severity, .. }) in found {
        match rules.iter_mut().find(|(known, _)| known.code == rule.code) {
            Some((_, weight)) => *weight = (*weight).max(*severity),
            None => rules.push((rule, *severity)),
        }
    }
    rules.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.code.cmp(&b.code)));
    rules
        .iter()
        .map(|(rule, _)| {
            format!(
                "{}: {} ({})",
                rule.code, rule.words.title, rule.words.clause
            )
        })
        .collect()
}
