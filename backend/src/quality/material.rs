//! What figures are made of: the texts that were decided, everything that was said of them, and what the rules had found.

use std::collections::HashMap;

use moderation_rules::Verdict as Screened;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::looks::{BlindPair, Look, blind_pairs, looks};
use super::verdicts::{Found, Verdict, found, last_word, verdict};
use crate::review::{Assessment, Judged, Origin, assessments, judged_on, screenings};
use crate::safety::cases_of;

/// Rows that are fetched at once.
const AT_ONCE: usize = 500;

/// A text, and everything that was said of it.
#[derive(Debug)]
pub struct Text {
    /// The revision.
    pub revision: Uuid,
    /// Every decision on it, oldest first; never none.
    pub decisions: Vec<Judged>,
    /// Every second look.
    pub looks: Vec<Look>,
    /// Every pair of judgements by two who did not know of each other.
    pub pairs: Vec<BlindPair>,
    /// What the rules found in it that weighs more than a remark, where they held it.
    pub found: Vec<(Found, Verdict)>,
}

impl Text {
    /// The decision on what its author submitted.
    pub fn submitted(&self) -> Option<&Judged> {
        let of = |one: &&Judged| one.item.origin == Origin::Submission.word();
        self.decisions.iter().find(of)
    }
}

/// These texts. What a later decision said of them counts, whenever it was made.
pub async fn texts(on: &impl ConnectionTrait, revisions: &[Uuid]) -> Result<Vec<Text>, DbErr> {
    let mut texts = Vec::with_capacity(revisions.len());
    for some in revisions.chunks(AT_ONCE) {
        let mut decisions: HashMap<Uuid, Vec<Judged>> = HashMap::new();
        for one in judged_on(on, some).await? {
            let of = decisions.entry(one.item.revision_id).or_default();
            of.push(one);
        }
        let mut said: HashMap<Uuid, Vec<Assessment>> = HashMap::new();
        for one in assessments(on, some).await? {
            said.entry(one.item_id).or_default().push(one);
        }
        let dispositions: HashMap<Uuid, Option<String>> = cases_of(on, some)
            .await?
            .into_iter()
            .map(|case| (case.revision_id, case.disposition))
            .collect();
        let held = |one: &Judged| {
            let objected = one.item.verdict != word(Screened::Clear);
            (objected && one.item.severity.is_some()).then_some(one.item.screening_id)
        };
        let screened: Vec<Uuid> = decisions.values().flatten().filter_map(held).collect();
        let screened = screenings(on, &screened).await?;
        for revision in some {
            let Some(decisions) = decisions.remove(revision) else {
                continue;
            };
            let last = last_word(&decisions);
            let disposition = dispositions.get(revision).and_then(Option::as_deref);
            let screening = decisions.first().filter(|one| held(one).is_some());
            let screening = screening.and_then(|one| screened.get(&one.item.screening_id));
            let found = screening
                .map(|screening| found(&screening.result))
                .unwrap_or_default()
                .into_iter()
                .map(|one| {
                    let made = verdict(one.family, last, disposition);
                    (one, made)
                })
                .collect();
            texts.push(Text {
                revision: *revision,
                looks: looks(&decisions, &said),
                pairs: blind_pairs(&decisions, &said),
                found,
                decisions,
            });
        }
    }
    Ok(texts)
}

/// How a verdict of the rules is stored.
const fn word(verdict: Screened) -> &'static str {
    match verdict {
        Screened::Clear => "clear",
        Screened::Hold => "hold",
        Screened::Escalate => "escalate",
    }
}
