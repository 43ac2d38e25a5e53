//! Which packs a command works with.

use std::path::PathBuf;

use clap::Args;
use moderation_rules::{PackSource, RuleSet};

use crate::intake::{read_packs, read_terms};

#[derive(Debug, Args)]
pub struct Packs {
    /// A pack (*.toml), or a folder whose packs are read in the order of their names; may be given more than once.
    /// Without it, the packs that ship with Hortus.
    #[arg(long, visible_alias = "pack", value_name = "PATH")]
    packs: Vec<PathBuf>,
    /// A terminology that `hortus rules import` wrote (*.terms), or a folder of them; may be given more than once.
    #[arg(long, value_name = "PATH")]
    terms: Vec<PathBuf>,
}

impl Packs {
    /// The rules of these packs, with the terminologies beside them.
    pub fn load(&self) -> anyhow::Result<RuleSet> {
        let mut terminologies = Vec::new();
        for path in &self.terms {
            terminologies.extend(read_terms(path).map_err(anyhow::Error::msg)?);
        }
        let packs = read(&self.packs)?;
        Ok(RuleSet::load_with(&sources(&packs), terminologies)?)
    }

    /// Does something with the packs, once they have proven to be without fault.
    pub fn read<T>(&self, with: impl FnOnce(&[PackSource<'_>]) -> T) -> anyhow::Result<T> {
        self.load()?;
        let packs = read(&self.packs)?;
        Ok(with(&sources(&packs)))
    }
}

/// The rules of the packs at these paths, in this order; those that ship with Hortus where there is none.
pub fn load(paths: &[PathBuf]) -> anyhow::Result<RuleSet> {
    Ok(RuleSet::load(&sources(&read(paths)?))?)
}

/// The packs at these paths, as (name, TOML).
pub fn read(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    if paths.is_empty() {
        let shipped = RuleSet::shipped_packs().into_iter();
        return Ok(shipped
            .map(|p| (p.name.to_owned(), p.toml.to_owned()))
            .collect());
    }
    let mut packs = Vec::new();
    for path in paths {
        packs.extend(read_packs(path).map_err(anyhow::Error::msg)?);
    }
    Ok(packs)
}

/// Packs as the engine takes them.
pub fn sources(packs: &[(String, String)]) -> Vec<PackSource<'_>> {
    packs
        .iter()
        .map(|(name, toml)| PackSource { name, toml })
        .collect()
}
