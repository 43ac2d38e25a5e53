//! Shares and agreement with what chance can do to them: few cases prove little, and the figures say so.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// From so many cases on a figure is more than an impression.
pub const ENOUGH: u64 = 30;
/// Half the width of an interval that holds 95 of 100 values of a normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A share, with the interval in which the true one lies in 95 of 100 such samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Rate {
    /// In how many cases it was so.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share, 0 to 1; nothing where there was no case.
    pub share: Option<f64>,
    /// The lower end of the 95 % interval (Wilson).
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// Whether there were 30 cases or more.
    pub enough: bool,
}

impl Rate {
    /// So many of so many.
    pub fn of(count: u64, of: u64) -> Self {
        let (low, high) = match interval(count, of) {
            Some((low, high)) => (Some(low), Some(high)),
            None => (None, None),
        };
        Self {
            count,
            of,
            share: (of > 0).then(|| real(count) / real(of)),
            low,
            high,
            enough: of >= ENOUGH,
        }
    }
}

/// The score interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927): honest also for small numbers and for
/// shares of nothing and of all.
fn interval(count: u64, of: u64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let (n, p) = (real(of), real(count) / real(of));
    let below = 1.0 + Z * Z / n;
    let middle = (p + Z * Z / (2.0 * n)) / below;
    let half = Z / below * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(((middle - half).max(0.0), (middle + half).min(1.0)))
}

/// How far two judgements of the same texts agree beyond what chance would bring (J. Cohen, Educ. Psychol. Meas. 20, 1960).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Agreement {
    /// Texts that two people judged without knowing of each other.
    pub pairs: u64,
    /// Of them, those on which both said the same.
    pub agreed: u64,
    /// Cohen's kappa, -1 to 1; nothing where chance alone would agree on all of them, or where there are none.
    pub kappa: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// Whether there were 30 pairs or more.
    pub enough: bool,
    /// How often the first said this and the second that.
    pub table: Vec<Cell>,
}

/// What two people said of how many texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// The first judgement.
    pub first: String,
    /// The second one.
    pub second: String,
    /// On how many texts.
    pub texts: u64,
}

impl Agreement {
    /// Of these pairs of judgements.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut table: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for pair in pairs {
            *table.entry(pair).or_default() += 1;
        }
        let count: u64 = table.values().sum();
        let same = table.iter().filter(|((first, second), _)| first == second);
        let agreed = same.map(|(_, texts)| texts).sum();
        let measured = kappa(&table);
        let end = |sign: f64| {
            measured.and_then(|(kappa, error)| {
                let end = (kappa + sign * Z * error?).clamp(-1.0, 1.0);
                Some(end)
            })
        };
        Self {
            pairs: count,
            agreed,
            kappa: measured.map(|(kappa, _)| kappa),
            low: end(-1.0),
            high: end(1.0),
            enough: count >= ENOUGH,
            table: table
                .into_iter()
                .map(|((first, second), texts)| Cell {
                    first: first.to_owned(),
                    second: second.to_owned(),
                    texts,
                })
                .collect(),
        }
    }
}

/// Kappa and its standard error for large samples (Fleiss, Cohen and Everitt, Psychol. Bull. 72, 1969, formula 13). Where
/// all pairs agree, or none do, the formula gives an error of zero, which would be a lie: then there is none.
fn kappa(table: &BTreeMap<(&str, &str), u64>) -> Option<(f64, Option<f64>)> {
    let n = real(table.values().sum());
    let (mut first, mut second): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) = Default::default();
    for ((one, other), texts) in table {
        *first.entry(one).or_default() += real(*texts) / n;
        *second.entry(other).or_default() += real(*texts) / n;
    }
    let at = |side: &BTreeMap<&str, f64>, word: &str| side.get(word).copied().unwrap_or(0.0);
    let chance: f64 = first
        .iter()
        .map(|(word, share)| share * at(&second, word))
        .sum();
    let seen: f64 = table
        .iter()
        .filter(|((one, other), _)| one == other)
        .map(|(_, texts)| real(*texts) / n)
        .sum();
    if table.is_empty() || chance > 1.0 - 1e-12 {
        return None;
    }
    let kappa = (seen - chance) / (1.0 - chance);
    let (mut same, mut other_than) = (0.0, 0.0);
    for ((one, other), texts) in table {
        let share = real(*texts) / n;
        if one == other {
            let margins = at(&first, one) + at(&second, one);
            same += share * (1.0 - margins * (1.0 - kappa)).powi(2);
        } else {
            other_than += share * (at(&second, one) + at(&first, other)).powi(2);
        }
    }
    let spread =
        same + (1.0 - kappa).powi(2) * other_than - (kappa - chance * (1.0 - kappa)).powi(2);
    let error = (spread.max(0.0) / n).sqrt() / (1.0 - chance);
    Some((kappa, (error > 1e-9).then_some(error)))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of texts are far below 2^52"
)]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: Option<f64>, other: f64, within: f64) -> bool {
        one.is_some_and(|one| (one - other).abs() < within)
    }

    /// Two diagnoses of 200 cases, as a table of shares in a hundred, in the paper that gives the standard error.
    #[test]
    fn kappa_and_its_error_are_those_of_the_published_example() {
        let shares = [
            [53, 5, 2], //
            [11, 14, 5],
            [1, 6, 3],
        ];
        let words = ["release", "request_changes", "reject"];
        let mut pairs = Vec::new();
        for (one, row) in words.iter().zip(shares) {
            for (other, share) in words.iter().zip(row) {
                pairs.extend(std::iter::repeat_n((*one, *other), share * 2));
            }
        }
        let agreement = Agreement::of(pairs);
        assert_eq!((agreement.pairs, agreement.agreed), (200, 140));
        assert!(near(agreement.kappa, 0.429, 0.001), "{agreement:?}");
        let half = agreement.high.unwrap() - agreement.kappa.unwrap();
        assert!((half / Z - 0.054).abs() < 0.001, "{agreement:?}");
        assert!(agreement.enough);
    }

    #[test]
    fn agreement_by_chance_alone_is_no_kappa_and_full_agreement_has_no_interval() {
        let same = Agreement::of([("release", "release"); 40]);
        assert_eq!((same.agreed, same.kappa), (40, None));
        let both = [("release", "release"), ("reject", "reject")];
        let full = Agreement::of(both.into_iter().cycle().take(40));
        assert!(near(full.kappa, 1.0, 1e-9), "{full:?}");
        assert_eq!((full.low, full.high), (None, None));
        let none = Agreement::of([]);
        assert_eq!((none.pairs, none.kappa, none.enough), (0, None, false));
    }

    #[test]
    fn judgements_that_contradict_each_other_are_below_chance() {
        let both = [("release", "reject"), ("reject", "release")];
        let against = Agreement::of(both.into_iter().cycle().take(10));
        assert!(near(against.kappa, -1.0, 1e-9), "{against:?}");
        assert!(!against.enough);
    }

    /// The worked example of a score interval: 8 of 10.
    #[test]
    fn a_share_of_few_has_a_wide_interval_that_never_leaves_zero_to_one() {
        let few = Rate::of(8, 10);
        assert!(near(few.share, 0.8, 1e-9));
        assert!(near(few.low, 0.4902, 1e-4) && near(few.high, 0.9433, 1e-4));
        assert!(!few.enough);
        let all = Rate::of(3, 3);
        assert!(near(all.high, 1.0, 1e-9) && near(all.low, 0.4385, 1e-4));
        assert_eq!(Rate::of(0, 0).share, None);
        assert!(Rate::of(30, 60).enough);
    }
}
