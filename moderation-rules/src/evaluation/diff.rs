//! What a change of packs changes: in the rules, and in what becomes of texts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use toml::{Table, Value};

use super::record::Record;
use crate::context::Context;
use crate::error::LoadError;
use crate::finding::Family;
use crate::pack::PackSource;
use crate::rule_set::RuleSet;
use crate::submission::Submission;
use crate::verdict::{Screening, Verdict};

/// A text with its circumstances.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What it is called.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// The text.
    pub body: String,
    /// Its circumstances.
    pub context: Context,
}

impl From<Record> for Sample {
    fn from(record: Record) -> Self {
        Self {
            context: record.context(),
            id: record.id.to_string(),
            title: record.title,
            body: record.text,
        }
    }
}

/// A rule, pack or lexicon that both sides have, and what of it differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Code of the rule or id of the pack.
    pub name: String,
    /// The keys that differ.
    pub keys: Vec<String>,
}

/// Entries of a lexicon that only one side has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListChange {
    /// Entries that only the later side has.
    pub added: Vec<String>,
    /// Entries that only the earlier side has.
    pub removed: Vec<String>,
}

/// How many texts a family holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// Before.
    pub before: usize,
    /// After.
    pub after: usize,
    /// After and not before.
    pub newly: usize,
    /// Before and not after.
    pub no_longer: usize,
}

/// A text that is judged otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// What it is called.
    pub id: String,
    /// The text.
    pub text: String,
    /// Verdict and families that hold it, before.
    pub before: (Verdict, Vec<Family>),
    /// The same, after.
    pub after: (Verdict, Vec<Family>),
}

/// What differs between two sets of packs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Codes of rules that only the later side has.
    pub added: Vec<String>,
    /// Codes of rules that only the earlier side has.
    pub removed: Vec<String>,
    /// Rules that differ.
    pub changed: Vec<Changed>,
    /// Packs whose head differs.
    pub packs: Vec<Changed>,
    /// Lexicons that differ, over all packs.
    pub lists: BTreeMap<String, ListChange>,
    /// How many texts were read.
    pub texts: usize,
    /// What becomes of them, by family.
    pub families: BTreeMap<Family, Shift>,
    /// Rules that find something in more or fewer texts: in how many before and after.
    pub rules: BTreeMap<String, (usize, usize)>,
    /// The texts that are judged otherwise.
    pub moved: Vec<Moved>,
}

/// Packs, and the rules in them.
pub struct Side<'a> {
    packs: &'a [PackSource<'a>],
    rules: RuleSet,
}

impl<'a> Side<'a> {
    /// Loads packs.
    ///
    /// # Errors
    /// As [`RuleSet::load`].
    pub fn load(packs: &'a [PackSource<'a>]) -> Result<Self, LoadError> {
        let rules = RuleSet::load(packs)?;
        Ok(Self { packs, rules })
    }
}

/// Compares two sets of packs, and what they say of a corpus; of their own examples where none is given.
#[must_use]
pub fn diff(before: &Side<'_>, after: &Side<'_>, corpus: Option<&[Sample]>) -> Difference {
    let (earlier, later) = (&before.rules, &after.rules);
    let mut difference = told(&Content::of(before.packs), &Content::of(after.packs));
    let own;
    let corpus = match corpus {
        Some(corpus) => corpus,
        None => {
            own = examples(earlier, later);
            &own
        }
    };
    for sample in corpus {
        difference.read(sample, earlier, later);
    }
    difference
        .rules
        .retain(|_, (before, after)| before != after);
    difference
}

/// The examples of both sides, each once.
fn examples(earlier: &RuleSet, later: &RuleSet) -> Vec<Sample> {
    let mut known = BTreeSet::new();
    let mut samples = Vec::new();
    for rule in later.rules().chain(earlier.rules()) {
        for text in rule.examples.hits.iter().chain(&rule.examples.misses) {
            if known.insert((&rule.code, text)) {
                samples.push(Sample {
                    id: rule.code.clone(),
                    title: None,
                    body: text.clone(),
                    context: rule.examples.context.clone(),
                });
            }
        }
    }
    samples
}

impl Difference {
    fn read(&mut self, sample: &Sample, earlier: &RuleSet, later: &RuleSet) {
        let submission = Submission {
            title: sample.title.as_deref(),
            body: &sample.body,
        };
        let before = earlier.screen(&submission, &sample.context);
        let after = later.screen(&submission, &sample.context);
        self.texts += 1;
        for family in Family::ALL {
            let held = |screening: &Screening| usize::from(screening.categories.contains(&family));
            let (was, is) = (held(&before), held(&after));
            let shift = self.families.entry(family).or_default();
            shift.before += was;
            shift.after += is;
            shift.newly += is.saturating_sub(was);
            shift.no_longer += was.saturating_sub(is);
        }
        for code in rules(&before) {
            self.rules.entry(code.to_owned()).or_default().0 += 1;
        }
        for code in rules(&after) {
            self.rules.entry(code.to_owned()).or_default().1 += 1;
        }
        let before = (before.verdict, before.categories);
        let after = (after.verdict, after.categories);
        if before != after {
            self.moved.push(Moved {
                id: sample.id.clone(),
                text: sample.body.clone(),
                before,
                after,
            });
        }
    }
}

/// The rules that find something.
fn rules(screening: &Screening) -> BTreeSet<&str> {
    screening.findings.iter().map(|f| f.rule.as_str()).collect()
}

/// What packs say, by the names of its parts.
#[derive(Default)]
struct Content {
    packs: BTreeMap<String, Table>,
    rules: BTreeMap<String, Table>,
    lists: BTreeMap<String, BTreeSet<String>>,
}

impl Content {
    /// Of packs that loaded without fault.
    fn of(packs: &[PackSource<'_>]) -> Self {
        let mut content = Self::default();
        for table in packs.iter().filter_map(|p| p.toml.parse::<Table>().ok()) {
            if let Some(Value::Table(head)) = table.get("pack") {
                content.packs.insert(name(head, "id"), head.clone());
            }
            for rule in tables(&table, "rule") {
                content.rules.insert(name(rule, "code"), rule.clone());
            }
            for list in tables(&table, "lexicon") {
                let entries = content.lists.entry(name(list, "name")).or_default();
                entries.extend(words(list));
            }
        }
        content
    }
}

fn name(table: &Table, key: &str) -> String {
    table
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let list = table.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table)
}

/// The entries of a lexicon; exceptions and patterns say what they are.
fn words(list: &Table) -> impl Iterator<Item = String> {
    list.iter().flat_map(|(key, value)| {
        let kind = match key.as_str() {
            "phrases" => String::new(),
            key => format!("{key}: "),
        };
        let entries = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        entries.map(move |entry| format!("{kind}{entry}"))
    })
}

fn told(before: &Content, after: &Content) -> Difference {
    let only = |these: &BTreeMap<String, Table>, those: &BTreeMap<String, Table>| {
        let codes = these.keys().filter(|code| !those.contains_key(*code));
        codes.cloned().collect()
    };
    let mut lists = BTreeMap::new();
    let none = BTreeSet::new();
    for name in before.lists.keys().chain(after.lists.keys()) {
        let (was, is) = (before.lists.get(name), after.lists.get(name));
        let (was, is) = (was.unwrap_or(&none), is.unwrap_or(&none));
        if was != is {
            let change = ListChange {
                added: is.difference(was).cloned().collect(),
                removed: was.difference(is).cloned().collect(),
            };
            lists.insert(name.clone(), change);
        }
    }
    Difference {
        added: only(&after.rules, &before.rules),
        removed: only(&before.rules, &after.rules),
        changed: changed(&before.rules, &after.rules),
        packs: changed(&before.packs, &after.packs),
        lists,
        ..Difference::default()
    }
}

/// What both sides have and say otherwise.
fn changed(before: &BTreeMap<String, Table>, after: &BTreeMap<String, Table>) -> Vec<Changed> {
    let differing = |(name, was): (&String, &Table)| {
        let is = after.get(name)?;
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let keys: Vec<String> = keys
            .into_iter()
            .filter(|key| was.get(*key) != is.get(*key))
            .cloned()
            .collect();
        (!keys.is_empty()).then(|| Changed {
            name: name.clone(),
            keys,
        })
    };
    before.iter().filter_map(differing).collect()
}
