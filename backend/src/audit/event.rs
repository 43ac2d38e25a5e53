//! What an audit record says: who did what to which object, when, from where and why (21 CFR 11.10(e)).

use sea_orm::DbErr;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::canonical;
use super::entity::audit_record;
use crate::clock::Clock;

/// Who acts, as they were known at that moment. A name is in the record only as a salted commitment.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account, or nobody when the server itself acts.
    pub id: Option<Uuid>,
    /// SHA-256 of salt and printed name; the salt and the name lie beside the log, under a key per person.
    pub name_commitment: Option<String>,
    /// The role in which they act.
    pub role: String,
    /// The session (`session:…`) or the command (`command:…`) it came from.
    pub from: String,
}

impl Actor {
    /// The server itself.
    pub fn server() -> Self {
        Self {
            id: None,
            name_commitment: None,
            role: "server".to_owned(),
            from: "server".to_owned(),
        }
    }

    /// Whoever started this command on the machine.
    pub fn command(name: &str) -> Self {
        Self {
            id: None,
            name_commitment: None,
            role: "operator".to_owned(),
            from: format!("command:{name}"),
        }
    }

    /// Somebody who is not signed in.
    pub fn visitor(from: String) -> Self {
        Self {
            id: None,
            name_commitment: None,
            role: "visitor".to_owned(),
            from,
        }
    }
}

/// SHA-256 in hex of the identifier of an object, a line feed, and the words that somebody added to it: a record commits
/// to the words without having them.
pub fn words_hash(object: Uuid, words: Option<&str>) -> Option<String> {
    words.map(|words| hex::encode(Sha256::digest(format!("{object}\n{words}"))))
}

/// One event, before it has its time and its place.
#[derive(Debug, Clone)]
pub struct Event {
    actor: Actor,
    action: &'static str,
    object_kind: &'static str,
    object_id: String,
    community: Option<Uuid>,
    change: Value,
    why: Option<String>,
}

impl Event {
    /// `actor` did `action` (as in `post.submitted`) to the object.
    pub fn new(actor: &Actor, action: &'static str, kind: &'static str, id: impl ToString) -> Self {
        Self {
            actor: actor.clone(),
            action,
            object_kind: kind,
            object_id: id.to_string(),
            community: None,
            change: json!({}),
            why: None,
        }
    }

    /// The community it happened in; its inspectors may read the record.
    #[must_use]
    pub fn within(mut self, community: Uuid) -> Self {
        self.community = Some(community);
        self
    }

    /// Old and new values: identifiers, hashes, codes and numbers only, never a member's words or personal data.
    #[must_use]
    pub fn change(mut self, change: Value) -> Self {
        self.change = change;
        self
    }

    /// The reason code that the actor gave.
    #[must_use]
    pub fn why(mut self, why: Option<impl Into<String>>) -> Self {
        self.why = why.map(Into::into);
        self
    }

    /// Whether it can have changed nothing but texts and their way: not who people are, nor what they may do.
    pub(super) fn is_about_a_text(&self) -> bool {
        [
            "revision",
            "review_item",
            "review_note",
            "referral",
            "assessment",
            "decision",
            "post",
            "safety_case",
            "alarm",
            "saved_view",
            "signature",
            "member_report",
            "appeal",
            "sample",
            "sample_seed",
            "golden_text",
            "overturned_told",
            "rescreening",
        ]
        .contains(&self.object_kind)
    }

    /// Whether it may have changed what readers see: all that does names the post.
    pub(super) fn is_about_what_readers_see(&self) -> bool {
        self.object_kind == "post"
    }

    /// The row that stores it: canonical JSON (RFC 8785), timed now.
    pub(super) fn record(self, clock: &Clock) -> Result<audit_record::Model, DbErr> {
        let (id, at) = (clock.new_id(), clock.now().micros());
        let body = canonical::to_canonical(&json!({
            "action": self.action,
            "actor": {
                "id": self.actor.id,
                "name_commitment": self.actor.name_commitment,
                "role": self.actor.role,
            },
            "at": at,
            "change": self.change,
            "community": self.community,
            "from": self.actor.from,
            "id": id,
            "object": { "id": self.object_id, "kind": self.object_kind },
            "why": self.why,
        }))
        .map_err(|cause| DbErr::Custom(format!("an audit record cannot be written: {cause}")))?;
        Ok(audit_record::Model {
            id,
            at,
            community_id: self.community,
            actor_id: self.actor.id,
            action: self.action.to_owned(),
            object_kind: self.object_kind.to_owned(),
            object_id: self.object_id,
            body,
        })
    }
}
