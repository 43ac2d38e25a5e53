//! `hortus rules explain`: one rule with its reasons and examples and, with a database, how precise it has been.

use clap::Args;

use super::packs::Packs;
use crate::cli::place::{self, Place};
use crate::quality::{RulePrecision, precision};

#[derive(Debug, Args)]
pub struct Explain {
    /// The code of the rule, such as FB-012.
    code: String,
    #[command(flatten)]
    packs: Packs,
    /// The precision of the rule is told where a database is named.
    #[command(flatten)]
    place: Place,
}

impl Explain {
    pub async fn run(self) -> anyhow::Result<()> {
        let told = self
            .packs
            .read(|packs| moderation_rules::explain(packs, &self.code))?;
        let Some(mut text) = told? else {
            anyhow::bail!(
                "no rule has the code {}; `hortus rules list` names all of them",
                self.code
            );
        };
        if self.place.is_named() {
            let db = place::open_existing(&self.place.settings(&[])?).await?;
            let found = precision(db.read(), None, &self.code).await?;
            db.close().await?;
            text += &told_of(&found);
        }
        Ok(crate::cli::print(&text)?)
    }
}

/// What people made of its findings, and what that is worth.
fn told_of(found: &RulePrecision) -> String {
    let rate = &found.precision;
    let percent = |share: Option<f64>| format!("{:.0} %", share.unwrap_or_default() * 100.0);
    let precision = match rate.share {
        None => "unknown: nobody has confirmed or overturned one of its findings".to_owned(),
        share => format!(
            "{} ({} of {} findings were confirmed; 95 % interval {} to {}{})",
            percent(share),
            rate.count,
            rate.of,
            percent(rate.low),
            percent(rate.high),
            if rate.enough {
                ""
            } else {
                "; too few to rely on"
            },
        ),
    };
    format!(
        "\nPrecision: {precision}\nDecided texts with a finding: {}; their decision says nothing of it in {}\nJudged again: {}; judged otherwise then: {}\n",
        found.texts, found.undecided, found.overturned.of, found.overturned.count,
    )
}
