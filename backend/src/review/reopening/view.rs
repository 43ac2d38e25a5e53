//! Why a text came to the desk again, as the desk sees it.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::appeal::on_items;
use super::report::{ReportReason, reports_of};
use crate::clock::Timestamp;
use crate::communities::policy::ReasonNames;
use crate::identity::printed_names;
use crate::posts::store as posts;
use crate::review::item_view::DecisionView;
use crate::review::queue::Person;
use crate::review::store::decisions;
use crate::safety;

/// A reader's report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemReport)]
pub struct ReportView {
    id: Uuid,
    /// Who reported it. The author is never told.
    by: Person,
    /// Why.
    reason: ReportReason,
    /// What they said beside the reason.
    words: Option<String>,
    reported_at: Timestamp,
    /// The safety case that their words opened.
    safety_case: Option<Uuid>,
}

/// An author's appeal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemAppeal)]
pub struct AppealView {
    id: Uuid,
    /// The author's words.
    words: String,
    appealed_at: Timestamp,
    /// The decision that is appealed against.
    decision: Option<DecisionView>,
    /// The safety case that the words opened.
    safety_case: Option<Uuid>,
}

/// Why a text came to the desk again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reopened {
    /// The reports that this item collects, oldest first.
    reports: Vec<ReportView>,
    /// The appeal that this item is about.
    appeal: Option<AppealView>,
}

/// Why this item was opened, beyond its text.
pub async fn reopened(
    on: &impl ConnectionTrait,
    called: &ReasonNames,
    item: Uuid,
) -> Result<Reopened, DbErr> {
    let reports = reports_of(on, &[item]).await?;
    let appeal = on_items(on, &[item]).await?.pop();
    let said = reports.iter().filter_map(|report| report.words_revision_id);
    let said: Vec<Uuid> = said
        .chain(appeal.iter().map(|appeal| appeal.words_revision_id))
        .collect();
    let mut words: HashMap<Uuid, String> = posts::revisions(on, &said)
        .await?
        .into_iter()
        .map(|revision| (revision.id, revision.body))
        .collect();
    let cases: HashMap<Uuid, Uuid> = safety::cases_of(on, &said)
        .await?
        .into_iter()
        .map(|case| (case.revision_id, case.id))
        .collect();
    let names = printed_names(on, reports.iter().map(|report| report.reporter_id)).await?;
    let appeal = match appeal {
        Some(row) => {
            let decision = decisions(on, &[row.decision_id]).await?.pop();
            Some(AppealView {
                id: row.id,
                words: words.remove(&row.words_revision_id).unwrap_or_default(),
                appealed_at: Timestamp::from_micros(row.appealed_at),
                decision: match decision {
                    Some(decision) => DecisionView::of(on, called, decision).await?,
                    None => None,
                },
                safety_case: cases.get(&row.words_revision_id).copied(),
            })
        }
        None => None,
    };
    let view = |row: super::MemberReport| {
        Some(ReportView {
            id: row.id,
            by: Person {
                id: row.reporter_id,
                name: names.get(&row.reporter_id).cloned()?,
            },
            reason: ReportReason::from_word(&row.reason)?,
            words: row.words_revision_id.and_then(|id| words.remove(&id)),
            reported_at: Timestamp::from_micros(row.reported_at),
            safety_case: row.words_revision_id.and_then(|id| cases.get(&id).copied()),
        })
    };
    Ok(Reopened {
        reports: reports.into_iter().filter_map(view).collect(),
        appeal,
    })
}
