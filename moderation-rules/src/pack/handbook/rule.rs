//! One rule, for people to read: what it looks for, where it applies, why, and what to do.

use super::condition::{Telling, meanings, one_of};
use crate::context::{Audience, ProductStatus, Speaker, Surface};
use crate::finding::Severity;
use crate::pack::format::{Header, RuleFile};
use crate::rule::ProductNeed;

/// A line about a rule: what it tells, and the words.
pub(super) type Line = (&'static str, String);

/// Everything about a rule but its code, title, clause and examples; further lines of one begin with their list mark.
pub(super) fn lines(pack: &Header, rule: &RuleFile, telling: &Telling<'_>) -> Vec<Line> {
    vec![
        ("Looks for", looks_for(rule, telling)),
        ("Applies to", applies(pack, rule)),
        ("Weight", weight(rule)),
        ("To the moderator", rule.message.clone()),
        ("To the author", rule.remedy.clone()),
        ("Why", rule.rationale.clone()),
        ("Answers for it", rule.owner.clone()),
    ]
}

fn looks_for(rule: &RuleFile, telling: &Telling<'_>) -> String {
    let lines = telling.outline(&rule.when);
    match lines.as_slice() {
        [(_, words)] => sentence(words),
        lines => {
            let further = |(depth, words): &(usize, String)| match depth {
                0 => capital(words),
                _ => format!("\n{}- {words}", "  ".repeat(*depth)),
            };
            let mut told: String = lines.iter().take(telling.lines).map(further).collect();
            if lines.len() > telling.lines {
                let code = rule.code.get_ref();
                told += &format!("\n  - and more, which `hortus rules explain {code}` tells");
            }
            told
        }
    }
}

/// With a capital at its beginning and a full stop at its end.
fn sentence(words: &str) -> String {
    capital(words) + "."
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn applies(pack: &Header, rule: &RuleFile) -> String {
    let scope = &rule.scope;
    let mut words = match scope.speakers.as_slice() {
        [] => "what anybody writes".to_owned(),
        speakers => format!(
            "what {} writes",
            one_of(speakers.iter().map(|s| speaker(*s)))
        ),
    };
    if !scope.audiences.is_empty() {
        let readers = scope.audiences.iter().map(|a| audience(*a));
        words += &format!(" for {}", one_of(readers));
    }
    if !scope.surfaces.is_empty() {
        let places = scope.surfaces.iter().map(|s| surface(*s));
        words += &format!(", in {}", one_of(places));
    }
    words += match scope.product {
        ProductNeed::None => "",
        ProductNeed::Named => ", where a product is named",
        ProductNeed::InPlay => {
            ", where a product is named or is clear from the thread, its title or the community"
        }
    };
    if !scope.product_statuses.is_empty() {
        let standings = scope.product_statuses.iter().map(|s| standing(*s));
        words += &format!(", where the product is {}", one_of(standings));
    }
    if !scope.markets.is_empty() {
        words += &format!(", in the markets {}", scope.markets.join(", "));
    } else if !pack.jurisdictions.iter().any(|j| j == "any") {
        words += &format!(", in the markets {}", pack.jurisdictions.join(", "));
    }
    sentence(&words)
}

fn speaker(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Company => "an employee of the company",
        Speaker::Agent => "someone paid to speak for the company",
        Speaker::Professional => "an independent professional",
        Speaker::Patient => "a patient or carer",
        Speaker::Partner => "a member of a partner's staff",
        Speaker::Unknown => "someone unknown",
    }
}

fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Professionals => "professionals",
        Audience::Patients => "patients and carers",
        Audience::Partners => "partners",
        Audience::Unknown => "unknown readers",
    }
}

fn surface(surface: Surface) -> &'static str {
    match surface {
        Surface::Thread => "the first post of a thread",
        Surface::Reply => "an answer",
        Surface::ProfileLine => "the line a member writes about themselves",
        Surface::CommunityDescription => "the text that introduces a community",
    }
}

fn standing(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Approved => "an authorised medicine",
        ProductStatus::ApprovedBoxedWarning => "an authorised medicine with a boxed warning",
        ProductStatus::ApprovedDevice => "an authorised device",
        ProductStatus::Investigational => "investigational",
    }
}

fn weight(rule: &RuleFile) -> String {
    let score = rule.score.unwrap_or(rule.severity.usual_score());
    let mut words = format!("{} (certainty {score})", severity(rule.severity));
    if !rule.lowered_by.is_empty() {
        let (lowered, meant) = (severity(rule.lowered_severity), meanings(&rule.lowered_by));
        words += &format!("; only {lowered} where {meant}");
    }
    if !rule.set_aside_by.is_empty() {
        words += &format!("; no finding where {}", meanings(&rule.set_aside_by));
    }
    sentence(&words)
}

/// A severity in words.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "a remark",
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Critical => "critical",
    }
}
