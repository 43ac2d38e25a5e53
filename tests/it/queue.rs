//! QUEUE: what an item says of itself, views and counts, search, claims, and what every desk is told.

use hortus_tests::story::{ADVERSE_EVENT, CLINICIANS, HARMLESS, PARTNERS};
use hortus_tests::{Story, stories};
use serde_json::json;

async fn an_item_says_what_is_at_stake_of_which_product_in_which_language_and_who_speaks(
    story: &mut Story,
) {
    let product = story.product(CLINICIANS, "Velmora").to_owned();
    let path = format!("/api/communities/{CLINICIANS}/threads");
    let clinician = story.clinician();
    let draft = json!({ "title": "A rash", "body": ADVERSE_EVENT, "product_id": product });
    clinician.post(&path, &draft).await.is(202);
    clinician
        .starts_thread(CLINICIANS, "Journal club", HARMLESS)
        .await;
    let claim = "Velmora works fast and gives complete relief. Ask me how to start.";
    story
        .person("steward")
        .starts_thread(CLINICIANS, "Good news", claim)
        .await;
    let german = "Kennt jemand einen guten Ort für den Lesekreis im Frühling? Wir wären etwa zwanzig Leute und hätten gern einen ruhigen Raum.";
    clinician
        .starts_thread(CLINICIANS, "Lesekreis", german)
        .await;
    story
        .person("partner")
        .starts_thread(PARTNERS, "Journal club", HARMLESS)
        .await;
    let rows = story.rows().await;
    let found = rows
        .find(
            "SELECT i.risk, i.severity, i.language, i.speaker, i.organisation, i.product_id IS NOT NULL AS named \
             FROM review_item i JOIN revision r ON r.id = i.revision_id ORDER BY r.submitted_at",
        )
        .await;
    let said: Vec<_> = found
        .iter()
        .map(|row| {
            let named = row["named"] == true || row["named"] == 1;
            (
                row["risk"].clone(),
                row["language"].clone(),
                row["speaker"].clone(),
                row["organisation"].clone(),
                named,
            )
        })
        .collect();
    let item = |risk: &str, language: &str, speaker: &str, organisation: Option<&str>, named| {
        (
            json!(risk),
            json!(language),
            json!(speaker),
            json!(organisation),
            named,
        )
    };
    assert_eq!(
        said,
        [
            item("safety", "en", "professional", None, true),
            item("routine", "en", "professional", None, false),
            item("promotion", "en", "company", None, false),
            item("safety", "und", "professional", None, false),
            item("routine", "en", "partner", Some(""), false),
        ],
        "{found:?}"
    );
    assert_eq!(found[1]["severity"], json!(null));
    assert!(["major", "critical"].contains(&found[0]["severity"].as_str().unwrap()));
    rows.close().await;
}

stories![an_item_says_what_is_at_stake_of_which_product_in_which_language_and_who_speaks];
