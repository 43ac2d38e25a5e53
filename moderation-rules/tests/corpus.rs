//! Every shipped rule is held to its corpus: texts it must find, and texts it must leave alone.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its corpus must fail"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use moderation_rules::{Context, RuleSet, Severity, Submission};
use serde::Deserialize;

const LEAST: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    rule: String,
    hits: Vec<String>,
    misses: Vec<String>,
    #[serde(default)]
    context: Context,
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the corpus folder can be read")
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> Corpus {
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A rule finds a text when one of its findings weighs more than a remark.
fn finds(rules: &RuleSet, code: &str, text: &str, context: &Context) -> bool {
    let submission = Submission {
        title: None,
        body: text,
    };
    rules
        .screen(&submission, context)
        .findings
        .iter()
        .any(|f| f.rule == code && f.severity > Severity::Info)
}

#[test]
fn every_rule_finds_what_its_corpus_says_and_nothing_else() {
    let rules = RuleSet::shipped().unwrap();
    let mut wrong = Vec::new();
    for path in files() {
        let corpus = read(&path);
        for text in &corpus.hits {
            if !finds(&rules, &corpus.rule, text, &corpus.context) {
                wrong.push(format!("{} misses: {text}", corpus.rule));
            }
        }
        for text in &corpus.misses {
            if finds(&rules, &corpus.rule, text, &corpus.context) {
                wrong.push(format!("{} wrongly finds: {text}", corpus.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_corpus_of_ten_and_ten_and_every_corpus_a_rule() {
    let rules = RuleSet::shipped().unwrap();
    let codes: BTreeSet<String> = rules.rules().map(|r| r.code.clone()).collect();
    let mut with_corpus = BTreeSet::new();
    for path in files() {
        let corpus = read(&path);
        assert_eq!(
            path.file_stem().unwrap().to_str().unwrap(),
            corpus.rule,
            "a corpus file is named after its rule"
        );
        assert!(
            corpus.hits.len() >= LEAST && corpus.misses.len() >= LEAST,
            "{} needs {LEAST} hits and {LEAST} misses",
            corpus.rule
        );
        with_corpus.insert(corpus.rule);
    }
    assert_eq!(codes, with_corpus);
}
