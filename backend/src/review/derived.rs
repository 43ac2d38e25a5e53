//! Texts that a decision makes from the text of an author. The gate brings them ready, screened like any text, and is the
//! one that stores them; the decision says when.

use std::pin::Pin;

use sea_orm::DbErr;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Assessment, ReviewItem, StoredScreening};
use crate::audit::{Actor, Event, Tx};
use crate::posts::{Action, Derivation, Kind, Post, Revision, Thread};
use crate::safety::SafetyCaseRow;

/// A text that is ready to be stored.
#[derive(Debug, Clone)]
pub struct DerivedText {
    /// Its number among those of the same decision, from 1.
    pub part: i64,
    /// The thread that is made for it.
    pub thread: Option<Thread>,
    /// The place that is made for it.
    pub post: Option<Post>,
    /// The text.
    pub revision: Revision,
    /// What the rules say of it.
    pub screening: StoredScreening,
    /// Where it waits for a decision of its own.
    pub item: Option<ReviewItem>,
    /// The safety case that it opens, if the original opened none.
    pub case: Option<SafetyCaseRow>,
    /// What the record says of it.
    pub said: Map<String, Value>,
}

/// Stores texts: only the gate does.
pub type Store = for<'t> fn(
    &'t Tx,
    Vec<(DerivedText, Derivation)>,
) -> Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 't>>;

/// What the gate made of one text for one judgement.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The text that they were made from.
    pub original: Uuid,
    /// What the judgement said.
    pub particulars: String,
    /// The texts.
    pub texts: Vec<DerivedText>,
    /// Stores them.
    pub store: Store,
}

/// What came of storing them.
pub(super) struct Made {
    /// The text that readers see, where there is one.
    pub shown: Option<Revision>,
    /// The items that were opened.
    pub items: Vec<Uuid>,
    /// What the log says.
    pub events: Vec<Event>,
}

/// How texts are made by this judgement, if any are.
const fn kind_of(action: Action) -> Option<Kind> {
    match action {
        Action::RedactAndRelease => Some(Kind::Redacted),
        Action::Split => Some(Kind::Part),
        _ => None,
    }
}

/// Stores what this judgement makes of the text, by this decision.
pub(super) async fn derive(
    tx: &Tx,
    actor: &Actor,
    item: &ReviewItem,
    assessment: &Assessment,
    decision: Uuid,
    derived: Option<Derived>,
) -> Result<Option<Made>, DbErr> {
    let Some(kind) = assessment.judgement().and_then(kind_of) else {
        return Ok(None);
    };
    // What takes effect is what was judged, however it came here.
    let derived = derived.filter(|derived| {
        derived.original == assessment.revision_id
            && Some(&derived.particulars) == assessment.particulars.as_ref()
    });
    let derived = derived.ok_or_else(|| {
        DbErr::Custom("the texts of a judgement were not made ready for it".to_owned())
    })?;
    let (Some(by), Some(commitment)) = (actor.id, &actor.name_commitment) else {
        return Err(DbErr::Custom("nobody made this text".to_owned()));
    };
    let mut made = Made {
        shown: None,
        items: Vec::new(),
        events: Vec::new(),
    };
    let mut rows = Vec::with_capacity(derived.texts.len());
    for text in derived.texts {
        let row = Derivation {
            revision_id: text.revision.id,
            kind: kind.word().to_owned(),
            part: text.part,
            original_id: derived.original,
            item_id: item.id,
            decision_id: decision,
            community_id: item.community_id,
            screening_id: text.screening.id,
            made_by: by,
            made_by_commitment: commitment.clone(),
            role: actor.role.clone(),
            made_at: text.revision.submitted_at,
        };
        let mut said = text.said.clone();
        for (name, value) in [
            ("decision", json!(decision)),
            ("kind", json!(kind.word())),
            ("original", json!(derived.original)),
            ("original_hash", json!(assessment.revision_hash)),
            ("part", json!(text.part)),
        ] {
            said.insert(name.to_owned(), value);
        }
        let event = Event::new(actor, "revision.derived", "revision", text.revision.id);
        made.events
            .push(event.within(item.community_id).change(said.into()));
        made.items.extend(text.item.as_ref().map(|item| item.id));
        if kind == Kind::Redacted {
            made.shown = Some(text.revision.clone());
        }
        rows.push((text, row));
    }
    (derived.store)(tx, rows).await?;
    Ok(Some(made))
}
