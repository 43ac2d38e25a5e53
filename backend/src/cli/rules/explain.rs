//! `hortus rules explain`: one rule with its reasons and examples.

use clap::Args;

use super::packs::Packs;

#[derive(Debug, Args)]
pub struct Explain {
    /// The code of the rule, such as FB-012.
    code: String,
    #[command(flatten)]
    packs: Packs,
}

impl Explain {
    pub fn run(self) -> anyhow::Result<()> {
        let told = self
            .packs
            .read(|packs| moderation_rules::explain(packs, &self.code))?;
        match told? {
            Some(text) => Ok(crate::cli::print(&text)?),
            None => anyhow::bail!(
                "no rule has the code {}; `hortus rules list` names all of them",
                self.code
            ),
        }
    }
}
