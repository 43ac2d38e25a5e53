//! What the rules of a pack say to people, read without the rest of it.

use serde::Deserialize;

use crate::rule::RuleWords;

#[derive(Deserialize)]
struct Spoken {
    #[serde(default, rename = "rule")]
    rules: Vec<SpokenRule>,
}

#[derive(Deserialize)]
struct SpokenRule {
    code: String,
    #[serde(flatten)]
    words: RuleWords,
}

/// The words of each rule of a pack, by its code. A pack that was kept years ago, and that this version would no longer
/// load, can still be asked what its rules said.
///
/// # Errors
/// If the text is not TOML, or a rule has no code, title, message, remedy, clause or rationale.
pub fn rule_words(toml: &str) -> Result<Vec<(String, RuleWords)>, String> {
    let spoken: Spoken = toml::from_str(toml).map_err(|cause| cause.message().to_owned())?;
    let rules = spoken.rules.into_iter();
    Ok(rules.map(|rule| (rule.code, rule.words)).collect())
}
