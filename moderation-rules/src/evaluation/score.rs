//! How well predictions meet the truth.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rate::Rate;
use super::truth::{Row, Span};
use crate::adverse_event::{Seriousness, SpecialSituation};
use crate::finding::Family;

/// A part of the rows of a family: all of one kind, or all of one source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Share of the true rows that are flagged.
    pub recall: Rate,
    /// Share of the other rows that are flagged.
    pub false_positive_rate: Rate,
}

/// One family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyScore {
    /// Share of the flagged rows that are true.
    pub precision: Rate,
    /// Share of the true rows that are flagged.
    pub recall: Rate,
    /// Share of the other rows that are flagged.
    pub false_positive_rate: Rate,
    /// Share of all rows that are flagged.
    pub flagged: Rate,
    /// Precision where so many rows are taken, the surest first, that 95 % of the true ones are among them.
    pub precision_at_recall_95: Rate,
    /// Recall where as many rows are taken, the surest first, as 20 % of the other rows allow.
    pub recall_at_false_positive_rate_20: Rate,
    /// Share of the words that must be found that a finding of the family touches.
    pub spans: Rate,
    /// The same by what the words are.
    pub span_kinds: BTreeMap<String, Rate>,
    /// By source.
    pub sources: BTreeMap<String, Group>,
    /// By kind.
    pub kinds: BTreeMap<String, Group>,
}

/// A flag of an adverse event: a seriousness or a special situation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlagScore<T: Ord> {
    /// Share of the rows with a flag that have it in the prediction.
    pub found: Rate,
    /// Share of the rows without any that have one in the prediction.
    pub wrongly_found: Rate,
    /// By flag, the share that is found.
    pub by_flag: BTreeMap<T, Rate>,
}

/// How well predictions meet the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Rows with a truth.
    pub rows: usize,
    /// Rows of which nothing was predicted; they count as not flagged.
    pub unanswered: usize,
    /// Share of the rows with something true in them that are not clear.
    pub not_cleared: Rate,
    /// Share of the rows with nothing true in them that are clear.
    pub cleared: Rate,
    /// By family.
    pub families: BTreeMap<Family, FamilyScore>,
    /// Seriousness, where rows tell it.
    pub seriousness: Option<FlagScore<Seriousness>>,
    /// Special situations, where rows tell them.
    pub special_situations: Option<FlagScore<SpecialSituation>>,
}

/// Scores predictions against the truth. A row counts for the families its truth names.
#[must_use]
pub fn score(rows: &[Row]) -> Score {
    let families = Family::ALL.into_iter().filter_map(|family| {
        let judged: Vec<Judged<'_>> = rows
            .iter()
            .filter_map(|row| {
                let truth = *row.truth.truth.get(&family)?;
                Some(Judged {
                    row,
                    truth,
                    flagged: row.flags(family),
                })
            })
            .collect();
        let spans = spans(rows, family);
        (!judged.is_empty() || !spans.is_empty())
            .then(|| (family, family_score(family, &judged, &spans)))
    });
    let seriousness: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let told = row.case().map_or(&[][..], |case| &case.serious);
            Some((row.truth.serious.as_deref()?, told))
        })
        .collect();
    let special_situations: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let told = row.case().map_or(&[][..], |case| &case.special_situations);
            Some((row.truth.special_situation.as_ref()?.as_slice(), told))
        })
        .collect();
    let judged = rows.iter().filter(|row| !row.truth.truth.is_empty());
    let (with, without): (Vec<&Row>, Vec<&Row>) =
        judged.partition(|row| row.truth.truth.values().any(|truth| *truth));
    let clear = |rows: &[&Row]| rows.iter().filter(|row| row.is_clear()).count();
    Score {
        not_cleared: Rate::new(with.len() - clear(&with), with.len()),
        cleared: Rate::new(clear(&without), without.len()),
        rows: rows.len(),
        unanswered: rows.iter().filter(|row| row.prediction.is_none()).count(),
        families: families.collect(),
        seriousness: flags(&seriousness),
        special_situations: flags(&special_situations),
    }
}

struct Judged<'a> {
    row: &'a Row,
    truth: bool,
    flagged: bool,
}

fn family_score(family: Family, judged: &[Judged<'_>], spans: &[(&Span, bool)]) -> FamilyScore {
    let flagged = judged.iter().filter(|j| j.flagged);
    let right = flagged.clone().filter(|j| j.truth).count();
    let all = group(judged);
    let group_by = |name: fn(&Row) -> Option<&str>| -> BTreeMap<String, Group> {
        let mut parts: BTreeMap<&str, Vec<&Judged<'_>>> = BTreeMap::new();
        for row in judged {
            if let Some(name) = name(row.row) {
                parts.entry(name).or_default().push(row);
            }
        }
        let named = |(name, rows): (&str, Vec<&Judged<'_>>)| (name.to_owned(), group(rows));
        parts.into_iter().map(named).collect()
    };
    let steps = steps(family, judged);
    let mut span_kinds: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (span, found) in spans {
        let kind = span.kind.as_deref().unwrap_or("any");
        span_kinds.entry(kind).or_default().push(*found);
    }
    let share = |found: &[bool]| Rate::new(found.iter().filter(|f| **f).count(), found.len());
    FamilyScore {
        precision: Rate::new(right, flagged.clone().count()),
        recall: all.recall,
        false_positive_rate: all.false_positive_rate,
        flagged: Rate::new(flagged.count(), judged.len()),
        precision_at_recall_95: steps
            .iter()
            .find(|step| step.right * 100 >= all.recall.of * 95)
            .map_or(Rate::new(0, 0), |step| {
                Rate::new(step.right, step.right + step.wrong)
            }),
        recall_at_false_positive_rate_20: steps
            .iter()
            .rfind(|step| step.wrong * 100 <= all.false_positive_rate.of * 20)
            .map_or(Rate::new(0, all.recall.of), |step| {
                Rate::new(step.right, all.recall.of)
            }),
        spans: share(&spans.iter().map(|(_, found)| *found).collect::<Vec<_>>()),
        span_kinds: span_kinds
            .into_iter()
            .map(|(kind, found)| (kind.to_owned(), share(&found)))
            .collect(),
        sources: group_by(|row| row.truth.source.as_deref()),
        kinds: group_by(|row| row.truth.kind.as_deref()),
    }
}

fn group<'a>(judged: impl IntoIterator<Item = &'a Judged<'a>>) -> Group {
    let (mut positive, mut found, mut negative, mut wrong) = (0, 0, 0, 0);
    for row in judged {
        let (of, flagged) = match row.truth {
            true => (&mut positive, &mut found),
            false => (&mut negative, &mut wrong),
        };
        *of += 1;
        *flagged += usize::from(row.flagged);
    }
    Group {
        recall: Rate::new(found, positive),
        false_positive_rate: Rate::new(wrong, negative),
    }
}

/// What is taken where all rows down to one certainty are taken.
struct Step {
    right: usize,
    wrong: usize,
}

/// The steps from the surest rows to all of them; rows of one certainty are taken together.
fn steps(family: Family, judged: &[Judged<'_>]) -> Vec<Step> {
    let mut sorted: Vec<(f64, bool)> = judged
        .iter()
        .map(|j| (j.row.certainty(family), j.truth))
        .collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut steps = Vec::new();
    let (mut right, mut wrong) = (0, 0);
    for same in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let true_ones = same.iter().filter(|(_, truth)| *truth).count();
        right += true_ones;
        wrong += same.len() - true_ones;
        steps.push(Step { right, wrong });
    }
    steps
}

/// The words of a family that must be found, and whether they were.
fn spans(rows: &[Row], family: Family) -> Vec<(&Span, bool)> {
    rows.iter()
        .flat_map(|row| {
            row.truth
                .spans
                .iter()
                .flatten()
                .map(move |span| (row, span))
        })
        .filter(|(_, span)| span.family == family)
        .map(|(row, span)| (span, row.finds(span)))
        .collect()
}

/// Flags as they are and as they were told, of each row that judges them.
fn flags<T: Copy + Ord>(rows: &[(&[T], &[T])]) -> Option<FlagScore<T>> {
    if rows.is_empty() {
        return None;
    }
    let mut by_flag: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (truth, told) in rows {
        for flag in *truth {
            let (found, of) = by_flag.entry(*flag).or_default();
            *of += 1;
            *found += usize::from(told.contains(flag));
        }
    }
    let found = by_flag.values().map(|(found, _)| found).sum();
    let of = by_flag.values().map(|(_, of)| of).sum();
    let without = rows.iter().filter(|(truth, _)| truth.is_empty());
    let wrongly = without.clone().filter(|(_, told)| !told.is_empty()).count();
    Some(FlagScore {
        found: Rate::new(found, of),
        wrongly_found: Rate::new(wrongly, without.count()),
        by_flag: by_flag
            .into_iter()
            .map(|(flag, (found, of))| (flag, Rate::new(found, of)))
            .collect(),
    })
}
