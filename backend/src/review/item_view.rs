//! Everything that a decision needs, on one page.

use std::collections::HashMap;

use moderation_rules::PriorityPart;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Decision;
use super::blind::is_blind;
use super::desk_view::{DeskView, desk_view};
use super::entity::{decision, review_item};
use super::finding_view::{FindingView, finding_views};
use super::kept_words::KeptWords;
use super::net_impression::{NetImpression, net_impression};
use super::queue::{ItemCard, cards};
use super::reopening::rescreening::{Rescreened, rescreened};
use super::reopening::{Reopened, reopened};
use super::scope::with_effect;
use super::sealed::readable;
use super::skip::{Skip, skips};
use super::store::{decision_on, item, screenings};
use crate::clock::Timestamp;
use crate::communities::authority::Moderator;
use crate::communities::policy::{GivenReason, ReasonNames};
use crate::communities::{Known, joined_at};
use crate::identity::printed_names;
use crate::identity::signing::{SignatureView, signatures_of};
use crate::posts::{Action, Revision, markdown, store as posts};
use crate::publication::{PostView, last_posts, post_views, released_of, released_revision};
use crate::safety::{self, AeEvidence, evidence_view};

/// Posts of the thread that are shown as context.
const CONTEXT: u64 = 5;

/// The text to decide on.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionView {
    /// The revision.
    pub id: Uuid,
    /// Its number at its post.
    pub number: i64,
    /// Its hash: the decision names it.
    pub hash: String,
    /// The title of a thread.
    pub title: Option<String>,
    /// The text as written (Markdown).
    pub body: String,
    /// The text as readers would see it.
    pub body_html: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
}

/// What readers see now at the post, when the text is an edit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleasedText {
    /// The title of a thread.
    pub title: Option<String>,
    /// The text as written (Markdown).
    pub body: String,
    /// The text as readers see it.
    pub body_html: String,
}

/// The safety case behind the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseState {
    /// The case.
    pub id: Uuid,
    /// What was said of it.
    pub disposition: Option<String>,
}

/// The thread that the text would join.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThreadContext {
    /// The thread.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its last released posts.
    pub posts: Vec<PostView>,
}

/// What became of the author's texts in this community.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorHistory {
    /// Released.
    pub released: i64,
    /// Sent back.
    pub changes_requested: i64,
    /// Rejected.
    pub rejected: i64,
    /// When they joined.
    pub member_since: Option<Timestamp>,
}

/// Who decided, as known then.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Decider {
    /// The account.
    pub id: Uuid,
    /// The printed name.
    pub name: String,
    /// The role in which they decided.
    pub role: String,
}

/// A decision as staff see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionView {
    /// The decision.
    pub id: Uuid,
    /// What was decided.
    pub action: Action,
    /// Why, where it is no release.
    pub reason_code: Option<String>,
    /// What the policy called that reason then.
    pub reason: Option<GivenReason>,
    /// To the author.
    pub words: Option<String>,
    /// By whom.
    pub decided_by: Decider,
    /// When.
    pub decided_at: Timestamp,
    /// On which revision.
    pub revision_hash: String,
    /// Under which rules.
    pub rule_set_hash: String,
}

impl DecisionView {
    /// The decision with the name of who made it.
    pub async fn of(
        on: &impl ConnectionTrait,
        called: &ReasonNames,
        decision: Decision,
    ) -> Result<Option<Self>, DbErr> {
        let names = printed_names(on, [decision.decided_by]).await?;
        let name = names.get(&decision.decided_by).cloned().unwrap_or_default();
        let Some(action) = Action::from_word(&decision.action) else {
            return Ok(None);
        };
        Ok(Some(Self {
            id: decision.id,
            action,
            reason: called.of(decision.reason_code.as_deref(), decision.decided_at),
            reason_code: decision.reason_code,
            words: decision.words,
            decided_by: Decider {
                id: decision.decided_by,
                name,
                role: decision.role,
            },
            decided_at: Timestamp::from_micros(decision.decided_at),
            revision_hash: decision.revision_hash,
            rule_set_hash: decision.rule_set_hash,
        }))
    }
}

/// An item with everything a decision needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    #[serde(flatten)]
    card: ItemCard,
    #[serde(flatten)]
    desk: DeskView,
    /// Who passed it over: all of them for leads, oneself for others.
    skips: Vec<Skip>,
    /// The text to decide on.
    revision: RevisionView,
    /// What readers see now, when the text is an edit.
    previous_released: Option<ReleasedText>,
    /// The rules that screened it: the decision names them.
    rule_set_hash: String,
    /// Why the rules hold it, in sentences.
    reasons: Vec<String>,
    /// What its place in the queue is made of; the parts add up to the priority.
    priority_parts: Vec<PriorityPart>,
    /// What they found.
    findings: Vec<FindingView>,
    /// Benefit and risk, where someone who answers for promotion claims a benefit.
    net_impression: Option<NetImpression>,
    /// Why it could not be screened, if it could not.
    technical_reason: Option<String>,
    /// The possible adverse event.
    adverse_event: Option<AeEvidence>,
    /// Its case.
    safety_case: Option<CaseState>,
    /// The thread around it.
    thread: Option<ThreadContext>,
    /// The post it answers.
    parent: Option<PostView>,
    /// The author's past here.
    author_history: AuthorHistory,
    /// The decision, once there is one.
    decision: Option<DecisionView>,
    /// Every electronic signature on the text, the oldest first.
    signatures: Vec<SignatureView>,
    /// Why it came to the desk again, where it did.
    #[serde(flatten)]
    reopened: Reopened,
    /// What the rules of today find that no decision has seen, where that brought it to the desk.
    rescreened: Option<Rescreened>,
}

/// The item, in the communities where the person reviews.
pub async fn show_item(
    on: &impl ConnectionTrait,
    words: &KeptWords,
    known: &Known,
    moderator: &Moderator,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<ItemView>, DbErr> {
    let Some(row) = item(on, moderator, id).await? else {
        return Ok(None);
    };
    let called = known.reason_names(on, row.community_id).await?;
    let Some(desk) = desk_view(on, known, &called, moderator, &row).await? else {
        return Ok(None);
    };
    let skips = skips(on, moderator, &row).await?;
    let blind = is_blind(&row);
    let rescreened = rescreened(on, &called, &row).await?;
    let (community, author) = (row.community_id, row.author_id);
    let (revision_id, post_id, screening_id) = (row.revision_id, row.post_id, row.screening_id);
    let rule_set_hash = row.rule_set_hash.clone();
    let Some(card) = cards(on, moderator, vec![row], now).await?.pop() else {
        return Ok(None);
    };
    let Some(revision) = posts::revisions(on, &[revision_id]).await?.pop() else {
        return Ok(None);
    };
    let Some(post) = posts::posts(on, &[post_id]).await?.pop() else {
        return Ok(None);
    };
    let stored = screenings(on, &[screening_id]).await?.remove(&screening_id);
    let screening = readable(on, stored).await?;
    let Some(screening) = screening else {
        return Err(DbErr::Custom(
            "a stored screening cannot be read".to_owned(),
        ));
    };
    let words = words.of(on, &screening.rule_set_hash).await?;
    let case = safety::cases_of(on, &[revision_id]).await?.pop();
    let case = case.filter(|_| !blind);
    let decision = match decision_on(on, id).await? {
        Some(decision) => DecisionView::of(on, &called, decision).await?,
        None => None,
    };
    let parent = match post.parent_id {
        Some(parent) => post_views(on, &released_of(on, &[parent]).await?, None)
            .await?
            .pop(),
        None => None,
    };
    let thread = match post.thread_id.filter(|thread| *thread != post.id) {
        Some(thread) => thread_context(on, thread, blind.then_some(post.id)).await?,
        None => None,
    };
    let signatures = signatures_of(on, &[revision_id])
        .await?
        .remove(&revision_id)
        .filter(|_| !blind)
        .unwrap_or_default()
        .iter()
        .map(SignatureView::of)
        .collect::<Result<_, _>>()?;
    let previous = match blind {
        true => None,
        false => previous_released(on, post.id, &revision).await?,
    };
    Ok(Some(ItemView {
        skips,
        rescreened,
        signatures,
        previous_released: previous,
        rule_set_hash,
        reasons: screening.reasons,
        priority_parts: screening.priority_parts,
        net_impression: screening
            .balance
            .map(|balance| net_impression(balance, &revision)),
        technical_reason: screening.technical_reason,
        adverse_event: screening
            .adverse_event
            .as_ref()
            .map(|event| evidence_view(event, &revision)),
        findings: finding_views(
            screening.findings,
            &words,
            revision.title.as_deref(),
            &revision.body,
        ),
        safety_case: case.map(|case| CaseState {
            id: case.id,
            disposition: case.disposition,
        }),
        thread,
        parent,
        author_history: author_history(on, community, author).await?,
        decision,
        reopened: reopened(on, &called, id).await?,
        revision: RevisionView {
            id: revision.id,
            number: revision.number,
            hash: revision.hash,
            body_html: markdown::to_html(&revision.body),
            title: revision.title,
            body: revision.body,
            submitted_at: Timestamp::from_micros(revision.submitted_at),
        },
        card,
        desk,
    }))
}

async fn previous_released(
    on: &impl ConnectionTrait,
    post: Uuid,
    revision: &Revision,
) -> Result<Option<ReleasedText>, DbErr> {
    let Some(publication) = released_revision(on, post).await? else {
        return Ok(None);
    };
    let shown = publication.revision_id.filter(|id| *id != revision.id);
    let Some(shown) = shown else {
        return Ok(None);
    };
    let released = posts::revisions(on, &[shown]).await?.pop();
    Ok(released.map(|released| ReleasedText {
        body_html: markdown::to_html(&released.body),
        title: released.title,
        body: released.body,
    }))
}

async fn thread_context(
    on: &impl ConnectionTrait,
    thread: Uuid,
    before: Option<Uuid>,
) -> Result<Option<ThreadContext>, DbErr> {
    let first = post_views(on, &released_of(on, &[thread]).await?, None)
        .await?
        .pop();
    let Some(title) = first.and_then(|first| first.title) else {
        return Ok(None);
    };
    let mut posts = last_posts(on, thread, CONTEXT).await?;
    if let Some(before) = before {
        // Identifiers sort by time: what stands there since would tell what became of the text.
        posts.retain(|post| post.id < before);
    }
    Ok(Some(ThreadContext {
        id: thread,
        title,
        posts,
    }))
}

async fn author_history(
    on: &impl ConnectionTrait,
    community: Uuid,
    author: Uuid,
) -> Result<AuthorHistory, DbErr> {
    let item_of_decision: RelationDef = decision::Entity::belongs_to(review_item::Entity)
        .from(decision::Column::ItemId)
        .to(review_item::Column::Id)
        .into();
    let rows: Vec<(String, i64)> = decision::Entity::find()
        .select_only()
        .column(decision::Column::Action)
        .column_as(decision::Column::Id.count(), "made")
        .join(JoinType::InnerJoin, item_of_decision)
        .filter(review_item::Column::AuthorId.eq(author))
        .filter(review_item::Column::CommunityId.eq(community))
        .filter(with_effect())
        .group_by(decision::Column::Action)
        .into_tuple()
        .all(on)
        .await?;
    let made: HashMap<String, i64> = rows.into_iter().collect();
    let count = |action: Action| made.get(action.word()).copied().unwrap_or(0);
    Ok(AuthorHistory {
        released: count(Action::Release)
            + count(Action::ReleaseWithBalance)
            + count(Action::RedactAndRelease),
        changes_requested: count(Action::RequestChanges),
        rejected: count(Action::Reject),
        member_since: joined_at(on, community, author).await?,
    })
}
