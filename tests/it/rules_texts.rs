//! Texts under the rules from the command line: screened line by line, scored against the truth, coded with the terms of a
//! terminology.

use hortus_tests::node::{Ran, run, run_reading};
use serde_json::{Value, json};

use crate::rules::{folder, pack, word};

fn answers(ran: &Ran) -> Vec<Value> {
    let lines = ran.out.lines();
    lines.map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[tokio::test]
async fn texts_are_screened_line_by_line() {
    let lines = [
        json!({
            "id": "a", "text": "Two weeks on Zelvoria and I ended up in hospital with a terrible rash 😖.",
            "title": null, "thread_context": null, "speaker": "patient", "audience": "patient", "market": null,
            "products": [{ "brand": "Zelvoria", "inn": "zelvoritinib", "status": "approved", "boxed_warning": false,
                           "indications": ["plaque psoriasis"], "min_age": 18 }],
            "kind": "unknown keys are no fault",
        }),
        json!({ "id": 2, "text": "See you on Thursday.", "products": null, "speaker": null }),
    ];
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let ran = run_reading(&["rules", "screen"], &input).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let told = answers(&ran);
    assert_eq!(told.len(), 2);

    let event = &told[0];
    assert_eq!(event["id"], "a");
    assert_eq!(event["verdict"], "escalate");
    assert!(event["priority"].as_f64().unwrap() > 0.8, "{event}");
    assert!(event["scores"]["adverse_event"].as_f64().unwrap() >= 0.35);
    assert!(
        event["categories"]
            .as_array()
            .unwrap()
            .contains(&json!("adverse_event"))
    );
    assert!(event["rule_set"].as_str().unwrap().starts_with("sha256:"));
    let case = &event["adverse_event"];
    assert!(
        case["serious"]
            .as_array()
            .unwrap()
            .contains(&json!("hospitalisation"))
    );
    assert_eq!(case["criteria"]["product"]["evidence"], "Zelvoria");
    for criterion in ["reporter", "patient", "product", "reaction"] {
        assert_eq!(case["criteria"][criterion]["met"], true, "{criterion}");
    }
    let text = lines[0]["text"].as_str().unwrap();
    for finding in event["findings"].as_array().unwrap() {
        assert_eq!(finding["field"], "text");
        let place = |key: &str| usize::try_from(finding[key].as_u64().unwrap()).unwrap();
        assert_eq!(finding["matched"], text[place("start")..place("end")]);
        for key in ["rule", "category", "severity", "message", "clause"] {
            assert!(finding[key].is_string(), "{key}");
        }
    }

    assert_eq!(told[1]["id"], 2);
    assert_eq!(told[1]["verdict"], "clear");
    assert_eq!(told[1]["findings"], json!([]));
    assert_eq!(told[1].get("adverse_event"), None);
}

#[tokio::test]
async fn a_bad_line_is_answered_with_its_error_and_the_rest_is_screened() {
    let input = "no object\n\n{\"id\": \"b\", \"text\": 5}\n{\"text\": \"no id\"}\n\
                 {\"id\": \"c\", \"text\": \"fine\", \"speaker\": \"robot\"}\n{\"id\": \"d\", \"text\": \"fine\"}";
    let input = &format!("{input}\n\u{feff}{{\"id\": \"e\", \"text\": \"fine\"}}");
    let ran = run_reading(&["rules", "screen"], input).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("4 lines"), "{}", ran.err);
    let told = answers(&ran);
    let lines: Vec<_> = told
        .iter()
        .map(|t| (t["id"].clone(), t["line"].clone()))
        .collect();
    let null = Value::Null;
    assert_eq!(
        lines,
        [
            (null.clone(), json!(1)),
            (json!("b"), json!(3)),
            (null.clone(), json!(4)),
            (json!("c"), json!(5)),
            (json!("d"), null.clone()),
            (json!("e"), null),
        ]
    );
    assert!(
        told[2]["error"]
            .as_str()
            .unwrap()
            .contains("missing field `id`")
    );
    assert!(told[3]["error"].as_str().unwrap().contains("robot"));
    assert_eq!(told[4]["verdict"], "clear");
}

#[tokio::test]
async fn the_same_texts_are_answered_with_the_same_bytes() {
    let input = "{\"id\": 1, \"text\": \"I was dizzy and fell, and my brother too.\"}\n";
    let first = run_reading(&["rules", "screen"], input).await;
    let second = run_reading(&["rules", "screen"], input).await;
    assert_eq!(first.out, second.out);
    let text = run_reading(&["rules", "screen", "--format", "text"], input).await;
    assert!(text.out.starts_with("1: hold"), "{}", text.out);
    assert!(text.out.contains("\"dizzy\""), "{}", text.out);
}

#[tokio::test]
async fn predictions_are_scored_against_the_truth() {
    let kept = tempfile::tempdir().unwrap();
    let truth = kept.path().join("fruit.jsonl");
    let predicted = kept.path().join("pred.jsonl");
    let rows = [
        json!({ "id": 1, "text": "a ripe mango", "kind": "plain", "truth": { "conduct": true },
                "spans": [{ "family": "conduct", "kind": "fruit", "text": "mango" }] }),
        json!({ "id": 2, "text": "a papaya", "kind": "plain", "truth": { "conduct": true },
                "spans": [{ "family": "conduct", "kind": "fruit", "text": "papaya" }] }),
        json!({ "id": 3, "text": "mango the cat", "kind": "name", "truth": { "conduct": false } }),
        json!({ "id": 4, "text": "a kiwi", "kind": "plain", "truth": { "conduct": false } }),
    ];
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(&truth, &lines).unwrap();
    let packs = folder("fruit.toml", &pack("a mango", "a kiwi"));
    let told = run_reading(&["rules", "screen", "--packs", word(packs.path())], &lines).await;
    std::fs::write(&predicted, &told.out).unwrap();

    let words = [
        "rules",
        "score",
        "--truth",
        word(&truth),
        "--pred",
        word(&predicted),
    ];
    let ran = run(&words).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.out
            .contains("recall                             0.500 [0.095, 0.905] (1 of 2)"),
        "{}",
        ran.out
    );

    let report = run(&[&words[..], &["--wrong", "--format", "json"]].concat()).await;
    let report: Value = serde_json::from_str(&report.out).unwrap();
    let conduct = &report["families"]["conduct"];
    for (rate, count, of) in [
        ("precision", 1, 2),
        ("recall", 1, 2),
        ("false_positive_rate", 1, 2),
        ("flagged", 2, 4),
        ("precision_at_recall_95", 2, 4),
        ("spans", 1, 2),
    ] {
        assert_eq!(
            (&conduct[rate]["count"], &conduct[rate]["of"]),
            (&json!(count), &json!(of)),
            "{rate}"
        );
    }
    assert_eq!(
        conduct["kinds"]["name"]["false_positive_rate"]["share"],
        1.0
    );
    assert_eq!(conduct["sources"]["fruit"]["recall"]["share"], 0.5);
    let wrong: Vec<_> = report["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| (&w["id"], &w["missed"]))
        .collect();
    assert_eq!(
        wrong,
        [(&json!(2), &json!(true)), (&json!(3), &json!(false))]
    );

    std::fs::write(&predicted, "{\"id\": 1}\nwater\n").unwrap();
    let ran = run(&words).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("pred.jsonl line 2 cannot be read"),
        "{}",
        ran.err
    );
}

#[tokio::test]
async fn predictions_of_any_system_are_read_and_those_that_failed_are_no_answers() {
    let kept = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(kept.path().join(name), text).unwrap();
        kept.path().join(name).to_str().unwrap().to_owned()
    };
    let truth = file(
        "truth.jsonl",
        "\u{FEFF}{\"id\": 1, \"text\": \"a\", \"truth\": {\"conduct\": true}}\r\n{\"id\": 2, \"text\": \"b\", \"truth\": {\"conduct\": true}}\r\n",
    );
    let predicted = file(
        "pred.jsonl",
        "\u{FEFF}{\"id\": 1, \"categories\": [\"conduct\"]}\r\n{\"error\": \"no object\", \"line\": 2}\r\n\
         {\"id\": 2, \"error\": \"no text\"}\r\n{\"id\": {}, \"error\": \"no id\"}\r\n",
    );
    let score = async |predicted: &str| {
        run(&["rules", "score", "--truth", &truth, "--pred", predicted]).await
    };
    let ran = score(&predicted).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.out.contains("2 rows, 1 without a prediction"),
        "{}",
        ran.out
    );

    let refused = score(&file("empty.jsonl", "\n")).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.err.contains("no prediction was given"),
        "{}",
        refused.err
    );
}

#[tokio::test]
async fn one_text_is_answered_as_a_line_is_and_nothing_in_it_steers_the_terminal() {
    let body = "I got dizzy \u{1B}[31mand sick on Zelvoria.";
    let row = json!({ "id": 1, "text": body }).to_string();
    let line = run_reading(&["rules", "screen"], &row).await;
    let one = run(&["rules", "screen", "--text", body]).await;
    assert_eq!(one.out, line.out);
    assert_eq!(one.out.lines().count(), 1);

    let row = json!({ "id": "\u{1B}[2J", "text": "I got diz\u{1B}zy." }).to_string();
    let shown = run_reading(&["rules", "screen", "--format", "text"], &row).await;
    assert!(shown.out.starts_with("\\u{1b}[2J: hold"), "{}", shown.out);
    assert!(shown.out.contains("\"diz\\u{1b}zy\""), "{}", shown.out);
    let one = run(&["rules", "screen", "--format", "text", "--text", body]).await;
    assert!(
        one.out.starts_with("1: ") && !one.out.contains('\u{1B}'),
        "{}",
        one.out
    );

    let asked = |speaker: &'static str, audience: &'static str| async move {
        run(&[
            "rules",
            "screen",
            "--text",
            "Zelvoria cures everyone.",
            "--speaker",
            speaker,
            "--audience",
            audience,
        ])
        .await
        .out
    };
    assert_eq!(
        asked("independent_hcp", "hcp").await,
        asked("professional", "professionals").await
    );
    assert_eq!(
        asked("hcp", "patient").await,
        asked("professional", "patients").await
    );
}

#[tokio::test]
async fn a_pack_that_is_not_yet_in_force_finds_nothing_and_clears_nothing() {
    let later = pack("a mango", "a kiwi").replace("2025-01-01", "9000-01-01");
    let packs = folder("fruit.toml", &later);
    let ran = run(&[
        "rules",
        "screen",
        "--packs",
        word(packs.path()),
        "--text",
        "a mango",
    ])
    .await;
    let told = answers(&ran).remove(0);
    assert_eq!(
        (&told["findings"], &told["verdict"]),
        (&json!([]), &json!("hold")),
        "{told}"
    );
    assert!(
        told["technical_reason"]
            .as_str()
            .unwrap()
            .contains("no rule is in force"),
        "{told}"
    );
}

#[tokio::test]
async fn a_terminology_is_imported_once_and_its_codes_are_suggested() {
    let kept = tempfile::tempdir().unwrap();
    let file = |name: &str| kept.path().join(name);
    std::fs::write(file("pt.asc"), "90000001$Vesper pain$$90009001$$$$$$$$\n").unwrap();
    let llt = "90000011$Evening ache of vesper$90000001$$$$$$$Y$$\n";
    std::fs::write(file("llt.asc"), llt).unwrap();
    let terms = file("meddra.terms");
    let words = [
        "rules",
        "import",
        "meddra",
        word(kept.path()),
        "--edition",
        "99.0",
        "--licence",
        "made for this test",
        "--out",
        word(&terms),
    ];
    let ran = run(&words).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.out.starts_with("MedDRA 99.0: 1 names in "),
        "{}",
        ran.out
    );

    let row = "{\"id\": 1, \"text\": \"Since noon an evening ache of vesper.\"}\n";
    let told = run_reading(&["rules", "screen", "--terms", word(&terms)], row).await;
    let told = &answers(&told)[0]["terms"][0];
    assert_eq!(
        (&told["source"], &told["version"]),
        (&json!("MedDRA"), &json!("99.0"))
    );
    assert_eq!(
        (&told["code"], &told["concept_name"]),
        (&json!("90000011"), &json!("Vesper pain"))
    );
    assert_eq!(told["matched"], "evening ache of vesper");

    std::fs::write(file("llt.asc"), llt.replace("90000001", "9000x001")).unwrap();
    let refused = run(&words).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.err.contains("`llt.asc` line 1, column 3"),
        "{}",
        refused.err
    );

    let changed = std::fs::read_to_string(&terms)
        .unwrap()
        .replace("Vesper", "Dawn");
    std::fs::write(&terms, changed).unwrap();
    let refused = run_reading(&["rules", "screen", "--terms", word(&terms)], row).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("meddra.terms"), "{}", refused.err);
}

#[tokio::test]
async fn lists_of_products_and_substances_are_imported() {
    let kept = tempfile::tempdir().unwrap();
    for (kind, table) in [
        ("products", "brand,inn\nZelvoria,zelvoritinib\n"),
        ("substances", "Name\tUNII\nzelvoritinib\tZ3LV0R1T1N\n"),
    ] {
        let (from, out) = (kept.path().join(kind), kept.path().join("out.terms"));
        std::fs::write(&from, format!("\u{feff}{table}")).unwrap();
        let words = [
            "rules",
            "import",
            kind,
            word(&from),
            "--edition",
            "2026-11",
            "--licence",
            "our own",
            "--out",
            word(&out),
        ];
        let ran = run(&words).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let text = std::fs::read_to_string(&out).unwrap();
        assert!(text.contains("licence\tour own\n"), "{text}");
        assert!(text.contains("zelvoritinib"), "{text}");

        let mut over_itself = words;
        over_itself[9] = word(&from);
        let refused = run(&over_itself).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.err.contains("--out"), "{}", refused.err);
        let source = std::fs::read_to_string(&from).unwrap();
        assert!(source.ends_with(table), "the source was written over");
    }
}
