//! `hortus rules check`: whether packs can go into service.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct Check {
    /// Packs (*.toml), or folders whose packs are read in the order of their names. They are read together, as they would
    /// be in service. Without any, the packs that ship with Hortus.
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
}

impl Check {
    pub fn run(self) -> anyhow::Result<()> {
        let rules = super::packs::load(&self.packs)?;
        let count = rules.rules().count();
        crate::cli::print(&format!("{count} rules, rule-set hash {}\n", rules.hash()))?;
        Ok(())
    }
}
