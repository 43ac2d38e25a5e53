//! The state machine of an item: no sequence of moves by reviewers, a lead, an approver, the author and the clock leads
//! where the table does not.

use std::collections::BTreeSet;

use moderation_rules::{Family, Severity};
use proptest::prelude::*;

use super::actions::{
    Alone, Facts, IN_BULK, Move, Need, Refusal, after, allowed, check, check_in_bulk,
};
use super::assessments::state_with;
use crate::communities::RiskClass;
use crate::communities::policy::{Act, Occasion};
use crate::communities::roles::{Role, Roles};
use crate::identity::signing::Meaning;
use crate::posts::{Action, ItemState};
use crate::review::{Field, Origin};

/// Who works at the desk and beside it; the first is the author of the text.
const PEOPLE: [&[Role]; 7] = [
    &[Role::Moderator, Role::Lead, Role::MlrApprover],
    &[Role::Moderator],
    &[Role::MedicalReviewer],
    &[Role::MlrApprover],
    &[Role::Lead],
    &[Role::Lead, Role::MlrApprover],
    &[Role::SafetyOfficer],
];

/// A text and the policy that it meets.
#[derive(Debug, Clone)]
struct Text {
    origin: Origin,
    divisible: bool,
    company: bool,
    about_product: bool,
    has_case: bool,
    worst: Option<Severity>,
    second_review: BTreeSet<Occasion>,
    undo: bool,
}

/// What somebody, or time, does.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Does(usize, Move),
    Withdraws,
    SendsNewer,
    WindowEnds,
}

/// An item as the verbs keep it.
#[derive(Debug)]
struct Item {
    text: Text,
    state: ItemState,
    disposed: bool,
    judgements: Vec<(usize, Role, Action)>,
    /// Open questions: who asked, and what they are put to.
    questions: Vec<(usize, Field)>,
    decision: Option<Action>,
    history: Vec<ItemState>,
}

impl Item {
    fn new(text: Text) -> Self {
        Self {
            text,
            state: ItemState::Waiting,
            disposed: false,
            judgements: Vec::new(),
            questions: Vec::new(),
            decision: None,
            history: vec![ItemState::Waiting],
        }
    }

    fn facts(&self, who: usize) -> Facts {
        let roles = Roles::new(PEOPLE[who]).unwrap();
        Facts {
            state: self.state,
            origin: self.text.origin,
            own_text: who == 0,
            barred: None,
            questions: self
                .questions
                .iter()
                .filter(|(by, field)| *by != who && roles.has(field.role()))
                .map(|(_, field)| *field)
                .collect(),
            asked: self.questions.iter().any(|(by, _)| *by == who),
            judged: self.judgements.iter().any(|(by, ..)| *by == who),
            judged_last: self.judgements.last().is_some_and(|(by, ..)| *by == who),
            has_case: self.text.has_case,
            open_disposition: self.text.has_case && !self.disposed,
            divisible: self.text.divisible,
            company: self.text.company,
            about_product: self.text.about_product,
            risk: if self.text.has_case {
                RiskClass::Safety
            } else {
                RiskClass::Routine
            },
            families: BTreeSet::new(),
            worst: self.text.worst,
            approved_mlr: self
                .judgements
                .iter()
                .any(|(_, role, action)| *role == Role::MlrApprover && action.is_public()),
            second_review: self.text.second_review.clone(),
            signature: BTreeSet::new(),
            may: Act::ALL
                .into_iter()
                .filter(|act| roles.first_of(act.usual()).is_some())
                .collect(),
            roles,
        }
    }

    fn become_(&mut self, next: ItemState) {
        assert!(
            self.state.may_become(next),
            "{:?} became {next:?} after {:?}",
            self.state,
            self.history
        );
        self.state = next;
        self.history.push(next);
    }

    fn meets(&mut self, deed: Deed) {
        let open = ItemState::OPEN.contains(&self.state);
        match deed {
            Deed::Withdraws if open => self.become_(ItemState::Withdrawn),
            Deed::SendsNewer if open => self.become_(ItemState::Superseded),
            Deed::WindowEnds if self.state == ItemState::Settling => {
                self.become_(ItemState::Decided);
                self.decided();
            }
            Deed::Does(who, action) => self.does(who, action),
            Deed::Withdraws | Deed::SendsNewer | Deed::WindowEnds => {}
        }
    }

    fn does(&mut self, who: usize, action: Move) {
        let facts = self.facts(who);
        let Ok(move_) = check(&facts, action) else {
            return;
        };
        match action.judgement() {
            None if action == Move::Dispose => self.disposed = true,
            None if action == Move::Undo => {
                self.judgements.pop();
                self.become_(state_with(self.judgements.len()));
            }
            None if action == Move::Refer => {
                assert_eq!(self.questions, [], "one at a time puts questions");
                let fields = [Field::Safety, Field::Medical].map(|field| (who, field));
                self.questions.extend(fields);
                self.become_(ItemState::Referred);
            }
            None if action == Move::AnswerReferral => {
                let field = *facts.questions.first().unwrap();
                assert_eq!(move_.role, field.role(), "who answers holds the role");
                self.ends(|(by, of)| *of == field && *by != who);
            }
            None if action == Move::RecallReferral => {
                assert!(facts.asked || facts.roles.has(Role::Lead));
                let first = self.questions[0];
                self.ends(|one| *one == first);
            }
            None => {}
            Some(judgement) => {
                let before = self.judgements.last().map(|(.., action)| *action);
                let agrees = before.is_none_or(|before| before == judgement);
                let next = after(self.state, &move_, agrees, self.text.undo);
                self.judgements.push((who, move_.role, judgement));
                self.become_(next);
                if next == ItemState::Decided {
                    self.decided();
                }
            }
        }
    }

    /// Ends one question; the last one gives the item back as it was.
    fn ends(&mut self, which: impl Fn(&(usize, Field)) -> bool) {
        let place = self.questions.iter().position(which).unwrap();
        self.questions.remove(place);
        if self.questions.is_empty() {
            self.become_(state_with(self.judgements.len()));
            let before = self.history.iter().rev().skip(1);
            let mut before = before.skip_while(|state| **state == ItemState::Referred);
            assert_eq!(before.next(), Some(&self.state), "it comes back as it was");
        }
    }

    fn decided(&mut self) {
        assert_eq!(self.decision, None, "one item, one decision");
        assert_eq!(
            self.questions,
            [],
            "nobody decides while a question is open"
        );
        let (_, role, action) = *self.judgements.last().unwrap();
        self.decision = Some(action);
        if !self.text.origin.has_effect() {
            assert!(!self.disposed, "what has no effect disposes of no case");
            assert_eq!(self.judgements.len(), 1, "one person looks once");
            assert_ne!(self.judgements[0].0, 0, "nobody looks at their own text");
            return;
        }
        let people: BTreeSet<usize> = self.judgements.iter().map(|(by, ..)| *by).collect();
        assert_eq!(people.len(), self.judgements.len(), "each judged once");
        assert!(
            !people.contains(&0),
            "R-ER-08: nobody decides on their own text"
        );
        assert!(
            self.disposed || !self.text.has_case,
            "R-PV-30: a possible adverse event is disposed of first"
        );
        let text = &self.text;
        assert!(
            action != Action::Split || text.divisible,
            "what stands in one place is not split"
        );
        let by_approver = self
            .judgements
            .iter()
            .any(|(_, role, action)| *role == Role::MlrApprover && action.is_public());
        if action.is_public() && text.company && text.about_product {
            assert!(by_approver, "R-FB-02: {:?}", self.judgements);
        }
        let two = |occasion: Occasion, there: bool| there && text.second_review.contains(&occasion);
        if two(Occasion::CompanySpeaker, text.company)
            || two(
                Occasion::HighSeverity,
                text.worst == Some(Severity::Critical),
            )
        {
            assert!(people.len() >= 2, "four eyes: {:?}", self.judgements);
        }
        match self.judgements.as_slice() {
            [_] => {}
            [(.., first), (.., second)] => assert_eq!(first, second, "two agree"),
            [(.., first), (.., second), _] => {
                assert_ne!(first, second, "a lead settles only what two differ on");
                assert!([Role::Lead, Role::MlrApprover].contains(&role));
            }
            more => panic!("{more:?}"),
        }
    }
}

fn a_text() -> impl Strategy<Value = Text> {
    let occasions = proptest::sample::subsequence(Occasion::ALL.to_vec(), 0..=4);
    let worst = proptest::sample::select(vec![
        None,
        Some(Severity::Info),
        Some(Severity::Major),
        Some(Severity::Critical),
    ]);
    // Most texts are what their authors submitted; some look at the desk itself.
    let origin = prop_oneof![
        4 => Just(Origin::Submission),
        1 => Just(Origin::Sample),
        1 => Just(Origin::Golden),
    ];
    (
        origin,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        worst,
        occasions,
        any::<bool>(),
    )
        .prop_map(
            |(origin, divisible, company, about_product, has_case, worst, second_review, undo)| {
                Text {
                    origin,
                    divisible,
                    company,
                    about_product,
                    has_case,
                    worst,
                    second_review: second_review.into_iter().collect(),
                    undo,
                }
            },
        )
}

fn a_deed() -> impl Strategy<Value = Deed> {
    let moves = proptest::sample::select(Move::ALL.to_vec());
    prop_oneof![
        20 => (0..PEOPLE.len(), moves).prop_map(|(who, action)| Deed::Does(who, action)),
        1 => Just(Deed::Withdraws),
        1 => Just(Deed::SendsNewer),
        4 => Just(Deed::WindowEnds),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// R-ER-08: operational sequence checks.
    #[test]
    fn no_sequence_of_moves_leads_where_the_table_does_not(
        text in a_text(),
        deeds in proptest::collection::vec(a_deed(), 1..40),
    ) {
        let mut item = Item::new(text);
        for deed in deeds {
            item.meets(deed);
        }
        let last = *item.history.last().unwrap();
        prop_assert_eq!(item.decision.is_some(), last == ItemState::Decided);
    }

    #[test]
    fn what_is_shown_as_allowed_is_exactly_what_is_not_refused(
        text in a_text(),
        deeds in proptest::collection::vec(a_deed(), 0..10),
        who in 0..PEOPLE.len(),
    ) {
        let mut item = Item::new(text);
        for deed in deeds {
            item.meets(deed);
        }
        let facts = item.facts(who);
        let shown: BTreeSet<Move> = allowed(&facts).into_iter().map(|one| one.action).collect();
        let open: BTreeSet<Move> = Move::ALL.into_iter().filter(|one| check(&facts, *one).is_ok()).collect();
        prop_assert_eq!(shown, open);
    }

    /// R-PV-30: nobody passes over a possible adverse event among others.
    #[test]
    fn in_bulk_goes_only_what_goes_alone_of_one_family_unsigned_and_without_a_possible_adverse_event(
        text in a_text(),
        deeds in proptest::collection::vec(a_deed(), 0..10),
        who in 0..PEOPLE.len(),
        families in proptest::sample::subsequence(Family::ALL.to_vec(), 0..=2),
        family in proptest::option::of(proptest::sample::select(Family::ALL.to_vec())),
    ) {
        let mut item = Item::new(text);
        for deed in deeds {
            item.meets(deed);
        }
        let mut facts = item.facts(who);
        facts.families = families.iter().copied().collect();
        for action in Move::ALL {
            let Ok(in_bulk) = check_in_bulk(&facts, action, family) else { continue };
            prop_assert_eq!(Ok(in_bulk.clone()), check(&facts, action));
            prop_assert!(action.judgement().is_some_and(|one| IN_BULK.contains(&one)));
            prop_assert!(!facts.has_case && !families.contains(&Family::AdverseEvent));
            prop_assert_eq!(families.first(), family.as_ref());
            prop_assert!(families.len() <= 1 && in_bulk.meaning.is_none());
        }
    }
}

fn plain() -> Text {
    Text {
        origin: Origin::Submission,
        divisible: false,
        company: false,
        about_product: false,
        has_case: false,
        worst: None,
        second_review: BTreeSet::new(),
        undo: false,
    }
}

#[test]
fn a_final_state_allows_nothing_and_is_left_never() {
    for state in [
        ItemState::Decided,
        ItemState::Withdrawn,
        ItemState::Superseded,
    ] {
        let mut item = Item::new(plain());
        item.state = state;
        for who in 1..PEOPLE.len() {
            assert_eq!(allowed(&item.facts(who)), []);
        }
        assert_eq!(state.next(), []);
    }
}

#[test]
fn why_an_item_is_not_judged_with_others_is_told() {
    let item = Item::new(plain());
    let release = |facts: &Facts, family| check_in_bulk(facts, Move::Release, family);
    let facts = item.facts(1);
    assert!(release(&facts, None).is_ok());
    let alone = |why| Err(Refusal::NotInBulk(why));
    assert_eq!(release(&facts, Some(Family::Conduct)), alone(Alone::Family));
    let mut signed = item.facts(1);
    signed.company = true;
    signed.signature.insert(Occasion::CompanySpeaker);
    assert_eq!(release(&signed, None), alone(Alone::Signature));
    let mut unread = item.facts(1);
    unread.risk = RiskClass::Safety;
    assert_eq!(release(&unread, None), alone(Alone::Safety));
    let mut sample = item.facts(1);
    sample.origin = Origin::Sample;
    assert_eq!(release(&sample, None), alone(Alone::Quality));
    let mut elsewhere = item.facts(1);
    elsewhere.may.remove(&Act::DecideInBulk);
    assert_eq!(release(&elsewhere, None), Err(Refusal::NotByPolicy));
    let case = Text {
        has_case: true,
        ..plain()
    };
    assert_eq!(
        release(&Item::new(case).facts(1), None),
        alone(Alone::Safety)
    );
    assert_eq!(release(&item.facts(0), None), Err(Refusal::OwnText));
}

/// R-FB-02: what the company itself says of a product needs an approver, not a moderator's alone.
#[test]
fn what_a_company_speaker_says_of_a_product_needs_the_approver() {
    let text = Text {
        company: true,
        about_product: true,
        ..plain()
    };
    let mut item = Item::new(text);
    let first = check(&item.facts(1), Move::Release).unwrap();
    assert!(first.second_review);
    item.does(1, Move::Release);
    assert_eq!(item.state, ItemState::SecondReview);
    assert_eq!(
        check(&item.facts(2), Move::Release),
        Err(Refusal::RoleNeeded(Role::MlrApprover))
    );
    let approval = check(&item.facts(3), Move::Release).unwrap();
    assert_eq!(
        (approval.role, approval.meaning),
        (Role::MlrApprover, Some(Meaning::ApprovedMlr))
    );
    assert!(approval.needs.contains(&Need::Signature));
    item.does(3, Move::Release);
    assert_eq!(item.decision, Some(Action::Release));
}

#[test]
fn nobody_answers_their_own_question_and_who_judged_asks_no_more() {
    let mut item = Item::new(plain());
    // The medical reviewer asks safety and medical; only the officer can answer.
    item.does(2, Move::Refer);
    assert_eq!(item.state, ItemState::Referred);
    for (who, refusal) in [
        (0, Refusal::OwnText),
        (1, Refusal::NotYoursToAnswer),
        (2, Refusal::NotYoursToAnswer),
    ] {
        assert_eq!(check(&item.facts(who), Move::AnswerReferral), Err(refusal));
    }
    assert_eq!(
        check(&item.facts(1), Move::RecallReferral),
        Err(Refusal::NotYoursToRecall)
    );
    assert_eq!(
        check(&item.facts(1), Move::Release),
        Err(Refusal::State(ItemState::Referred))
    );
    item.does(6, Move::AnswerReferral);
    assert_eq!(item.state, ItemState::Referred, "one is open yet");
    item.does(4, Move::RecallReferral);
    assert_eq!(item.state, ItemState::Waiting);

    let mut item = Item::new(Text {
        company: true,
        second_review: BTreeSet::from([Occasion::CompanySpeaker]),
        ..plain()
    });
    item.does(1, Move::Release);
    assert_eq!(
        check(&item.facts(1), Move::Refer),
        Err(Refusal::JudgedAlready)
    );
    item.does(2, Move::Reject);
    assert_eq!(item.state, ItemState::LeadReview);
    assert_eq!(
        check(&item.facts(3), Move::Refer),
        Err(Refusal::RoleNeeded(Role::Lead))
    );
    assert_eq!(check(&item.facts(4), Move::Refer).unwrap().role, Role::Lead);
}

#[test]
fn what_looks_at_the_desk_asks_for_one_plain_judgement_whatever_the_text() {
    let text = Text {
        divisible: false,
        origin: Origin::Sample,
        company: true,
        about_product: true,
        has_case: true,
        worst: Some(Severity::Critical),
        second_review: Occasion::ALL.into(),
        undo: false,
    };
    let item = Item::new(text);
    let moves: Vec<(Move, Vec<Need>)> = allowed(&item.facts(1))
        .into_iter()
        .map(|one| {
            assert!(!one.second_review && one.meaning.is_none());
            (one.action, one.needs)
        })
        .collect();
    assert_eq!(
        moves,
        [
            (Move::Release, vec![]),
            (Move::ReleaseWithBalance, vec![Need::BalanceText]),
            (Move::RequestChanges, vec![Need::Reason]),
            (Move::Reject, vec![Need::Reason]),
        ]
    );
    assert_eq!(
        check(&item.facts(1), Move::Dispose),
        Err(Refusal::NotForThis)
    );
}
