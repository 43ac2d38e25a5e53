//! Which signals were passed on already: those of jobs that this process did, and those that it found done by another.

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

/// How far a look goes back behind the one before: commits are not seen in the order of their identifiers, and clocks of
/// nodes differ a little.
const LOOK_BACK: Duration = Duration::from_secs(5);

/// The jobs whose signals were passed on, as far back as the next look goes.
pub(super) struct Heard {
    from: Timestamp,
    jobs: BTreeSet<Uuid>,
}

impl Heard {
    /// Nothing yet; what was written before is nobody's business here.
    pub fn since(now: Timestamp) -> Self {
        Self {
            from: now,
            jobs: BTreeSet::new(),
        }
    }

    /// Whether the signal of this job was not passed on before. Asked once for each: asking passes it on.
    pub fn is_news(&mut self, job: Uuid) -> bool {
        self.jobs.insert(job)
    }

    /// From when on jobs are to be looked through.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Everything that was seen at this time was passed on.
    pub fn looked(&mut self, at: Timestamp) {
        self.from = self.from.max(at.minus(LOOK_BACK));
        self.jobs = self.jobs.split_off(&self.from.first_id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_news_once_for_as_long_as_it_is_looked_at() {
        let at =
            |seconds: u64| Timestamp::from_micros(0).plus(Duration::from_secs(1_000 + seconds));
        let mut heard = Heard::since(at(0));
        let (early, late) = (at(1).first_id(), at(9).first_id());
        assert!(heard.is_news(early) && heard.is_news(late));
        heard.looked(at(2));
        assert_eq!(heard.from(), at(0), "nothing from before the start");
        assert!(!heard.is_news(early), "the next look finds it again");
        heard.looked(at(10));
        assert_eq!(heard.from(), at(5));
        assert!(!heard.is_news(late));
        assert_eq!(
            heard.jobs.len(),
            1,
            "what no look finds any more is forgotten"
        );
    }
}
