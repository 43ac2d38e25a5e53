//! A text with its circumstances, as one line of a file gives it.

use serde::{Deserialize, Serialize};

use crate::context::{Audience, Context, Product, ProductStatus, Speaker, Surface};
use crate::market::is_market;
use crate::submission::Submission;

/// What a row is called: any word or number, given back as it came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged, expecting = "an id that is a word or a whole number")]
pub enum RecordId {
    /// A word.
    Text(String),
    /// A number.
    Number(i64),
}

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RecordId::Text(text) => f.write_str(text),
            RecordId::Number(number) => number.fmt(f),
        }
    }
}

/// A text and what is known of it. Only `id` and `text` are needed; what is missing or null is taken as unknown, so
/// that the rules for every speaker and audience apply. Other keys are ignored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(expecting = "an object with `id` and `text`")]
pub struct Record {
    /// Given back with the answer.
    pub id: RecordId,
    /// The text, in Markdown.
    pub text: String,
    /// The title, where the text opens a thread.
    pub title: Option<String>,
    /// The post that is answered.
    pub thread_context: Option<String>,
    /// Who speaks.
    speaker: Option<SpeakerWord>,
    /// Who would read it.
    audience: Option<AudienceWord>,
    /// The products of the community.
    pub products: Option<Vec<RecordProduct>>,
    /// The market, as an ISO 3166 code, `EU` or `UK`; any other word is taken as unknown.
    pub market: Option<String>,
    /// The language, as a BCP 47 tag.
    pub language: Option<String>,
}

/// A product as a row gives it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(expecting = "a product, which is an object with `brand` or `inn`")]
pub struct RecordProduct {
    /// Brand name.
    #[serde(alias = "name")]
    pub brand: Option<String>,
    /// International non-proprietary name.
    #[serde(alias = "established_name")]
    pub inn: Option<String>,
    /// Its standing.
    status: Option<StatusWord>,
    /// Whether its label carries a boxed warning.
    pub boxed_warning: Option<bool>,
    /// The labelled use, where there is one.
    pub indication: Option<String>,
    /// The labelled uses.
    pub indications: Option<Vec<String>>,
    /// The youngest labelled age in years.
    #[serde(alias = "min_age_years")]
    pub min_age: Option<f64>,
    /// The oldest labelled age in years.
    #[serde(alias = "max_age_years")]
    pub max_age: Option<f64>,
    /// The labelled routes.
    pub routes: Option<Vec<String>>,
    /// The lowest labelled single dose, such as `10 mg`.
    pub min_dose: Option<String>,
    /// The highest labelled single dose.
    pub max_dose: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    rename_all = "snake_case",
    expecting = "a word for who speaks, such as `patient`"
)]
enum SpeakerWord {
    Company,
    Agent,
    #[serde(alias = "professional", alias = "hcp")]
    IndependentHcp,
    Patient,
    Partner,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    rename_all = "snake_case",
    expecting = "a word for who would read it, such as `hcp`"
)]
enum AudienceWord {
    #[serde(alias = "professionals")]
    Hcp,
    #[serde(alias = "patients")]
    Patient,
    #[serde(alias = "partners")]
    Partner,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    rename_all = "snake_case",
    expecting = "a word for the standing of a product, such as `approved`"
)]
enum StatusWord {
    Approved,
    ApprovedBoxedWarning,
    ApprovedDevice,
    Investigational,
}

impl Record {
    /// The text to screen.
    #[must_use]
    pub fn submission(&self) -> Submission<'_> {
        Submission {
            title: self.title.as_deref(),
            body: &self.text,
        }
    }

    /// The circumstances under which it is screened.
    #[must_use]
    pub fn context(&self) -> Context {
        let surface = match self.thread_context {
            Some(_) => Surface::Reply,
            None => Surface::Thread,
        };
        Context {
            surface,
            speaker: self.speaker.map_or(Speaker::Unknown, speaker),
            audience: self.audience.map_or(Audience::Unknown, audience),
            products: self.products.iter().flatten().filter_map(product).collect(),
            parent_body: self.thread_context.clone(),
            market: self.market.as_deref().and_then(market),
            language: self.language.clone().unwrap_or_else(|| "en".to_owned()),
            ..Context::default()
        }
    }
}

fn speaker(word: SpeakerWord) -> Speaker {
    match word {
        SpeakerWord::Company => Speaker::Company,
        SpeakerWord::Agent => Speaker::Agent,
        SpeakerWord::IndependentHcp => Speaker::Professional,
        SpeakerWord::Patient => Speaker::Patient,
        SpeakerWord::Partner => Speaker::Partner,
        SpeakerWord::Unknown => Speaker::Unknown,
    }
}

fn audience(word: AudienceWord) -> Audience {
    match word {
        AudienceWord::Hcp => Audience::Professionals,
        AudienceWord::Patient => Audience::Patients,
        AudienceWord::Partner => Audience::Partners,
        AudienceWord::Unknown => Audience::Unknown,
    }
}

/// A product without any name is none.
fn product(row: &RecordProduct) -> Option<Product> {
    let name = |name: &Option<String>| name.clone().filter(|name| !name.trim().is_empty());
    let (brand, inn) = (name(&row.brand), name(&row.inn));
    let age = |years: Option<f64>| years.filter(|age| *age >= 0.0);
    let uses = row
        .indication
        .iter()
        .chain(row.indications.iter().flatten());
    let mut uses = uses.filter(|used| !used.trim().is_empty()).cloned();
    let boxed = row.boxed_warning == Some(true);
    let status = match row.status.unwrap_or(StatusWord::Approved) {
        StatusWord::Approved if boxed => ProductStatus::ApprovedBoxedWarning,
        StatusWord::Approved => ProductStatus::Approved,
        StatusWord::ApprovedBoxedWarning => ProductStatus::ApprovedBoxedWarning,
        StatusWord::ApprovedDevice => ProductStatus::ApprovedDevice,
        StatusWord::Investigational => ProductStatus::Investigational,
    };
    Some(Product {
        name: brand.clone().or_else(|| inn.clone())?,
        established_name: brand.and(inn),
        status,
        indication: uses.next().unwrap_or_default(),
        indications: uses.collect(),
        routes: row.routes.clone().unwrap_or_default(),
        min_dose: row.min_dose.clone(),
        max_dose: row.max_dose.clone(),
        min_age_years: age(row.min_age).map(|age| age.ceil() as u32),
        max_age_years: age(row.max_age).map(|age| age.floor() as u32),
        ..Product::default()
    })
}

/// `UK` is what people write; ISO 3166 says `GB`. Under a market that nobody knows all rules apply.
fn market(code: &str) -> Option<String> {
    let code = match code.trim().to_ascii_uppercase() {
        uk if uk == "UK" => "GB".to_owned(),
        code => code,
    };
    Some(code).filter(|code| is_market(code))
}
