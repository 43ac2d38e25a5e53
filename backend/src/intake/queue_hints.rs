//! When reviewers are told that their queue has grown: at once, and while texts keep arriving, a few times a second.
//!
//! A hint only says that there is something to fetch, so one that is yet to come speaks for every text stored before it.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

/// Between two hints to the reviewers of a community.
const PAUSE: Duration = Duration::from_millis(250);
/// What a commit may take, so that a hint that is yet to come finds it done.
const COMMIT: Duration = Duration::from_millis(100);

/// The last hint of each community, which may be yet to come.
#[derive(Default)]
pub(super) struct QueueHints(HashMap<Uuid, Timestamp>);

impl QueueHints {
    /// When the reviewers of this community are to be told of a text stored now; never if a hint is yet to come.
    pub fn due(&self, community: Uuid, now: Timestamp) -> Option<Timestamp> {
        match self.0.get(&community).copied() {
            // The clock was set back.
            Some(last) if last > now.plus(2 * PAUSE) => Some(now),
            Some(last) if last > now.plus(COMMIT) => None,
            Some(last) if last.plus(PAUSE) > now => Some(last.plus(PAUSE)),
            _ => Some(now),
        }
    }

    /// Remembers hints, once their jobs are committed.
    pub fn committed(&mut self, hints: &[(Uuid, Timestamp)]) {
        self.0.extend(hints.iter().copied());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_is_told_at_once_and_those_that_follow_share_a_hint_that_comes_after_them() {
        let community = Uuid::from_u128(1);
        let begin = Timestamp::from_micros(1_000_000_000);
        let at = |milliseconds: u64| begin.plus(Duration::from_millis(milliseconds));
        let mut hints = QueueHints::default();
        let mut told = Vec::new();
        for now in [0, 10, 20, 140, 160, 390, 2_000] {
            if let Some(due) = hints.due(community, at(now)) {
                assert!(due >= at(now), "a hint from the past tells nothing");
                hints.committed(&[(community, due)]);
                told.push((now, due));
            }
        }
        assert_eq!(
            told,
            [
                (0, at(0)),
                (10, at(250)),
                (160, at(500)),
                (2_000, at(2_000))
            ]
        );
        assert_eq!(
            hints.due(Uuid::from_u128(2), at(10)),
            Some(at(10)),
            "each for itself"
        );
    }
}
