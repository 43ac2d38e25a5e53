//! Who speaks to whom, about what, and where: the facts that decide which rules apply.

use serde::{Deserialize, Serialize};

/// The place a text will appear in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The first post of a thread.
    #[default]
    Thread,
    /// An answer in a thread.
    Reply,
    /// The line a member writes about themselves.
    ProfileLine,
    /// The text that introduces a community.
    CommunityDescription,
}

/// The class of speaker an author carries in a community (R-FB-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// An employee of the company that owns the server.
    Company,
    /// Someone paid to speak for the company: agency, advocate, key opinion leader.
    Agent,
    /// An independent health-care professional.
    Professional,
    /// A patient or carer.
    #[default]
    Patient,
    /// A member of an alliance partner's staff.
    Partner,
    /// Nobody knows: the rules of every class apply.
    Unknown,
}

/// The readers a community is walled for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Verified health-care professionals.
    Professionals,
    /// Patients and carers.
    #[default]
    Patients,
    /// Staff of alliance partners.
    Partners,
    /// Nobody knows: the rules for every audience apply.
    Unknown,
}

/// The regulatory standing of a product in the market of the community.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// An authorised medicine.
    #[default]
    Approved,
    /// An authorised medicine whose label carries a boxed warning.
    ApprovedBoxedWarning,
    /// An authorised or cleared medical device.
    ApprovedDevice,
    /// Not authorised for any use (21 CFR 312.7(a)).
    Investigational,
}

/// A product the community is about, with the parts of its label that rules need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// The brand name, or the code name of an investigational product.
    pub name: String,
    /// The established (non-proprietary) name.
    pub established_name: Option<String>,
    /// Its standing in this market.
    pub status: ProductStatus,
    /// The labelled use, in the words of the label.
    pub indication: String,
    /// Further labelled uses, each in the words of the label.
    pub indications: Vec<String>,
    /// Labelled routes, such as `oral` or `intravenous`; none means that they are not known.
    pub routes: Vec<String>,
    /// The lowest labelled single dose, as a quantity such as `10 mg`.
    pub min_dose: Option<String>,
    /// The highest labelled single dose, as a quantity such as `40 mg`.
    pub max_dose: Option<String>,
    /// The text of the boxed warning.
    pub boxed_warning: Option<String>,
    /// Other names: misspellings, local brands, code names.
    pub aliases: Vec<String>,
    /// The youngest labelled age in years.
    pub min_age_years: Option<u32>,
    /// The oldest labelled age in years.
    pub max_age_years: Option<u32>,
}

/// Everything about a submission that is not its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Where the text will appear.
    pub surface: Surface,
    /// Who speaks.
    pub speaker: Speaker,
    /// Who would read it.
    pub audience: Audience,
    /// The products of the community.
    pub products: Vec<Product>,
    /// The name of the product the thread is about.
    pub thread_product: Option<String>,
    /// The title of the thread that is answered.
    pub thread_title: Option<String>,
    /// The post that is answered.
    pub parent_body: Option<String>,
    /// The market, as an ISO 3166 code; `None` means every jurisdiction's rules apply.
    pub market: Option<String>,
    /// The language of the text, as a BCP 47 tag.
    pub language: String,
    /// The day of the reading, as `2026-11-22`: packs that are not in force on it are silent. `None` means that every
    /// pack is in force.
    pub date: Option<String>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            surface: Surface::default(),
            speaker: Speaker::default(),
            audience: Audience::default(),
            products: Vec::new(),
            thread_product: None,
            thread_title: None,
            parent_body: None,
            market: None,
            language: "en".to_owned(),
            date: None,
        }
    }
}
