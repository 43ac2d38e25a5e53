//! A share of a sample, and how far it can be trusted.

use serde::Serialize;

use crate::certainty::rounded;

/// A share with its 95 % interval (Wilson), in thousandths. Where nothing was counted the share is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How many have it.
    pub count: usize,
    /// How many there are.
    pub of: usize,
    /// The share; nothing where there are none.
    pub share: Option<f64>,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// The quantile of the normal distribution for 95 % on both sides.
const Z: f64 = 1.959_964;

impl Rate {
    /// So many of so many.
    #[must_use]
    pub fn new(count: usize, of: usize) -> Self {
        if of == 0 {
            return Self {
                count,
                of,
                share: None,
                low: 0.0,
                high: 1.0,
            };
        }
        let n = of as f64;
        let share = count as f64 / n;
        let square = Z * Z;
        let middle = share + square / (2.0 * n);
        let reach = Z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let whole = 1.0 + square / n;
        Self {
            count,
            of,
            share: Some(rounded(share)),
            low: rounded(((middle - reach) / whole).max(0.0)),
            high: rounded(((middle + reach) / whole).min(1.0)),
        }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.share {
            Some(share) => write!(
                f,
                "{share:.3} [{:.3}, {:.3}] ({} of {})",
                self.low, self.high, self.count, self.of
            ),
            None => write!(f, "- (none)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn the_interval_is_wilsons() {
        let rate = Rate::new(8, 10);
        assert_eq!((rate.share, rate.low, rate.high), (Some(0.8), 0.49, 0.943));
        let all = Rate::new(20, 20);
        assert_eq!((all.low, all.high), (0.839, 1.0));
        assert_eq!(Rate::new(0, 0).share, None);
    }
}
