//! Screens released texts again, and brings those to the desk in which the rules find what no decision has seen.

use moderation_rules::{Context, Screening, Submission, Verdict};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::run::{Rescreening, count};
use crate::audit::{Actor, Event};
use crate::intake::submit::{families, language, risk, screening_hash, severity, word};
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::derived::origins_of;
use crate::posts::{Revision, store as posts};
use crate::publication::{Publication, publication_to_change};
use crate::review::rescreening::{Known, give_way, known_of};
use crate::review::{self, Origin, StoredScreening, again};
use crate::safety;

impl Rescreening {
    /// Looks at these, one after the other, for the re-screening with this identifier.
    pub(super) async fn look_at(&self, id: Uuid, shown: &[&Publication]) -> Result<(), DbErr> {
        let on = self.intake.audit.db().read();
        let ids: Vec<Uuid> = shown.iter().filter_map(|one| one.revision_id).collect();
        let known = known_of(on, &ids).await?;
        for revision in posts::revisions(on, &ids).await? {
            let Some(known) = known.get(&revision.id) else {
                continue;
            };
            if known.met(self.intake.rules.hash()) {
                continue;
            }
            let (screening, context) = self.screened(&revision, known);
            if known.worse(&screening) {
                self.reopen(id, &revision, screening, &context).await?;
            }
        }
        Ok(())
    }

    /// What the rules of today say of it, where it was written. A context that cannot be read is none to judge in.
    fn screened(&self, revision: &Revision, known: &Known) -> (Screening, Context) {
        let text = Submission {
            title: revision.title.as_deref(),
            body: &revision.body,
        };
        match serde_json::from_str::<Context>(&known.context) {
            Ok(context) => (self.intake.rules.screen(&text, &context), context),
            Err(cause) => {
                let reason = format!("what it was screened in cannot be read: {cause}");
                let held = Screening::held(self.intake.rules.hash(), reason);
                (held, Context::default())
            }
        }
    }

    /// Opens an item on it, and a case where an adverse event is possible that has none.
    async fn reopen(
        &self,
        id: Uuid,
        revision: &Revision,
        screening: Screening,
        context: &Context,
    ) -> Result<(), DbErr> {
        let (audit, clock) = (&self.intake.audit, self.intake.audit.clock());
        let tx = audit.begin().await?;
        let shown = publication_to_change(&tx, revision.post_id).await?;
        // It may have been retracted or replaced this moment.
        if shown.is_none_or(|shown| shown.revision_id != Some(revision.id)) {
            return Ok(());
        }
        let known = known_of(tx.conn(), &[revision.id]).await?;
        let Some(known) = known.into_values().next() else {
            return Ok(());
        };
        if known.met(self.intake.rules.hash()) || !known.worse(&screening) {
            return Ok(());
        }
        let post = posts::posts(tx.conn(), &[revision.post_id]).await?.pop();
        let post = post.ok_or_else(|| DbErr::RecordNotFound("the post of a text".to_owned()))?;
        let now = clock.now();
        let stored = StoredScreening {
            id: clock.new_id(),
            revision_id: revision.id,
            rule_set_hash: screening.rule_set_hash.clone(),
            verdict: word(&screening.verdict),
            priority: i64::from(screening.priority),
            context: known.context,
            result: serde_json::to_string(&screening).unwrap_or_default(),
            technical_reason: screening.technical_reason.clone(),
            screened_at: now.micros(),
        };
        let policy = self
            .intake
            .known
            .policy_of(tx.conn(), post.community_id)
            .await?;
        let escalated = screening.verdict == Verdict::Escalate;
        let due = policy.policy.due(risk(&screening), escalated, now);
        let mut item = again(known.first, clock.new_id(), Origin::Rescreen, now, due);
        item.revision_id = revision.id;
        item.screening_id = stored.id;
        item.rule_set_hash.clone_from(&stored.rule_set_hash);
        item.verdict.clone_from(&stored.verdict);
        item.priority = stored.priority;
        item.families = families(&screening);
        item.risk = risk(&screening).word().to_owned();
        item.severity = severity(&screening);
        item.language = language(&screening, context).to_owned();
        let superseded = known.open.as_ref().map(|open| open.id);
        if let Some(open) = known.open {
            give_way(&tx, open).await?;
        }
        let event = screening.adverse_event.as_ref();
        let whole = whole_of(tx.conn(), revision).await?;
        // What the whole reports has its case, which stays.
        let cased = !safety::cases_of(tx.conn(), &[revision.id, whole.id])
            .await?
            .is_empty();
        let case = event.filter(|_| !cased).map(|event| {
            let id = clock.new_id();
            let mut case = safety::case_row(id, &post, revision, stored.id, event);
            // The author said it when they wrote the whole (R-PV-02).
            case.day_zero = Set(whole.submitted_at);
            (id, case)
        });
        let case_id = case.as_ref().map(|(id, _)| *id);
        let record = Event::new(
            &Actor::server(),
            "revision.rescreened",
            "revision",
            revision.id,
        )
        .within(post.community_id)
        .change(json!({
            "findings": screening.findings.len(),
            "item": item.id,
            "post": post.id,
            "revision_hash": revision.hash,
            "rule_set_hash": stored.rule_set_hash,
            "safety_case": case_id,
            "screened_at": stored.screened_at,
            "screening": stored.id,
            "screening_hash": screening_hash(&stored)?,
            "superseded": superseded,
            "verdict": stored.verdict,
        }));
        review::keep(&tx, vec![stored], vec![item]).await?;
        if let Some((_, case)) = case {
            safety::keep(&tx, case).await?;
        }
        let community = post.community_id;
        let items = Vec::new();
        let changed = Signal::QueueChanged { community, items };
        enqueue(&tx, clock, [changed.into()]).await?;
        count(&tx, id, case_id.is_some()).await?;
        tx.commit(record).await?;
        metrics::counter!("rescreened_items_total").increment(1);
        Ok(())
    }
}

/// What the author wrote: of a text that a decision made, the one that it was made from.
async fn whole_of(on: &impl ConnectionTrait, revision: &Revision) -> Result<Revision, DbErr> {
    let origin = origins_of(on, &[revision.id]).await?.remove(&revision.id);
    let whole = match origin {
        Some(origin) => posts::revisions(on, &[origin.original_id]).await?.pop(),
        None => None,
    };
    Ok(whole.unwrap_or_else(|| revision.clone()))
}
