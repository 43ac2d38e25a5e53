//! Benefit and risk in one text: is risk told at all, where, in which proportion, and what is missing (R-FB-10 to
//! R-FB-25)?

use serde::{Deserialize, Serialize};

use crate::certainty::rounded;
use crate::context::{Context, ProductStatus, Speaker};
use crate::finding::Status;
use crate::matching::condition::ProductName;
use crate::matching::hits::Hits;
use crate::matching::status::Cues;
use crate::matching::{Hit, LexiconId};
use crate::product::Mentions;
use crate::submission::{Place, Submission};
use crate::text::Text;

/// What a rule asks of the balance of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Measure {
    /// A benefit is claimed and no risk is told.
    #[serde(rename = "risk_absent")]
    Absent,
    /// A benefit is claimed and risk is only linked to.
    #[serde(rename = "risk_linked")]
    Linked,
    /// A benefit is claimed and risk is told too little or too late.
    #[serde(rename = "risk_buried")]
    Buried,
}

/// The lexicons that tell benefit from risk, by the names the fair-balance pack gives them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BalanceLexicons {
    /// Claims of benefit.
    pub benefit: Option<LexiconId>,
    /// Statements of risk.
    pub risk: Option<LexiconId>,
    /// Pointers to where risk is told: "see full prescribing information".
    pub risk_link: Option<LexiconId>,
    /// Words of a boxed warning.
    pub boxed_warning: Option<LexiconId>,
}

/// The names under which a pack gives these lexicons.
pub(crate) const BALANCE_NAMES: [&str; 4] = [
    "benefit_claim",
    "risk_information",
    "risk_link",
    "boxed_warning",
];

/// A text of many claims with fewer than one risk statement for so many of them is unbalanced.
const CLAIMS_PER_RISK: usize = 4;
/// Risk that begins after this share of the words is at the end.
const LATE_PER_CENT: usize = 80;
/// Position says nothing in a text of fewer words.
const WORDS_TO_JUDGE_POSITION: usize = 60;

/// What a balanced text would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Lack {
    /// No risk is told (21 CFR 202.1(e)(5)(ii)).
    Risk,
    /// The boxed warning of a product in play is not told (21 CFR 202.1(e)(2)(i)).
    BoxedWarning,
    /// Risk is told only at the end (21 CFR 202.1(e)(7)(viii)).
    Prominence,
    /// Far fewer risks are told than benefits are claimed (21 CFR 202.1(e)(5)(ii)).
    Proportion,
    /// A brand stands without its established name (21 CFR 202.1(b)(1)).
    EstablishedName,
}

/// Benefit and risk as they stand to each other: what the net impression rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// The claims of benefit, in the order of the text.
    pub benefits: Vec<Place>,
    /// The statements of risk, in the order of the text.
    pub risks: Vec<Place>,
    /// Where the text points to risk that is told elsewhere; this mends nothing (R-FB-11).
    pub links: Vec<Place>,
    /// Where the first risk stands: the share of words before it, 0 to 1; nothing where no risk is told.
    pub risk_position: Option<f64>,
    /// Statements of risk for each claim of benefit.
    pub risks_per_benefit: f64,
    /// Risk is only linked to.
    pub only_a_link: bool,
    /// What is missing.
    pub missing: Vec<Lack>,
}

/// The claims of a text, and how its risk information stands to them.
pub(crate) struct Weighing {
    claims: Vec<Hit>,
    risks: Vec<Hit>,
    links: Vec<Hit>,
    boxed: bool,
    words: usize,
}

impl Weighing {
    pub(crate) fn of(text: &Text, hits: &Hits<'_>, cues: &Cues, lexicons: BalanceLexicons) -> Self {
        let of = |lexicon: Option<LexiconId>| lexicon.map_or(&[][..], |l| hits.of(l));
        let meant = |hit: &&Hit| {
            let status = cues.status(text, hits, hit);
            !status.has(Status::Negated) && !status.has(Status::Question)
        };
        let claims: Vec<Hit> = of(lexicons.benefit).iter().filter(meant).copied().collect();
        let mut weighing = Self {
            claims,
            risks: Vec::new(),
            links: Vec::new(),
            boxed: false,
            words: text.tokens.len(),
        };
        let told = |hit: &&Hit| !cues.status(text, hits, hit).has(Status::Negated);
        weighing.risks = of(lexicons.risk).iter().filter(told).copied().collect();
        // "Serious side effects" and "side effects were" are one statement.
        let one = |later: &mut Hit, earlier: &mut Hit| later.overlaps(earlier);
        weighing.risks.dedup_by(one);
        weighing.links = of(lexicons.risk_link).to_vec();
        weighing.boxed = of(lexicons.boxed_warning).iter().any(|hit| told(&hit));
        weighing
    }

    /// The words of the text before its first risk.
    fn words_before_risk(&self) -> Option<usize> {
        self.risks.first().map(|risk| risk.first as usize)
    }

    fn late(&self) -> bool {
        let late = |before: usize| before * 100 > self.words * LATE_PER_CENT;
        self.words >= WORDS_TO_JUDGE_POSITION && self.words_before_risk().is_some_and(late)
    }

    fn few(&self) -> bool {
        !self.risks.is_empty() && self.claims.len() > CLAIMS_PER_RISK * self.risks.len()
    }

    pub(crate) fn places(&self, measure: Measure) -> Vec<Hit> {
        let holds = match measure {
            Measure::Absent => self.risks.is_empty(),
            Measure::Linked => self.risks.is_empty() && !self.links.is_empty(),
            Measure::Buried => self.late() || self.few(),
        };
        if holds {
            self.claims.clone()
        } else {
            Vec::new()
        }
    }

    /// The balance for people to see, where someone who answers for promotion claims a benefit or names a product.
    pub(crate) fn told(
        &self,
        text: &Text,
        submission: &Submission<'_>,
        context: &Context,
        mentions: &Mentions<'_>,
    ) -> Option<Balance> {
        let answers = match context.speaker {
            Speaker::Company | Speaker::Agent | Speaker::Partner | Speaker::Unknown => true,
            Speaker::Professional | Speaker::Patient => false,
        };
        if !answers || (self.claims.is_empty() && mentions.first().is_none()) {
            return None;
        }
        let claims = !self.claims.is_empty();
        let places = |hits: &[Hit]| -> Vec<Place> {
            let place = |hit: &Hit| text.place(submission, hit);
            hits.iter().filter_map(place).collect()
        };
        let share = |before: usize| rounded(before as f64 / self.words.max(1) as f64);
        let boxed = mentions.any_is(ProductStatus::ApprovedBoxedWarning) && !self.boxed;
        let brand_alone = !mentions.named(ProductName::BrandAlone).is_empty();
        let missing = [
            (claims && self.risks.is_empty(), Lack::Risk),
            (boxed, Lack::BoxedWarning),
            (self.late(), Lack::Prominence),
            (self.few(), Lack::Proportion),
            (brand_alone, Lack::EstablishedName),
        ];
        Some(Balance {
            benefits: places(&self.claims),
            risks: places(&self.risks),
            links: places(&self.links),
            risk_position: self.words_before_risk().map(share),
            risks_per_benefit: rounded(self.risks.len() as f64 / self.claims.len().max(1) as f64),
            only_a_link: self.risks.is_empty() && !self.links.is_empty(),
            missing: missing
                .iter()
                .filter(|(lacks, _)| *lacks)
                .map(|(_, lack)| *lack)
                .collect(),
        })
    }
}
