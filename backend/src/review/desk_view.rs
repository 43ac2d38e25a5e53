//! What the person at the desk may do with an item, and what others said of it as far as they may know.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::actions::{Allowed, Move, allowed};
use super::assessments::{UNDO, of_item, standing};
use super::derived_view::{DerivedView, derived_view};
use super::facts::facts;
use super::particulars::{Particulars, Span, counted};
use super::queue::Person;
use super::referral::{Field, ReferralView, fields_to_ask, trail};
use super::{Assessment, ReviewItem};
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::Moderator;
use crate::communities::policy::{
    Act, AuthorTemplate, BalanceText, GivenReason, Reason, ReasonNames,
};
use crate::identity::printed_names;
use crate::posts::{ItemState, store as posts, utf16_offset};

/// What one reviewer said.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Assessment)]
pub struct AssessmentView {
    /// The assessment.
    pub id: Uuid,
    /// Its number on the item.
    pub number: i64,
    /// What was judged; `undo` takes the assessment before it back.
    pub action: String,
    /// Why, where it is no release.
    pub reason_code: Option<String>,
    /// What the policy called that reason then.
    pub reason: Option<GivenReason>,
    /// To the author.
    pub words: Option<String>,
    /// The company's text that would stand under the post.
    pub balance_text: Option<String>,
    /// What readers would find in the place of the post.
    pub tombstone: Option<String>,
    /// Which words would be taken out: places as browsers count them; none where the text is sealed.
    pub spans: Vec<Span>,
    /// Where the text would be cut: places as browsers count them.
    pub cuts: Vec<usize>,
    /// The post that says the same.
    pub duplicate_of: Option<Uuid>,
    /// By whom.
    pub by: Person,
    /// In which role.
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// Whether it was taken back.
    pub undone: bool,
    /// Whether it is signed.
    pub signed: bool,
}

/// What the desk needs beyond the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskView {
    /// What you may do, and what each needs. Everything else is refused.
    actions: Vec<Allowed>,
    /// Until when the judgement can be taken back.
    undo_until: Option<Timestamp>,
    /// What was said, as far as you may know: a second reviewer does not learn of the first.
    assessments: Vec<AssessmentView>,
    /// The texts of the company that can stand under this post.
    balance_texts: Vec<BalanceText>,
    /// Why the text may be refused, by the policy in force.
    reason_codes: Vec<Reason>,
    /// Words to authors that reviewers use often.
    author_templates: Vec<AuthorTemplate>,
    /// Every question that was put to another desk, the first one first; none to the author of the text.
    referrals: Vec<ReferralView>,
    /// What you can put a question to: there is somebody who could answer.
    referral_fields: Vec<Field>,
    #[serde(flatten)]
    derived: DerivedView,
}

/// Every assessment with the name of who made it.
pub(super) async fn assessment_views(
    on: &impl ConnectionTrait,
    called: &ReasonNames,
    all: &[Assessment],
) -> Result<Vec<AssessmentView>, DbErr> {
    let names = printed_names(on, all.iter().map(|one| one.assessed_by)).await?;
    let standing: Vec<Uuid> = standing(all).iter().map(|one| one.id).collect();
    let mut texts = HashMap::new();
    if all.iter().any(|one| one.particulars.is_some()) {
        let ids: Vec<Uuid> = all.iter().map(|one| one.revision_id).collect();
        let found = posts::revisions(on, &ids).await?.into_iter();
        texts.extend(found.map(|text| (text.id, text)));
    }
    let view = |one: &Assessment| {
        let (spans, cuts, duplicate_of) = match (one.particulars(), texts.get(&one.revision_id)) {
            (Some(Particulars::DuplicateOf(post)), _) => (Vec::new(), Vec::new(), Some(post)),
            (Some(Particulars::Spans(spans)), Some(text)) if !text.body.is_empty() => {
                (counted(&spans, text), Vec::new(), None)
            }
            (Some(Particulars::Cuts(cuts)), Some(text)) => {
                let cuts = cuts.iter().map(|at| utf16_offset(&text.body, *at));
                (Vec::new(), cuts.collect(), None)
            }
            _ => (Vec::new(), Vec::new(), None),
        };
        AssessmentView {
            spans,
            cuts,
            duplicate_of,
            id: one.id,
            number: one.number,
            action: one.action.clone(),
            reason_code: one.reason_code.clone(),
            reason: called.of(one.reason_code.as_deref(), one.assessed_at),
            words: one.words.clone(),
            balance_text: one.balance_text.clone(),
            tombstone: one.tombstone.clone(),
            by: Person {
                id: one.assessed_by,
                name: names.get(&one.assessed_by).cloned().unwrap_or_default(),
            },
            role: one.role.clone(),
            at: Timestamp::from_micros(one.assessed_at),
            undone: one.action != UNDO && !standing.contains(&one.id),
            signed: one.signature_id.is_some(),
        }
    };
    Ok(all.iter().map(view).collect())
}

/// What this person may do with the item and know of it.
pub(super) async fn desk_view(
    on: &impl ConnectionTrait,
    known: &Known,
    called: &ReasonNames,
    moderator: &Moderator,
    item: &ReviewItem,
) -> Result<Option<DeskView>, DbErr> {
    let Some(seat) = moderator.seat(item.community_id) else {
        return Ok(None);
    };
    let policy = known.policy_of(on, item.community_id).await?;
    let who = moderator.who.account_id;
    let all = of_item(on, item.id).await?;
    let facts = facts(on, &policy.policy, &seat.roles, who, item, &all).await?;
    let settles_at = standing(&all).last().and_then(|last| last.settles_at);
    let mut assessments = assessment_views(on, called, &all).await?;
    // INVARIANT: until it is decided, nobody learns of a judgement that their own must not lean on.
    let settles =
        facts.state == ItemState::LeadReview && facts.may.contains(&Act::SettleDisagreement);
    if facts.state != ItemState::Decided && !settles {
        assessments.retain(|one| one.by.id == who);
    }
    let actions = allowed(&facts);
    let may_ask = actions.iter().any(|one| one.action == Move::Refer);
    let may_read = facts.may.contains(&Act::ReadSealed);
    Ok(Some(DeskView {
        derived: derived_view(on, item, &all, may_read).await?,
        referrals: trail(on, item, &all, who, settles).await?,
        referral_fields: if may_ask {
            fields_to_ask(on, item, who).await?
        } else {
            Vec::new()
        },
        actions,
        undo_until: settles_at
            .filter(|_| facts.state == ItemState::Settling)
            .map(Timestamp::from_micros),
        assessments,
        balance_texts: policy
            .policy
            .balance_texts_for(item.product_id)
            .cloned()
            .collect(),
        reason_codes: policy.policy.reasons.clone(),
        author_templates: policy.policy.author_templates.clone(),
    }))
}
