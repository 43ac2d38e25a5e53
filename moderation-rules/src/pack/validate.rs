//! What must hold of packs before any of them is compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::format::{ConditionFile, Pack, RuleFile};
use super::reach::{self, Wrong};
use crate::adverse_event::{PATIENT_NAMES, PRODUCT_NAMES};
use crate::balance::BALANCE_NAMES;
use crate::error::Fault;
use crate::finding::Family;
use crate::language::OTHER_LANGUAGE;
use crate::market::is_market;
use crate::matching::status::CUE_NAMES;

/// Adds a fault for everything that is wrong; what the packs need of each other only where all are `whole`.
pub(super) fn check(packs: &[Pack], whole: bool, faults: &mut Vec<Fault>) {
    headers(packs, faults);
    rules(packs, faults);
    lexicons(packs, whole, faults);
}

fn headers(packs: &[Pack], faults: &mut Vec<Fault>) {
    let mut ids = BTreeSet::new();
    for pack in packs {
        let header = &pack.file.pack;
        let mut refuse = |problem: String, mend: &str| {
            faults.push(pack.fault(None, &header.id, problem, mend));
        };
        if !ids.insert(header.id.as_str()) {
            refuse(
                "the id is used by two packs".to_owned(),
                "give each pack its own id",
            );
        }
        if !is_semantic_version(&header.version) {
            let problem = format!("`{}` is not a semantic version", header.version);
            refuse(problem, "write it like `1.4.0`");
        }
        if !is_date(&header.effective) {
            let problem = format!("`{}` is not a date", header.effective);
            refuse(problem, "write the effective date like `2026-11-22`");
        }
        if let Some(until) = header.until.as_deref() {
            if !is_date(until) {
                let problem = format!("`{until}` is not a date");
                refuse(problem, "write the last day like `2027-06-30`");
            } else if until < header.effective.as_str() {
                let problem = format!("it ends on {until}, before it begins");
                refuse(
                    problem,
                    "give an `until` that is after `effective`, or leave it out",
                );
            }
        }
        if header.jurisdictions.is_empty() {
            refuse(
                "no jurisdiction is named".to_owned(),
                "name ISO 3166 codes, `EU`, or `any`",
            );
        }
        for jurisdiction in &header.jurisdictions {
            if jurisdiction != "any" && !is_market(jurisdiction) {
                let problem = format!("`{jurisdiction}` is not a jurisdiction");
                refuse(
                    problem,
                    "name ISO 3166 codes of two capitals, `EU`, or `any`",
                );
            }
        }
        let blank = |text: &str| text.trim().is_empty();
        let speechless = header.languages.is_empty() || header.languages.iter().any(|l| blank(l));
        if blank(&header.title) || speechless {
            refuse(
                "title and languages must be filled in".to_owned(),
                "fill them in",
            );
        }
    }
}

fn is_semantic_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|p| !p.is_empty() && p.len() < 9 && p.bytes().all(|b| b.is_ascii_digit()))
}

fn is_date(date: &str) -> bool {
    let parts: Vec<Option<u32>> = date.split('-').map(|p| p.parse().ok()).collect();
    date.len() == 10 && matches!(parts.as_slice(), [Some(_), Some(1..=12), Some(1..=31)])
}

fn rules(packs: &[Pack], faults: &mut Vec<Fault>) {
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for pack in packs {
        for rule in &pack.file.rules {
            let code = rule.code.get_ref().as_str();
            let at = Some(rule.code.span().start);
            if let Some(other) = codes.insert(code, &pack.name) {
                let problem = format!("the code is already used in `{other}`");
                faults.push(pack.fault(
                    at,
                    code,
                    problem,
                    "give the rule a code of its own; codes are never reused",
                ));
            }
            let prefix = prefix(rule.family);
            let number = code.strip_prefix(prefix).unwrap_or_default();
            if number.len() != 3 || !number.bytes().all(|b| b.is_ascii_digit()) {
                let problem = format!("a code of this family looks like `{prefix}010`");
                faults.push(pack.fault(
                    at,
                    code,
                    problem,
                    "write the prefix of the family and three digits",
                ));
            }
            for (key, text) in words(rule) {
                if text.trim().is_empty() {
                    let problem = format!("`{key}` is empty");
                    faults.push(pack.fault(
                        at,
                        code,
                        problem,
                        "every rule explains itself: fill it in",
                    ));
                }
            }
            if rule.lowered_severity >= rule.severity && !rule.lowered_by.is_empty() {
                faults.push(pack.fault(
                    at,
                    code,
                    "`lowered_severity` is not below `severity`",
                    "lower it, or leave out `lowered_by`",
                ));
            }
            if rule
                .score
                .is_some_and(|score| !(score > 0.0 && score <= 1.0))
            {
                let mend = "write how sure a hit makes, above 0 and up to 1, or leave it out";
                faults.push(pack.fault(at, code, "`score` is out of its range", mend));
            }
            for market in &rule.scope.markets {
                if !is_market(market) {
                    let problem = format!("`{market}` is not a market");
                    let mend = "name ISO 3166 codes of two capitals, or `EU`";
                    faults.push(pack.fault(at, code, problem, mend));
                }
            }
            let reach = reach::of_rule(pack, rule);
            for (problem, mend) in examples(rule).into_iter().chain(reach) {
                faults.push(pack.fault(at, code, problem, mend));
            }
        }
    }
}

/// The fewest texts that show what a rule finds, and what it leaves alone.
const LEAST_EXAMPLES: usize = 10;

/// What is wrong with the examples of a rule.
fn examples(rule: &RuleFile) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (key, texts) in [("hits", &rule.hits), ("misses", &rule.misses)] {
        if texts.len() < LEAST_EXAMPLES {
            wrong.push((
                format!(
                    "the rule has {} of at least {LEAST_EXAMPLES} `{key}`",
                    texts.len()
                ),
                "add texts of your own that it must find, or must leave alone",
            ));
        }
    }
    let mut known = BTreeSet::new();
    for text in rule.hits.iter().chain(&rule.misses) {
        if text.trim().is_empty() {
            wrong.push((
                "an example is empty".to_owned(),
                "write a sentence, or take it out",
            ));
        } else if !known.insert(text) {
            wrong.push((
                format!("the example \"{text}\" stands there twice"),
                "replace one of them by another text",
            ));
        }
    }
    wrong
}

fn prefix(family: Family) -> &'static str {
    match family {
        Family::FairBalance => "FB-",
        Family::AdverseEvent => "AE-",
        Family::OffLabel => "OL-",
        Family::Privacy => "PR-",
        Family::Conduct => "CO-",
    }
}

fn words(rule: &RuleFile) -> [(&'static str, &str); 7] {
    [
        ("title", &rule.title),
        ("message", &rule.message),
        ("remedy", &rule.remedy),
        ("clause", &rule.clause),
        ("source", &rule.source),
        ("rationale", &rule.rationale),
        ("owner", &rule.owner),
    ]
}

fn lexicons(packs: &[Pack], whole: bool, faults: &mut Vec<Fault>) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    used.extend(CUE_NAMES.iter().copied());
    used.extend(BALANCE_NAMES);
    used.extend(PATIENT_NAMES);
    used.extend(PRODUCT_NAMES);
    used.insert(OTHER_LANGUAGE);
    for rule in packs.iter().flat_map(|p| &p.file.rules) {
        names(&rule.when, &mut used);
    }
    let given = given(packs, whole, faults);
    for pack in packs {
        let mut of_pack = BTreeSet::new();
        for lexicon in &pack.file.lexicons {
            let name = lexicon.name.get_ref().as_str();
            let at = Some(lexicon.name.span().start);
            if !of_pack.insert(name) {
                faults.push(pack.fault(
                    at,
                    name,
                    "two lexicons of this pack have this name",
                    "rename one of them, or make them one",
                ));
            }
            if whole && !used.contains(name) {
                faults.push(pack.fault(
                    at,
                    name,
                    "no rule uses this lexicon",
                    "use it or take it out",
                ));
            }
            let empty = lexicon.phrases.is_empty()
                && lexicon.stems.is_empty()
                && lexicon.patterns.is_empty();
            if empty {
                faults.push(pack.fault(
                    at,
                    name,
                    "the lexicon is empty",
                    "add phrases, stems or patterns",
                ));
            }
            if lexicon.about.trim().is_empty() {
                faults.push(pack.fault(
                    at,
                    name,
                    "`about` is empty",
                    "say in one line what the lexicon is for",
                ));
            }
        }
    }
    if whole {
        unknown(packs, &given, faults);
    }
}

/// The lexicons by name. One pack gives each of them; whatever others have for it says that it adds.
fn given<'a>(packs: &'a [Pack], whole: bool, faults: &mut Vec<Fault>) -> BTreeSet<&'a str> {
    let mut givers: BTreeMap<&str, &Pack> = BTreeMap::new();
    let all = || {
        packs
            .iter()
            .flat_map(|p| p.file.lexicons.iter().map(move |l| (p, l)))
    };
    for (pack, lexicon) in all().filter(|(_, lexicon)| !lexicon.adds) {
        let name = lexicon.name.get_ref().as_str();
        let other = givers
            .insert(name, pack)
            .filter(|other| other.name != pack.name);
        if let Some(other) = other {
            faults.push(pack.fault(
                Some(lexicon.name.span().start),
                name,
                format!("`{}` gives a lexicon of this name too", other.name),
                "rename it, or write `adds = true` under the name if it is to add to the other",
            ));
        }
    }
    let known: BTreeSet<&str> = givers.into_keys().collect();
    for (pack, lexicon) in all().filter(|(_, lexicon)| lexicon.adds && whole) {
        let name = lexicon.name.get_ref().as_str();
        if !known.contains(name) {
            faults.push(pack.fault(
                Some(lexicon.name.span().start),
                name,
                "no pack gives the lexicon this adds to",
                "correct the name, or take `adds` out",
            ));
        }
    }
    known
}

/// A rule that names a lexicon which is nowhere would never hit.
fn unknown(packs: &[Pack], known: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    for pack in packs {
        for rule in &pack.file.rules {
            let mut used = BTreeSet::new();
            names(&rule.when, &mut used);
            for name in used.difference(known) {
                faults.push(pack.fault(
                    Some(rule.code.span().start),
                    rule.code.get_ref(),
                    format!("there is no lexicon `{name}`"),
                    "name a lexicon of one of the packs",
                ));
            }
        }
    }
}

/// The lexicons a condition names, at any depth.
fn names<'a>(condition: &'a ConditionFile, used: &mut BTreeSet<&'a str>) {
    used.extend(condition.lexicon.iter().map(String::as_str));
    used.extend(condition.lexicons.iter().flatten().map(String::as_str));
    for part in condition.parts() {
        names(part, used);
    }
}
