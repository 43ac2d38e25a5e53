//! Which packs a command works with.

use std::path::PathBuf;

use clap::Args;
use moderation_rules::{PackSource, RuleSet};

use crate::intake::read_packs;

#[derive(Debug, Args)]
pub struct Packs {
    /// A pack (*.toml), or a folder whose packs are read in the order of their names; may be given more than once.
    /// Without it, the packs that ship with Hortus.
    #[arg(long, visible_alias = "pack", value_name = "PATH")]
    packs: Vec<PathBuf>,
}

impl Packs {
    /// The rules of these packs.
    pub fn load(&self) -> anyhow::Result<RuleSet> {
        load(&self.packs)
    }
}

/// The rules of the packs at these paths, in this order; those that ship with Hortus where there is none.
pub fn load(paths: &[PathBuf]) -> anyhow::Result<RuleSet> {
    if paths.is_empty() {
        return Ok(RuleSet::shipped()?);
    }
    let mut packs = Vec::new();
    for path in paths {
        packs.extend(read_packs(path).map_err(anyhow::Error::msg)?);
    }
    let sources: Vec<PackSource<'_>> = packs
        .iter()
        .map(|(name, toml)| PackSource { name, toml })
        .collect();
    Ok(RuleSet::load(&sources)?)
}
