//! What differs between two policies, field by field, and what of it the audit log may say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::document::{AuthorTemplate, BalanceText, Policy};
use crate::audit::canonical;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The field, as in `deadlines.safety`, `calendar.holidays.2026-12-25`, `balance_texts.boxed-us.text`.
    pub path: String,
    /// What stood there; nothing if the field is new.
    #[schema(value_type = Option<Object>)]
    pub old: Option<Value>,
    /// What stands there now; nothing if the field is gone.
    #[schema(value_type = Option<Object>)]
    pub new: Option<Value>,
}

/// The fields whose content is words, addresses or names: the audit log commits to them by their hash.
const WORDS: [&str; 7] = [
    "name", "remedy", "words", "text", "webhook", "mail_to", "holidays",
];

/// The fields that differ, in the order of their names.
pub fn changes(old: &Policy, new: &Policy) -> Vec<Change> {
    let (old, new) = (fields(old), fields(new));
    let mut paths: Vec<&String> = old.keys().chain(new.keys()).collect();
    paths.sort();
    paths.dedup();
    let differs = paths
        .into_iter()
        .filter(|path| old.get(*path) != new.get(*path));
    differs
        .map(|path| Change {
            path: path.clone(),
            old: old.get(path).cloned(),
            new: new.get(path).cloned(),
        })
        .collect()
}

/// The same for the audit log: without words.
pub fn recorded(changes: &[Change]) -> Value {
    let shown = |path: &str, value: &Option<Value>| match value {
        Some(value) if path.split('.').any(|part| WORDS.contains(&part)) => {
            json!({ "hash": hex::encode(Sha256::digest(value.to_string())) })
        }
        value => json!(value),
    };
    changes
        .iter()
        .map(|change| {
            let path = &change.path;
            let sides = json!({ "old": shown(path, &change.old), "new": shown(path, &change.new) });
            (path.clone(), sides)
        })
        .collect::<Map<_, _>>()
        .into()
}

/// Canonical JSON of the policy, and its SHA-256 in hex.
pub fn content(policy: &Policy) -> Result<(String, String), String> {
    let value = serde_json::to_value(policy).map_err(|cause| cause.to_string())?;
    let text = canonical::to_canonical(&value).map_err(|cause| cause.to_string())?;
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    Ok((text, hash))
}

/// Every leaf under its path. Entries of lists stand under their key; lists of plain words are leaves.
fn fields(policy: &Policy) -> Map<String, Value> {
    let mut found = Map::new();
    if let Ok(Value::Object(whole)) = serde_json::to_value(policy) {
        for (name, value) in whole {
            flatten(name, value, &mut found);
        }
    }
    found
}

fn flatten(path: String, value: Value, found: &mut Map<String, Value>) {
    let key_of = |entry: &Value| {
        let named = ["code", "key", "date"]
            .iter()
            .find_map(|name| entry.get(name));
        named.and_then(Value::as_str).map(str::to_owned)
    };
    match value {
        // A term or the hours of a day are read as one.
        Value::Object(one) if one.contains_key("unit") || one.contains_key("opens") => {
            found.insert(path, Value::Object(one));
        }
        Value::Object(parts) => {
            for (name, part) in parts {
                flatten(format!("{path}.{name}"), part, found);
            }
        }
        Value::Array(entries) if entries.iter().any(|entry| key_of(entry).is_some()) => {
            for entry in entries {
                let key = key_of(&entry).unwrap_or_default();
                flatten(format!("{path}.{key}"), entry, found);
            }
        }
        Value::Array(none) if none.is_empty() => {}
        Value::Null => {}
        leaf => {
            found.insert(path, leaf);
        }
    }
}

impl BalanceText {
    /// Whether readers see the same under the same circumstances.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let version = self.version;
        *self
            == Self {
                version,
                ..other.clone()
            }
    }
}

impl AuthorTemplate {
    fn says_the_same(&self, other: &Self) -> bool {
        let version = self.version;
        *self
            == Self {
                version,
                ..other.clone()
            }
    }
}

impl Policy {
    /// The same policy with the versions of its texts as they are when it follows `before` as this number: a text that
    /// is new or says something else has this number as its version. What versions a client wrote does not count.
    #[must_use]
    pub fn numbered(mut self, before: &Self, number: i64) -> Self {
        for text in &mut self.balance_texts {
            let same = before
                .balance_texts
                .iter()
                .find(|old| old.says_the_same(text));
            text.version = same.map_or(number, |old| old.version);
        }
        for template in &mut self.author_templates {
            let same = before
                .author_templates
                .iter()
                .find(|old| old.says_the_same(template));
            template.version = same.map_or(number, |old| old.version);
        }
        self
    }
}
