//! Rules are held to texts whose truth is known, and what is told of them can be relied on.
#![expect(
    clippy::unwrap_used,
    reason = "what a test did not expect must stop it at once"
)]

use moderation_rules::evaluation::{Answer, Prediction, Record, Row, TruthRow, score, wrong};
use moderation_rules::{Audience, Family, ProductStatus, RuleSet, Speaker, Surface};
use serde_json::{Value, json};

fn record(row: Value) -> Record {
    serde_json::from_value(row).unwrap()
}

fn rows(truth: &[Value], predicted: &[Value]) -> (Vec<Row>, usize) {
    let read = |row: &Value| -> TruthRow { serde_json::from_value(row.clone()).unwrap() };
    let told = |row: &Value| -> Prediction { serde_json::from_value(row.clone()).unwrap() };
    let truth = truth.iter().map(read).collect();
    Row::pair(truth, predicted.iter().map(told).collect()).unwrap()
}

#[test]
fn an_id_that_stands_for_two_rows_or_two_predictions_is_refused() {
    let truth = |id: u32| -> TruthRow {
        serde_json::from_value(json!({ "id": id, "text": "a", "truth": { "privacy": true } }))
            .unwrap()
    };
    let told = |held: &[&str]| -> Prediction {
        serde_json::from_value(json!({ "id": 1, "categories": held })).unwrap()
    };
    let rows = Row::pair(vec![truth(1), truth(1)], Vec::new());
    assert!(rows.unwrap_err().to_string().contains("two rows"));
    let two = Row::pair(vec![truth(1)], vec![told(&["privacy"]), told(&[])]);
    assert!(
        two.unwrap_err()
            .to_string()
            .contains("two different predictions")
    );
    let same = Row::pair(vec![truth(1)], vec![told(&["privacy"]), told(&["privacy"])]);
    assert_eq!(same.unwrap().1, 0);
}

/// Ten rows of which the first six are true; the n-th is predicted with this certainty.
fn ten(certainties: [f64; 10]) -> Vec<Row> {
    let truth: Vec<Value> = (0..10)
        .map(|n| json!({ "id": n, "text": "a", "truth": { "privacy": n < 6 } }))
        .collect();
    let predicted: Vec<Value> = certainties
        .iter()
        .enumerate()
        .map(|(n, score)| {
            let held: &[&str] = if *score >= 0.35 { &["privacy"] } else { &[] };
            json!({ "id": n, "categories": held, "scores": { "privacy": score } })
        })
        .collect();
    rows(&truth, &predicted).0
}

#[test]
fn what_a_row_does_not_say_is_unknown_so_that_all_rules_apply() {
    let bare = record(
        json!({ "id": "x", "text": "a", "speaker": null, "products": null, "colour": "red" }),
    );
    let context = bare.context();
    assert_eq!(
        (context.speaker, context.audience),
        (Speaker::Unknown, Audience::Unknown)
    );
    assert_eq!((context.surface, context.market), (Surface::Thread, None));
    assert!(context.products.is_empty());
}

#[test]
fn a_row_is_read_in_the_words_of_the_field() {
    let full = record(json!({
        "id": 7, "text": "a", "thread_context": "Does it help?", "speaker": "independent_hcp", "audience": "hcp",
        "market": "uk", "products": [
            { "brand": "Zelvoria", "inn": "zelvoritinib", "status": "approved", "boxed_warning": true,
              "indications": ["plaque psoriasis", "psoriatic arthritis"], "min_age": 18 },
            { "brand": null, "inn": "LX-204", "status": "investigational", "boxed_warning": null },
            { "brand": null, "inn": " " },
        ],
    }));
    let context = full.context();
    assert_eq!(
        (context.speaker, context.audience),
        (Speaker::Professional, Audience::Professionals)
    );
    assert_eq!(context.surface, Surface::Reply);
    assert_eq!(context.parent_body.as_deref(), Some("Does it help?"));
    assert_eq!(context.market.as_deref(), Some("GB"));
    let [boxed, trial] = context.products.as_slice() else {
        panic!("a product without a name is none: {:?}", context.products);
    };
    assert_eq!(boxed.status, ProductStatus::ApprovedBoxedWarning);
    assert_eq!(boxed.established_name.as_deref(), Some("zelvoritinib"));
    assert_eq!(
        (boxed.indication.as_str(), boxed.indications.as_slice()),
        ("plaque psoriasis", &["psoriatic arthritis".to_owned()][..])
    );
    assert_eq!(boxed.min_age_years, Some(18));
    assert_eq!(
        (trial.name.as_str(), trial.status),
        ("LX-204", ProductStatus::Investigational)
    );
    assert_eq!(trial.established_name, None);
}

#[test]
fn a_product_is_read_under_the_names_that_the_engine_gives_its_facts() {
    let row = record(json!({ "id": 1, "text": "a", "products": [{
        "name": "Zelvoria", "established_name": "zelvoritinib", "indication": "plaque psoriasis",
        "indications": ["psoriatic arthritis"], "min_age_years": 6, "max_age_years": 17,
    }] }));
    let context = row.context();
    let product = context.products.first().unwrap();
    assert_eq!(product.name, "Zelvoria");
    assert_eq!(product.established_name.as_deref(), Some("zelvoritinib"));
    assert_eq!(product.indication, "plaque psoriasis");
    assert_eq!(product.indications, ["psoriatic arthritis"]);
    assert_eq!(
        (product.min_age_years, product.max_age_years),
        (Some(6), Some(17))
    );
}

#[test]
fn a_market_that_nobody_knows_is_unknown_so_that_all_rules_apply() {
    let market = |code: &str| {
        record(json!({ "id": 1, "text": "a", "market": code }))
            .context()
            .market
    };
    for (code, known) in [("us", "US"), (" EU ", "EU"), ("UK", "GB"), ("de", "DE")] {
        assert_eq!(market(code).as_deref(), Some(known));
    }
    for code in ["", "XX", "USA", "Mars", "any", "U S"] {
        assert_eq!(market(code), None, "{code}");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_refused_in_the_words_of_the_field() {
    let refused = |row: &str| serde_json::from_str::<Record>(row).unwrap_err().to_string();
    for (row, words) in [
        ("3", "an object with `id` and `text`"),
        (
            r#"{"id": 1.5, "text": "a"}"#,
            "an id that is a word or a whole number",
        ),
        (
            r#"{"id": 1, "text": "a", "products": ["Zelvoria"]}"#,
            "an object with `brand` or `inn`",
        ),
        (r#"{"id": 1, "text": "a", "speaker": 4}"#, ""),
        (r#"{"id": 1, "text": "a", "audience": ["hcp"]}"#, ""),
        (
            r#"{"id": 1, "text": "a", "products": [{"status": {}}]}"#,
            "",
        ),
        (r#"{"id": 1, "text": "a", "speaker": "robot"}"#, "`patient`"),
    ] {
        let told = refused(row);
        assert!(told.contains(words), "{told}");
        for inner in ["Record", "Word", "enum", "struct", "untagged"] {
            assert!(!told.contains(inner), "{told}");
        }
    }
}

#[test]
fn words_are_found_in_the_field_and_at_the_place_that_an_answer_names() {
    let rules = RuleSet::shipped().unwrap();
    let row = record(
        json!({ "id": 1, "text": "😖 Und? A rash, “everywhere”.", "title": "Ｄｉｚｚｙ since Monday", "speaker": "patient" }),
    );
    let answer = Answer::of(
        row.id.clone(),
        rules.screen(&row.submission(), &row.context()),
        &rules,
    );
    let answer = serde_json::to_value(&answer).unwrap();
    let findings = answer["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|f| f["field"] == "title"),
        "{findings:?}"
    );
    assert!(
        findings.iter().any(|f| f["field"] == "text"),
        "{findings:?}"
    );
    for finding in findings {
        let text = if finding["field"] == "title" {
            row.title.as_deref()
        } else {
            Some(row.text.as_str())
        };
        let place = |key: &str| usize::try_from(finding[key].as_u64().unwrap()).unwrap();
        let words = text.unwrap().get(place("start")..place("end"));
        assert_eq!(words, finding["matched"].as_str());
    }
}

#[test]
fn precision_is_told_where_nearly_everything_is_found() {
    let family = |rows: &[Row]| score(rows).families[&Family::Privacy].clone();
    let sure = family(&ten([0.9, 0.8, 0.8, 0.7, 0.6, 0.5, 0.2, 0.1, 0.0, 0.0]));
    assert_eq!(
        (sure.precision.share, sure.recall.share),
        (Some(1.0), Some(1.0))
    );
    assert_eq!(sure.precision_at_recall_95.share, Some(1.0));
    assert_eq!(sure.flagged.share, Some(0.6));

    // The last true row is as sure as two that are not: they can only be taken together.
    let tied = family(&ten([0.9, 0.8, 0.8, 0.7, 0.6, 0.2, 0.4, 0.2, 0.2, 0.1]));
    assert_eq!((tied.recall.count, tied.false_positive_rate.count), (5, 1));
    assert_eq!(
        (
            tied.precision_at_recall_95.count,
            tied.precision_at_recall_95.of
        ),
        (6, 9)
    );
    // One of four is more than a fifth, so only what is surer than it may be taken.
    assert_eq!(tied.recall_at_false_positive_rate_20.count, 5);
}

#[test]
fn a_row_nobody_answered_counts_as_not_flagged() {
    let truth = [
        json!({ "id": 1, "text": "a", "truth": { "conduct": true } }),
        json!({ "id": 2, "text": "b", "truth": { "conduct": false } }),
        json!({ "id": 3, "text": "c", "truth": {} }),
    ];
    let predicted = [
        json!({ "id": 1, "error": "no text", "line": 1 }),
        json!({ "id": 2, "verdict": "hold", "categories": ["privacy"] }),
        json!({ "id": 9, "categories": ["conduct"] }),
    ];
    let (rows, strangers) = rows(&truth, &predicted);
    let told = score(&rows);
    assert_eq!((strangers, told.rows, told.unanswered), (1, 3, 2));
    let conduct = &told.families[&Family::Conduct];
    assert_eq!((conduct.recall.count, conduct.recall.of), (0, 1));
    assert_eq!(
        (
            conduct.false_positive_rate.count,
            conduct.false_positive_rate.of
        ),
        (0, 1)
    );
    assert!(
        !told.families.contains_key(&Family::Privacy),
        "nobody judged it"
    );
    // Held for another concern is held all the same.
    assert_eq!((told.cleared.count, told.cleared.of), (0, 1));
    assert_eq!((told.not_cleared.count, told.not_cleared.of), (0, 1));
}

#[test]
fn flags_of_an_adverse_event_count_only_where_they_are_judged() {
    let truth = [
        json!({ "id": 1, "text": "a", "serious": ["death"], "special_situation": "overdose" }),
        json!({ "id": 2, "text": "b", "serious": [], "special_situation": null }),
        json!({ "id": 3, "text": "c" }),
    ];
    let case =
        json!({ "serious": ["hospitalisation"], "special_situations": ["overdose", "misuse"] });
    let predicted: Vec<Value> = (1..4)
        .map(|id| json!({ "id": id, "adverse_event": case }))
        .collect();
    let told = score(&rows(&truth, &predicted).0);
    let (serious, situations) = (told.seriousness.unwrap(), told.special_situations.unwrap());
    assert_eq!((serious.found.count, serious.found.of), (0, 1));
    assert_eq!(
        (serious.wrongly_found.count, serious.wrongly_found.of),
        (1, 1)
    );
    assert_eq!((situations.found.count, situations.found.of), (1, 1));
    assert_eq!(
        (situations.wrongly_found.count, situations.wrongly_found.of),
        (1, 1)
    );
}

#[test]
fn a_span_is_found_where_a_finding_of_its_family_touches_it() {
    let span = |family: &str| json!([{ "family": family, "kind": "name", "text": "Ann Lee" }]);
    let truth = [
        json!({ "id": 1, "text": "Hi Ann Lee", "truth": { "privacy": true }, "spans": span("privacy") }),
        json!({ "id": 2, "text": "Hi Ann Lee", "truth": { "privacy": true }, "spans": span("privacy") }),
        json!({ "id": 3, "text": "Hi", "title": "Ann Lee", "truth": { "privacy": true }, "spans": span("privacy") }),
    ];
    let finding = |category: &str, field: &str, start: usize, end: usize| json!([{ "rule": "PR-010", "category": category, "field": field, "start": start, "end": end, "matched": "…" }]);
    let predicted = [
        json!({ "id": 1, "categories": ["privacy"], "findings": finding("privacy", "text", 7, 12) }),
        json!({ "id": 2, "categories": ["privacy"], "findings": finding("conduct", "text", 3, 10) }),
        json!({ "id": 3, "categories": ["privacy"], "findings": finding("privacy", "title", 0, 7) }),
    ];
    let (rows, _) = rows(&truth, &predicted);
    let privacy = score(&rows).families[&Family::Privacy].clone();
    assert_eq!((privacy.spans.count, privacy.spans.of), (2, 3));
    let mistakes = wrong(&rows);
    let [mistake] = mistakes.as_slice() else {
        panic!("one row is wrong: {mistakes:?}");
    };
    assert_eq!(
        (mistake.id.to_string(), mistake.spans.as_slice()),
        ("2".to_owned(), &["Ann Lee".to_owned()][..])
    );
}
