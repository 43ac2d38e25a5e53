//! The condition of a rule: a small typed language that always ends and never goes back.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use serde::Deserialize;

use super::copied::Copied;
use super::hits::{Hits, bit};
use super::near::near;
use super::paragraph::Paragraphs;
use super::quantity::{self, Quantity, Sought};
use super::status::{Cues, StatusSet};
use super::story::Story;
use super::thread::Thread;
use super::vocabulary::ByHash;
use super::{Hit, LexiconId};
use crate::balance::{Measure, Weighing};
use crate::finding::Status;
use crate::product::Mentions;
use crate::text::Text;

/// How far the parts of `all` may lie from each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Within {
    /// In one sentence.
    #[default]
    Sentence,
    /// In one paragraph: no empty line between them.
    Paragraph,
    /// Anywhere in title and body.
    Text,
    /// Anywhere in title and body, or in the post that is answered and the title of its thread.
    Thread,
}

/// Which names of products a condition looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProductName {
    /// Any name of any product of the community.
    Any,
    /// A brand name, alias or code name.
    Brand,
    /// A brand whose established name is nowhere in the text (21 CFR 202.1(b)(1)).
    BrandAlone,
}

/// How hits of a lexicon stand to the label of the products in play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Label {
    /// None of the words of the hit are in the labelled indication.
    OutsideIndication,
    /// The hit is about a patient younger than the labelled age.
    BelowLabelledAge,
    /// The hit is about a patient older than the labelled age.
    AboveLabelledAge,
    /// The hit is a dose above or below the labelled range.
    OutsideDose,
    /// The hit is a route that the label does not have.
    OutsideRoute,
    /// The hit is not part of the name of a product.
    NotAProduct,
}

/// What must hold for a rule to hit.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// One of these lexicons matches, meant in the right way.
    Lexicons {
        lexicons: Vec<LexiconId>,
        with: StatusSet,
        without: StatusSet,
        label: Option<Label>,
    },
    /// A number with a unit, of this kind and within these limits, meant in the right way.
    Quantity {
        sought: Sought,
        with: StatusSet,
        without: StatusSet,
        label: Option<Label>,
    },
    /// A product is named.
    Product(ProductName),
    /// The text's benefit and risk stand to each other like this.
    Balance(Measure),
    /// A character makes the text look other than it is.
    Disguised,
    /// Two parts within a number of words.
    Near {
        left: Box<Condition>,
        right: Box<Condition>,
        words: u32,
        ordered: bool,
    },
    /// All parts, and none of the others. The first part is what the finding shows.
    All {
        first: Box<Condition>,
        rest: Vec<Condition>,
        none: Vec<Condition>,
        within: Within,
    },
    /// At least one part.
    Any(Vec<Condition>),
    /// The same thing at least so many times, at places that do not overlap.
    Count {
        of: Box<Condition>,
        at_least: usize,
        within: Within,
    },
}

/// One text being read under a context.
pub(crate) struct Reading<'a, 't> {
    pub text: &'a Text,
    pub hits: &'a Hits<'a>,
    pub cues: &'a Cues,
    pub mentions: &'a Mentions<'a>,
    pub balance: &'a Weighing,
    /// What was said before in the thread; nothing stands before the thread itself.
    pub thread: Option<&'a Thread<'t>>,
    pub story: OnceCell<Story>,
    pub paragraphs: OnceCell<Paragraphs>,
    pub quantities: OnceCell<Vec<Quantity>>,
    pub copied: OnceCell<Copied>,
    /// By a hash of the place of the hit.
    pub statuses: RefCell<ByHash<(Hit, StatusSet)>>,
}

impl Reading<'_, '_> {
    /// How a hit is meant; learned once, for many rules ask of the same words.
    pub(crate) fn status(&self, hit: &Hit) -> StatusSet {
        let place = u64::from(hit.start) << 32 | u64::from(hit.end);
        let place = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = place ^ (place >> 32);
        if let Some((known, status)) = self.statuses.borrow().get(&place)
            && known == hit
        {
            return *status;
        }
        let status = self.read_status(hit);
        self.statuses.borrow_mut().insert(place, (*hit, status));
        status
    }

    /// How a complaint is meant, by its own sentence and by what the others tell of treatment.
    pub(crate) fn complaint(&self, hit: &Hit) -> StatusSet {
        let read = || Story::read(self.cues, self.text, self.hits, self.mentions);
        let story = self.story.get_or_init(read);
        let told = self.cues.told(self.text, self.hits, hit);
        let elsewhere = story.status(self.cues, self.hits, hit);
        let status = self.status(hit).and_not(told);
        elsewhere.into_iter().fold(status, StatusSet::with)
    }

    fn read_status(&self, hit: &Hit) -> StatusSet {
        let mut status = self.cues.status(self.text, self.hits, hit);
        if self.copied(hit) {
            status = status.with(Status::Quoted);
        }
        // The illness a product is labelled for is what it treats, as long as nothing says that it became worse.
        if !status.has(Status::Indication)
            && self.mentions.treats(self.text, hit)
            && !self.cues.worsens(self.text, self.hits, hit)
        {
            return status.with(Status::Indication);
        }
        status
    }

    /// The places where the condition holds, in the order of the text. Those in other sentences than `among`, as bits, may
    /// be left out: nobody asks for them.
    pub(crate) fn places(&self, condition: &Condition, among: u64) -> Cow<'_, [Hit]> {
        match condition {
            Condition::Lexicons {
                lexicons,
                with,
                without,
                label: None,
            } if lexicons.len() == 1 && with.is_empty() && without.is_empty() => {
                Cow::Borrowed(lexicons.first().map_or(&[], |l| self.hits.of(*l)))
            }
            _ => Cow::Owned(self.held(condition, among)),
        }
    }

    fn held(&self, condition: &Condition, among: u64) -> Vec<Hit> {
        let asked = |hit: &Hit| bit(hit.sentence) & among != 0;
        match condition {
            Condition::Lexicons {
                lexicons,
                with,
                without,
                label,
            } => {
                let mut found: Vec<Hit> = lexicons
                    .iter()
                    .flat_map(|l| self.hits.of(*l))
                    .copied()
                    .filter(asked)
                    .filter(|hit| self.meant(hit, *with, *without))
                    .filter(|hit| label.is_none_or(|l| self.mentions.label(self.text, hit, l)))
                    .collect();
                if lexicons.len() > 1 {
                    found.sort_unstable();
                    found.dedup();
                }
                found
            }
            Condition::Quantity {
                sought,
                with,
                without,
                label,
            } => self
                .quantities()
                .iter()
                .filter(|quantity| sought.admits(quantity))
                .map(|quantity| quantity.hit)
                .filter(asked)
                .filter(|hit| self.meant(hit, *with, *without))
                .filter(|hit| label.is_none_or(|l| self.mentions.label(self.text, hit, l)))
                .collect(),
            Condition::Product(name) => self.mentions.named(*name),
            Condition::Balance(measure) => self.balance.places(*measure),
            Condition::Disguised => self.text.disguised(),
            Condition::Near {
                left,
                right,
                words,
                ordered,
            } => {
                let left = self.places(left, among);
                if left.is_empty() {
                    return Vec::new();
                }
                let right = self.places(right, among & sentences(&left));
                near(&left, &right, *words, *ordered)
            }
            Condition::All {
                first,
                rest,
                none,
                within,
            } => {
                let found = self.places(first, among).into_owned();
                self.all(found, rest, none, *within)
            }
            Condition::Any(parts) => {
                let mut found: Vec<Hit> = Vec::new();
                for part in parts {
                    let among = among & self.possible(part);
                    if among != 0 {
                        found.extend_from_slice(&self.places(part, among));
                    }
                }
                found.sort_unstable();
                found.dedup();
                found
            }
            Condition::Count {
                of,
                at_least,
                within,
            } => self.counted(self.places(of, u64::MAX).into_owned(), *at_least, *within),
        }
    }

    /// The sentences in which the condition can hold, as bits, by what was found alone: how it is meant costs more to
    /// learn.
    pub(crate) fn possible(&self, condition: &Condition) -> u64 {
        match condition {
            Condition::Lexicons { lexicons, .. } => {
                let sentences = lexicons.iter().map(|l| self.hits.sentences(*l));
                sentences.fold(0, |all, some| all | some)
            }
            Condition::Near { left, right, .. } => match self.possible(left) {
                0 => 0,
                left => left & self.possible(right),
            },
            Condition::All {
                first,
                rest,
                within,
                ..
            } => rest
                .iter()
                .fold(self.possible(first), |left, part| match (left, within) {
                    (0, _) => 0,
                    (_, Within::Thread) => left,
                    (_, Within::Sentence) => left & self.possible(part),
                    _ if self.possible(part) == 0 => 0,
                    _ => left,
                }),
            Condition::Any(parts) => {
                let sentences = parts.iter().map(|part| self.possible(part));
                sentences.fold(0, |all, some| all | some)
            }
            Condition::Count { of, .. } => self.possible(of),
            _ => u64::MAX,
        }
    }

    fn meant(&self, hit: &Hit, with: StatusSet, without: StatusSet) -> bool {
        if with.is_empty() && without.is_empty() {
            return true;
        }
        let status = self.status(hit);
        !status.meets(without) && (with.is_empty() || status.meets(with))
    }

    fn all(
        &self,
        mut found: Vec<Hit>,
        rest: &[Condition],
        none: &[Condition],
        within: Within,
    ) -> Vec<Hit> {
        let parts = rest.iter().map(|part| (part, true));
        for (part, wanted) in parts.chain(none.iter().map(|part| (part, false))) {
            if found.is_empty() {
                return found;
            }
            let among = match within {
                Within::Sentence => sentences(&found),
                _ => u64::MAX,
            };
            let places = self.places(part, among);
            let said_before = within == Within::Thread
                && places.is_empty()
                && self
                    .thread
                    .is_some_and(|thread| thread.says(part, self.cues));
            found.retain(|hit| {
                let there = match within {
                    Within::Sentence => in_sentence(&places, hit),
                    Within::Paragraph => self.paragraphs().share(&places, hit),
                    Within::Text | Within::Thread => !places.is_empty() || said_before,
                };
                there == wanted
            });
        }
        found
    }

    /// The places that stand in a sentence, a paragraph or a text with enough of them.
    fn counted(&self, mut places: Vec<Hit>, at_least: usize, within: Within) -> Vec<Hit> {
        let mut reach = 0;
        places.retain(|hit| {
            let fresh = hit.start >= reach;
            reach = reach.max(hit.end);
            fresh
        });
        let group = |hit: &Hit| match within {
            Within::Sentence => hit.sentence,
            Within::Paragraph => self.paragraphs().of(hit),
            Within::Text | Within::Thread => 0,
        };
        places
            .chunk_by(|a, b| group(a) == group(b))
            .filter(|places| places.len() >= at_least)
            .flatten()
            .copied()
            .collect()
    }

    fn copied(&self, hit: &Hit) -> bool {
        let answered = self.thread.and_then(Thread::answered);
        answered.is_some_and(|body| {
            let read = || Copied::read(self.text, body);
            self.copied.get_or_init(read).holds(hit)
        })
    }

    fn quantities(&self) -> &[Quantity] {
        self.quantities.get_or_init(|| quantity::read(self.text))
    }

    fn paragraphs(&self) -> &Paragraphs {
        self.paragraphs.get_or_init(|| Paragraphs::read(self.text))
    }
}

/// The sentences of these places, as bits.
fn sentences(places: &[Hit]) -> u64 {
    places
        .iter()
        .fold(0, |all, place| all | bit(place.sentence))
}

/// One of the places is in the sentence of the hit. Places come in the order of the text, so of sentences too.
fn in_sentence(places: &[Hit], hit: &Hit) -> bool {
    places
        .binary_search_by_key(&hit.sentence, |p| p.sentence)
        .is_ok()
}
