//! The policy of the demonstration: London's business hours, words to authors, and a text that balances benefit and risk,
//! proposed by the administrator and approved by the MLR approver when the story has been told.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::caller::Caller;

/// The boxed warning in the words in which the company shows it under a post.
const BALANCE: &str = "From the company: Ormivo carries a boxed warning for serious psychiatric and behavioural \
    reactions, including hostility, aggression and suicidal thoughts. Common other reactions are dizziness, sleepiness, \
    falls and weight gain. Read the full prescribing information.";

/// What the administrator makes of the policy that was found, for a community with this product.
pub fn edited(found: &Value, product: &str) -> Value {
    let mut policy = found["policy"].clone();
    policy["calendar"]["time_zone"] = json!("Europe/London");
    policy["calendar"]["holidays"] = json!([
        { "date": "2026-12-25", "name": "Christmas Day" },
        { "date": "2026-12-28", "name": "Boxing Day (substitute day)" },
        { "date": "2027-01-01", "name": "New Year's Day" },
    ]);
    // The story was told with one reviewer for each text and no time to take anything back; from now on this holds.
    policy["undo_seconds"] = json!(5);
    policy["second_review"] = json!([
        "company_speaker",
        "high_severity",
        "retraction",
        "rule_override"
    ]);
    policy["signature"] = json!(["company_speaker", "retraction", "rule_override"]);
    policy["author_templates"] = json!([
        { "key": "add-the-risk", "reason": "fair_balance", "language": "en",
          "words": "Please say beside the benefit what the risks are, or leave the benefit out. The label has both." },
        { "key": "tell-safety", "reason": "adverse_event_detail", "language": "en",
          "words": "Thank you for telling us. Our safety team has your report and will write to you; please leave the details of the patient out here." },
    ]);
    policy["balance_texts"] = json!([
        { "key": "ormivo-gb", "product": product, "market": "GB", "language": "en", "text": BALANCE },
    ]);
    json!({ "base": found["number"], "policy": policy, "words": "London's hours, and the texts that the desk uses." })
}

/// Proposes the policy; says which proposal waits.
pub async fn propose(by: &mut Caller, slug: &str, product: &str) -> anyhow::Result<String> {
    let path = format!("/api/communities/{slug}/policy");
    let found = by.get(&path).await?;
    let made = by
        .post(&format!("{path}/proposals"), edited(&found, product))
        .await?;
    let id = made["id"]
        .as_str()
        .context("a proposal without an identifier")?;
    Ok(id.to_owned())
}

/// Approves it.
pub async fn approve(by: &mut Caller, slug: &str, proposal: &str) -> anyhow::Result<()> {
    let path = format!("/api/communities/{slug}/policy/proposals/{proposal}/answer");
    let words = "The wording is that of the label.";
    by.post(&path, json!({ "answer": "approve", "words": words }))
        .await?;
    Ok(())
}
