//! A rule as people read it: identity, reach, words and reasons.

use serde::{Deserialize, Serialize};

use crate::adverse_event::{Seriousness, SpecialSituation};
use crate::context::{Audience, Context, ProductStatus, Speaker, Surface};
use crate::finding::{Family, Severity, Status};

/// Whether a rule needs a product before it applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductNeed {
    /// Applies to any text.
    #[default]
    None,
    /// A product is named in the text, or the thread, its title or the community makes clear which one is meant.
    InPlay,
    /// A product is named in the text itself.
    Named,
}

/// Where a rule applies. An empty list means everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Speakers the rule is for.
    pub speakers: Vec<Speaker>,
    /// Audiences the rule protects.
    pub audiences: Vec<Audience>,
    /// Standing of the product in play; a non-empty list needs a product.
    pub product_statuses: Vec<ProductStatus>,
    /// Markets the rule is made for, as ISO 3166 codes or `EU`; an unknown market is held to every rule.
    pub markets: Vec<String>,
    /// Surfaces the rule reads.
    pub surfaces: Vec<Surface>,
    /// Whether a product is needed.
    pub product: ProductNeed,
}

impl Scope {
    /// Whether speaker, audience, surface and market are within reach; products are looked at later.
    pub(crate) fn admits(&self, context: &Context) -> bool {
        fn within<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        (context.speaker == Speaker::Unknown || within(&self.speakers, &context.speaker))
            && (context.audience == Audience::Unknown || within(&self.audiences, &context.audience))
            && within(&self.surfaces, &context.surface)
            && (self.markets.is_empty() || in_market(&self.markets, context.market.as_deref()))
    }
}

/// The member states of the European Union, as ISO 3166 codes.
const EUROPEAN_UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether one of these jurisdictions reaches a market; an unknown market is reached by all.
pub(crate) fn in_market(jurisdictions: &[String], market: Option<&str>) -> bool {
    let Some(market) = market else { return true };
    let member = || {
        let mut states = EUROPEAN_UNION.iter();
        states.any(|state| state.eq_ignore_ascii_case(market))
    };
    jurisdictions
        .iter()
        .any(|j| j == "any" || j.eq_ignore_ascii_case(market) || (j == "EU" && member()))
}

/// Texts that show what a rule is for; every one of them is a test of the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// Texts in which the rule must have a finding that weighs more than a remark.
    pub hits: Vec<String>,
    /// Texts in which it must not.
    pub misses: Vec<String>,
    /// Who says them, to whom, where and about what.
    pub context: Context,
}

/// What a hit of an adverse-event rule is evidence of (R-PV-10, R-PV-20, R-PV-22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// The hit is a suspected reaction.
    pub reaction: bool,
    /// The hit marks the event as serious in this way.
    pub seriousness: Option<Seriousness>,
    /// The hit is a special situation.
    pub special_situation: Option<SpecialSituation>,
}

/// What a rule says to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleWords {
    /// Short name.
    pub title: String,
    /// To the moderator.
    pub message: String,
    /// To the author, in plain words.
    pub remedy: String,
    /// The clause the rule stands on.
    pub clause: String,
    /// Why the rule exists.
    pub rationale: String,
    /// The function that answers for the rule.
    #[serde(default)]
    pub owner: String,
}

/// A rule of a pack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// Stable code; never reused for another meaning.
    pub code: String,
    /// What it says to people.
    #[serde(flatten)]
    pub words: RuleWords,
    /// Kind of concern.
    pub family: Family,
    /// Weight of a plain hit.
    pub severity: Severity,
    /// Weight of a hit whose words have one of the `lowered_by` meanings.
    pub lowered_severity: Severity,
    /// How sure a plain hit makes of its concern, 0 to 1; told by the severity where the pack does not say.
    pub score: f64,
    /// Meanings that lower the weight.
    pub lowered_by: Vec<Status>,
    /// Meanings that are told to the moderator as a reason instead of becoming a finding (R-PV-15).
    pub set_aside_by: Vec<Status>,
    /// Where the rule applies.
    pub scope: Scope,
    /// What an adverse-event hit is evidence of.
    pub evidence: Evidence,
    /// Where its clause, or the case that shows it, is published.
    pub source: String,
    /// Id of the pack the rule comes from.
    pub pack: String,
    /// Version of that pack.
    pub pack_version: String,
    /// Jurisdictions of that pack; `any` applies everywhere.
    pub jurisdictions: Vec<String>,
    /// The first day on which that pack holds, as `2026-11-22`.
    pub effective: String,
    /// The last day on which it holds, if there is one.
    pub until: Option<String>,
    /// What the rule must find and what it must leave alone.
    pub examples: Examples,
}

impl Rule {
    /// Whether the pack of the rule is made for the market and in force on the day.
    pub(crate) fn in_force(&self, context: &Context) -> bool {
        let on_day = context.date.as_deref().is_none_or(|day| {
            self.effective.as_str() <= day && self.until.as_deref().is_none_or(|last| day <= last)
        });
        on_day && in_market(&self.jurisdictions, context.market.as_deref())
    }
}
