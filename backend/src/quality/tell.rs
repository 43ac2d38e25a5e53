//! Tells those who answer for rules that the desk overturned findings of them.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::entity::overturned_told;
use super::feed::{Wanted, overturned};
use super::rounds::Rounds;
use crate::audit::{Actor, Event};
use crate::clock::Timestamp;
use crate::communities::roles::Role;
use crate::communities::{Community, holders};
use crate::db::{Lock, insert};
use crate::notices::{Notice, NoticeKind, tell};

/// How far back the first notice looks.
const AT_FIRST: Duration = Duration::from_secs(24 * 3600);

impl Rounds {
    /// Tells of what was overturned since the last time, if that is long enough ago.
    pub(super) async fn tell(&self, place: &Community) -> Result<(), DbErr> {
        let (on, clock) = (self.audit.db().read(), self.audit.clock());
        let now = clock.now();
        if !self.asks(place.id, now) {
            return Ok(());
        }
        let last = last_told(on, place).await?;
        if last.is_some_and(|last| now < last.plus(self.between)) {
            return Ok(());
        }
        let from = last.unwrap_or_else(|| now.minus(AT_FIRST));
        let wanted = Wanted {
            community: (place.id, &place.slug),
            roles: None,
            rule: None,
        };
        let found = overturned(on, &self.words, &self.owners, &wanted, from, now).await?;
        let mut counts: BTreeMap<Role, u32> = BTreeMap::new();
        for one in &found {
            *counts.entry(one.owner_role).or_default() += 1;
        }
        if counts.is_empty() {
            return Ok(());
        }
        let mut told = BTreeMap::new();
        for (role, count) in &counts {
            // Nobody holds the role: then the leads see to it.
            let mut people = holders(on, place.id, &[*role]).await?;
            if people.is_empty() {
                people = holders(on, place.id, &[Role::Lead]).await?;
            }
            for person in people {
                *told.entry(person).or_insert(0) += count;
            }
        }
        let tx = self.audit.begin().await?;
        if !Lock::Quality.try_take(tx.conn()).await? || last_told(tx.conn(), place).await? != last {
            return Ok(());
        }
        let row = overturned_told::Model {
            id: clock.new_id(),
            community_id: place.id,
            told_from: from.micros(),
            told_until: now.micros(),
        };
        for (person, count) in &told {
            let notice = Notice {
                count: *count,
                ..Notice::of(
                    NoticeKind::FindingsOverturned,
                    place.id,
                    "community",
                    place.id,
                )
            };
            tell(&tx, clock, &[*person], &notice).await?;
        }
        let words = |(role, count): (&Role, &u32)| (role.word(), *count);
        let event = Event::new(&Actor::server(), "findings.told", "overturned_told", row.id)
            .within(place.id)
            .change(json!({
                "findings": counts.iter().map(words).collect::<BTreeMap<_, _>>(),
                "from": row.told_from,
                "people": told.keys().collect::<Vec<_>>(),
                "until": row.told_until,
            }));
        insert(tx.conn(), row).await?;
        tx.commit(event).await
    }
}

/// Until when what was overturned in this community has been told.
async fn last_told(
    on: &impl ConnectionTrait,
    place: &Community,
) -> Result<Option<Timestamp>, DbErr> {
    let last = overturned_told::Entity::find()
        .filter(overturned_told::Column::CommunityId.eq(place.id))
        .order_by_desc(overturned_told::Column::ToldUntil)
        .one(on)
        .await?;
    Ok(last.map(|last| Timestamp::from_micros(last.told_until)))
}
