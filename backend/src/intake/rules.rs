//! The rules in force, and screening that fails closed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use moderation_rules::{Context, PackSource, RuleSet, Screening, Submission};
use sea_orm::DbErr;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{Actor, Audit, Event};
use crate::review::{StoredRuleSet, keep_rule_set};

/// The rules in force, or why there are none.
pub struct Rules {
    state: Result<RuleSet, String>,
    hash: String,
    packs: Vec<(String, String)>,
}

impl Rules {
    /// The packs in this folder, in the order of their names; the packs that ship with Hortus where no folder is
    /// named. Packs that cannot be read do not stop the server: everything is held with that reason until they can.
    pub fn read(folder: &str) -> Self {
        if folder.is_empty() {
            let packs = RuleSet::shipped_packs()
                .iter()
                .map(|pack| (pack.name.to_owned(), pack.toml.to_owned()))
                .collect();
            return Self::of(packs);
        }
        match read_packs(Path::new(folder)) {
            Ok(packs) => Self::of(packs),
            Err(reason) => Self::broken(Vec::new(), reason),
        }
    }

    /// These packs, as (name, TOML).
    pub fn of(packs: Vec<(String, String)>) -> Self {
        let sources: Vec<PackSource<'_>> = packs
            .iter()
            .map(|(name, toml)| PackSource { name, toml })
            .collect();
        match RuleSet::load(&sources) {
            Ok(set) => Self {
                hash: set.hash().to_owned(),
                state: Ok(set),
                packs,
            },
            Err(cause) => Self::broken(packs, cause.to_string()),
        }
    }

    fn broken(packs: Vec<(String, String)>, reason: String) -> Self {
        let mut hash = Sha256::new();
        for (name, toml) in &packs {
            hash.update(name.as_bytes());
            hash.update(toml.as_bytes());
        }
        hash.update(reason.as_bytes());
        Self {
            state: Err(reason),
            hash: format!("unreadable-{}", hex::encode(hash.finalize())),
            packs,
        }
    }

    /// Why there are no rules, if there are none.
    pub fn fault(&self) -> Option<&str> {
        self.state.as_ref().err().map(String::as_str)
    }

    /// The rules in force, if they could be read.
    pub fn set(&self) -> Result<&RuleSet, &str> {
        self.state.as_ref().map_err(String::as_str)
    }

    /// How many rules are in force.
    pub fn count(&self) -> usize {
        self.state.as_ref().map_or(0, |set| set.rules().count())
    }

    /// Names these rules in screenings and decisions.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What the rules say. Never fails: what cannot be screened is held.
    pub fn screen(&self, submission: &Submission<'_>, context: &Context) -> Screening {
        let set = match &self.state {
            Ok(set) => set,
            Err(reason) => return self.held(format!("the rule packs cannot be read: {reason}")),
        };
        catch_unwind(AssertUnwindSafe(|| set.screen(submission, context)))
            .unwrap_or_else(|_| self.held("the rule engine failed on this text".to_owned()))
    }

    fn held(&self, reason: String) -> Screening {
        tracing::error!(rule_set = %self.hash, "a text could not be screened and is held");
        Screening::held(&self.hash, reason)
    }

    /// Keeps the packs in the database, so that every screening can be repeated years later.
    pub async fn keep(&self, audit: &Audit) -> Result<(), DbErr> {
        let packs: Vec<_> = self
            .packs
            .iter()
            .map(|(name, toml)| json!({ "name": name, "toml": toml }))
            .collect();
        let tx = audit.begin().await?;
        let set = StoredRuleSet {
            hash: self.hash.clone(),
            packs: json!(packs).to_string(),
            first_used_at: audit.clock().now().micros(),
        };
        keep_rule_set(&tx, set).await?;
        let event = Event::new(&Actor::server(), "rules.loaded", "rule_set", &self.hash)
            .change(json!({ "rules": self.count(), "readable": self.fault().is_none() }));
        tx.commit(event).await
    }
}

/// One pack, or all packs of a folder in the order of their names, as (name, TOML).
pub fn read_packs(path: &Path) -> Result<Vec<(String, String)>, String> {
    if path.is_file() {
        return Ok(vec![read_pack(path)?]);
    }
    let entries = std::fs::read_dir(path)
        .map_err(|cause| format!("the folder {} cannot be read: {cause}", path.display()))?;
    let mut packs = Vec::new();
    for entry in entries {
        let path = entry.map_err(|cause| cause.to_string())?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            packs.push(read_pack(&path)?);
        }
    }
    if packs.is_empty() {
        return Err(format!(
            "the folder {} holds no rule pack (*.toml)",
            path.display()
        ));
    }
    packs.sort();
    Ok(packs)
}

fn read_pack(path: &Path) -> Result<(String, String), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path)
        .map_err(|cause| format!("{} cannot be read: {cause}", path.display()))?;
    Ok((name.into_owned(), text))
}
