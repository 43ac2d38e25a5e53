//! The four criteria, each judged by itself.

use super::{AdverseEvent, Criterion, Ground, opens_case};
use crate::context::{Context, Speaker};
use crate::finding::{Finding, Status};
use crate::matching::condition::Reading;
use crate::matching::status::StatusSet;
use crate::matching::{Hit, LexiconId};
use crate::product::Inference;
use crate::rule::Rule;
use crate::submission::Submission;

/// The lexicons the criteria read, by the names the adverse-event pack gives them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CriterionLexicons {
    /// Words for one patient: "my patient", "a 54-year-old woman".
    pub one_patient: Option<LexiconId>,
    /// The author about themselves.
    pub author_as_patient: Option<LexiconId>,
    /// Names of medicines and devices that are not of this community, the surest first.
    pub other_products: [Option<LexiconId>; 4],
}

/// The names under which a pack gives medicines and devices.
pub(crate) const PRODUCT_NAMES: [&str; 4] =
    ["medicine_name", "inn_stem", "other_product", "device_name"];
/// The names under which a pack gives words for patients.
pub(crate) const PATIENT_NAMES: [&str; 2] = ["one_patient", "author_as_patient"];

/// Judges the criteria over the findings of a text; `None` where nothing could be an adverse event.
pub(crate) fn assess(
    reading: &Reading<'_, '_>,
    submission: &Submission<'_>,
    context: &Context,
    lexicons: CriterionLexicons,
    found: &[(&Rule, Finding)],
) -> Option<AdverseEvent> {
    let opening = || found.iter().filter(|(_, f)| opens_case(f));
    // A stay in hospital is an outcome: what led to it is the better evidence of the reaction.
    let reaction = opening()
        .find(|(rule, _)| rule.evidence.reaction && rule.evidence.seriousness.is_none())
        .or_else(|| opening().find(|(rule, _)| rule.evidence.reaction));
    let mut special_situations: Vec<_> = opening()
        .filter_map(|(rule, _)| rule.evidence.special_situation)
        .collect();
    special_situations.sort_unstable();
    special_situations.dedup();
    if reaction.is_none() && special_situations.is_empty() {
        return None;
    }
    let mut seriousness: Vec<_> = opening()
        .filter_map(|(rule, _)| rule.evidence.seriousness)
        .collect();
    seriousness.sort_unstable();
    seriousness.dedup();
    let grounds = opening().filter_map(|(rule, finding)| ground(rule, finding));
    let grounds = grounds.collect();
    let of = |lexicon: Option<LexiconId>| lexicon.map_or(&[][..], |l| reading.hits.of(l));
    let written = |hit: &Hit| {
        let place = reading.text.place(submission, hit);
        place.map_or_else(Criterion::default, Criterion::at)
    };
    // "Could a patient get this?" speaks of nobody.
    let not_told = StatusSet::of(&[Status::Question, Status::Hypothetical, Status::Conditional]);
    let patient = patient(
        context,
        of(lexicons.one_patient)
            .iter()
            .find(|hit| !reading.status(hit).meets(not_told)),
        of(lexicons.author_as_patient),
        written,
    );
    let product = reading
        .mentions
        .first()
        .map(|hit| written(&hit))
        // A medicine that the text names is suspected before one that only its place suggests.
        .or_else(|| {
            let mut others = lexicons.other_products.iter();
            others.find_map(|other| of(*other).first()).map(written)
        })
        .or_else(|| {
            let (how, name) = reading.mentions.inferred?;
            Some(Criterion::inferred(how, Some(name.to_owned())))
        })
        .unwrap_or_default();
    Some(AdverseEvent {
        reporter: Criterion::inferred(Inference::Account, None),
        patient,
        product,
        reaction: reaction
            .map(|(_, f)| Criterion::at(f.place()))
            .unwrap_or_default(),
        seriousness,
        special_situations,
        grounds,
    })
}

fn ground(rule: &Rule, finding: &Finding) -> Option<Ground> {
    let (seriousness, special_situation) =
        (rule.evidence.seriousness, rule.evidence.special_situation);
    (seriousness.is_some() || special_situation.is_some()).then(|| Ground {
        seriousness,
        special_situation,
        rule: rule.code.clone(),
        place: finding.place(),
    })
}

/// One patient, not a count of them. Patients who leave out "I" still speak of themselves.
fn patient(
    context: &Context,
    one: Option<&Hit>,
    author: &[Hit],
    written: impl Fn(&Hit) -> Criterion,
) -> Criterion {
    if let Some(hit) = one {
        return written(hit);
    }
    match (context.speaker, author.first()) {
        (Speaker::Patient | Speaker::Unknown, Some(hit)) => written(hit),
        (Speaker::Patient, None) => Criterion::inferred(Inference::Account, None),
        _ => Criterion::default(),
    }
}
