//! Counts what this process has committed, by what it may have changed: whoever remembers what they read knows from it
//! when to ask again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::event::Event;

/// What a commit may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Who people are, where they sit, what they may do, and what products are spoken of: all that is not a text.
    People,
    /// What readers see.
    Released,
}

/// The counts. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<Counts>);

#[derive(Default)]
struct Counts {
    people: AtomicU64,
    released: AtomicU64,
}

/// Counts when it is dropped: after the commit, also if nobody waits for its outcome any more.
pub(super) struct Change {
    changes: Changes,
    people: bool,
    released: bool,
}

impl Changes {
    /// How many so far.
    pub(super) fn of(&self, subject: Subject) -> u64 {
        self.count(subject).load(Ordering::Acquire)
    }

    /// What these events may change.
    pub(super) fn by(&self, events: &[Event]) -> Change {
        Change {
            changes: self.clone(),
            people: !events.iter().all(Event::is_about_a_text),
            released: events.iter().any(Event::is_about_what_readers_see),
        }
    }

    fn count(&self, subject: Subject) -> &AtomicU64 {
        match subject {
            Subject::People => &self.0.people,
            Subject::Released => &self.0.released,
        }
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        for (changed, subject) in [
            (self.people, Subject::People),
            (self.released, Subject::Released),
        ] {
            if changed {
                self.changes.count(subject).fetch_add(1, Ordering::AcqRel);
            }
        }
    }
}
