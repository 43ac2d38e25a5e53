//! What the rules said of the texts that were fed, as the review queue shows it.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use hortus_tests::Caller;

/// The items that a reviewer sees waiting.
pub struct Queue(HashSet<String>);

/// Counts over the items that were added.
#[derive(Debug, Default)]
pub struct Tally {
    /// The items.
    pub items: usize,
    verdicts: BTreeMap<String, usize>,
    families: BTreeMap<String, usize>,
}

impl Queue {
    /// As it is now.
    pub async fn now(reviewer: &Caller) -> Self {
        let mut all = HashSet::new();
        each(reviewer, |card| {
            all.insert(card["id"].as_str().unwrap_or_default().to_owned());
        })
        .await;
        Self(all)
    }

    /// What was added since.
    pub async fn added(&self, reviewer: &Caller) -> Tally {
        let mut tally = Tally::default();
        each(reviewer, |card| {
            if self.0.contains(card["id"].as_str().unwrap_or_default()) {
                return;
            }
            tally.items += 1;
            let verdict = card["verdict"].as_str().unwrap_or("none");
            *tally.verdicts.entry(verdict.to_owned()).or_default() += 1;
            let families = card["families"].as_array();
            for family in families.into_iter().flatten() {
                let family = family.as_str().unwrap_or("none");
                *tally.families.entry(family.to_owned()).or_default() += 1;
            }
        })
        .await;
        tally
    }
}

async fn each(reviewer: &Caller, mut see: impl FnMut(&serde_json::Value)) {
    let mut cursor = String::new();
    loop {
        let path = format!("/api/review/items?limit=200{cursor}");
        let page = reviewer.get(&path).await.is(200);
        page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(&mut see);
        let Some(next) = page["next"].as_str() else {
            return;
        };
        cursor = format!("&cursor={next}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |counts: &BTreeMap<String, usize>| {
            let each = counts.iter().map(|(name, count)| format!("{name} {count}"));
            each.collect::<Vec<_>>().join(", ")
        };
        writeln!(f, "queued {}", self.items)?;
        writeln!(f, "by verdict: {}", list(&self.verdicts))?;
        write!(
            f,
            "by family (one text may count in several): {}",
            list(&self.families)
        )
    }
}
