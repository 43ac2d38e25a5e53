//! Judge several items at once: each is checked by the same table and judged in a transaction of its own, as if it had
//! been opened alone. What one of them is refused for does not hold up the others.

use moderation_rules::Family;
use uuid::Uuid;

use super::decide::{Bulk, DecideError, Desk, Hold, Outcome, Ruling, decide};
use crate::communities::authority::Moderator;
use crate::identity::Device;
use crate::posts::Action;

/// Most items at once.
pub const MOST: usize = 50;

/// An item, and what was read of it.
#[derive(Debug, Clone)]
pub struct Read {
    /// The item.
    pub item: Uuid,
    /// The revision that was read.
    pub revision_hash: String,
    /// The rules whose findings were read.
    pub rule_set_hash: String,
}

/// What is judged of all of them.
#[derive(Debug, Clone)]
pub struct BulkRuling {
    /// The judgement.
    pub action: Action,
    /// The one family in which the rules found something in each of them; none where they found nothing.
    pub family: Option<Family>,
    /// Needed unless readers may see them.
    pub reason: Option<String>,
    /// To each author; needed unless readers may see them.
    pub words: Option<String>,
    /// The items.
    pub items: Vec<Read>,
}

/// What became of an item.
pub type Result = (Uuid, std::result::Result<Outcome, DecideError>);

/// Judges one after the other; gives what became of each, in their order.
pub async fn decide_in_bulk(
    desk: Desk<'_>,
    moderator: &Moderator,
    device: &Device,
    ruling: BulkRuling,
) -> Vec<Result> {
    let bulk = Bulk {
        id: desk.audit.clock().new_id(),
        family: ruling.family,
    };
    let mut results = Vec::with_capacity(ruling.items.len());
    for read in ruling.items {
        let one = Ruling {
            hold: Hold::InBulk(bulk),
            revision_hash: read.revision_hash,
            rule_set_hash: read.rule_set_hash,
            action: ruling.action,
            reason: ruling.reason.clone(),
            words: ruling.words.clone(),
            balance_key: None,
            signature: None,
            tombstone: None,
            particulars: None,
            derived: None,
        };
        let outcome = decide(desk, moderator, device, read.item, one).await;
        results.push((read.item, outcome));
    }
    results
}
