//! What became of a text by a decision that made other texts of it, and what it was made from, as the desk sees it.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::assessments::{assessments, of_item, standing};
use super::particulars::{Particulars, Span, marks};
use super::store::standing_of;
use super::{Assessment, ReviewItem};
use crate::posts::derived::{derived_from, origins_of};
use crate::posts::{
    Derivation, ItemState, Kind, Revision, SubmissionState, markdown, store as posts,
};

/// What is left of a text from which words were taken out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Redaction {
    /// The text that readers may see.
    pub revision: Uuid,
    /// The title of a thread.
    pub title: Option<String>,
    /// The text (Markdown).
    pub body: String,
    /// The text as safe HTML.
    pub body_html: String,
    /// Where words were taken out of it, and why: places as browsers count them.
    pub marks: Vec<Span>,
    /// Whether you may read the text as it was written, for a reason that is recorded.
    pub may_read: bool,
}

/// A part of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    /// Its submission.
    pub submission: Uuid,
    /// Its item at the desk.
    pub item: Uuid,
    /// How it stands.
    pub state: SubmissionState,
}

/// Texts that were made of this one, and what it was made from.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DerivedView {
    /// What is left of it, where words were taken out: then the text as it was written is sealed.
    redaction: Option<Redaction>,
    /// Its parts, in their order.
    parts: Vec<Part>,
    /// The item of the text that it is a part of.
    part_of: Option<Uuid>,
    /// The post that it was found to repeat.
    duplicate_of: Option<Uuid>,
}

/// What was taken out of a text, by what was said of it.
pub fn spans_of(said: &[Assessment]) -> Vec<Span> {
    let last = standing(said).last().and_then(|last| last.particulars());
    match last {
        Some(Particulars::Spans(spans)) => spans,
        _ => Vec::new(),
    }
}

/// What is left of these sealed texts, by original.
pub async fn redactions(
    on: &impl ConnectionTrait,
    rows: &[Derivation],
    may_read: bool,
) -> Result<HashMap<Uuid, Redaction>, DbErr> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.revision_id).collect();
    let left: HashMap<Uuid, Revision> = posts::revisions(on, &ids)
        .await?
        .into_iter()
        .map(|text| (text.id, text))
        .collect();
    let mut found = HashMap::new();
    for row in rows {
        let Some(text) = left.get(&row.revision_id) else {
            continue;
        };
        let spans = spans_of(&of_item(on, row.item_id).await?);
        let redaction = Redaction {
            revision: text.id,
            title: text.title.clone(),
            body: text.body.clone(),
            body_html: markdown::to_html(&text.body),
            marks: marks(&spans, text),
            may_read,
        };
        found.insert(row.original_id, redaction);
    }
    Ok(found)
}

/// The posts that these texts were found to repeat, by text.
pub async fn repeats(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    if revisions.is_empty() {
        return Ok(HashMap::new());
    }
    let said = assessments(on, revisions).await?;
    // The last one of an item that stands comes last.
    Ok(said
        .iter()
        .filter_map(|one| match one.particulars()? {
            Particulars::DuplicateOf(post) => Some((one.revision_id, post)),
            Particulars::Spans(_) | Particulars::Cuts(_) => None,
        })
        .collect())
}

/// The parts of a text, in their order.
pub async fn parts(on: &impl ConnectionTrait, rows: &[Derivation]) -> Result<Vec<Part>, DbErr> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.revision_id).collect();
    let mut stand = standing_of(on, &ids).await?;
    let part = |id: &Uuid| {
        let standing = stand.remove(id)?;
        Some(Part {
            submission: *id,
            item: standing.item.id,
            state: standing.state,
        })
    };
    Ok(ids.iter().filter_map(part).collect())
}

/// What was made of the text of this item, and what it was made from.
pub(super) async fn derived_view(
    on: &impl ConnectionTrait,
    item: &ReviewItem,
    said: &[Assessment],
    may_read: bool,
) -> Result<DerivedView, DbErr> {
    let text = item.revision_id;
    let of_it = derived_from(on, &[text]).await?;
    let (redacted, cut): (Vec<_>, Vec<_>) = of_it
        .into_iter()
        .partition(|row| row.kind == Kind::Redacted.word());
    let from = origins_of(on, &[text]).await?.remove(&text);
    let decided = item.state == ItemState::Decided.word();
    let duplicate_of = match standing(said).last().and_then(|last| last.particulars()) {
        Some(Particulars::DuplicateOf(post)) if decided => Some(post),
        _ => None,
    };
    Ok(DerivedView {
        redaction: redactions(on, &redacted, may_read).await?.remove(&text),
        parts: parts(on, &cut).await?,
        part_of: from
            .filter(|row| row.kind == Kind::Part.word())
            .map(|row| row.item_id),
        duplicate_of,
    })
}
