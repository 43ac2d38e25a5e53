//! Benefit and risk in one text: is risk told at all, and is it told where it can be read (R-FB-10, R-FB-23)?

use serde::Deserialize;

use crate::finding::Status;
use crate::matching::scan::Hits;
use crate::matching::status::Cues;
use crate::matching::{Hit, LexiconId};
use crate::text::Text;

/// What a rule asks of the balance of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measure {
    /// A benefit is claimed and no risk is told.
    RiskAbsent,
    /// A benefit is claimed and risk is told too little or too late.
    RiskBuried,
}

/// The lexicons that tell benefit from risk, by the names the fair-balance pack gives them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BalanceLexicons {
    pub benefit: Option<LexiconId>,
    pub risk: Option<LexiconId>,
}

/// The names under which a pack gives these lexicons.
pub(crate) const BALANCE_NAMES: [&str; 2] = ["benefit_claim", "risk_information"];

/// A text of many claims with fewer than one risk statement for so many of them is unbalanced.
const CLAIMS_PER_RISK: usize = 4;
/// Risk that begins after this share of the words is at the end.
const LATE_PER_CENT: usize = 80;
/// Position says nothing in a text of fewer words.
const WORDS_TO_JUDGE_POSITION: usize = 60;

/// The claims of a text, and how its risk information stands to them.
pub(crate) struct Balance {
    claims: Vec<Hit>,
    risks: usize,
    late: bool,
}

impl Balance {
    pub(crate) fn of(text: &Text, hits: &Hits, cues: &Cues, lexicons: BalanceLexicons) -> Self {
        let of = |lexicon: Option<LexiconId>| lexicon.map_or(&[][..], |l| hits.of(l));
        let meant = |hit: &&Hit| {
            let status = cues.status(text, hits, hit);
            !status.has(Status::Negated) && !status.has(Status::Question)
        };
        let claims: Vec<Hit> = of(lexicons.benefit).iter().filter(meant).copied().collect();
        if claims.is_empty() {
            return Self {
                claims,
                risks: 0,
                late: false,
            };
        }
        let mut risks: Vec<&Hit> = of(lexicons.risk)
            .iter()
            .filter(|h| !cues.status(text, hits, h).has(Status::Negated))
            .collect();
        // "Serious side effects" and "side effects were" are one statement.
        risks.dedup_by(|later, earlier| later.overlaps(earlier));
        let words = text.tokens.len();
        let late = words >= WORDS_TO_JUDGE_POSITION
            && risks
                .first()
                .is_some_and(|r| r.first as usize * 100 > words * LATE_PER_CENT);
        Self {
            claims,
            risks: risks.len(),
            late,
        }
    }

    pub(crate) fn places(&self, measure: Measure) -> Vec<Hit> {
        let holds = match measure {
            Measure::RiskAbsent => self.risks == 0,
            Measure::RiskBuried => {
                self.risks > 0 && (self.late || self.claims.len() > CLAIMS_PER_RISK * self.risks)
            }
        };
        if holds {
            self.claims.clone()
        } else {
            Vec::new()
        }
    }
}
