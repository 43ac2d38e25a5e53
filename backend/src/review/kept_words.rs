//! What rules say to people. A stored finding names its rule and the hash of the rule set; the words stand once, in the
//! packs that are kept under that hash.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use moderation_rules::{RuleWords, rule_words};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;

use super::store::rule_sets;

/// What the rules of one set say, by their codes.
#[derive(Debug, Default)]
pub struct SetWords(HashMap<String, RuleWords>);

impl FromIterator<(String, RuleWords)> for SetWords {
    fn from_iter<T: IntoIterator<Item = (String, RuleWords)>>(rules: T) -> Self {
        Self(rules.into_iter().collect())
    }
}

impl SetWords {
    /// What this rule says, if it is in the set.
    pub fn find(&self, code: &str) -> Option<RuleWords> {
        self.0.get(code).cloned()
    }

    /// What this rule says; of one that is not in the set, its code alone.
    pub fn of(&self, code: &str) -> RuleWords {
        self.0.get(code).cloned().unwrap_or_else(|| RuleWords {
            title: code.to_owned(),
            ..RuleWords::default()
        })
    }
}

/// What the rules of every set say that was asked for. Clones share it.
#[derive(Clone)]
pub struct KeptWords(Arc<Mutex<HashMap<String, Arc<SetWords>>>>);

#[derive(Deserialize)]
struct KeptPack {
    toml: String,
}

impl KeptWords {
    /// Knows the rules in force.
    pub fn knowing(hash: &str, words: Arc<SetWords>) -> Self {
        Self(Arc::new(Mutex::new([(hash.to_owned(), words)].into())))
    }

    /// The words of the rule set with this hash: as remembered, or read from its packs. The rule sets of a server are
    /// few, so none is forgotten.
    pub async fn of(&self, on: &impl ConnectionTrait, hash: &str) -> Result<Arc<SetWords>, DbErr> {
        if let Some(known) = self.remembered().get(hash) {
            return Ok(known.clone());
        }
        let kept = rule_sets(on, [hash.to_owned()]).await?.pop();
        let packs = kept.map_or_else(|| "[]".to_owned(), |set| set.packs);
        let words = tokio::task::spawn_blocking(move || read(&packs)).await;
        let words = words
            .map_err(|cause| DbErr::Custom(cause.to_string()))?
            .map_err(|cause| DbErr::Custom(format!("the packs of {hash}: {cause}")))?;
        let words = Arc::new(words);
        self.remembered().insert(hash.to_owned(), words.clone());
        Ok(words)
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<SetWords>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The words of packs as they are kept. Packs that could not be read when they were in force have no findings, so
/// nobody misses their words.
fn read(packs: &str) -> Result<SetWords, serde_json::Error> {
    let packs: Vec<KeptPack> = serde_json::from_str(packs)?;
    let words = packs
        .iter()
        .flat_map(|pack| rule_words(&pack.toml).unwrap_or_default());
    Ok(words.collect())
}
