//! Packs that are wrong are refused, with the place and the mend; what a pack says, not its layout, is its identity.

use moderation_rules::{LoadError, PackSource, RuleSet};

const GOOD: &str = r#"[pack]
id = "tea"
version = "1.0.0"
title = "Tea"
jurisdictions = ["any"]
language = "en"
effective = "2026-01-01"

[[lexicon]]
name = "tea"
about = "Tea."
phrases = ["tea"]

[[rule]]
code = "CO-900"
title = "Tea"
family = "conduct"
severity = "minor"
when = { lexicon = "tea" }
message = "m"
remedy = "r"
clause = "c"
source = "s"
rationale = "r"
owner = "o"
"#;

fn load(toml: &str) -> Result<RuleSet, LoadError> {
    let name = "tea.toml";
    RuleSet::load(&[PackSource { name, toml }])
}

/// What the refusal of the good pack says once `from` has become `to`.
fn refusal(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    match load(&GOOD.replacen(from, to, 1)) {
        Err(error) => error.to_string(),
        Ok(_) => String::new(),
    }
}

#[test]
fn a_refusal_names_file_line_subject_and_mend() {
    let message = refusal(r#"code = "CO-900""#, r#"code = "AE-900""#);
    assert!(
        message.contains("`tea.toml` line 15, `AE-900`"),
        "{message}"
    );
    assert!(message.contains("looks like `CO-010`"), "{message}");
}

#[test]
fn everything_that_can_be_wrong_with_a_pack_is_refused() {
    for (from, to, says) in [
        ("severity =", "severty =", "severty"),
        ("\"minor\"", "\"mild\"", "mild"),
        ("1.0.0", "1.0", "semantic version"),
        ("2026-01-01", "soon", "not a date"),
        ("[\"any\"]", "[]", "no jurisdiction"),
        (
            "lexicon = \"tea\"",
            "lexicon = \"coffee\"",
            "no lexicon `coffee`",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ phrases = [\"tea\"] }",
            "no rule uses",
        ),
        ("[\"tea\"]\n\n", "[]\n\n", "the lexicon is empty"),
        ("[\"tea\"]\n\n", "[\"(tea\"]\n\n", "not closed"),
        ("[\"tea\"]\n\n", "[\"Tea\"]\n\n", "lower case"),
        ("[\"tea\"]\n\n", "[\"tea _\"]\n\n", "open word"),
        (
            "phrases = [\"tea\"]",
            "patterns = [\"te(a\"]",
            "unclosed group",
        ),
        (
            "phrases = [\"tea\"]",
            "patterns = [\"(tea)*\"]",
            "empty text",
        ),
        ("phrases = [\"tea\"]", "stems = [\"ab\"]", "three letters"),
        ("remedy = \"r\"", "remedy = \" \"", "`remedy` is empty"),
        ("about = \"Tea.\"", "about = \"\"", "`about` is empty"),
        (
            "{ lexicon = \"tea\" }",
            "{ lexicon = \"tea\", words = 3 }",
            "go with `near`",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ all = [{ not = { lexicon = \"tea\" } }] }",
            "must show words",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ lexicon = \"tea\", product = \"any\" }",
            "exactly one of",
        ),
    ] {
        let message = refusal(from, to);
        assert!(message.contains(says), "{to}: {message}");
    }
}

#[test]
fn every_fault_is_told_at_once() {
    let toml = GOOD.replace("1.0.0", "one").replace("2026-01-01", "soon");
    let faults = load(&toml).err().map_or(0, |error| error.faults.len());
    assert_eq!(faults, 2);
}

#[test]
fn every_rule_that_cannot_be_read_is_told_with_its_line() {
    let rule = GOOD.split_at(GOOD.find("[[rule]]").unwrap()).1;
    let broken = rule.replace("\"minor\"", "\"mild\"").replace("900", "901");
    let misspelt = rule.replace("owner", "onwer").replace("900", "902");
    let error = load(&format!("{GOOD}\n{broken}\n{misspelt}"))
        .err()
        .unwrap();
    let lines: Vec<_> = error.faults.iter().filter_map(|f| f.line).collect();
    assert_eq!(lines.len(), 2, "{error}");
    assert!(
        error.to_string().contains("mild") && error.to_string().contains("onwer"),
        "{error}"
    );
    let with_another = load(
        &GOOD
            .replace("1.0.0", "one")
            .replace("[\"tea\"]\n\n", "[\"(tea\"]\n\n"),
    );
    assert_eq!(with_another.err().map_or(0, |e| e.faults.len()), 2);
}

#[test]
fn a_code_or_a_pack_id_is_used_once() {
    let twice = [
        PackSource {
            name: "a.toml",
            toml: GOOD,
        },
        PackSource {
            name: "b.toml",
            toml: GOOD,
        },
    ];
    let message = RuleSet::load(&twice).err().map(|e| e.to_string()).unwrap();
    for says in [
        "used by two packs",
        "already used in `a.toml`",
        "two lexicons",
    ] {
        assert!(message.contains(says), "{message}");
    }
    assert!(
        RuleSet::load(&[]).is_err(),
        "no rules at all is a fault too"
    );
}

#[test]
fn the_hash_is_that_of_the_content_and_not_of_the_layout() {
    let hash = |toml: &str| load(toml).unwrap().hash().to_owned();
    let good = hash(GOOD);
    assert_eq!(good.len(), 64);
    assert_eq!(good, hash(&format!("# a remark\n\n{GOOD}")));
    assert_ne!(good, hash(&GOOD.replace("\"minor\"", "\"major\"")));
    assert_ne!(good, hash(&GOOD.replace("[\"tea\"]\n\n", "[\"teas\"]\n\n")));
}

#[test]
fn every_shipped_rule_explains_itself() {
    let rules = RuleSet::shipped().unwrap();
    for rule in rules.rules() {
        assert!(rule.message.len() > 20, "{}", rule.code);
        assert!(rule.remedy.len() > 20, "{}", rule.code);
        assert!(rule.rationale.len() > 20, "{}", rule.code);
    }
    assert!(rules.rules().count() >= 50);
}
