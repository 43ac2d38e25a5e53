//! Reports of released posts by those who read them.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::MemberReport;
use super::entity::member_report;
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::communities::roles::stored_words;
use crate::db::insert;
use crate::posts::{Action, ItemState, store as posts};
use crate::review::entity::review_item;
use crate::review::store::decisions_on;
use crate::review::{Origin, ReviewItem};

/// Why somebody reports a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// It tells of a side effect that nobody may have noticed.
    SideEffect,
    /// It is wrong, or leads to wrong conclusions.
    Misleading,
    /// It promotes a use that is not on the label.
    OffLabel,
    /// It could identify a person.
    Privacy,
    /// It hurts or threatens somebody.
    Abusive,
    /// It sells or repeats.
    Spam,
    /// The words say why.
    Other,
}

stored_words!(ReportReason {
    SideEffect => "side_effect",
    Misleading => "misleading",
    OffLabel => "off_label",
    Privacy => "privacy",
    Abusive => "abusive",
    Spam => "spam",
    Other => "other",
});

/// What became of a report, as the one who made it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Nobody has decided yet.
    Open,
    /// Somebody looked, and the post stays as it is.
    Kept,
    /// The post was retracted.
    Retracted,
}

/// The item that collects the reports of this post, if one is open. Lock the publication first: then there is one.
pub async fn open_report_item(tx: &Tx, post: Uuid) -> Result<Option<ReviewItem>, DbErr> {
    let open = ItemState::OPEN.map(ItemState::word);
    review_item::Entity::find()
        .filter(review_item::Column::PostId.eq(post))
        .filter(review_item::Column::Origin.eq(Origin::Report.word()))
        .filter(review_item::Column::State.is_in(open))
        .one(tx.conn())
        .await
}

/// Keeps a report. A second one of the same person on the same item is refused by the database.
pub async fn keep_report(tx: &Tx, report: MemberReport) -> Result<(), DbErr> {
    insert(tx.conn(), report).await
}

/// The reports that this item collects, oldest first.
pub async fn reports_of(
    on: &impl ConnectionTrait,
    items: &[Uuid],
) -> Result<Vec<MemberReport>, DbErr> {
    member_report::Entity::find()
        .filter(member_report::Column::ItemId.is_in(items.iter().copied()))
        .order_by_asc(member_report::Column::Id)
        .all(on)
        .await
}

/// All reports of these posts, oldest first.
pub async fn reports_in(
    on: &impl ConnectionTrait,
    posts: &[Uuid],
) -> Result<Vec<MemberReport>, DbErr> {
    member_report::Entity::find()
        .filter(member_report::Column::PostId.is_in(posts.iter().copied()))
        .order_by_asc(member_report::Column::Id)
        .all(on)
        .await
}

/// A report as the one who made it sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberReport)]
pub struct OwnReport {
    /// The report.
    pub id: Uuid,
    /// The post that was reported.
    pub post_id: Uuid,
    /// Its thread.
    pub thread_id: Option<Uuid>,
    /// Why.
    pub reason: ReportReason,
    /// What was said beside the reason.
    pub words: Option<String>,
    /// When.
    pub reported_at: Timestamp,
    /// What became of it.
    pub state: ReportState,
}

/// The reports that this person made in these communities, newest first, before the one with this identifier.
pub async fn reports_by(
    on: &impl ConnectionTrait,
    communities: &[Uuid],
    reporter: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<OwnReport>, DbErr> {
    let mut query = member_report::Entity::find()
        .filter(member_report::Column::ReporterId.eq(reporter))
        .filter(member_report::Column::CommunityId.is_in(communities.iter().copied()));
    if let Some(before) = before {
        query = query.filter(member_report::Column::Id.lt(before));
    }
    let rows = query
        .order_by_desc(member_report::Column::Id)
        .limit(limit)
        .all(on)
        .await?;
    let items: Vec<Uuid> = rows.iter().map(|row| row.item_id).collect();
    let decisions = decisions_on(on, &items).await?;
    let said: Vec<Uuid> = rows
        .iter()
        .filter_map(|row| row.words_revision_id)
        .collect();
    let mut said: HashMap<Uuid, String> = posts::revisions(on, &said)
        .await?
        .into_iter()
        .map(|revision| (revision.id, revision.body))
        .collect();
    let places: Vec<Uuid> = rows.iter().map(|row| row.post_id).collect();
    let threads: HashMap<Uuid, Option<Uuid>> = posts::posts(on, &places)
        .await?
        .into_iter()
        .map(|post| (post.id, post.thread_id))
        .collect();
    let told = |row: MemberReport| {
        let decision = decisions.get(&row.item_id);
        let action = decision.and_then(|decision| Action::from_word(&decision.action));
        Some(OwnReport {
            id: row.id,
            post_id: row.post_id,
            thread_id: threads.get(&row.post_id).copied().flatten(),
            reason: ReportReason::from_word(&row.reason)?,
            words: row.words_revision_id.and_then(|words| said.remove(&words)),
            reported_at: Timestamp::from_micros(row.reported_at),
            state: match action {
                None => ReportState::Open,
                Some(Action::Retract) => ReportState::Retracted,
                Some(_) => ReportState::Kept,
            },
        })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}
