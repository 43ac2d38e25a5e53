//! Looks again and again at what was decided: draws seeds, opens what they draw, reveals those whose time is over, and tells
//! those who answer for rules what was overturned.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::owners::Owners;
use crate::audit::Audit;
use crate::clock::Timestamp;
use crate::communities::{Known, communities};
use crate::review::KeptWords;

/// A decision is in the database so long after its time at the latest.
pub(super) const LATE: Duration = Duration::from_secs(120);

/// Looks at the quality of decisions. Clones share what they know.
#[derive(Clone)]
pub struct Rounds {
    pub(super) audit: Audit,
    pub(super) known: Known,
    pub(super) words: KeptWords,
    pub(super) owners: Owners,
    /// How long it is at least between two notices of what was overturned.
    pub(super) between: Duration,
    /// What this process has done in each community.
    done: Arc<Mutex<HashMap<Uuid, Done>>>,
}

/// What was done in a community.
#[derive(Debug, Default, Clone, Copy)]
struct Done {
    /// Until when its decisions were looked through.
    seen: Option<Timestamp>,
    /// When it was last asked whether there is something to tell.
    asked: Option<Timestamp>,
}

impl Rounds {
    /// Looks with these.
    pub fn new(
        audit: Audit,
        known: Known,
        words: KeptWords,
        owners: Owners,
        between: Duration,
    ) -> Self {
        Self {
            audit,
            known,
            words,
            owners,
            between,
            done: Arc::default(),
        }
    }

    /// Looks again and again until stopped.
    pub async fn run(self, every: Duration, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
            if let Err(cause) = self.look().await {
                tracing::error!(cause = %cause, "decisions cannot be drawn for a second review; trying again");
            }
        }
    }

    /// Looks once at every community.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn look(&self) -> Result<(), DbErr> {
        for place in communities(self.audit.db().read(), None).await? {
            self.sample(place.id).await?;
            self.tell(&place).await?;
        }
        Ok(())
    }

    /// From when on the decisions of this community are still to be looked through, where seeds begin then.
    pub(super) fn from(&self, community: Uuid, seeds: Timestamp) -> Timestamp {
        let seen = self.done(community, |done| done.seen);
        seen.map_or(seeds, |seen| seen.minus(LATE).max(seeds))
    }

    /// They were looked through until then.
    pub(super) fn have_seen(&self, community: Uuid, until: Timestamp) {
        self.done(community, |done| done.seen = Some(until));
    }

    /// Whether it is time to ask again if there is something to tell of this community; if so, it is asked now.
    pub(super) fn asks(&self, community: Uuid, now: Timestamp) -> bool {
        self.done(community, |done| {
            let due = done
                .asked
                .is_none_or(|asked| asked.plus(self.between) <= now);
            if due {
                done.asked = Some(now);
            }
            due
        })
    }

    fn done<T>(&self, community: Uuid, with: impl FnOnce(&mut Done) -> T) -> T {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        with(done.entry(community).or_default())
    }
}
