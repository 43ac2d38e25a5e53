//! `hortus rules`: the rule packs, without a server.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use moderation_rules::{
    Audience, Context, Product, ProductStatus, RuleSet, Speaker, Submission, Surface,
};
use serde::de::DeserializeOwned;

use crate::intake::Rules;

/// Lists, checks and tries rule packs.
#[derive(Debug, Args)]
pub struct RulesCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the rules with their code, family, severity and clause.
    List {
        /// Folder with packs (*.toml); without it, the packs that ship with Hortus.
        #[arg(long, value_name = "DIR")]
        packs: Option<PathBuf>,
    },
    /// Reads the packs of a folder and names the faults of every rule with file and line; exit status 0 or 1.
    Check {
        /// Folder with packs (*.toml), read in the order of their names.
        #[arg(value_name = "DIR")]
        packs: PathBuf,
    },
    /// Screens one text and prints the verdict and all findings as JSON. Nothing is stored.
    Screen(Screen),
}

#[derive(Debug, Args)]
struct Screen {
    /// The text; `-` reads it from standard input.
    #[arg(long)]
    text: String,
    /// The title, if there is one.
    #[arg(long)]
    title: Option<String>,
    /// Who speaks: company, agent, professional, patient, partner.
    #[arg(long, default_value = "patient", value_parser = word::<Speaker>)]
    speaker: Speaker,
    /// Who would read it: professionals, patients, partners.
    #[arg(long, default_value = "patients", value_parser = word::<Audience>)]
    audience: Audience,
    /// Where it would appear.
    #[arg(long, default_value = "thread", value_parser = word::<Surface>)]
    surface: Surface,
    /// Name of the product that the thread is about.
    #[arg(long)]
    product: Option<String>,
    /// Its standing: approved, approved_boxed_warning, approved_device, investigational.
    #[arg(long, default_value = "approved", value_parser = word::<ProductStatus>, requires = "product")]
    status: ProductStatus,
    /// Its labelled use.
    #[arg(long, default_value = "", requires = "product")]
    indication: String,
    /// Folder with packs (*.toml); without it, the packs that ship with Hortus.
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
}

/// A word of one of the engine's enums, as the API writes it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|cause| cause.to_string())
}

impl RulesCommand {
    /// Does what is asked.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::List { packs } => list(&read(packs.as_deref())?)?,
            Command::Check { packs } => {
                let rules = read(Some(&packs))?;
                println!("{} rules, rule-set hash {}", rules.count(), rules.hash());
            }
            Command::Screen(text) => screen(text)?,
        }
        Ok(())
    }
}

fn list(rules: &Rules) -> std::io::Result<()> {
    let mut lines = String::new();
    for rule in rules.set().into_iter().flat_map(RuleSet::rules) {
        lines += &format!(
            "{:<8} {:<14} {:<9} {}\n         {} [{} {}]\n",
            rule.code,
            said(&rule.family),
            said(&rule.severity),
            rule.title,
            rule.clause,
            rule.pack,
            rule.pack_version
        );
    }
    lines += &format!("rule-set hash {}\n", rules.hash());
    super::print(&lines)
}

fn said(word: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(word).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn screen(asked: Screen) -> anyhow::Result<()> {
    let rules = read(asked.packs.as_deref())?;
    let mut text = asked.text;
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    let products = asked.product.iter().map(|name| Product {
        name: name.clone(),
        status: asked.status,
        indication: asked.indication.clone(),
        ..Product::default()
    });
    let context = Context {
        surface: asked.surface,
        speaker: asked.speaker,
        audience: asked.audience,
        products: products.collect(),
        thread_product: asked.product.clone(),
        ..Context::default()
    };
    let submission = Submission {
        title: asked.title.as_deref(),
        body: &text,
    };
    let screening = rules.screen(&submission, &context);
    let text = serde_json::to_string_pretty(&screening)?;
    Ok(super::print(&format!("{text}\n"))?)
}

/// The packs of this folder in the order of their names, or those that ship.
fn read(folder: Option<&Path>) -> anyhow::Result<Rules> {
    let folder = folder.map(Path::to_string_lossy).unwrap_or_default();
    let rules = Rules::read(&folder);
    match rules.fault() {
        Some(fault) => anyhow::bail!("{fault}"),
        None => Ok(rules),
    }
}
