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
    /// Surfaces the rule reads.
    pub surfaces: Vec<Surface>,
    /// Whether a product is needed.
    pub product: ProductNeed,
}

impl Scope {
    /// Whether the speaker, audience and surface are within reach; products are looked at later.
    pub(crate) fn admits(&self, context: &Context) -> bool {
        fn within<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        within(&self.speakers, &context.speaker)
            && within(&self.audiences, &context.audience)
            && within(&self.surfaces, &context.surface)
    }
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

/// A rule of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable code; never reused for another meaning.
    pub code: String,
    /// Short name.
    pub title: String,
    /// Kind of concern.
    pub family: Family,
    /// Weight of a plain hit.
    pub severity: Severity,
    /// Weight of a hit whose words have one of the `lowered_by` meanings.
    pub lowered_severity: Severity,
    /// Meanings that lower the weight.
    pub lowered_by: Vec<Status>,
    /// Meanings that are told to the moderator as a reason instead of becoming a finding (R-PV-15).
    pub set_aside_by: Vec<Status>,
    /// Where the rule applies.
    pub scope: Scope,
    /// What an adverse-event hit is evidence of.
    pub evidence: Evidence,
    /// To the moderator.
    pub message: String,
    /// To the author, in plain words.
    pub remedy: String,
    /// The clause the rule stands on.
    pub clause: String,
    /// Where that clause, or the case that shows it, is published.
    pub source: String,
    /// Why the rule exists.
    pub rationale: String,
    /// The function that answers for the rule.
    pub owner: String,
    /// Id of the pack the rule comes from.
    pub pack: String,
    /// Version of that pack.
    pub pack_version: String,
    /// Jurisdictions of that pack; `any` applies everywhere.
    pub jurisdictions: Vec<String>,
}
