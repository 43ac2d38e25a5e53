//! Opens a case for a text that may report an adverse event or a special situation.

use moderation_rules::AdverseEvent;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::DbErr;
use uuid::Uuid;

use super::entity::safety_case;
use crate::audit::{Additions, Tx};
use crate::db::insert;
use crate::posts::{Post, Revision};

/// A case that is not numbered yet.
pub type SafetyCaseRow = safety_case::ActiveModel;

/// The case for this revision. Day 0 is when it was submitted.
pub fn case_row(
    id: Uuid,
    post: &Post,
    revision: &Revision,
    screening: Uuid,
    event: &AdverseEvent,
) -> SafetyCaseRow {
    safety_case::ActiveModel {
        number: NotSet,
        id: Set(id),
        community_id: Set(post.community_id),
        post_id: Set(post.id),
        revision_id: Set(revision.id),
        author_id: Set(revision.author_id),
        screening_id: Set(screening),
        day_zero: Set(revision.submitted_at),
        evidence: Set(serde_json::to_string(event).unwrap_or_default()),
        valid_icsr: Set(event.is_valid_report()),
        serious: Set(!event.seriousness.is_empty()),
        disposition: Set(None),
        reason_code: Set(None),
        words: Set(None),
        disposed_by: Set(None),
        disposed_at: Set(None),
    }
}

/// Stores the cases with the commit.
pub fn open(with: &mut Additions, cases: Vec<SafetyCaseRow>) {
    with.add(cases);
}

/// Stores a case at once.
pub async fn keep(tx: &Tx, case: SafetyCaseRow) -> Result<(), DbErr> {
    insert(tx.conn(), case).await
}
