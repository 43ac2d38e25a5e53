//! The rules in force, and screening that fails closed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use moderation_rules::terminology::Terminology;
use moderation_rules::{Context, PackSource, RuleSet, Screening, Submission};
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{Actor, Audit, Event};
use crate::review::{SetWords, StoredRuleSet, keep_rule_set};

/// The rules in force, or why there are none.
pub struct Rules {
    state: Result<RuleSet, String>,
    words: Arc<SetWords>,
    hash: String,
    packs: Vec<(String, String)>,
}

impl Rules {
    /// The packs in this folder, in the order of their names; the packs that ship with Hortus where no folder is
    /// named. Beside them the terminologies (*.terms) of another folder, if one is named. What cannot be read does not
    /// stop the server: everything is held with that reason until it can.
    pub fn read(packs_folder: &str, terms_folder: &str) -> Self {
        let packs = match packs_folder {
            "" => Ok(shipped()),
            folder => read_packs(Path::new(folder)),
        };
        let packs = match packs {
            Ok(packs) => packs,
            Err(reason) => return Self::broken(Vec::new(), reason),
        };
        let terms = match terms_folder {
            "" => Ok(Vec::new()),
            folder => read_terms(Path::new(folder)),
        };
        match terms {
            Ok(terms) => Self::of(packs, terms),
            Err(reason) => Self::broken(packs, reason),
        }
    }

    /// These packs, as (name, TOML), and these terminologies.
    fn of(mut packs: Vec<(String, String)>, terms: Vec<Terminology>) -> Self {
        let sources: Vec<PackSource<'_>> = packs
            .iter()
            .map(|(name, toml)| PackSource { name, toml })
            .collect();
        let described: Vec<_> = terms.iter().map(described).collect();
        let loaded = RuleSet::load_with(&sources, terms);
        packs.extend(described);
        match loaded {
            Ok(set) => Self {
                hash: set.hash().to_owned(),
                words: Arc::new(
                    set.rules()
                        .map(|rule| (rule.code.clone(), rule.words.clone()))
                        .collect(),
                ),
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
            words: Arc::default(),
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

    /// What the rules say to people.
    pub fn words(&self) -> &Arc<SetWords> {
        &self.words
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

/// What is kept of a terminology: its names belong to whoever licensed them, its identity is part of the rules.
fn described(terms: &Terminology) -> (String, String) {
    #[derive(Serialize)]
    struct Description<'a> {
        terminology: Identity<'a>,
    }
    #[derive(Serialize)]
    struct Identity<'a> {
        source: &'a str,
        version: &'a str,
        licence: &'a str,
        sha256: &'a str,
    }
    let terminology = Identity {
        source: terms.source(),
        version: terms.version(),
        licence: terms.licence(),
        sha256: terms.hash(),
    };
    let text = toml::to_string(&Description { terminology }).unwrap_or_default();
    (format!("{}.terms.toml", terms.source()), text)
}

fn shipped() -> Vec<(String, String)> {
    let packs = RuleSet::shipped_packs().into_iter();
    packs
        .map(|pack| (pack.name.to_owned(), pack.toml.to_owned()))
        .collect()
}

/// One pack, or all packs (*.toml) of a folder in the order of their names, as (name, TOML).
pub fn read_packs(path: &Path) -> Result<Vec<(String, String)>, String> {
    let packs = read_files(path, "toml")?;
    if packs.is_empty() {
        return Err(format!(
            "the folder {} holds no rule pack (*.toml)",
            path.display()
        ));
    }
    Ok(packs)
}

/// One terminology, or all (*.terms) of a folder in the order of their names.
pub fn read_terms(path: &Path) -> Result<Vec<Terminology>, String> {
    let files = read_files(path, "terms")?.into_iter();
    files
        .map(|(name, text)| Terminology::read(&name, &text).map_err(|cause| cause.to_string()))
        .collect()
}

/// One file, or all files of a folder that end so, as (name, text).
fn read_files(path: &Path, ending: &str) -> Result<Vec<(String, String)>, String> {
    if path.is_file() {
        return Ok(vec![read_file(path)?]);
    }
    let entries = std::fs::read_dir(path)
        .map_err(|cause| format!("the folder {} cannot be read: {cause}", path.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|cause| cause.to_string())?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            files.push(read_file(&path)?);
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(path: &Path) -> Result<(String, String), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path)
        .map_err(|cause| format!("{} cannot be read: {cause}", path.display()))?;
    Ok((name.into_owned(), text))
}
