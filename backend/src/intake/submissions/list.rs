//! What became of one's own texts, told honestly.

use std::collections::{HashMap, HashSet};

use moderation_rules::Screening;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::made::{AuthorPart, Made, OtherPost, repeated};
use crate::clock::Timestamp;
use crate::communities::Known;
use crate::communities::authority::Reader;
use crate::communities::policy::{GivenReason, ReasonNames};
use crate::posts::{Action, Post, Revision, SubmissionState, Surface, markdown, store as posts};
use crate::publication::{Retraction, post_views, released_of, retractions};
use crate::review::{
    AuthorFinding, KeptWords, Outcome, Span, Standing, appeals_of, author_findings, screenings,
    standing_of, submitted_by, waiting_of,
};

/// Pages that a filter looks through at most.
const PAGES: usize = 10;
const PAGE: u64 = 100;

/// A community by its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionCommunity {
    slug: String,
    name: String,
}

/// The decision as its author sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorDecision {
    action: Action,
    reason_code: Option<String>,
    /// What it is called, and what the author may do about it.
    reason: Option<GivenReason>,
    /// From the reviewer to the author.
    words: Option<String>,
    decided_at: Timestamp,
}

/// Why a released text was taken from readers, as its author sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorRetraction {
    reason_code: String,
    /// What it is called, and what the author may do about it.
    reason: Option<GivenReason>,
    /// From the company to the author.
    words: String,
    /// What readers see in its place.
    tombstone: String,
    at: Timestamp,
}

/// One of one's own texts and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionView {
    /// The submission: one revision of the text.
    pub id: Uuid,
    /// The place where it stands or will stand.
    pub post_id: Uuid,
    /// The thread it belongs to.
    pub thread_id: Option<Uuid>,
    /// The post it answers.
    pub parent_id: Option<Uuid>,
    community: SubmissionCommunity,
    surface: Surface,
    title: Option<String>,
    /// The text as written (Markdown).
    body: String,
    body_html: String,
    /// How it stands.
    pub state: SubmissionState,
    submitted_at: Timestamp,
    /// When a decision is due, or was.
    expected_by: Timestamp,
    revision_number: i64,
    /// Whether it is the newest revision of the text: only that one can be revised.
    newest: bool,
    /// The title of the thread, where it is released.
    thread_title: Option<String>,
    decision: Option<AuthorDecision>,
    /// Why it was taken from readers, where it was.
    retraction: Option<AuthorRetraction>,
    /// The appeal against its rejection, where there is one.
    appeal: Option<Outcome>,
    /// Whether its author may appeal against its rejection: once, in time, and only for the newest version.
    can_appeal: bool,
    findings: Vec<AuthorFinding>,
    /// Where words were taken out of it before its release, and why. The text is then what is left of it.
    redaction: Vec<Span>,
    /// Its parts, where it was split: each is decided on alone.
    parts: Vec<AuthorPart>,
    /// The submission that it is a part of.
    part_of: Option<Uuid>,
    /// The post that it repeats, where the author may see that one.
    duplicate_of: Option<OtherPost>,
}

/// Which of one's own texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<SubmissionState>,
    /// Only in this thread.
    pub thread: Option<Uuid>,
    /// Before this submission.
    pub before: Option<Uuid>,
    /// This many at most.
    pub limit: u64,
}

/// One page of one's own texts, newest first, and where the next begins.
pub async fn submissions(
    on: &impl ConnectionTrait,
    known: &Known,
    words: &KeptWords,
    reader: &Reader,
    filter: Filter,
) -> Result<(Vec<SubmissionView>, Option<Uuid>), DbErr> {
    let mut found = Vec::new();
    let mut before = filter.before;
    for _ in 0..PAGES {
        let ids = submitted_by(on, reader.who.account_id, before, PAGE).await?;
        let last_page = (ids.len() as u64) < PAGE;
        let mut rows = posts::revisions(on, &ids).await?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        for view in views(on, known, words, reader, rows).await? {
            before = Some(view.id);
            let wanted = filter.state.is_none_or(|state| view.state == state)
                && filter
                    .thread
                    .is_none_or(|thread| view.thread_id == Some(thread));
            if wanted {
                found.push(view);
                if found.len() as u64 == filter.limit {
                    return Ok((found, before));
                }
            }
        }
        if last_page {
            return Ok((found, None));
        }
    }
    Ok((found, before))
}

/// One's own texts in a thread that wait for a decision, oldest first.
pub async fn waiting_in(
    on: &impl ConnectionTrait,
    known: &Known,
    words: &KeptWords,
    reader: &Reader,
    thread: Uuid,
) -> Result<Vec<SubmissionView>, DbErr> {
    let waiting = waiting_of(on, reader.who.account_id, PAGE).await?;
    let rows = posts::revisions(on, &waiting).await?;
    let mut found = views(on, known, words, reader, rows).await?;
    found.retain(|view| view.thread_id == Some(thread));
    found.sort_by_key(|view| view.id);
    Ok(found)
}

/// One of one's own texts.
pub async fn submission(
    on: &impl ConnectionTrait,
    known: &Known,
    words: &KeptWords,
    reader: &Reader,
    id: Uuid,
) -> Result<Option<SubmissionView>, DbErr> {
    let Some(row) = posts::own_revision(on, reader.who.account_id, id).await? else {
        return Ok(None);
    };
    Ok(views(on, known, words, reader, vec![row]).await?.pop())
}

async fn views(
    on: &impl ConnectionTrait,
    known: &Known,
    words: &KeptWords,
    reader: &Reader,
    rows: Vec<Revision>,
) -> Result<Vec<SubmissionView>, DbErr> {
    let mut made = Made::of(on, &rows).await?;
    // What is left of a text is shown in its place.
    let mut rows = rows;
    rows.retain(|row| !made.hidden.contains(&row.id));
    let post_ids: Vec<Uuid> = rows.iter().map(|row| row.post_id).collect();
    let places: HashMap<Uuid, Post> = posts::posts(on, &post_ids)
        .await?
        .into_iter()
        .map(|post| (post.id, post))
        .collect();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut standing = standing_of(on, &ids).await?;
    let screening_ids: Vec<Uuid> = standing
        .values()
        .map(|one| one.item.screening_id)
        .chain(made.left.values().map(|left| left.screening))
        .collect();
    let mut repeated = repeated(on, reader, standing.values()).await?;
    let mut results = screenings(on, &screening_ids).await?;
    let mut said = HashMap::new();
    for hash in results.values().map(|stored| &stored.rule_set_hash) {
        if !said.contains_key(hash) {
            said.insert(hash.clone(), words.of(on, hash).await?);
        }
    }
    let newest = posts::newest_numbers(on, &post_ids).await?;
    let threads: Vec<Uuid> = places.values().filter_map(|post| post.thread_id).collect();
    let titles: HashMap<Uuid, Option<String>> =
        post_views(on, &released_of(on, &threads).await?, None)
            .await?
            .into_iter()
            .map(|first| (first.id, first.title))
            .collect();
    let mut retracted = retracted(on, &post_ids).await?;
    let mut appeals = appeals_of(on, &ids).await?;
    let answered = |row: &&Revision| {
        let standing = standing.get(&row.id);
        standing.is_some_and(|standing| standing.decision.is_some())
    };
    let decided: HashSet<Uuid> = rows
        .iter()
        .filter(answered)
        .filter_map(|row| Some(places.get(&row.post_id)?.community_id))
        .collect();
    let mut called = HashMap::new();
    for community in decided {
        called.insert(community, known.reason_names(on, community).await?);
    }
    let view = |row: Revision| {
        let written = row.id;
        let (row, screening, redaction) = match made.left.remove(&written) {
            Some(left) => (left.text, Some(left.screening), left.marks),
            None => (row, None, Vec::new()),
        };
        let post = places.get(&row.post_id)?;
        let seat = reader.seat(post.community_id)?;
        let called = called.get(&post.community_id);
        let Standing {
            item,
            decision,
            state,
        } = standing.remove(&written)?;
        let screening = screening.unwrap_or(item.screening_id);
        let findings = results.remove(&screening).and_then(|stored| {
            let words = said.get(&stored.rule_set_hash)?;
            let screening: Screening = serde_json::from_str(&stored.result).ok()?;
            let title = row.title.as_deref();
            Some(author_findings(screening.findings, words, title, &row.body))
        });
        let retraction = match state {
            SubmissionState::Released => retracted.remove(&row.id).map(|row| told(called, row)),
            _ => None,
        };
        let state = match retraction {
            Some(_) => SubmissionState::Retracted,
            None => state,
        };
        let (appeal, newest) = (
            appeals.remove(&written),
            newest.get(&post.id) == Some(&row.number),
        );
        Some(SubmissionView {
            redaction,
            parts: made.parts.remove(&written).unwrap_or_default(),
            part_of: made.part_of.remove(&written),
            duplicate_of: repeated.remove(&written),
            retraction,
            can_appeal: newest && state == SubmissionState::Rejected && appeal.is_none(),
            appeal,
            id: written,
            post_id: post.id,
            thread_id: post.thread_id,
            parent_id: post.parent_id,
            community: SubmissionCommunity {
                slug: seat.slug.clone(),
                name: seat.community_name.clone(),
            },
            surface: Surface::from_word(&post.surface)?,
            body_html: markdown::to_html(&row.body),
            findings: findings.unwrap_or_default(),
            state,
            submitted_at: Timestamp::from_micros(item.submitted_at),
            expected_by: Timestamp::from_micros(item.due_at),
            revision_number: row.number,
            newest,
            thread_title: post
                .thread_id
                .and_then(|thread| titles.get(&thread).cloned().flatten()),
            decision: decision.and_then(|decision| {
                Some(AuthorDecision {
                    action: Action::from_word(&decision.action)?,
                    reason: called.and_then(|called| {
                        called.of(decision.reason_code.as_deref(), decision.decided_at)
                    }),
                    reason_code: decision.reason_code,
                    words: decision.words,
                    decided_at: Timestamp::from_micros(decision.decided_at),
                })
            }),
            title: row.title,
            body: row.body,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// Of these posts, the revisions that readers see no more, and why.
async fn retracted(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<HashMap<Uuid, Retraction>, DbErr> {
    let shown = released_of(on, posts).await?;
    let rows = retractions(on, shown.iter().filter_map(|row| row.retraction_id)).await?;
    let rows = rows.into_values();
    Ok(rows.map(|row| (row.revision_id, row)).collect())
}

fn told(called: Option<&ReasonNames>, row: Retraction) -> AuthorRetraction {
    AuthorRetraction {
        reason: called.and_then(|called| called.of(Some(&row.reason_code), row.done_at)),
        reason_code: row.reason_code,
        words: row.words,
        tombstone: row.tombstone.unwrap_or_default(),
        at: Timestamp::from_micros(row.done_at),
    }
}
