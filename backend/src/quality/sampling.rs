//! Seeds, and what they draw. A seed is committed to in the log before it is used, holds until the next one is drawn, and is
//! revealed when its month is over: so nobody knows when they decide whether it is looked at, and everybody can check later
//! that nothing was left out.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::draw::{Draw, commitment, is_drawn, new_seed};
use super::entity::sample_seed;
use super::rounds::{LATE, Rounds};
use super::store::{
    GoldenText, Sample, SampleSeed, drawn_for, golden_samples, golden_texts, secret_seeds,
};
use crate::audit::{Actor, Event, Tx};
use crate::clock::Timestamp;
use crate::communities::RiskClass;
use crate::communities::policy::Policy;
use crate::db::{Lock, insert, insert_all};
use crate::jobs::enqueue;
use crate::live::Signal;
use crate::posts::ItemState;
use crate::review::{
    self, Origin, Repeatable, ReviewItem, again, bar, judged_items, repeatable_between,
};

/// Items that one transaction opens at most.
const AT_ONCE: usize = 100;

/// A decision that a seed draws.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    seed: Uuid,
    draw: Draw,
    of: Repeatable,
}

/// What one transaction opens.
#[derive(Default)]
struct Opened {
    items: Vec<ReviewItem>,
    rows: Vec<Sample>,
    barred: Vec<(Uuid, Uuid)>,
}

/// The month of this time in UTC, as `2026-11`.
fn month(at: Timestamp) -> String {
    at.day().chars().take(7).collect()
}

impl Rounds {
    /// Looks through what was decided in this community since the last look.
    pub(super) async fn sample(&self, community: Uuid) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let in_force = self.known.policy_of(on, community).await?;
        let policy = &in_force.policy;
        let now = self.audit.clock().now();
        let seeds = secret_seeds(on, community).await?;
        if let Some(first) = seeds.first() {
            let from = self.from(community, Timestamp::from_micros(first.drawn_at));
            let mut drawn = drawn(&seeds, &repeatable_between(on, community, from, now).await?);
            let decisions: Vec<Uuid> = drawn.iter().map(|one| one.of.decision).collect();
            let known = drawn_for(on, &decisions).await?;
            // A golden text comes soon after the decision that drew it or, where none was free, not at all.
            let soon = now.minus(LATE);
            drawn.retain(|one| {
                let key = (one.of.decision, one.draw.word().to_owned());
                !known.contains(&key) && (one.draw == Draw::Sample || one.of.at >= soon)
            });
            for some in drawn.chunks(AT_ONCE) {
                if !self.open(community, policy, some).await? {
                    return Ok(());
                }
            }
        }
        self.reveal(&seeds, now).await?;
        let share = i64::from(policy.quality.share_percent);
        let same = |last: &SampleSeed| last.month == month(now) && last.share_percent == share;
        let new = match seeds.last() {
            Some(last) => !same(last),
            None => share > 0,
        };
        if new {
            self.draw_seed(community, share).await?;
        }
        self.have_seen(community, now);
        Ok(())
    }

    /// Draws the next seed, and records what it is committed to.
    async fn draw_seed(&self, community: Uuid, share_percent: i64) -> Result<(), DbErr> {
        let tx = self.audit.begin().await?;
        if !Lock::Quality.try_take(tx.conn()).await? {
            return Ok(());
        }
        let (clock, seed) = (self.audit.clock(), new_seed());
        let now = clock.now();
        let last = secret_seeds(tx.conn(), community).await?;
        let same =
            |last: &SampleSeed| last.month == month(now) && last.share_percent == share_percent;
        if last.last().is_some_and(same) {
            return Ok(());
        }
        let row = SampleSeed {
            id: clock.new_id(),
            community_id: community,
            month: month(now),
            share_percent,
            commitment: commitment(&seed),
            seed,
            drawn_at: now.micros(),
            revealed_at: None,
        };
        let event = Event::new(&Actor::server(), "sample_seed.drawn", "sample_seed", row.id)
            .within(community)
            .change(json!({
                "commitment": row.commitment,
                "drawn_at": row.drawn_at,
                "month": row.month,
                "share_percent": row.share_percent,
            }));
        insert(tx.conn(), row).await?;
        tx.commit(event).await
    }

    /// Reveals the seeds whose month is over and that draw no more.
    async fn reveal(&self, seeds: &[SampleSeed], now: Timestamp) -> Result<(), DbErr> {
        for (seed, next) in seeds.iter().zip(seeds.iter().skip(1)) {
            // What was decided just before the next one was drawn has been looked through by now.
            let ended = Timestamp::from_micros(next.drawn_at).plus(LATE);
            if seed.month == month(now) || now < ended {
                continue;
            }
            let tx = self.audit.begin().await?;
            if !Lock::Quality.try_take(tx.conn()).await? {
                return Ok(());
            }
            let secret = secret_seeds(tx.conn(), seed.community_id).await?;
            if !secret.iter().any(|one| one.id == seed.id) {
                continue;
            }
            let mut row: sample_seed::ActiveModel = seed.clone().into();
            row.revealed_at = Set(Some(now.micros()));
            row.update(tx.conn()).await?;
            let event = Event::new(
                &Actor::server(),
                "sample_seed.revealed",
                "sample_seed",
                seed.id,
            )
            .within(seed.community_id)
            .change(json!({
                "ended_at": next.drawn_at,
                "revealed_at": now.micros(),
                "seed": hex::encode(&seed.seed),
            }));
            tx.commit(event).await?;
        }
        Ok(())
    }

    /// Opens what was drawn, unless another node is about to; says whether it did.
    async fn open(&self, community: Uuid, policy: &Policy, drawn: &[Drawn]) -> Result<bool, DbErr> {
        let clock = self.audit.clock();
        let tx = self.audit.begin().await?;
        if !Lock::Quality.try_take(tx.conn()).await? {
            return Ok(false);
        }
        let decisions: Vec<Uuid> = drawn.iter().map(|one| one.of.decision).collect();
        let known = drawn_for(tx.conn(), &decisions).await?;
        let golden = golden_texts(tx.conn(), &[community]).await?;
        let golden = golden.into_iter().filter(|one| one.ended_at.is_none());
        let mut golden = self.by_turn(&tx, community, golden.collect()).await?;
        let of: Vec<Uuid> = drawn.iter().map(|one| one.of.item).collect();
        let of = of.into_iter().chain(golden.iter().map(|one| one.item_id));
        let first: HashMap<Uuid, ReviewItem> = judged_items(tx.conn(), &of.collect::<Vec<_>>())
            .await?
            .into_iter()
            .map(|(item, _)| (item.id, item))
            .collect();
        let now = clock.now();
        let due = policy.due(RiskClass::Routine, false, now);
        let mut opened = Opened::default();
        for one in drawn {
            let key = (one.of.decision, one.draw.word().to_owned());
            if known.contains(&key) {
                continue;
            }
            let (text, origin, golden) = match one.draw {
                Draw::Sample => (one.of.item, Origin::Sample, None),
                Draw::Golden if golden.is_empty() => continue,
                Draw::Golden => {
                    let text = golden.remove(0);
                    (text.item_id, Origin::Golden, Some(text))
                }
            };
            let Some(text) = first.get(&text) else {
                continue;
            };
            let mut item = again(text.clone(), clock.new_id(), origin, now, due);
            // Whatever is at stake in the text, it was decided: nobody waits for this.
            item.risk = RiskClass::Routine.word().to_owned();
            opened.rows.push(Sample {
                id: clock.new_id(),
                community_id: community,
                seed_id: one.seed,
                kind: one.draw.word().to_owned(),
                decision_id: one.of.decision,
                golden_id: golden.as_ref().map(|text| text.id),
                revision_id: item.revision_id,
                item_id: item.id,
                drawn_at: now.micros(),
            });
            opened
                .barred
                .extend(golden.map(|text| (item.id, text.kept_by)));
            opened.items.push(item);
        }
        let mut events = opened.rows.iter().map(|row| {
            Event::new(&Actor::server(), "sample.drawn", "sample", row.id)
                .within(community)
                .change(json!({
                    "decision": row.decision_id,
                    "drawn_at": row.drawn_at,
                    "golden_text": row.golden_id,
                    "item": row.item_id,
                    "kind": row.kind,
                    "revision": row.revision_id,
                    "seed": row.seed_id,
                }))
        });
        let Some(event) = events.next() else {
            return Ok(true);
        };
        let more: Vec<Event> = events.collect();
        let signal = Signal::QueueChanged {
            community,
            items: opened.items.iter().map(|item| item.id).collect(),
        };
        review::keep(&tx, Vec::new(), opened.items).await?;
        insert_all(tx.conn(), opened.rows).await?;
        for (item, who) in opened.barred {
            // Who set the outcome knows it.
            bar(&tx, clock.new_id(), item, who, now).await?;
        }
        enqueue(&tx, clock, [signal.into()]).await?;
        tx.commit_all(event, more).await?;
        Ok(true)
    }

    /// Golden texts that nobody is looking at now: whichever came to the desk longest ago, or never, is first.
    async fn by_turn(
        &self,
        tx: &Tx,
        community: Uuid,
        mut golden: Vec<GoldenText>,
    ) -> Result<Vec<GoldenText>, DbErr> {
        if golden.is_empty() {
            return Ok(golden);
        }
        let mut last: HashMap<Uuid, Sample> = HashMap::new();
        for row in golden_samples(tx.conn(), community).await? {
            if let Some(text) = row.golden_id {
                last.insert(text, row);
            }
        }
        let items: Vec<Uuid> = last.values().map(|row| row.item_id).collect();
        let waits: Vec<Uuid> = judged_items(tx.conn(), &items)
            .await?
            .into_iter()
            .filter(|(item, _)| {
                ItemState::from_word(&item.state)
                    .is_some_and(|state| ItemState::OPEN.contains(&state))
            })
            .map(|(item, _)| item.id)
            .collect();
        let waits = |text: &GoldenText| {
            last.get(&text.id)
                .is_some_and(|row| waits.contains(&row.item_id))
        };
        golden.retain(|text| !waits(text));
        golden.sort_by_key(|text| last.get(&text.id).map(|row| row.id));
        Ok(golden)
    }
}

/// What these seeds draw of these decisions. A decision is drawn by the last seed that was there when it was made.
fn drawn(seeds: &[SampleSeed], decisions: &[Repeatable]) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for of in decisions {
        let Some(seed) = seeds.iter().rfind(|seed| seed.drawn_at <= of.at.micros()) else {
            continue;
        };
        for draw in Draw::ALL {
            if is_drawn(&seed.seed, draw, of.item, seed.share_percent) {
                drawn.push(Drawn {
                    seed: seed.id,
                    draw,
                    of: *of,
                });
            }
        }
    }
    drawn
}
