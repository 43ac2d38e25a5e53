//! Proposes a policy. What weakens nothing holds at once; anything else waits for a second person.

use sea_orm::{DbErr, SqlErr};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::changes::{Change, changes, content};
use super::check::Fault;
use super::document::Policy;
use super::in_force::{Policies, parsed};
use super::state::VersionState;
use super::store::{self, Version};
use super::weakens::{Weakening, weakens};
use crate::audit::{Audit, Event, Tx};
use crate::communities::Known;
use crate::communities::authority::Administrator;
use crate::communities::store::products;
use crate::db::insert;

/// Longest reason for a change, in characters.
const LONGEST_WORDS: usize = 1000;

/// A policy that shall hold.
pub struct Proposal<'a> {
    /// The number of the policy that was changed.
    pub base: i64,
    /// The whole policy.
    pub policy: Policy,
    /// Why.
    pub words: &'a str,
}

/// Why the policy stays as it is.
#[derive(Debug, Error)]
pub enum ProposeError {
    /// Not in a community that one administers.
    #[error("there is no such community")]
    NotFound,
    /// Fields that make no sense.
    #[error("fields were refused")]
    Invalid(Vec<Fault>),
    /// Another policy came into force in between.
    #[error("the policy was changed in between; read it again and apply your change to it")]
    Changed,
    /// One proposal at a time.
    #[error("another proposal waits for a second person; approve, refuse or withdraw it first")]
    AlreadyOpen,
    /// It says what holds already.
    #[error("this is the policy that is in force already")]
    Nothing,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What a proposal would change.
pub struct Preview {
    /// The policy with the versions of its texts.
    pub policy: Policy,
    /// The fields that differ.
    pub changes: Vec<Change>,
    /// The controls that it weakens.
    pub weakens: Vec<Weakening>,
}

/// What this proposal would change; nothing is stored.
pub async fn preview(
    audit: &Audit,
    known: &Known,
    by: &Administrator,
    slug: &str,
    proposal: Proposal<'_>,
    webhooks: &[String],
) -> Result<Preview, ProposeError> {
    let seat = by.seat_at(slug).ok_or(ProposeError::NotFound)?;
    let names = products(audit.db().read(), seat.community_id).await?;
    let products: Vec<Uuid> = names.into_iter().map(|product| product.id).collect();
    let faults = faults(&proposal, &products, webhooks);
    if !faults.is_empty() {
        return Err(ProposeError::Invalid(faults));
    }
    let before = known.policy(seat).await?;
    if before.number != proposal.base {
        return Err(ProposeError::Changed);
    }
    Ok(previewed(&before.policy, proposal.policy, proposal.base))
}

/// Proposes the policy. It holds at once if it weakens nothing.
pub async fn propose(
    audit: &Audit,
    known: &Known,
    by: &Administrator,
    slug: &str,
    proposal: Proposal<'_>,
    webhooks: &[String],
) -> Result<Version, ProposeError> {
    let community = by.seat_at(slug).ok_or(ProposeError::NotFound)?.community_id;
    let names = products(audit.db().read(), community).await?;
    let products: Vec<Uuid> = names.into_iter().map(|product| product.id).collect();
    let faults = faults(&proposal, &products, webhooks);
    if !faults.is_empty() {
        return Err(ProposeError::Invalid(faults));
    }
    let tx = audit.begin().await?;
    let before = base(&tx, &known.policies, community, proposal.base).await?;
    let new = previewed(&before, proposal.policy, proposal.base);
    if new.changes.is_empty() {
        return Err(ProposeError::Nothing);
    }
    let (text, hash) = content(&new.policy).map_err(DbErr::Custom)?;
    let now = audit.clock().now().micros();
    let version = Version {
        id: audit.clock().new_id(),
        community_id: community,
        base: proposal.base,
        number: None,
        state: VersionState::Proposed.word().to_owned(),
        content: text,
        content_hash: hash,
        weakens: json!(new.weakens).to_string(),
        words: proposal.words.trim().to_owned(),
        proposed_by: by.who.account_id,
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        decision_words: None,
    };
    let at_once = new.weakens.is_empty();
    if at_once {
        // What waits is outdated before this one is there: only one waits at a time.
        let row = Version {
            state: VersionState::InForce.word().to_owned(),
            ..version.clone()
        };
        insert(tx.conn(), row).await?;
        store::put_in_force(&tx, &version).await?;
    } else {
        insert(tx.conn(), version.clone())
            .await
            .map_err(|cause| match cause.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => ProposeError::AlreadyOpen,
                _ => ProposeError::Database(cause),
            })?;
    }
    let change = store::in_record(&version, &new.changes, &new.weakens);
    let event = |action| {
        Event::new(&by.actor(community), action, "policy", version.id)
            .within(community)
            .change(change.clone())
    };
    let proposed = event("policy.proposed");
    if at_once {
        tx.commit_all(proposed, [event("policy.in_force")]).await?;
    } else {
        tx.commit(proposed).await?;
    }
    let stored = store::version(audit.db().read(), community, version.id).await?;
    stored.ok_or(ProposeError::NotFound)
}

fn previewed(before: &Policy, after: Policy, base: i64) -> Preview {
    let policy = after.numbered(before, base + 1);
    Preview {
        changes: changes(before, &policy),
        weakens: weakens(before, &policy),
        policy,
    }
}

/// The policy in force, if it is still this one. The community stays locked until the transaction ends.
pub(super) async fn base(
    tx: &Tx,
    policies: &Policies,
    community: Uuid,
    number: i64,
) -> Result<Policy, ProposeError> {
    let row = store::locked(tx, community)
        .await?
        .ok_or(ProposeError::NotFound)?;
    if row.policy_version != number {
        return Err(ProposeError::Changed);
    }
    if number == 0 {
        let usual = policies.numbered(tx.conn(), community, 0).await?;
        return Ok(usual.policy.clone());
    }
    let row = store::numbered(tx.conn(), community, number)
        .await?
        .ok_or(ProposeError::NotFound)?;
    Ok(parsed(&row)?)
}

fn faults(proposal: &Proposal<'_>, products: &[Uuid], webhooks: &[String]) -> Vec<Fault> {
    let mut faults = proposal.policy.faults();
    let length = proposal.words.trim().chars().count();
    if !(1..=LONGEST_WORDS).contains(&length) {
        faults.push((
            "words".to_owned(),
            format!("say why, in 1 to {LONGEST_WORDS} characters"),
        ));
    }
    for (at, text) in proposal.policy.balance_texts.iter().enumerate() {
        if text
            .product
            .is_some_and(|product| !products.contains(&product))
        {
            faults.push((
                format!("balance_texts.{at}.product"),
                "name a product of this community, or none".to_owned(),
            ));
        }
    }
    if let Some(url) = &proposal.policy.alarms.webhook
        && !webhooks.iter().any(|origin| is_below(url, origin))
    {
        faults.push((
            "alarms.webhook".to_owned(),
            "the operator of this server has not allowed this address (webhooks.origins)"
                .to_owned(),
        ));
    }
    faults
}

/// Whether the address lies at this origin, such as `https://hooks.example.com`.
fn is_below(url: &str, origin: &str) -> bool {
    let plain = url
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
    let rest = url.strip_prefix(origin);
    plain && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_webhook_lies_at_an_origin_that_the_operator_allowed() {
        let origin = "https://hooks.example.com";
        for fine in [
            "https://hooks.example.com",
            "https://hooks.example.com/a?b=c",
        ] {
            assert!(is_below(fine, origin), "{fine}");
        }
        for other in [
            "http://hooks.example.com/a",
            "https://hooks.example.com.evil.example/a",
            "https://hooks.example.com:8443/a",
            "https://hooks.example.com@evil.example/a",
            "https://hooks.example.com/a b",
            "https://hooks.example.com\\@evil.example",
        ] {
            assert!(!is_below(other, origin), "{other}");
        }
    }
}
