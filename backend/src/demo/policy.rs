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
fn edited(found: &Value, product: &str) -> anyhow::Result<Value> {
    let mut policy = found.get("policy").cloned().unwrap_or_default();
    let holidays = json!([
        { "date": "2026-12-25", "name": "Christmas Day" },
        { "date": "2026-12-28", "name": "Boxing Day (substitute day)" },
        { "date": "2027-01-01", "name": "New Year's Day" },
    ]);
    let author_templates = json!([
        { "key": "add-the-risk", "reason": "fair_balance", "language": "en",
          "words": "Please say beside the benefit what the risks are, or leave the benefit out. The label has both." },
        { "key": "tell-safety", "reason": "adverse_event_detail", "language": "en",
          "words": "Thank you for telling us. Our safety team has your report and will write to you; please leave the details of the patient out here." },
    ]);
    let balance_texts = json!([
        { "key": "ormivo-gb", "product": product, "market": "GB", "language": "en", "text": BALANCE },
    ]);
    for (place, value) in [
        ("/calendar/time_zone", json!("Europe/London")),
        ("/calendar/holidays", holidays),
        // The story was told with one reviewer for each text and no time to take anything back; from now on this holds.
        ("/undo_seconds", json!(5)),
        (
            "/second_review",
            json!([
                "company_speaker",
                "high_severity",
                "retraction",
                "rule_override"
            ]),
        ),
        (
            "/signature",
            json!(["company_speaker", "retraction", "rule_override"]),
        ),
        ("/author_templates", author_templates),
        ("/balance_texts", balance_texts),
    ] {
        let there = policy.pointer_mut(place);
        *there.with_context(|| format!("the policy has no {place}"))? = value;
    }
    let base = found.get("number");
    Ok(
        json!({ "base": base, "policy": policy, "words": "London's hours, and the texts that the desk uses." }),
    )
}

/// Proposes the policy; says which proposal waits.
pub async fn propose(by: &mut Caller, slug: &str, product: &str) -> anyhow::Result<String> {
    let path = format!("/api/communities/{slug}/policy");
    let found = by.get(&path).await?;
    let made = by
        .post(&format!("{path}/proposals"), edited(&found, product)?)
        .await?;
    let id = made
        .get("id")
        .and_then(Value::as_str)
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
