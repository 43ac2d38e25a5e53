//! Judge a revision. Where one judgement is enough, or agrees with that of another reviewer, it is the decision; an undo
//! window may have to pass before it takes effect.

use std::time::Duration;

use moderation_rules::Family;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::actions::{Allowed, Need, Refusal, after, check, check_in_bulk};
use super::assessments::{Made, of_item, record, standing};
use super::claim::{ClaimError, free_or_why, held};
use super::conflict;
use super::derived::Derived;
use super::disagreement::disagreement_job;
use super::duplicate;
use super::entity::review_item;
use super::facts::facts;
use super::particulars::{Misfit, Particulars};
use super::settle::{Settled, conclude, settle_job};
use super::store::{decision_of, item_to_change};
use super::{Assessment, Decision, ReviewItem};
use crate::audit::{Audit, Tx, words_hash};
use crate::communities::Known;
use crate::communities::authority::Moderator;
use crate::communities::policy::{BalanceText, Policy};
use crate::db::insert;
use crate::identity::signing::{self, Components, Manifest, Meaning, SigningError};
use crate::identity::{Device, Door};
use crate::jobs::{enqueue, enqueue_at};
use crate::live::{Hub, Signal};
use crate::posts::{Action, ItemState, Post, Revision, said, store as posts};
use crate::publication::{WithdrawalError, tombstone};

/// By what a reviewer has the item that they judge.
#[derive(Debug, Clone, Copy)]
pub enum Hold {
    /// They claimed it, and this is the fence of the lease.
    Lease(i64),
    /// They judge it with others; nobody else may hold it.
    InBulk(Bulk),
}

/// Several judgements at once.
#[derive(Debug, Clone, Copy)]
pub struct Bulk {
    /// Names them in the records.
    pub id: Uuid,
    /// The one family in which the rules found something in each of them; none where they found nothing.
    pub family: Option<Family>,
}

/// What a reviewer judges, on what.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// By what the reviewer has the item.
    pub hold: Hold,
    /// The revision that was read.
    pub revision_hash: String,
    /// The rules whose findings were read.
    pub rule_set_hash: String,
    /// The judgement.
    pub action: Action,
    /// The code of one of the policy's reasons; needed unless it is a release.
    pub reason: Option<String>,
    /// To the author; needed unless it is a release.
    pub words: Option<String>,
    /// Which text of the company is shown under the post, if one is.
    pub balance_key: Option<String>,
    /// What the reviewer typed to sign, where the judgement is signed.
    pub signature: Option<Components>,
    /// To readers; needed for a retraction.
    pub tombstone: Option<String>,
    /// Which words are taken out, where the text is cut, or what it repeats, where the judgement says so.
    pub particulars: Option<Particulars>,
    /// The texts that the judgement makes of this one, as the gate made them ready.
    pub derived: Option<Derived>,
}

/// What became of the item.
#[derive(Debug)]
pub struct Outcome {
    /// Where.
    pub community: Uuid,
    /// How it stands now.
    pub state: ItemState,
    /// What was said.
    pub assessment: Assessment,
    /// The decision, if it has taken effect.
    pub decision: Option<Decision>,
}

/// Why a judgement was refused. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The claim does not hold.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The table of allowed moves does not have it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is a decision already.
    #[error("this item was decided already; take the next one")]
    AlreadyDecided(Box<Decision>),
    /// The window has passed, or there is none.
    #[error("the decision has taken effect; it cannot be undone any more")]
    UndoOver,
    /// The text or the rules are not those that were read.
    #[error("the text or the rules changed since you read them; open the newest revision")]
    Stale,
    /// No reason or no words.
    #[error("a reason code and words to the author are needed, so that they know what to do")]
    ReasonNeeded,
    /// The policy has no such reason.
    #[error("the policy of this community has no such reason; it has {}", .0.join(", "))]
    ReasonUnknown(Vec<String>),
    /// No balance text of this name fits the post.
    #[error("choose one of the texts of the company that fit this post")]
    BalanceNeeded,
    /// The places do not fit the text, or there is no such post.
    #[error("{}", .0.1)]
    Misfit(Misfit),
    /// The public text cannot be kept as it is.
    #[error(transparent)]
    Withdrawal(#[from] WithdrawalError),
    /// The words cannot be kept as they are.
    #[error("{0}")]
    Words(String),
    /// It must be signed, and was not.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Where decisions are made.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// What is written goes through it.
    pub audit: &'a Audit,
    /// Readers are told here.
    pub live: &'a Hub,
    /// The policies.
    pub known: &'a Known,
    /// Compares what is typed to sign.
    pub door: &'a Door,
}

/// What came with the judgement, complete.
struct Said<'a> {
    reason: Option<&'a str>,
    words: Option<&'a str>,
    balance: Option<&'a BalanceText>,
    tombstone: Option<&'a str>,
    particulars: Option<&'a Particulars>,
}

/// Judges. A release that takes effect at once makes the revision visible in the same transaction.
pub async fn decide(
    desk: Desk<'_>,
    moderator: &Moderator,
    device: &Device,
    id: Uuid,
    ruling: Ruling,
) -> Result<Outcome, DecideError> {
    let words = said(ruling.words.as_deref()).map_err(DecideError::Words)?;
    // Comparing takes long, so nothing is held while it does.
    let ready = match &ruling.signature {
        Some(typed) => {
            Some(signing::check(desk.audit, desk.door, &moderator.who, device, typed).await?)
        }
        None => None,
    };
    let (tx, clock) = (desk.audit.begin().await?, desk.audit.clock());
    let now = clock.now();
    let item = item_to_change(&tx, moderator, id)
        .await?
        .ok_or(ClaimError::Unknown)?;
    let seat = moderator
        .seat(item.community_id)
        .ok_or(ClaimError::Unknown)?;
    conflict::none(tx.conn(), moderator, &item).await?;
    let in_force = desk.known.policy_of(tx.conn(), item.community_id).await?;
    let policy = &in_force.policy;
    let who = &moderator.who;
    let before = of_item(tx.conn(), item.id).await?;
    let facts = facts(
        tx.conn(),
        policy,
        &seat.roles,
        who.account_id,
        &item,
        &before,
    )
    .await?;
    let checked = match ruling.hold {
        Hold::Lease(_) => check(&facts, ruling.action.into()),
        Hold::InBulk(bulk) => check_in_bulk(&facts, ruling.action.into(), bulk.family),
    };
    let allowed = match checked {
        Ok(allowed) => allowed,
        Err(refusal) => return Err(refused(&tx, refusal, &item).await?),
    };
    let bulk = match ruling.hold {
        Hold::Lease(fence) => {
            held(&item, who.account_id, fence, now)?;
            None
        }
        Hold::InBulk(bulk) => {
            free_or_why(tx.conn(), &item, who.account_id, now).await?;
            Some(bulk.id)
        }
    };
    let (post, revision) = read(&tx, &item, &ruling).await?;
    let said = complete(&allowed, &ruling, words, policy, &item)?;
    if let Some(Particulars::DuplicateOf(other)) = said.particulars
        && !duplicate::can_be_named(tx.conn(), moderator, &item, *other).await?
    {
        return Err(DecideError::Misfit(duplicate::unknown()));
    }

    let mut assessment = Assessment {
        id: clock.new_id(),
        item_id: item.id,
        number: before.last().map_or(1, |last| last.number + 1),
        revision_id: revision.id,
        revision_hash: revision.hash.clone(),
        rule_set_hash: item.rule_set_hash.clone(),
        action: ruling.action.word().to_owned(),
        reason_code: said.reason.map(str::to_owned),
        words: said.words.map(str::to_owned),
        balance_key: said.balance.map(|text| text.key.clone()),
        balance_version: said.balance.map(|text| text.version),
        balance_text: said.balance.map(|text| text.text.clone()),
        tombstone: said.tombstone.map(str::to_owned),
        particulars: said.particulars.map(Particulars::stored).transpose()?,
        signature_id: None,
        assessed_by: who.account_id,
        assessed_by_commitment: who.name_commitment.clone(),
        role: allowed.role.word().to_owned(),
        assessed_at: now.micros(),
        settles_at: None,
    };
    let first = standing(&before).last().copied();
    let agrees = first.is_none_or(|first| assessment.agrees_with(first));
    let next = after(facts.state, &allowed, agrees, policy.undo_seconds > 0);
    if next == ItemState::Settling {
        let ends = now.plus(Duration::from_secs(policy.undo_seconds.into()));
        assessment.settles_at = Some(ends.micros());
        enqueue_at(&tx, clock, [(ends, settle_job(item.id))]).await?;
    }
    let mut events = Vec::new();
    if let Some(meaning) = allowed.meaning {
        let ready = ready.ok_or(SigningError::Needed(meaning))?;
        let manifest = manifest(&assessment, &item, meaning);
        let (signature, event) = signing::sign(&tx, clock, ready, manifest).await?;
        assessment.signature_id = Some(signature.id);
        events.push(event);
    }
    insert(tx.conn(), assessment.clone()).await?;
    let actor = who.actor(allowed.role.word());
    let made = record(&item, &assessment, next, &actor, Made::New { bulk });
    let mut row: review_item::ActiveModel = item.clone().into();
    row.state = Set(next.word().to_owned());
    row.claimed_until = Set(None);
    row.update(tx.conn()).await?;
    let community = item.community_id;
    let changed = Signal::QueueChanged {
        community,
        items: vec![id],
    };
    enqueue(&tx, clock, [changed.into()]).await?;
    if next == ItemState::LeadReview {
        enqueue(&tx, clock, [disagreement_job(id)]).await?;
    }
    let mut outcome = Outcome {
        community,
        state: next,
        decision: None,
        assessment,
    };
    if next != ItemState::Decided {
        tx.commit_all(made, events).await?;
        return Ok(outcome);
    }
    let settled = Settled {
        item: &item,
        post: &post,
        revision: &revision,
        assessment: &outcome.assessment,
    };
    let effects = conclude(&tx, clock, &actor, settled, ruling.derived, now).await?;
    outcome.decision = Some(effects.decision);
    events.extend(effects.events);
    tx.commit_all(made, events).await?;
    effects.streams.into_iter().for_each(|stream| {
        // Readers of this process need not wait for the job, which stays as the net.
        desk.live.signal(&Signal::StreamGrew { stream });
    });
    Ok(outcome)
}

/// What is signed: this assessment, and with it all that it says of which text.
fn manifest<'a>(assessment: &'a Assessment, item: &ReviewItem, meaning: Meaning) -> Manifest<'a> {
    let balance = words_hash(assessment.id, assessment.balance_text.as_deref());
    Manifest {
        meaning,
        object: ("assessment", assessment.id),
        community: item.community_id,
        role: &assessment.role,
        action: &assessment.action,
        reason: assessment.reason_code.as_deref(),
        revision: Some((assessment.revision_id, &assessment.revision_hash)),
        rule_set_hash: Some(&assessment.rule_set_hash),
        words: assessment.words.as_deref(),
        other: json!({
            "balance_hash": balance,
            "item": item.id,
            "particulars": assessment.particulars,
        }),
    }
}

/// Why it was refused, as those who hold the item before them are told.
async fn refused(tx: &Tx, refusal: Refusal, item: &ReviewItem) -> Result<DecideError, DbErr> {
    Ok(match refusal {
        Refusal::State(ItemState::Decided) => match decision_of(tx.conn(), item.id).await? {
            Some(decision) => DecideError::AlreadyDecided(Box::new(decision)),
            None => refusal.into(),
        },
        Refusal::State(ItemState::Superseded | ItemState::Withdrawn) => DecideError::Stale,
        _ => refusal.into(),
    })
}

/// The text that is judged, if it is the one that was read.
async fn read(
    tx: &Tx,
    item: &ReviewItem,
    ruling: &Ruling,
) -> Result<(Post, Revision), DecideError> {
    let revision = posts::revisions(tx.conn(), &[item.revision_id])
        .await?
        .pop();
    let post = posts::posts(tx.conn(), &[item.post_id]).await?.pop();
    let (Some(revision), Some(post)) = (revision, post) else {
        return Err(ClaimError::Unknown.into());
    };
    if revision.hash != ruling.revision_hash || item.rule_set_hash != ruling.rule_set_hash {
        return Err(DecideError::Stale);
    }
    Ok((post, revision))
}

/// What came with the judgement, if nothing is missing that must come.
fn complete<'a>(
    allowed: &Allowed,
    ruling: &'a Ruling,
    words: Option<&'a str>,
    policy: &'a Policy,
    item: &ReviewItem,
) -> Result<Said<'a>, DecideError> {
    let needs = |need: Need| allowed.needs.contains(&need);
    if needs(Need::Reason) && ruling.reason.is_none() || needs(Need::Words) && words.is_none() {
        return Err(DecideError::ReasonNeeded);
    }
    let balance = match ruling.balance_key.as_deref() {
        Some(key) if needs(Need::BalanceText) => {
            let text = policy.balance_text(key);
            text.filter(|text| text.product.is_none() || text.product == item.product_id)
        }
        _ => None,
    };
    if needs(Need::BalanceText) && balance.is_none() {
        return Err(DecideError::BalanceNeeded);
    }
    let public = match ruling.tombstone.as_deref() {
        _ if !needs(Need::Tombstone) => None,
        text => Some(tombstone(text.unwrap_or_default())?),
    };
    let reason = ruling.reason.as_deref();
    if let Some(code) = reason
        && !policy.knows_reason(code)
    {
        return Err(DecideError::ReasonUnknown(policy.reason_codes()));
    }
    let asked = [Need::Spans, Need::Cuts, Need::DuplicateOf];
    let particulars = match &ruling.particulars {
        _ if !asked.into_iter().any(needs) => None,
        Some(particulars) if particulars.is_of(ruling.action) => Some(particulars),
        _ => return Err(DecideError::Misfit(Misfit::missing(ruling.action))),
    };
    if particulars.is_some_and(Particulars::needs_words) && words.is_none() {
        return Err(DecideError::ReasonNeeded);
    }
    Ok(Said {
        reason,
        words,
        balance,
        tombstone: public,
        particulars,
    })
}
