//! How sure the evidence makes of a concern, and what follows: categories, verdict, priority.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot load its rules must fail"
)]

#[path = "support/packs.rs"]
mod packs;
#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{Context, Family, PackSource, RuleSet, Screening, Submission, Verdict};
use packs::pack_of;
use zelvoria::{patients, screen};

/// Rules that look for one word each, with these scores; the words are w0, w1, …
fn rules(scores: &[f64]) -> RuleSet {
    let mut toml = String::new();
    for (n, score) in scores.iter().enumerate() {
        let rule = pack_of(
            &format!("{{ phrases = [\"w{n}\"] }}"),
            &format!("score = {score}\nlowered_by = [\"quoted\"]\nset_aside_by = [\"question\"]"),
        );
        let rule = rule.replace("CO-900", &format!("CO-90{n}"));
        toml += match n {
            0 => &rule,
            _ => rule.split_at(rule.find("[[rule]]").unwrap()).1,
        };
    }
    let name = "words.toml";
    RuleSet::load(&[PackSource { name, toml: &toml }]).unwrap()
}

fn read(rules: &RuleSet, body: &str) -> Screening {
    rules.screen(&Submission { title: None, body }, &Context::default())
}

fn conduct(screening: &Screening) -> f64 {
    screening.scores.get(&Family::Conduct).copied().unwrap()
}

#[test]
fn the_score_of_a_family_joins_the_doubts_of_its_rules() {
    let rules = rules(&[0.6, 0.4, 0.2]);
    assert!((conduct(&read(&rules, "w0")) - 0.6).abs() < 1e-9);
    assert!((conduct(&read(&rules, "w0 w1")) - 0.68).abs() < 1e-9);
    assert!((conduct(&read(&rules, "w0 w1 w2")) - 0.712).abs() < 1e-9);
    assert!(
        (conduct(&read(&rules, "w0 w0, w0")) - 0.6).abs() < 1e-9,
        "no new evidence"
    );
    assert!(conduct(&read(&rules, "nothing")).abs() < 1e-9);
    let scores = read(&rules, "w0").scores;
    assert_eq!(scores.len(), Family::ALL.len(), "every family has a score");
}

#[test]
fn what_is_lowered_or_set_aside_leaves_a_trace_and_never_holds() {
    let rules = rules(&[0.9, 0.9, 0.9, 0.9, 0.9, 0.9]);
    let plain = conduct(&read(&rules, "w0"));
    let quoted = read(&rules, "> w0");
    let asked = read(&rules, "w0?");
    assert!(plain > conduct(&quoted) && conduct(&quoted) > conduct(&asked));
    assert!(conduct(&asked) > 0.0);
    let all = read(&rules, "> w0 w1 w2 w3 w4 w5");
    assert_eq!(all.findings.len(), 6);
    assert_eq!(
        (all.verdict, all.categories.as_slice()),
        (Verdict::Clear, [].as_slice())
    );
}

#[test]
fn weak_signs_hold_together_and_the_reasons_say_so() {
    let rules = rules(&[0.2, 0.2, 0.2, 0.2]);
    let one = read(&rules, "w0");
    assert_eq!((one.verdict, one.findings.len()), (Verdict::Clear, 1));
    let four = read(&rules, "w0 w1 w2 w3");
    assert_eq!(four.verdict, Verdict::Hold);
    assert_eq!(four.categories, [Family::Conduct]);
    assert!(conduct(&four) >= Screening::HOLD_SCORE);
    let said = four.reasons.first().unwrap();
    assert_eq!(said, "several weak signs together: conduct");
}

#[test]
fn more_evidence_and_surer_evidence_never_gives_less() {
    let steps = [0.05, 0.2, 0.35, 0.5, 0.8, 1.0];
    for a in steps {
        for b in steps {
            let both = rules(&[a, b]);
            let one = conduct(&read(&both, "w0"));
            let two = conduct(&read(&both, "w0 w1"));
            assert!(two >= one, "{a} {b}");
            for c in steps.iter().filter(|c| **c >= b) {
                let surer = conduct(&read(&rules(&[a, *c]), "w0 w1"));
                assert!(surer >= two, "{a} {b} {c}");
            }
        }
    }
}

#[test]
fn the_priority_is_the_sum_of_its_parts() {
    for body in [
        "Thank you all.",
        "Does it cause nausea?",
        "It gave me a rash.",
        "Zelvoria gave me a rash, and I was taken to the ER.",
        "My number is 07700 900123.",
    ] {
        let screening = screen(body, &patients());
        let sum: u32 = screening
            .priority_parts
            .iter()
            .map(|part| part.points)
            .sum();
        assert_eq!(screening.priority, sum, "{body}");
        assert!(screening.priority <= 1000, "{body}");
    }
    let serious = screen("I was taken to the ER with a rash.", &patients());
    let first = serious.priority_parts.first().unwrap();
    assert_eq!(first.name, "a serious adverse event is possible");
}

#[test]
fn a_stored_screening_of_the_first_kind_is_still_read() {
    let stored = r#"{"verdict":"hold","priority":540,"reasons":["r"],"findings":[{"rule":"AE-001","title":"t",
        "family":"adverse_event","severity":"major","field":"body","start":0,"end":4,"matched":"rash","status":[],
        "message":"m","remedy":"r","clause":"c","rationale":"r"}],"adverse_event":{"reporter":{"met":true},
        "patient":{"met":true},"product":{"met":false},"reaction":{"met":true},"seriousness":["death"],
        "special_situations":[]},"rule_set_hash":"h","technical_reason":null}"#;
    let screening: Screening = serde_json::from_str(stored).unwrap();
    assert_eq!(
        (screening.verdict, screening.priority),
        (Verdict::Hold, 540)
    );
    assert!(screening.scores.is_empty() && screening.balance.is_none());
}
