//! `hortus rules list`: the rules at a glance.

use clap::Args;

use super::packs::Packs;
use super::said;

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    packs: Packs,
}

impl List {
    pub fn run(self) -> anyhow::Result<()> {
        let rules = self.packs.load()?;
        let mut lines = String::new();
        for rule in rules.rules() {
            lines += &format!(
                "{:<8} {:<14} {:<9} {}\n         {} [{} {}]\n",
                rule.code,
                said(&rule.family),
                said(&rule.severity),
                rule.words.title,
                rule.words.clause,
                rule.pack,
                rule.pack_version
            );
        }
        lines += &format!("rule-set hash {}\n", rules.hash());
        crate::cli::print(&lines)?;
        Ok(())
    }
}
