//! `hortus rules document`: all rules in Markdown, for people to read.

use clap::Args;

use super::packs::Packs;

#[derive(Debug, Args)]
pub struct Document {
    #[command(flatten)]
    packs: Packs,
}

impl Document {
    pub fn run(self) -> anyhow::Result<()> {
        let text = self.packs.read(moderation_rules::document)??;
        Ok(crate::cli::print(&text)?)
    }
}
