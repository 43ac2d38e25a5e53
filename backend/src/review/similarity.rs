//! How alike two texts are, by the runs of three words that they share (w-shingling; the share of all their runs is the
//! Jaccard index). It knows nothing of meaning: a reworded text is another text.

use std::collections::HashSet;

/// Words in a run.
const RUN: usize = 3;

/// The runs of words of a text, without case, marks and signs.
#[derive(Debug)]
pub(super) struct Runs(HashSet<String>);

impl Runs {
    /// Of this text; a text of fewer words is one run.
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if words.len() < RUN {
            return Self(HashSet::from_iter(
                (!words.is_empty()).then(|| words.join(" ")),
            ));
        }
        Self(words.windows(RUN).map(|run| run.join(" ")).collect())
    }

    /// From 0, nothing shared, to 1, the same runs.
    pub fn likeness(&self, other: &Self) -> f64 {
        let shared = count(self.0.intersection(&other.0).count());
        let all = count(self.0.union(&other.0).count());
        if all == 0.0 { 0.0 } else { shared / all }
    }
}

/// A text has fewer runs than a `u32` counts.
fn count(runs: usize) -> f64 {
    f64::from(u32::try_from(runs).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f64 {
        Runs::of(one).likeness(&Runs::of(other))
    }

    #[test]
    fn the_same_words_in_other_dress_are_alike() {
        let dressed = likeness(
            "Once nightly, it works from week one.",
            "once nightly IT works, from **week one**",
        );
        assert!((dressed - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_repeated_claim_is_more_alike_than_another_subject() {
        let claim = "Switch your patients now: once nightly, and it works from week one.";
        let again = "Colleagues, once nightly, and it works from week one in most of us.";
        let other = "Which of you books the follow-up call after two weeks?";
        assert!(likeness(claim, again) > 0.3);
        assert!(likeness(claim, other) < 0.01);
    }

    #[test]
    fn short_and_empty_texts_have_a_likeness_too() {
        assert!((likeness("Thank you", "thank you!") - 1.0).abs() < f64::EPSILON);
        assert!(likeness("", "") < f64::EPSILON);
        assert!(likeness("Yes", "No") < f64::EPSILON);
    }
}
