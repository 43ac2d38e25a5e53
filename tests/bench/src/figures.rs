//! Medians and quantiles.

use std::time::Duration;

/// The median; zero of nothing.
pub fn median(all: &[f64]) -> f64 {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The value that this share of all does not exceed (sorts them); zero of nothing.
pub fn quantile(all: &mut [Duration], share: f64) -> Duration {
    all.sort_unstable();
    let place = (all.len().saturating_sub(1)) as f64 * share;
    all.get(place.round() as usize).copied().unwrap_or_default()
}

/// In milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_and_a_quantile_are_values_that_were_measured() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        let mut all: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(quantile(&mut all, 0.99), Duration::from_millis(99));
        assert_eq!(quantile(&mut [], 0.5), Duration::ZERO);
    }
}
