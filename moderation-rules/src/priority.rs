//! The place of a text in the review queue, as a sum that can be explained.
//!
//! The weightiest concern sets the hundreds; how sure it is, and what is known of a case for safety, move the text
//! within them.

use serde::{Deserialize, Serialize};

use crate::adverse_event::AdverseEvent;
use crate::finding::Severity;
use crate::verdict::{Read, Verdict};

/// One part of a priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PriorityPart {
    /// What it is for, in plain words.
    pub name: String,
    /// What it adds.
    pub points: u32,
}

fn part(name: &str, points: u32) -> PriorityPart {
    PriorityPart {
        name: name.to_owned(),
        points,
    }
}

/// A text that could not be judged may hide anything: before all ordinary holds.
pub(crate) fn unread() -> Vec<PriorityPart> {
    vec![part("the text could not be judged", 600)]
}

/// The most that certainty adds.
const CERTAINTY: f64 = 80.0;

/// The parts of a priority, the weightiest first. Their sum is at most 1000.
pub(crate) fn parts(read: &Read, verdict: Verdict) -> Vec<PriorityPart> {
    let mut parts = Vec::new();
    if verdict > Verdict::Clear {
        parts.push(gravity(read));
    }
    if let Some(event) = &read.adverse_event {
        parts.extend(case(event));
    }
    let surest = read.scores.values().copied().fold(0.0, f64::max);
    parts.push(part("certainty", (surest * CERTAINTY).round() as u32));
    parts.retain(|part| part.points > 0);
    parts.sort_by_key(|part| std::cmp::Reverse(part.points));
    parts
}

fn gravity(read: &Read) -> PriorityPart {
    let worst = read.findings.iter().map(|finding| finding.severity).max();
    match (&read.adverse_event, worst) {
        (Some(event), _) if !event.seriousness.is_empty() => {
            part("a serious adverse event is possible", 850)
        }
        (_, Some(Severity::Critical)) => part("a critical finding", 800),
        // A day-0 clock runs on these whatever else is in the queue (R-PV-02).
        (Some(_), _) => part("an adverse event is possible", 520),
        (_, Some(Severity::Major)) => part("a major finding", 500),
        (_, Some(Severity::Minor)) => part("a minor finding", 250),
        (_, Some(Severity::Info) | None) => part("remarks only", 50),
    }
}

/// Which criteria of a valid report are met. Named in the text weighs more than inferred.
fn case(event: &AdverseEvent) -> impl Iterator<Item = PriorityPart> {
    let named = event.product.met && event.product.inferred_from.is_none();
    [
        (event.patient.met, part("one patient can be identified", 20)),
        (named, part("the product is named", 30)),
        (
            event.is_valid_report(),
            part("all four criteria are met", 20),
        ),
    ]
    .into_iter()
    .filter_map(|(met, part)| met.then_some(part))
}
