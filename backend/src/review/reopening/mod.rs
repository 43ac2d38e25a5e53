//! Texts that come to the desk again: readers report what they see, authors appeal against a rejection.
//!
//! The words of a report and of an appeal are members' words: they go through the rules as any text does and may open a
//! safety case (R-PV-01), but no reader ever sees them.
//!
//! INVARIANT: one open item collects all reports of a post; a person reports it once.
//! INVARIANT: a decision is appealed against once, and whoever made it does not decide on the appeal.

mod appeal;
mod effects;
mod entity;
mod report;
pub mod rescreening;
mod routes;
mod view;

pub use appeal::{Outcome, appeal_against, appeals_in, appeals_of, keep_appeal};
pub use effects::{Barred, barred, barred_among, take_effect};
pub use entity::appeal::Model as Appeal;
pub use entity::member_report::Model as MemberReport;
pub use report::{ReportReason, keep_report, open_report_item, reports_in};
pub use routes::routes;
pub use view::{Reopened, reopened};

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Origin, ReviewItem};
use crate::clock::Timestamp;
use crate::posts::ItemState;

/// A further item on the revision of this one.
pub fn again(
    of: ReviewItem,
    id: Uuid,
    origin: Origin,
    now: Timestamp,
    due: Timestamp,
) -> ReviewItem {
    ReviewItem {
        id,
        origin: origin.word().to_owned(),
        submitted_at: now.micros(),
        due_at: due.micros(),
        state: ItemState::Waiting.word().to_owned(),
        claimed_by: None,
        claimed_until: None,
        fence: 0,
        ..of
    }
}

/// The screenings of those of these revisions that are words to the desk: they have no item of their own.
pub async fn screenings_of_words(
    on: &impl ConnectionTrait,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    use entity::{appeal, member_report};
    let reported: Vec<(Option<Uuid>, Option<Uuid>)> = member_report::Entity::find()
        .select_only()
        .columns([
            member_report::Column::WordsRevisionId,
            member_report::Column::ScreeningId,
        ])
        .filter(member_report::Column::WordsRevisionId.is_in(revisions.iter().copied()))
        .into_tuple()
        .all(on)
        .await?;
    let appealed: Vec<(Uuid, Uuid)> = appeal::Entity::find()
        .select_only()
        .columns([appeal::Column::WordsRevisionId, appeal::Column::ScreeningId])
        .filter(appeal::Column::WordsRevisionId.is_in(revisions.iter().copied()))
        .into_tuple()
        .all(on)
        .await?;
    let reported = reported
        .into_iter()
        .filter_map(|(revision, screening)| revision.zip(screening));
    Ok(reported.chain(appealed).collect())
}
