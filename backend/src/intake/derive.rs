//! Texts that a decision makes from the text of an author: with words taken out of it, or its parts. They are the author's
//! words, so they go through the rules like any text, in the context in which the whole was read.

use std::pin::Pin;

use moderation_rules::{Context, Submission};
use rand::RngExt as _;
use sea_orm::ActiveValue::Set;
use sea_orm::DbErr;
use serde_json::{Value, json};
use uuid::Uuid;

use super::submit::{Intake, families, language, risk, screening_hash, severity, word};
use crate::audit::Tx;
use crate::clock::Timestamp;
use crate::live::Hub;
use crate::posts::{self, Derivation, ItemState, Post, Revision, Surface, Thread, revision_hash};
use crate::review::{
    self, Derived, DerivedText, Origin, Particulars, ReviewItem, StoredScreening, screenings,
};
use crate::safety;

/// A text before it is screened.
struct Draft {
    thread: Option<Thread>,
    post: Option<Post>,
    number: i64,
    title: Option<String>,
    body: String,
}

impl Intake {
    /// Ends the undo window of the item that the payload names, if it has passed. Running twice does no harm.
    ///
    /// # Errors
    /// A sentence, without a word of a member.
    pub async fn settle(&self, live: &Hub, payload: &Value) -> Result<(), String> {
        let on = self.audit.db().read();
        let settling = review::settling(on, payload).await;
        let derived = match settling.map_err(|cause| cause.to_string())? {
            Some((item, particulars)) => self.derive(&item, &particulars).await,
            None => Ok(None),
        };
        let derived = derived.map_err(|cause| cause.to_string())?;
        review::settle(&self.audit, live, payload, derived).await
    }

    /// The texts that a judgement with these particulars makes from the text of this item, ready to be stored with its
    /// decision; nothing where it makes none.
    ///
    /// # Errors
    /// The database's; also if the particulars do not fit the text.
    pub async fn derive(
        &self,
        item: &ReviewItem,
        particulars: &Particulars,
    ) -> Result<Option<Derived>, DbErr> {
        let on = self.audit.db().read();
        let lost = |what: &str| DbErr::RecordNotFound(format!("{what} of an item"));
        let original = posts::store::revisions(on, &[item.revision_id])
            .await?
            .pop();
        let original = original.ok_or_else(|| lost("the text"))?;
        let post = posts::store::posts(on, &[item.post_id]).await?.pop();
        let post = post.ok_or_else(|| lost("the place"))?;
        let stored = screenings(on, &[item.screening_id]).await?;
        let stored = stored
            .into_values()
            .next()
            .ok_or_else(|| lost("the screening"))?;
        let mut context: Context = serde_json::from_str(&stored.context)
            .map_err(|cause| DbErr::Custom(cause.to_string()))?;
        context.date = Some(self.audit.clock().now().day());

        let unfit = |misfit: review::Misfit| DbErr::Custom(misfit.to_string());
        let drafts = match particulars {
            Particulars::DuplicateOf(_) => return Ok(None),
            Particulars::Spans(_) => {
                let (title, body) = particulars.redacted(&original).map_err(unfit)?;
                vec![Draft {
                    thread: None,
                    post: None,
                    number: original.number + 1,
                    title,
                    body,
                }]
            }
            Particulars::Cuts(_) => {
                let parts = particulars.parts(&original).map_err(unfit)?;
                let thread = match post.thread_id {
                    Some(thread) => posts::store::threads(on, &[thread]).await?.pop(),
                    None => None,
                };
                self.parts(&post, thread.as_ref(), &original, parts)
            }
        };
        let had_case = !safety::cases_of(on, &[original.id]).await?.is_empty();
        let policy = self.known.policy_of(on, item.community_id).await?;
        let mut texts = Vec::with_capacity(drafts.len());
        for (part, draft) in (1..).zip(drafts) {
            let mut text = self.screened(part, draft, &post, &original, &context, had_case)?;
            if text.post.is_some() {
                let screened = serde_json::from_str(&text.screening.result)
                    .map_err(|cause| DbErr::Custom(cause.to_string()))?;
                let now = Timestamp::from_micros(text.screening.screened_at);
                let escalated = text.screening.verdict == "escalate";
                let due = policy.policy.due(risk(&screened), escalated, now);
                let waits = ReviewItem {
                    id: self.audit.clock().new_id(),
                    revision_id: text.revision.id,
                    origin: Origin::Submission.word().to_owned(),
                    post_id: text.revision.post_id,
                    screening_id: text.screening.id,
                    rule_set_hash: text.screening.rule_set_hash.clone(),
                    verdict: text.screening.verdict.clone(),
                    priority: text.screening.priority,
                    families: families(&screened),
                    risk: risk(&screened).word().to_owned(),
                    severity: severity(&screened),
                    language: language(&screened, &context).to_owned(),
                    submitted_at: now.micros(),
                    // Cutting a text does not give more time for it.
                    due_at: due.micros().min(item.due_at),
                    state: ItemState::Waiting.word().to_owned(),
                    claimed_by: None,
                    claimed_until: None,
                    fence: 0,
                    ..item.clone()
                };
                text.said.insert("item".to_owned(), json!(waits.id));
                text.item = Some(waits);
            }
            texts.push(text);
        }
        Ok(Some(Derived {
            original: original.id,
            particulars: particulars.stored()?,
            texts,
            store,
        }))
    }

    /// A place for each part beside that of the whole: a thread of its own, or a reply to the same post.
    fn parts(
        &self,
        whole: &Post,
        thread: Option<&Thread>,
        original: &Revision,
        parts: Vec<String>,
    ) -> Vec<Draft> {
        let clock = self.audit.clock();
        let of = parts.len();
        let begins_threads = whole.surface == Surface::Thread.word();
        let draft = |(part, body): (usize, String)| {
            let id = clock.new_id();
            let created_at = clock.now().micros();
            let thread = thread.filter(|_| begins_threads).map(|thread| Thread {
                id,
                created_at,
                ..thread.clone()
            });
            let thread_id = thread
                .as_ref()
                .map_or(whole.thread_id, |thread| Some(thread.id));
            Draft {
                thread,
                post: Some(Post {
                    id,
                    thread_id,
                    created_at,
                    ..whole.clone()
                }),
                number: 1,
                title: original
                    .title
                    .as_ref()
                    .map(|title| format!("{title} ({part}/{of})")),
                body,
            }
        };
        (1..).zip(parts).map(draft).collect()
    }

    fn screened(
        &self,
        part: i64,
        draft: Draft,
        whole: &Post,
        original: &Revision,
        context: &Context,
        had_case: bool,
    ) -> Result<DerivedText, DbErr> {
        let clock = self.audit.clock();
        let now = clock.now();
        let place = draft.post.as_ref().unwrap_or(whole);
        let mut revision = Revision {
            id: clock.new_id(),
            post_id: place.id,
            number: draft.number,
            author_id: original.author_id,
            title: draft.title,
            body: draft.body,
            salt: hex::encode(rand::rng().random::<[u8; 16]>()),
            hash: String::new(),
            submitted_at: now.micros(),
            idempotency_key: None,
        };
        revision.hash =
            revision_hash(&revision).map_err(|cause| DbErr::Custom(cause.to_string()))?;
        let text = Submission {
            title: revision.title.as_deref(),
            body: &revision.body,
        };
        let screened = self.rules().screen(&text, context);
        let screening = StoredScreening {
            id: clock.new_id(),
            revision_id: revision.id,
            rule_set_hash: screened.rule_set_hash.clone(),
            verdict: word(&screened.verdict),
            priority: i64::from(screened.priority),
            context: serde_json::to_string(context).unwrap_or_default(),
            result: serde_json::to_string(&screened).unwrap_or_default(),
            technical_reason: screened.technical_reason.clone(),
            screened_at: now.micros(),
        };
        // What the whole reports has its case, which stays; what shows only now gets one.
        let event = screened.adverse_event.as_ref().filter(|_| !had_case);
        let case_id: Option<Uuid> = event.map(|_| clock.new_id());
        let case = case_id.zip(event).map(|(id, event)| {
            let mut case = safety::case_row(id, place, &revision, screening.id, event);
            // The author said it when they wrote the whole (R-PV-02).
            case.day_zero = Set(original.submitted_at);
            case
        });
        let said = json!({
            "findings": screened.findings.len(),
            "item": null,
            "number": revision.number,
            "post": revision.post_id,
            "revision_hash": revision.hash,
            "rule_set_hash": screening.rule_set_hash,
            "safety_case": case_id,
            "screening": screening.id,
            "screening_hash": screening_hash(&screening)?,
            "submitted_at": revision.submitted_at,
            "surface": place.surface,
            "verdict": screening.verdict,
        });
        let said = said.as_object().cloned().unwrap_or_default();
        Ok(DerivedText {
            part,
            thread: draft.thread,
            post: draft.post,
            revision,
            screening,
            item: None,
            case,
            said,
        })
    }
}

/// Stores texts that a decision made.
fn store<'t>(
    tx: &'t Tx,
    texts: Vec<(DerivedText, Derivation)>,
) -> Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 't>> {
    Box::pin(async move {
        for (text, derivation) in texts {
            let (thread, place) = (text.thread, text.post);
            posts::store::keep_derived(tx, thread, place, text.revision, derivation).await?;
            let items = text.item.into_iter().collect();
            review::keep(tx, vec![text.screening], items).await?;
            if let Some(case) = text.case {
                safety::keep(tx, case).await?;
            }
        }
        Ok(())
    })
}
