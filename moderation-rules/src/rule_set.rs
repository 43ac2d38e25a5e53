//! A set of rules in service: its identity, its rules, and the reading of a text.

use std::cell::{OnceCell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::adverse_event::assess;
use crate::balance::Weighing;
use crate::certainty::{CASE, LOWERED, rounded, scores};
use crate::context::Context;
use crate::error::LoadError;
use crate::finding::{Family, Finding};
use crate::language::unread;
use crate::matching::Hit;
use crate::matching::condition::Reading;
use crate::matching::status::StatusSet;
use crate::matching::thread::Thread;
use crate::pack::{self, Compiled, PackSource, SHIPPED};
use crate::product::Mentions;
use crate::reasons::of_rules;
use crate::rule::{Rule, RuleWords};
use crate::submission::Submission;
use crate::terminology::{Terminology, suggested};
use crate::text::{Text, Texts};
use crate::verdict::{Read, Screening};

/// A longer text is for people alone: nobody writes a post of this size, and every word of it could be a finding.
const LONGEST_BYTES: usize = 256 << 10;
/// One character may stand for a whole phrase (U+FDFA for 18 letters): nobody writes a text of them.
const MOST_FOLDED_BYTES: usize = 2 * LONGEST_BYTES;

/// Rules in service. Cheap to share behind an `Arc`; screening needs no lock.
pub struct RuleSet {
    compiled: Compiled,
    hash: String,
    texts: Texts,
}

impl RuleSet {
    /// Loads packs in the given order.
    ///
    /// # Errors
    /// [`LoadError`] with every fault of every pack, each with its file, line and mend. Nothing is half loaded.
    pub fn load(packs: &[PackSource<'_>]) -> Result<Self, LoadError> {
        Self::load_with(packs, Vec::new())
    }

    /// Loads packs in the given order, and terminologies beside them.
    ///
    /// # Errors
    /// As [`RuleSet::load`]; also where a terminology joins a lexicon that is in none of the packs.
    pub fn load_with(
        packs: &[PackSource<'_>],
        terminologies: Vec<Terminology>,
    ) -> Result<Self, LoadError> {
        let (compiled, hash) = pack::load(packs, terminologies)?;
        let texts = Texts::default();
        Ok(Self {
            compiled,
            hash,
            texts,
        })
    }

    /// The terminologies that were loaded.
    pub fn terminologies(&self) -> impl Iterator<Item = &Terminology> {
        self.compiled.terms.all()
    }

    /// Loads the packs that come with the engine.
    ///
    /// # Errors
    /// As [`RuleSet::load`]; the tests of this crate show that it does not happen.
    pub fn shipped() -> Result<Self, LoadError> {
        Self::load(SHIPPED)
    }

    /// The packs that come with the engine, as text.
    #[must_use]
    pub fn shipped_packs() -> Vec<PackSource<'static>> {
        SHIPPED.to_vec()
    }

    /// SHA-256 over the canonical content of all packs and terminologies in order, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The rules, in the order of the packs.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.compiled.rulings.iter().map(|r| &r.rule)
    }

    /// What a rule of this set says to people.
    #[must_use]
    pub fn words(&self, code: &str) -> Option<&RuleWords> {
        self.rules().find(|r| r.code == code).map(|r| &r.words)
    }

    /// Reads a text under its context. The same text, context and packs give the same answer, byte for byte.
    ///
    /// Never fails: a text that cannot be judged is held with a technical reason.
    #[must_use]
    pub fn screen(&self, submission: &Submission<'_>, context: &Context) -> Screening {
        let length = submission.body.len() + submission.title.map_or(0, str::len);
        if length > LONGEST_BYTES {
            let reason = format!(
                "the text has {length} bytes, more than the {LONGEST_BYTES} the rules read; a person must read it whole"
            );
            return Screening::held(&self.hash, reason);
        }
        // INVARIANT: fail closed. A fault of the engine must hold the text, not lose or pass it.
        catch_unwind(AssertUnwindSafe(|| self.read(submission, context))).unwrap_or_else(
            |failure| {
                let name = name(failure.as_ref());
                let reason = format!(
                    "the rule engine failed on this text ({name}); a person must read it whole"
                );
                Screening::held(&self.hash, reason)
            },
        )
    }

    fn read(&self, submission: &Submission<'_>, context: &Context) -> Screening {
        let text = self.texts.read(submission);
        let text = &*text;
        let length = text.folded.lower.len();
        if length > MOST_FOLDED_BYTES {
            let reason = format!(
                "the text unfolds to {length} bytes, more than the {MOST_FOLDED_BYTES} the rules read; a person must read it whole"
            );
            return Screening::held(&self.hash, reason);
        }
        let hits = self.compiled.matcher.scan(text);
        let mentions = Mentions::read(text, context);
        let cues = &self.compiled.cues;
        let balance = Weighing::of(text, &hits, cues, self.compiled.balance);
        let thread = Thread {
            matcher: &self.compiled.matcher,
            context,
            balance: self.compiled.balance,
            read: OnceCell::new(),
        };
        let reading = Reading {
            text,
            hits: &hits,
            cues,
            mentions: &mentions,
            balance: &balance,
            thread: Some(&thread),
            story: OnceCell::new(),
            paragraphs: OnceCell::new(),
            quantities: OnceCell::new(),
            copied: OnceCell::new(),
            statuses: RefCell::default(),
        };
        let mut found: Vec<(&Rule, Finding)> = Vec::new();
        let (mut set_aside, mut aside_rules) = (Vec::new(), Vec::new());
        for index in self.compiled.triggers.rules(&hits) {
            let Some(ruling) = self.compiled.rulings.get(index as usize) else {
                continue;
            };
            let rule = &ruling.rule;
            if !rule.scope.admits(context)
                || !rule.in_force(context)
                || !mentions.admits(&rule.scope)
            {
                continue;
            }
            let sentences = self.compiled.triggers.sentences(index, &hits);
            if sentences == 0 {
                continue;
            }
            for hit in merged(reading.places(&ruling.condition, sentences).into_owned()) {
                let status = match rule.family {
                    Family::AdverseEvent => reading.complaint(&hit),
                    _ => reading.status(&hit),
                };
                let Some(finding) = finding(rule, submission, text, &hit, status) else {
                    continue;
                };
                if status.meets(StatusSet::of(&rule.set_aside_by)) {
                    aside_rules.push(rule);
                    if set_aside.len() < MOST_SET_ASIDE {
                        set_aside.push(aside(rule, &finding, status));
                    }
                } else {
                    found.push((rule, finding));
                }
            }
        }
        found.sort_by(|(_, a), (_, b)| {
            (a.field, a.start, a.end, &a.rule).cmp(&(b.field, b.start, b.end, &b.rule))
        });
        let scores = scores(&found, &aside_rules);
        let possible = scores
            .get(&Family::AdverseEvent)
            .copied()
            .unwrap_or_default();
        let adverse_event = assess(
            &reading,
            submission,
            context,
            self.compiled.criteria,
            &found,
        )
        .filter(|_| possible >= CASE);
        let read = Read {
            broken_rules: of_rules(&found),
            findings: found.into_iter().map(|(_, finding)| finding).collect(),
            scores,
            adverse_event,
            balance: balance.told(text, submission, context, &mentions),
            products: mentions.told(),
            terms: suggested(&reading, submission, &self.compiled.terms),
            set_aside,
            unread: unread(
                submission,
                context,
                text,
                &hits,
                self.compiled.other_language,
                &self.compiled.matcher.trie.vocabulary,
            )
            .or_else(|| self.out_of_force(context)),
        };
        Screening::of(&self.hash, read)
    }

    /// Why silence says nothing on a day on which no rule is in force: the clock may be wrong, or the packs have ended.
    fn out_of_force(&self, context: &Context) -> Option<String> {
        let day = context.date.as_deref()?;
        let none = !self.rules().any(|rule| rule.in_force(context));
        none.then(|| {
            format!("no rule is in force here on {day}, so that none was held against the text; a person must read it whole")
        })
    }
}

/// So many hits that were set aside are told to the moderator; more would hide the reasons.
const MOST_SET_ASIDE: usize = 5;

/// Why a hit is no finding, for the moderator who may see it otherwise.
fn aside(rule: &Rule, finding: &Finding, status: StatusSet) -> String {
    let mut reasons = rule.set_aside_by.iter().filter(|s| status.has(**s));
    let meant = reasons.next().map_or("not meant", |status| status.words());
    format!("{}: \"{}\" is read as {meant}", rule.code, finding.matched)
}

/// What a failure of the engine says of itself.
fn name(failure: &(dyn std::any::Any + Send)) -> &str {
    let text = failure.downcast_ref::<&str>().copied();
    let text = text.or_else(|| failure.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no name is known")
}

/// Hits of one rule that overlap are one finding.
fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable();
    let mut merged: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match merged.last_mut().filter(|last| last.overlaps(&hit)) {
            Some(last) => {
                if hit.end > last.end {
                    last.end = hit.end;
                    last.last = hit.last;
                }
            }
            None => merged.push(hit),
        }
    }
    merged
}

fn finding(
    rule: &Rule,
    submission: &Submission<'_>,
    text: &Text,
    hit: &Hit,
    status: StatusSet,
) -> Option<Finding> {
    let place = text.place(submission, hit)?;
    let (severity, score) = if status.meets(StatusSet::of(&rule.lowered_by)) {
        (rule.lowered_severity, rule.score * LOWERED)
    } else {
        (rule.severity, rule.score)
    };
    Some(Finding {
        rule: rule.code.clone(),
        family: rule.family,
        severity,
        score: rounded(score),
        field: place.field,
        start: place.start,
        end: place.end,
        matched: place.words,
        status: status.list(),
    })
}
