//! How sure the evidence of a text makes of each concern.
//!
//! * A finding has the score of its rule; where its words are meant in a way that lowers the rule, a fifth of it; a hit
//!   that is set aside, a twentieth.
//! * Of one rule only the surest finding counts: the same words over and over are no new evidence.
//! * Evidence of different rules is joined as doubts are: the surest `s` leaves the doubt `1 - s`, every further one
//!   takes half its score off what doubt is left, since rules often look at the same words.
//! * Remarks (severity `info`, and what was set aside) count together as one piece of evidence of at most 0.2: no
//!   number of them holds a text.
//!
//! So more evidence, and surer evidence, never gives less. Only sums and products are used, so that every machine
//! comes to the same figures; they are given in thousandths.

use std::collections::BTreeMap;

use crate::finding::{Family, Finding, Severity};
use crate::rule::Rule;

/// From this score on, a family holds the text.
pub(crate) const HOLD: f64 = 0.35;
/// From this score on, what speaks of an adverse event is a possible case: an unspecified reaction, or a lack of effect,
/// is handed over though it alone makes nobody sure (R-PV-11, R-PV-22).
pub(crate) const CASE: f64 = 0.25;
/// What is left of a score whose words are meant in a way that lowers it.
pub(crate) const LOWERED: f64 = 0.2;
/// What is left of a score whose hit is set aside.
const SET_ASIDE: f64 = 0.05;
/// The weight of evidence beside the surest.
const FURTHER: f64 = 0.5;
/// All remarks together are no surer than this.
const REMARKS: f64 = 0.2;

/// The score of each family, 0 to 1.
pub(crate) fn scores(found: &[(&Rule, Finding)], set_aside: &[&Rule]) -> BTreeMap<Family, f64> {
    Family::ALL
        .into_iter()
        .map(|family| (family, score(family, found, set_aside)))
        .collect()
}

fn score(family: Family, found: &[(&Rule, Finding)], set_aside: &[&Rule]) -> f64 {
    let mut weighty: BTreeMap<&str, f64> = BTreeMap::new();
    let mut remarks: BTreeMap<&str, f64> = BTreeMap::new();
    let surest = |known: &mut f64, score: f64| *known = known.max(score);
    for (rule, finding) in found.iter().filter(|(rule, _)| rule.family == family) {
        let evidence = match finding.severity {
            Severity::Info => &mut remarks,
            _ => &mut weighty,
        };
        surest(evidence.entry(&rule.code).or_default(), finding.score);
    }
    for rule in set_aside.iter().filter(|rule| rule.family == family) {
        let known = remarks.entry(&rule.code).or_default();
        surest(known, rule.score * SET_ASIDE);
    }
    let remarks = joined(remarks.into_values().collect()).min(REMARKS);
    let all = weighty.into_values().chain(std::iter::once(remarks));
    rounded(joined(all.collect()))
}

fn joined(mut scores: Vec<f64>) -> f64 {
    scores.sort_by(|a, b| b.total_cmp(a));
    let mut doubt = 1.0;
    for (place, score) in scores.into_iter().enumerate() {
        let weight = if place == 0 { 1.0 } else { FURTHER };
        doubt *= 1.0 - weight * score;
    }
    1.0 - doubt
}

/// In thousandths: further digits would only look exact.
pub(crate) fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}
