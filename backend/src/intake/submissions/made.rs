//! What decisions made of one's own texts: what is left of one, its parts, the post that it repeats.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::communities::authority::Reader;
use crate::posts::derived::{derived_from, origins_of};
use crate::posts::{Action, Kind, Revision, SubmissionState, store as posts};
use crate::publication::released_of;
use crate::review::{Span, Standing, redactions, repeats, standing_of};

/// A part of one's own text.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorPart {
    /// Its submission.
    submission: Uuid,
    /// How it stands.
    state: SubmissionState,
}

/// Another post.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherPost {
    /// The post.
    post_id: Uuid,
    /// Its thread.
    thread_id: Option<Uuid>,
}

/// What is left of a text.
pub(super) struct Left {
    pub text: Revision,
    pub marks: Vec<Span>,
    pub screening: Uuid,
}

/// What was made of texts, by the text as it was written.
#[derive(Default)]
pub(super) struct Made {
    /// Those among the texts that are what was left of others.
    pub hidden: HashSet<Uuid>,
    pub left: HashMap<Uuid, Left>,
    pub parts: HashMap<Uuid, Vec<AuthorPart>>,
    pub part_of: HashMap<Uuid, Uuid>,
}

impl Made {
    /// Of these texts.
    pub(super) async fn of(on: &impl ConnectionTrait, rows: &[Revision]) -> Result<Self, DbErr> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut made = Self::default();
        for (text, row) in origins_of(on, &ids).await? {
            if row.kind == Kind::Part.word() {
                made.part_of.insert(text, row.original_id);
            } else {
                made.hidden.insert(text);
            }
        }
        let (cut, redacted): (Vec<_>, Vec<_>) = derived_from(on, &ids)
            .await?
            .into_iter()
            .partition(|row| row.kind == Kind::Part.word());
        let left: Vec<Uuid> = redacted.iter().map(|row| row.revision_id).collect();
        let mut texts: HashMap<Uuid, Revision> = posts::revisions(on, &left)
            .await?
            .into_iter()
            .map(|text| (text.id, text))
            .collect();
        let mut shown = redactions(on, &redacted, false).await?;
        for row in redacted {
            let (text, redaction) = (
                texts.remove(&row.revision_id),
                shown.remove(&row.original_id),
            );
            if let Some((text, redaction)) = text.zip(redaction) {
                let left = Left {
                    text,
                    marks: redaction.marks,
                    screening: row.screening_id,
                };
                made.left.insert(row.original_id, left);
            }
        }
        let parts: Vec<Uuid> = cut.iter().map(|row| row.revision_id).collect();
        let mut states = standing_of(on, &parts).await?;
        for row in cut {
            if let Some(standing) = states.remove(&row.revision_id) {
                made.parts
                    .entry(row.original_id)
                    .or_default()
                    .push(AuthorPart {
                        submission: row.revision_id,
                        state: standing.state,
                    });
            }
        }
        Ok(made)
    }
}

/// The posts that those of these texts repeat that were found to repeat one, where their author may see it.
pub(super) async fn repeated(
    on: &impl ConnectionTrait,
    reader: &Reader,
    standing: impl Iterator<Item = &Standing>,
) -> Result<HashMap<Uuid, OtherPost>, DbErr> {
    let found: Vec<Uuid> = standing
        .filter_map(|one| one.decision.as_ref())
        .filter(|decision| decision.action == Action::Duplicate.word())
        .map(|decision| decision.revision_id)
        .collect();
    let repeats = repeats(on, &found).await?;
    let named: Vec<Uuid> = repeats.values().copied().collect();
    let seen: HashSet<Uuid> = released_of(on, &named)
        .await?
        .into_iter()
        .filter(|shown| shown.revision_id.is_some())
        .map(|shown| shown.post_id)
        .collect();
    let who = reader.who.account_id;
    let places: HashMap<Uuid, _> = posts::posts(on, &named)
        .await?
        .into_iter()
        .filter(|post| {
            post.author_id == who
                || (seen.contains(&post.id) && reader.seat(post.community_id).is_some())
        })
        .map(|post| (post.id, post.thread_id))
        .collect();
    let other = |(text, post_id): (Uuid, Uuid)| {
        let thread_id = *places.get(&post_id)?;
        Some((text, OtherPost { post_id, thread_id }))
    };
    Ok(repeats.into_iter().filter_map(other).collect())
}
