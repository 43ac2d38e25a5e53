//! Rule packs from the command line: checked, tested, explained, compared, measured.

use std::path::Path;

use hortus_tests::node::run;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A pack of one rule that finds the word "mango", with these examples.
pub fn pack(hit: &str, miss: &str) -> String {
    let nine = |word: &str| {
        let more: Vec<String> = (1..10).map(|n| format!("{n} {word}")).collect();
        format!("{more:?}")
    };
    let list = |first: &str, more: String| more.replacen('[', &format!("[{first:?}, "), 1);
    format!(
        "[pack]\nid = \"fruit\"\nversion = \"1.0.0\"\ntitle = \"Fruit\"\njurisdictions = [\"any\"]\n\
         languages = [\"en\"]\neffective = \"2025-01-01\"\n\n[[rule]]\ncode = \"CO-900\"\n\
         title = \"Mango\"\nfamily = \"conduct\"\nseverity = \"major\"\nwhen = {{ phrases = [\"mango\"] }}\n\
         message = \"A mango is named.\"\nremedy = \"Please name another fruit.\"\nclause = \"House rules 4\"\n\
         source = \"https://house.example/rules\"\nrationale = \"Mangoes stain.\"\nowner = \"the cook\"\n\
         hits = {}\nmisses = {}\n",
        list(hit, nine("mango")),
        list(miss, nine("kiwi"))
    )
}

/// A folder with one file.
pub fn folder(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

pub fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn every_shipped_rule_stands_its_own_examples() {
    let ran = run(&["rules", "test"]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.trim_end().ends_with(" 0 wrong"), "{}", ran.out);
    for family in [
        "adverse_event",
        "conduct",
        "fair_balance",
        "off_label",
        "privacy",
    ] {
        assert!(ran.out.contains(&format!("\n{family} ")), "{family}");
    }
}

#[tokio::test]
async fn an_example_that_is_wrong_is_told_with_its_rule() {
    let good = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let ran = run(&["rules", "test", "--packs", word(good.path())]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");

    let bad = folder("fruit.toml", &pack("an apple", "no mango"));
    let ran = run(&["rules", "test", "--packs", word(bad.path())]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("CO-900 misses: an apple\n"), "{}", ran.out);
    assert!(
        ran.out
            .contains("CO-900 wrongly finds \"mango\": no mango\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("20 examples, 2 wrong"), "{}", ran.out);
}

#[tokio::test]
async fn packs_are_given_as_folders_or_files() {
    let folder = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let file = folder.path().join("fruit.toml");
    for path in [folder.path(), &file] {
        let ran = run(&["rules", "check", word(path)]).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(
            ran.out.starts_with("1 rules, rule-set hash "),
            "{}",
            ran.out
        );
    }
    let twice = run(&["rules", "check", word(&file), word(&file)]).await;
    assert_eq!(twice.code, Some(1), "{twice:?}");
    assert!(
        twice.err.contains("`CO-900`: the code is already used"),
        "{}",
        twice.err
    );
    let shipped = run(&["rules", "check"]).await;
    assert_eq!(shipped.code, Some(0), "{shipped:?}");
    let nowhere = run(&["rules", "check", "/no/such/folder"]).await;
    assert_eq!(nowhere.code, Some(1), "{nowhere:?}");
    assert!(
        nowhere.err.contains("/no/such/folder cannot be read"),
        "{}",
        nowhere.err
    );
}

#[tokio::test]
async fn a_rule_is_explained_with_its_reasons_and_examples() {
    let packs = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let ran = run(&["rules", "explain", "co-900", "--packs", word(packs.path())]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for words in [
        "CO-900 Mango\n",
        "Looks for: “mango”.\n",
        "Applies to: What anybody writes.\n",
        "Why: Mangoes stain.\n",
        "Clause: House rules 4\nhttps://house.example/rules\n",
        "Pack: fruit 1.0.0, from 2025-01-01\n",
        "Finds:\n  a mango\n",
        "Leaves alone:\n  a kiwi\n",
    ] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    let unknown = run(&["rules", "explain", "CO-999"]).await;
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    assert!(
        unknown.err.contains("no rule has the code CO-999"),
        "{}",
        unknown.err
    );
}

#[tokio::test]
async fn every_shipped_rule_is_in_the_document() {
    let list = run(&["rules", "list"]).await;
    let document = run(&["rules", "document"]).await;
    assert_eq!(document.code, Some(0), "{document:?}");
    let codes = list
        .out
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.starts_with("rule-set"));
    let mut looked = 0;
    for code in codes.map(|line| line.split(' ').next().unwrap()) {
        assert!(document.out.contains(&format!("\n### {code} ")), "{code}");
        looked += 1;
    }
    assert!(looked > 50, "{}", list.out);
    let links = document.out.split("](#").skip(1);
    for anchor in links
        .map(|link| link.split(')').next().unwrap())
        .filter(|l| l.starts_with("list-"))
    {
        assert!(
            document.out.contains(&format!("<a id=\"{anchor}\">")),
            "{anchor}"
        );
    }
}

#[tokio::test]
async fn what_a_change_of_packs_changes_is_told() {
    let before = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let changed = pack("a mango", "a kiwi").replace("[\"mango\"]", "[\"mango\", \"papaya\"]");
    let after = folder("fruit.toml", &changed);
    let same = run(&["rules", "diff", word(before.path()), word(before.path())]).await;
    assert_eq!(same.code, Some(0), "{same:?}");
    assert!(
        same.out.starts_with("the packs say the same\n"),
        "{}",
        same.out
    );

    let corpus = before.path().join("corpus.jsonl");
    let rows = "{\"id\": \"x\", \"text\": \"a papaya\"}\n{\"id\": \"y\", \"text\": \"a mango\"}\n";
    std::fs::write(&corpus, rows).unwrap();
    let words = [
        "rules",
        "diff",
        word(before.path()),
        word(after.path()),
        "--corpus",
        word(&corpus),
    ];
    let ran = run(&words).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.out.starts_with("rule CO-900 changed: when\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("x: clear () -> hold (conduct)\n    a papaya\n"),
        "{}",
        ran.out
    );
    let report = run(&[&words[..], &["--format", "json"]].concat()).await;
    let report: Value = serde_json::from_str(&report.out).unwrap();
    let shift = json!({ "before": 1, "after": 2, "newly": 1, "no_longer": 0 });
    assert_eq!(report["families"]["conduct"], shift);
    assert_eq!(report["rules"], json!({ "CO-900": [1, 2] }));

    let shipped = run(&["rules", "diff", "shipped", word(after.path())]).await;
    assert!(
        shipped.out.contains("rule CO-900 added\n"),
        "{}",
        shipped.out
    );
    assert!(shipped.out.contains(" removed\n"), "{}", shipped.out);
    std::fs::write(after.path().join("broken.toml"), "[[rule]]\n").unwrap();
    let refused = run(&words).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("the packs after"), "{}", refused.err);
}

#[tokio::test]
async fn the_speed_of_packs_is_measured() {
    let packs = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let ran = run(&[
        "rules",
        "bench",
        "--packs",
        word(packs.path()),
        "--format",
        "json",
    ])
    .await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["rules"], 1);
    let texts = report["texts"].as_array().unwrap();
    assert!(texts.len() >= 5);
    for pace in texts {
        let figure = |key: &str| pace[key].as_f64().unwrap();
        assert!(figure("per_second") > 0.0, "{pace}");
        assert!(figure("p50_micros") <= figure("p99_micros"), "{pace}");
    }
}

/// What regulatory people read of the rules is what the packs say.

#[tokio::test]
async fn the_document_of_the_rules_is_current() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/RULES.md");
    let kept = std::fs::read_to_string(kept).unwrap();
    let document = run(&["rules", "document"]).await;
    let differs = kept
        .lines()
        .zip(document.out.lines())
        .position(|(a, b)| a != b);
    assert!(
        kept == document.out,
        "docs/RULES.md differs from the packs (first at line {:?}); run ./x gen",
        differs.map(|line| line + 1)
    );
}
