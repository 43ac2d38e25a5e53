//! The figures of a community: how often judgements were overturned, how far people agree, how precise the rules are.

use std::collections::{BTreeMap, HashMap, HashSet};

use moderation_rules::Family;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::looks::{Kind, Look};
use super::material::{Text, texts};
use super::rate::{Agreement, Rate};
use super::store::{golden_texts, samples_between};
use super::verdicts::Verdict;
use crate::clock::Timestamp;
use crate::identity::printed_names;
use crate::review::{Decision, KeptWords, Origin, judged_between, judged_items};

/// Most decisions that one answer is made of: the newest ones.
const MOST: u64 = 20_000;

/// A person by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QualityPerson)]
pub struct Person {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
}

/// What became of second looks of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LooksOfKind {
    /// Why the texts were looked at again.
    pub kind: Kind,
    /// How often the second judgement was otherwise.
    pub overturned: Rate,
}

/// How the judgements of one reviewer fared.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReviewerFigures {
    /// Who.
    pub person: Person,
    /// Decisions that they made.
    pub decided: u64,
    /// Of their judgements that somebody judged again, how many were overturned.
    pub overturned: Rate,
    /// The same by the reason of the second look.
    pub by_kind: Vec<LooksOfKind>,
    /// Of the golden texts that they judged, those that they judged as was set.
    pub golden: Rate,
}

/// What became of the items that look at the desk itself and were opened in the time.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Opened {
    /// Opened.
    pub opened: u64,
    /// Of them, those on which somebody has decided.
    pub judged: u64,
}

/// How precise a rule is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RulePrecision {
    /// Decided texts that the rules held and in which this rule found something.
    pub texts: u64,
    /// Findings that people confirmed, of those that they confirmed or overturned: the precision.
    pub precision: Rate,
    /// Texts whose decision says nothing of the finding.
    pub undecided: u64,
    /// Of the texts that somebody judged again, those that were judged otherwise.
    pub overturned: Rate,
}

/// A rule with its precision.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RuleFigures {
    /// The stable code.
    pub rule: String,
    /// The name.
    pub title: String,
    /// The kind of concern.
    pub family: Family,
    /// The function that answers for it.
    pub owner: String,
    #[serde(flatten)]
    pub precision: RulePrecision,
}

/// How far two people agree.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PairFigures {
    /// The one who is named first.
    pub first: Person,
    /// The other one.
    pub second: Person,
    /// How far they agree.
    pub agreement: Agreement,
}

/// The figures of a community in a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = QualityFigures)]
pub struct Figures {
    /// From when.
    pub from: Timestamp,
    /// Until before when.
    pub until: Timestamp,
    /// Decisions with effect in that time.
    pub decided: u64,
    /// Whether there were more decisions than are counted here; then these are the newest.
    pub cut: bool,
    /// Second looks that ended in that time, by their reason.
    pub looks: Vec<LooksOfKind>,
    /// Blind second reviews.
    pub samples: Opened,
    /// Golden texts.
    pub golden: Opened,
    /// Of the golden texts that somebody judged, those that were judged as was set.
    pub golden_as_set: Rate,
    /// How far people agree who judged the same text without knowing of each other.
    pub agreement: Agreement,
    /// The same for every two people.
    pub pairs: Vec<PairFigures>,
    /// Every reviewer whose judgements are counted.
    pub reviewers: Vec<ReviewerFigures>,
    /// Every rule that found something, those with the most texts first.
    pub rules: Vec<RuleFigures>,
}

/// Counts of second looks by their kind: looked at again, overturned.
#[derive(Debug, Default, Clone)]
struct Counted(BTreeMap<Kind, (u64, u64)>);

impl Counted {
    fn add(&mut self, look: &Look) {
        let (looked, overturned) = self.0.entry(look.kind).or_default();
        *looked += 1;
        *overturned += u64::from(look.overturned);
    }

    fn rate(&self) -> Rate {
        let sum = |part: fn(&(u64, u64)) -> u64| self.0.values().map(part).sum();
        Rate::of(
            sum(|(_, overturned)| *overturned),
            sum(|(looked, _)| *looked),
        )
    }

    fn by_kind(&self) -> Vec<LooksOfKind> {
        let of = |(kind, (looked, overturned)): (&Kind, &(u64, u64))| LooksOfKind {
            kind: *kind,
            overturned: Rate::of(*overturned, *looked),
        };
        self.0.iter().map(of).collect()
    }
}

/// What is counted of one reviewer.
#[derive(Debug, Default, Clone)]
struct Reviewer {
    decided: u64,
    looks: Counted,
    /// Judged as was set, judged.
    golden: (u64, u64),
}

/// What was opened in that time to look at the desk: samples, golden texts; how golden texts were judged is counted with
/// whoever judged them.
async fn opened(
    on: &impl ConnectionTrait,
    community: Uuid,
    from: Timestamp,
    until: Timestamp,
    reviewers: &mut BTreeMap<Uuid, Reviewer>,
) -> Result<(Opened, Opened), DbErr> {
    let rows = samples_between(on, community, from, until).await?;
    let items: Vec<Uuid> = rows.iter().map(|row| row.item_id).collect();
    let made: HashMap<Uuid, Decision> = judged_items(on, &items)
        .await?
        .into_iter()
        .filter_map(|(item, decision)| Some((item.id, decision?)))
        .collect();
    let set: HashMap<Uuid, String> = golden_texts(on, &[community])
        .await?
        .into_iter()
        .map(|text| (text.id, text.action))
        .collect();
    let (mut samples, mut golden) = (Opened::default(), Opened::default());
    for row in rows {
        let made = made.get(&row.item_id);
        let of = match row.golden_id {
            Some(_) => &mut golden,
            None => &mut samples,
        };
        of.opened += 1;
        of.judged += u64::from(made.is_some());
        let right = row.golden_id.and_then(|text| set.get(&text));
        if let (Some(made), Some(right)) = (made, right) {
            let (as_set, judged) = &mut reviewers.entry(made.decided_by).or_default().golden;
            *as_set += u64::from(made.action == *right);
            *judged += 1;
        }
    }
    Ok((samples, golden))
}

/// What is counted of one rule.
#[derive(Debug, Default, Clone)]
pub(super) struct RuleCount {
    texts: u64,
    confirmed: u64,
    overturned: u64,
    looks: Counted,
}

impl RuleCount {
    /// Counts a text in which the rule found something; of its second looks those that `counts` lets through.
    pub fn add(&mut self, text: &Text, made: Verdict, counts: impl Fn(&Look) -> bool) {
        self.texts += 1;
        self.confirmed += u64::from(made == Verdict::Confirmed);
        self.overturned += u64::from(made == Verdict::Overturned);
        for look in text.looks.iter().filter(|look| counts(look)) {
            self.looks.add(look);
        }
    }

    /// What it comes to.
    pub fn precision(&self) -> RulePrecision {
        let judged = self.confirmed + self.overturned;
        RulePrecision {
            texts: self.texts,
            precision: Rate::of(self.confirmed, judged),
            undecided: self.texts - judged,
            overturned: self.looks.rate(),
        }
    }
}

/// The figures of this community from one time until before another.
pub async fn figures(
    on: &impl ConnectionTrait,
    words: &KeptWords,
    rule_set: &str,
    community: Uuid,
    from: Timestamp,
    until: Timestamp,
) -> Result<Figures, DbErr> {
    let made = judged_between(on, community, from, until, MOST + 1).await?;
    let cut = made.len() as u64 > MOST;
    let counts = |at: i64| (from.micros()..until.micros()).contains(&at);
    let with_effect = made.iter().filter(|one| {
        let origin = Origin::from_word(&one.item.origin);
        origin.is_some_and(Origin::has_effect)
    });
    let mut reviewers: BTreeMap<Uuid, Reviewer> = BTreeMap::new();
    let mut decided = 0;
    for one in with_effect {
        decided += 1;
        let by = reviewers.entry(one.decision.decided_by).or_default();
        by.decided += 1;
    }
    let (samples, golden) = opened(on, community, from, until, &mut reviewers).await?;
    let mut seen = HashSet::new();
    let mut revisions: Vec<Uuid> = made.iter().map(|one| one.item.revision_id).collect();
    revisions.retain(|revision| seen.insert(*revision));

    let (mut looks, mut pairs) = (Counted::default(), Vec::new());
    let mut rules: BTreeMap<(String, Family), RuleCount> = BTreeMap::new();
    for text in texts(on, &revisions).await? {
        for look in text.looks.iter().filter(|look| counts(look.at)) {
            looks.add(look);
            reviewers.entry(look.first_by).or_default().looks.add(look);
        }
        let here = text
            .submitted()
            .is_some_and(|one| counts(one.decision.decided_at));
        for (found, made) in text.found.iter().filter(|_| here) {
            let rule = (found.rule.clone(), found.family);
            let count = rules.entry(rule).or_default();
            count.add(&text, *made, |look| counts(look.at));
        }
        pairs.extend(text.pairs.into_iter().filter(|pair| counts(pair.at)));
    }

    let people = reviewers.keys().copied();
    let people = people.chain(pairs.iter().flat_map(|pair| [pair.first.0, pair.second.0]));
    let names = printed_names(on, people.collect::<HashSet<_>>()).await?;
    let person = |id: Uuid| Person {
        id,
        name: names.get(&id).cloned().unwrap_or_default(),
    };
    let mut together: HashMap<(Uuid, Uuid), Vec<(&str, &str)>> = HashMap::new();
    for pair in &pairs {
        let (one, other) = (&pair.first, &pair.second);
        // Between two people it does not matter whose turn it was.
        let (one, other) = if one.0 <= other.0 {
            (one, other)
        } else {
            (other, one)
        };
        let of = together.entry((one.0, other.0)).or_default();
        of.push((&one.1, &other.1));
    }
    let mut of_two: Vec<PairFigures> = together
        .into_iter()
        .map(|((one, other), said)| PairFigures {
            first: person(one),
            second: person(other),
            agreement: Agreement::of(said),
        })
        .collect();
    of_two.sort_by_key(|pair| (std::cmp::Reverse(pair.agreement.pairs), pair.first.id));
    let all = pairs
        .iter()
        .map(|pair| (pair.first.1.as_str(), pair.second.1.as_str()));
    let in_force = words.of(on, rule_set).await?;
    let mut rules: Vec<RuleFigures> = rules
        .into_iter()
        .map(|((rule, family), count)| {
            let said = in_force.of(&rule);
            RuleFigures {
                precision: count.precision(),
                title: said.title,
                owner: said.owner,
                family,
                rule,
            }
        })
        .collect();
    rules.sort_by_key(|one| (std::cmp::Reverse(one.precision.texts), one.rule.clone()));
    let mut golden_as_set = (0, 0);
    let mut reviewers: Vec<ReviewerFigures> = reviewers
        .into_iter()
        .map(|(id, one)| {
            golden_as_set.0 += one.golden.0;
            golden_as_set.1 += one.golden.1;
            ReviewerFigures {
                person: person(id),
                decided: one.decided,
                overturned: one.looks.rate(),
                by_kind: one.looks.by_kind(),
                golden: Rate::of(one.golden.0, one.golden.1),
            }
        })
        .collect();
    reviewers.sort_by(|a, b| a.person.name.cmp(&b.person.name));
    Ok(Figures {
        from,
        until,
        decided,
        cut,
        looks: looks.by_kind(),
        samples,
        golden,
        golden_as_set: Rate::of(golden_as_set.0, golden_as_set.1),
        agreement: Agreement::of(all),
        pairs: of_two,
        reviewers,
        rules,
    })
}
