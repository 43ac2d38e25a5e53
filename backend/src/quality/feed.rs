//! What reviewers overturned, for those who answer for the rules: what to mend next.

use std::collections::HashSet;

use moderation_rules::{Family, Severity};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::material::texts;
use super::owners::Owners;
use super::verdicts::{Verdict, last_word};
use crate::clock::Timestamp;
use crate::communities::roles::Role;
use crate::posts::Action;
use crate::publication::released_of;
use crate::review::{KeptWords, judged_between};

/// Decisions that are looked through for one page at most.
const LOOKED_THROUGH: u64 = 5_000;

/// A finding that the people at the desk did not share.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverturnedFinding {
    /// The stable code of the rule.
    pub rule: String,
    /// Its name.
    pub title: String,
    /// The kind of concern.
    pub family: Family,
    /// How much it weighed.
    pub severity: Severity,
    /// The function that answers for the rule, as its pack says.
    pub owner: String,
    /// The role that stands for it here.
    pub owner_role: Role,
    /// The community's name in addresses.
    pub community: String,
    /// The item that the text came to the desk with.
    pub item: Uuid,
    /// What was decided: the last word on the text.
    pub action: Action,
    /// Why there is no case, where the finding was one of a possible adverse event.
    pub not_adverse_event: bool,
    /// The words that the rule found, where readers see the text.
    pub matched: Option<String>,
    /// When it was decided.
    pub decided_at: Timestamp,
}

/// Whose findings, and where.
pub struct Wanted<'a> {
    /// The community, and its name in addresses.
    pub community: (Uuid, &'a str),
    /// Only those of rules for which one of these roles answers.
    pub roles: Option<&'a [Role]>,
    /// Only of this rule.
    pub rule: Option<&'a str>,
}

/// Findings that were overturned in this community by decisions from one time until before another, the newest first.
pub async fn overturned(
    on: &impl ConnectionTrait,
    words: &KeptWords,
    owners: &Owners,
    wanted: &Wanted<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<OverturnedFinding>, DbErr> {
    let (community, slug) = wanted.community;
    let made = judged_between(on, community, from, until, LOOKED_THROUGH).await?;
    let mut seen = HashSet::new();
    let mut revisions: Vec<Uuid> = made.iter().map(|one| one.item.revision_id).collect();
    revisions.retain(|revision| seen.insert(*revision));
    let mut found = Vec::new();
    for text in texts(on, &revisions).await? {
        let (Some(submitted), Some(last)) = (text.submitted(), last_word(&text.decisions)) else {
            continue;
        };
        let decided_at = Timestamp::from_micros(last.decision.decided_at);
        if decided_at < from || decided_at >= until {
            continue;
        }
        let Some(action) = Action::from_word(&last.decision.action) else {
            continue;
        };
        let said = words.of(on, &submitted.item.rule_set_hash).await?;
        for (one, _) in text
            .found
            .iter()
            .filter(|(_, made)| *made == Verdict::Overturned)
        {
            let of_rule = said.of(&one.rule);
            let owner_role = owners.role(&of_rule.owner);
            let for_them = wanted.roles.is_none_or(|roles| roles.contains(&owner_role));
            if !for_them || wanted.rule.is_some_and(|rule| rule != one.rule) {
                continue;
            }
            let view = OverturnedFinding {
                rule: one.rule.clone(),
                title: of_rule.title,
                family: one.family,
                severity: one.severity,
                owner: of_rule.owner,
                owner_role,
                community: slug.to_owned(),
                item: submitted.item.id,
                action,
                not_adverse_event: one.family == Family::AdverseEvent,
                matched: Some(one.matched.clone()),
                decided_at,
            };
            found.push((text.revision, submitted.item.post_id, view));
        }
    }
    // INVARIANT: words are told only where every reader sees them: neither of what is held, retracted or redacted.
    let posts: Vec<Uuid> = found.iter().map(|(_, post, _)| *post).collect();
    let shown: HashSet<Uuid> = released_of(on, &posts)
        .await?
        .into_iter()
        .filter_map(|row| row.revision_id)
        .collect();
    let mut views: Vec<OverturnedFinding> = found
        .into_iter()
        .map(|(revision, _, view)| OverturnedFinding {
            matched: view.matched.clone().filter(|_| shown.contains(&revision)),
            ..view
        })
        .collect();
    views.sort_by(|a, b| b.decided_at.cmp(&a.decided_at).then(a.rule.cmp(&b.rule)));
    Ok(views)
}
