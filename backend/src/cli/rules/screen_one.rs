//! `hortus rules screen --text`: one text, with its circumstances on the command line.

use std::io::Read as _;

use clap::Args;
use moderation_rules::evaluation::{Answer, RecordId};
use moderation_rules::{
    Audience, Context, Product, ProductStatus, RuleSet, Speaker, Submission, Surface,
};
use serde::de::DeserializeOwned;

#[derive(Debug, Args)]
pub struct One {
    /// One text, answered as the line of a file is, with the id 1; `-` reads it from standard input.
    #[arg(long)]
    pub text: Option<String>,
    /// The title, if there is one.
    #[arg(long, requires = "text")]
    title: Option<String>,
    /// Who speaks: company, agent, independent_hcp (or hcp, professional), patient, partner, unknown.
    #[arg(long, default_value = "unknown", value_parser = speaker, requires = "text")]
    speaker: Speaker,
    /// Who would read it: hcp (or professionals), patient (or patients), partner (or partners), unknown.
    #[arg(long, default_value = "unknown", value_parser = audience, requires = "text")]
    audience: Audience,
    /// Where it would appear.
    #[arg(long, default_value = "thread", value_parser = word::<Surface>, requires = "text")]
    surface: Surface,
    /// Name of the product that the thread is about.
    #[arg(long, requires = "text")]
    product: Option<String>,
    /// Its standing: approved, approved_boxed_warning, approved_device, investigational.
    #[arg(long, default_value = "approved", value_parser = word::<ProductStatus>, requires = "product")]
    status: ProductStatus,
    /// Its labelled use.
    #[arg(long, default_value = "", requires = "product")]
    indication: String,
}

/// A word of one of the engine's enums, as the API writes it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|cause| cause.to_string())
}

/// The words of rows mean the same here.
fn speaker(text: &str) -> Result<Speaker, String> {
    match text {
        "independent_hcp" | "hcp" => Ok(Speaker::Professional),
        other => word(other),
    }
}

fn audience(text: &str) -> Result<Audience, String> {
    match text {
        "hcp" => Ok(Audience::Professionals),
        "patient" => Ok(Audience::Patients),
        "partner" => Ok(Audience::Partners),
        other => word(other),
    }
}

impl One {
    /// What the rules say of the text on this day.
    pub fn answer(&self, text: &str, rules: &RuleSet, today: String) -> anyhow::Result<Answer> {
        let mut text = text.to_owned();
        if text == "-" {
            text.clear();
            std::io::stdin().read_to_string(&mut text)?;
        }
        let products = self.product.iter().map(|name| Product {
            name: name.clone(),
            status: self.status,
            indication: self.indication.clone(),
            ..Product::default()
        });
        let context = Context {
            surface: self.surface,
            speaker: self.speaker,
            audience: self.audience,
            products: products.collect(),
            thread_product: self.product.clone(),
            date: Some(today),
            ..Context::default()
        };
        let submission = Submission {
            title: self.title.as_deref(),
            body: &text,
        };
        let screening = rules.screen(&submission, &context);
        Ok(Answer::of(RecordId::Number(1), screening, rules))
    }
}
