//! Second looks: when somebody judged again what somebody else had judged, and whether they said otherwise.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::posts::Action;
use crate::review::{Assessment, Judged, Origin, standing};

/// Why a text was looked at a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecondLook)]
pub enum Kind {
    /// Its author appealed.
    Appeal,
    /// Two people had to agree before there was a decision.
    FourEyes,
    /// It was released, and a report or newer rules brought it back.
    Reopened,
    /// It was drawn for a blind second review.
    Sample,
}

/// Two judgements of one text by two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Why it was looked at again.
    pub kind: Kind,
    /// Who judged first.
    pub first_by: Uuid,
    /// What they said.
    pub first: String,
    /// Who judged again.
    pub second_by: Uuid,
    /// What they said.
    pub second: String,
    /// Whether that is otherwise.
    pub overturned: bool,
    /// When the second judgement was made, in microseconds.
    pub at: i64,
}

/// All second looks at one text: `decisions` are those on it, oldest first, and `assessments` what was said on their items.
pub fn looks(decisions: &[Judged], assessments: &HashMap<Uuid, Vec<Assessment>>) -> Vec<Look> {
    let mut looks = Vec::new();
    let mut submitted: Option<&Judged> = None;
    let mut shown: Option<&Judged> = None;
    for one in decisions {
        let said = assessments.get(&one.item.id).map_or(&[][..], Vec::as_slice);
        let origin = Origin::from_word(&one.item.origin);
        if origin.is_some_and(Origin::has_effect) {
            looks.extend(four_eyes(one, said));
        }
        let action = one.decision.action.as_str();
        let second = |first: Option<&Judged>, kind: Kind, overturned: bool| {
            first.map(|first| look(kind, first, one, overturned))
        };
        match origin {
            Some(Origin::Submission) => submitted = Some(one),
            Some(Origin::Appeal) => {
                let overturned = action == Action::Overturn.word();
                looks.extend(second(submitted, Kind::Appeal, overturned));
            }
            Some(Origin::Report | Origin::Rescreen) => {
                let overturned = action == Action::Retract.word();
                looks.extend(second(shown, Kind::Reopened, overturned));
            }
            Some(Origin::Sample) => {
                let first = submitted.map(|first| first.decision.action.as_str());
                looks.extend(second(submitted, Kind::Sample, first != Some(action)));
            }
            Some(Origin::Golden) | None => {}
        }
        let public = Action::from_word(action).is_some_and(Action::is_public);
        if public && origin.is_some_and(Origin::has_effect) {
            shown = Some(one);
        }
    }
    looks
}

fn look(kind: Kind, first: &Judged, second: &Judged, overturned: bool) -> Look {
    Look {
        kind,
        first_by: first.decision.decided_by,
        first: first.decision.action.clone(),
        second_by: second.decision.decided_by,
        second: second.decision.action.clone(),
        overturned,
        at: second.decision.decided_at,
    }
}

/// Every judgement before the one that became the decision, against the decision.
fn four_eyes(decided: &Judged, said: &[Assessment]) -> Vec<Look> {
    let standing = standing(said);
    let Some((last, before)) = standing.split_last() else {
        return Vec::new();
    };
    before
        .iter()
        .map(|first| Look {
            kind: Kind::FourEyes,
            first_by: first.assessed_by,
            first: first.action.clone(),
            second_by: last.assessed_by,
            second: last.action.clone(),
            overturned: !first.agrees_with(last),
            at: decided.decision.decided_at,
        })
        .collect()
}

/// Two people judged the same text, and the second did not know what the first had said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindPair {
    /// Who judged first, and what.
    pub first: (Uuid, String),
    /// Who judged second, and what.
    pub second: (Uuid, String),
    /// When the text was decided, in microseconds.
    pub at: i64,
}

/// The blind pairs on one text: the first two of an item that needed two, and the samples.
pub fn blind_pairs(
    decisions: &[Judged],
    assessments: &HashMap<Uuid, Vec<Assessment>>,
) -> Vec<BlindPair> {
    let mut pairs = Vec::new();
    for one in decisions {
        let has_effect = Origin::from_word(&one.item.origin).is_some_and(Origin::has_effect);
        let said = assessments.get(&one.item.id).map_or(&[][..], Vec::as_slice);
        if let ([first, second, ..], true) = (standing(said).as_slice(), has_effect) {
            pairs.push(BlindPair {
                first: (first.assessed_by, first.action.clone()),
                second: (second.assessed_by, second.action.clone()),
                at: one.decision.decided_at,
            });
        }
    }
    let sampled = looks(decisions, assessments).into_iter();
    pairs.extend(
        sampled
            .filter(|look| look.kind == Kind::Sample)
            .map(|look| BlindPair {
                first: (look.first_by, look.first),
                second: (look.second_by, look.second),
                at: look.at,
            }),
    );
    pairs
}
