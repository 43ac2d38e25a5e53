//! Packs that are wrong are refused, with the place and the mend; what a pack says, not its layout, is its identity.

#[path = "support/packs.rs"]
mod packs;

use std::sync::LazyLock;

use moderation_rules::{Context, LoadError, PackSource, RuleSet, Speaker, Submission};
use packs::{pack_of, ten};

/// A sound pack: a lexicon, and a rule that uses it.
static GOOD: LazyLock<String> = LazyLock::new(|| {
    let lexicon = "[[lexicon]]\nname = \"tea\"\nabout = \"Tea.\"\nphrases = [\"tea\"]\n\n[[rule]]";
    pack_of("{ lexicon = \"tea\" }", "").replacen("[[rule]]", lexicon, 1)
});

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
        (
            "{ lexicon = \"tea\" }",
            "{ lexicon = \"tea\", with = [\"quoted\"], without = [\"quoted\"] }",
            "must be `quoted` and must not",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ any = [{ lexicon = \"tea\" }, { lexicon = \"tea\" }] }",
            "stands there twice",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ any = [{ lexicon = \"tea\" }, { phrases = [] }] }",
            "list of words is empty",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ all = [{ lexicon = \"tea\", without = [\"negated\"] }, { not = { lexicon = \"tea\" } }] }",
            "also under `not`",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ all = [{ lexicon = \"tea\" }, { balance = \"risk_absent\" }, { balance = \"risk_buried\" }] }",
            "cannot be absent and told too late",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ any = [{ lexicon = \"tea\" }, { quantity = { kind = \"dose\", min = 5, max = 2 } }] }",
            "`min` is above `max`",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ any = [{ lexicon = \"tea\" }, { quantity = { kind = \"lab\", min = 5 } }] }",
            "need a `unit`",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ any = [{ lexicon = \"tea\" }, { quantity = { kind = \"age\", min = 5, unit = \"mg\" } }] }",
            "no unit of this kind",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nlowered_by = [\"quoted\"]\nset_aside_by = [\"quoted\"]",
            "in `lowered_by` and in `set_aside_by`",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscope = { product_statuses = [\"investigational\"] }",
            "asks for a product",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscope = { speakers = [\"unknown\"] }",
            "`unknown` is no scope",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscope = { speakers = [\"patient\", \"patient\"] }",
            "names something twice",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nevidence = { reaction = true }",
            "adverse events only",
        ),
        ("[\"any\"]", "[]", "no jurisdiction"),
        ("[\"any\"]", "[\"Europe\"]", "not a jurisdiction"),
        ("[\"en\"]", "[]", "languages must be filled in"),
        (
            "\"2026-01-01\"",
            "\"2026-01-01\"\nuntil = \"2025-12-31\"",
            "before it begins",
        ),
        (
            "\"2026-01-01\"",
            "\"2026-01-01\"\nuntil = \"never\"",
            "not a date",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscore = 1.2",
            "`score` is out",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscore = 0",
            "`score` is out",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nscope = { markets = [\"UKR\"] }",
            "not a market",
        ),
        ("\"hit 9\"", "", "9 of at least 10 `hits`"),
        ("\"miss 9\"", "", "9 of at least 10 `misses`"),
        ("\"miss 9\"", "\"hit 9\"", "\"hit 9\" stands there twice"),
        ("\"miss 9\"", "\" \"", "an example is empty"),
        (
            "owner = \"o\"",
            "owner = \"o\"\nexample_context = { speker = \"company\" }",
            "speker",
        ),
        (
            "owner = \"o\"",
            "owner = \"o\"\nexample_context = { products = [{ nam = \"x\" }] }",
            "nam",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ count = { of = { lexicon = \"tea\" }, at_least = 1 } }",
            "counts from 2",
        ),
        (
            "{ lexicon = \"tea\" }",
            "{ lexicon = \"tea\", within = \"text\" }",
            "goes with `all` and `count`",
        ),
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
fn a_rule_that_could_never_apply_is_refused() {
    for (when, more, says) in [
        (
            "{ phrases = [\"tea\"] }",
            "scope = { markets = [\"US\"] }",
            "a market that the pack is not made for",
        ),
        (
            "{ all = [{ phrases = [\"tea\"] }, { phrases = [\"milk\"] }], within = \"thread\" }",
            "scope = { surfaces = [\"profile_line\"] }",
            "the scope has no replies",
        ),
        (
            "{ phrases = [\"tea\"], with = [\"quoted\"] }",
            "set_aside_by = [\"quoted\", \"negated\"]",
            "is set aside",
        ),
    ] {
        let toml = pack_of(when, more).replace("[\"any\"]", "[\"EU\"]");
        let message = load(&toml).err().map(|error| error.to_string());
        assert!(
            message.as_ref().is_some_and(|m| m.contains(says)),
            "{when} {message:?}"
        );
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
    let error = load(&format!("{}\n{broken}\n{misspelt}", *GOOD))
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
            toml: &GOOD,
        },
        PackSource {
            name: "b.toml",
            toml: &GOOD,
        },
    ];
    let message = RuleSet::load(&twice).err().map(|e| e.to_string()).unwrap();
    for says in ["used by two packs", "already used in `a.toml`"] {
        assert!(message.contains(says), "{message}");
    }
    assert!(
        RuleSet::load(&[]).is_err(),
        "no rules at all is a fault too"
    );
}

#[test]
fn a_lexicon_is_named_once_and_another_pack_adds_to_it_only_if_it_says_so() {
    let twice = "[[lexicon]]\nname = \"tea\"\nabout = \"More.\"\nphrases = [\"brew\"]\nexcept = [\"iced tea\"]\n";
    let in_one = load(&format!("{}\n{twice}", *GOOD)).err().unwrap();
    assert!(
        in_one.to_string().contains("two lexicons of this pack"),
        "{in_one}"
    );
    let head = GOOD.split_at(GOOD.find("[[lexicon]]").unwrap()).0;
    let other = format!("{}\n{twice}", head.replace("\"tea\"", "\"more\""));
    let both = |other: &str| {
        let packs = [("a.toml", GOOD.as_str()), ("b.toml", other)];
        RuleSet::load(&packs.map(|(name, toml)| PackSource { name, toml }))
    };
    let by_chance = both(&other).err().unwrap().to_string();
    assert!(
        by_chance.contains("`a.toml` gives a lexicon of this name too"),
        "{by_chance}"
    );
    let adds = other.replace("about = \"More", "adds = true\nabout = \"More");
    let nowhere = both(&adds.replace("name = \"tea\"", "name = \"tee\""))
        .err()
        .unwrap();
    assert!(
        nowhere.to_string().contains("no pack gives the lexicon"),
        "{nowhere}"
    );
    let rules = both(&adds).unwrap();
    let body = "A brew of tea, not iced tea.";
    let screening = rules.screen(&Submission { title: None, body }, &Context::default());
    let found: Vec<_> = screening.findings.iter().map(|f| f.start..f.end).collect();
    assert_eq!(found, [2..6, 10..13]);
}

#[test]
fn a_rule_shows_its_examples_with_their_context_and_its_score() {
    let toml = pack_of(
        "{ phrases = [\"tea\"] }",
        "example_context = { speaker = \"company\", thread_product = \"Zelvoria\" }",
    );
    let rules = load(&toml).unwrap();
    let rule = rules.rules().next().unwrap();
    assert_eq!(rule.examples.hits.len(), 10);
    assert_eq!(
        rule.examples.misses.first().map(String::as_str),
        Some("miss 0")
    );
    assert_eq!(rule.examples.context.speaker, Speaker::Company);
    assert!((rule.score - 0.4).abs() < 1e-9, "as its severity says");
    let scored = load(&toml.replace("owner", "score = 0.55\nowner")).unwrap();
    let score = scored.rules().next().map(|rule| rule.score);
    assert!(score.is_some_and(|s| (s - 0.55).abs() < 1e-9));
    let few = toml.replace(&ten("hit"), "[]");
    let refusal = load(&few).err().unwrap().to_string();
    assert!(
        refusal.contains("`tea.toml` line 10, `CO-900`: the rule has 0 of at least 10 `hits`"),
        "{refusal}"
    );
}

#[test]
fn the_hash_is_that_of_the_content_and_not_of_the_layout() {
    let hash = |toml: &str| load(toml).unwrap().hash().to_owned();
    let good = hash(&GOOD);
    assert_eq!(good.len(), 64);
    assert_eq!(good, hash(&format!("# a remark\n\n{}", *GOOD)));
    assert_ne!(good, hash(&GOOD.replace("\"minor\"", "\"major\"")));
    assert_ne!(good, hash(&GOOD.replace("[\"tea\"]\n\n", "[\"teas\"]\n\n")));
}

#[test]
fn every_shipped_rule_explains_itself() {
    let rules = RuleSet::shipped().unwrap();
    for rule in rules.rules() {
        assert!(rule.words.message.len() > 20, "{}", rule.code);
        assert!(rule.words.remedy.len() > 20, "{}", rule.code);
        assert!(rule.words.rationale.len() > 20, "{}", rule.code);
    }
    assert!(rules.rules().count() >= 50);
}
