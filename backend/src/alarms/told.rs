//! Alarms that are raised the moment something happens. They come as jobs of the transaction in which it happened.

use sea_orm::DbErr;
use serde_json::Value;
use uuid::Uuid;

use super::raise::Raised;
use super::watch::Watch;
use crate::communities::authority::seats_of;
use crate::communities::roles::Role;
use crate::communities::{communities, holders};
use crate::identity::LOCKED_JOB;
use crate::jobs::Handler;
use crate::review::{DISAGREEMENT_JOB, REFERRED_JOB, disagreement, open_question};

impl Watch {
    /// Tells those who can answer of the question that the payload names, if it is still open.
    async fn referred(&self, payload: &Value) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let question = open_question(on, named(payload, "referral")?).await?;
        if let Some(question) = question {
            let alarm = Raised::referred(&question);
            self.raise_in(question.community, &alarm).await?;
        }
        Ok(())
    }

    /// Tells those who settle disagreements of the item that the payload names, if nobody has settled it.
    async fn disagreed(&self, payload: &Value) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let found = disagreement(on, &self.known, named(payload, "item")?).await?;
        if let Some(found) = found {
            let community = found.community;
            self.raise_in(community, &Raised::disagreement(found))
                .await?;
        }
        Ok(())
    }

    /// Tells the administrators of every community of the person whom the payload names, and the person once, that too
    /// many attempts to sign were wrong (21 CFR 11.300(d), R-ER-07).
    async fn signing_locked(&self, payload: &Value) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let account = named(payload, "account")?;
        let until = payload.get("until").and_then(Value::as_i64);
        let until = until.ok_or_else(|| DbErr::Custom("the payload has no end".to_owned()))?;
        for (place, seat) in seats_of(on, account).await?.iter().enumerate() {
            let mut people = holders(on, seat.community_id, &[Role::Administrator]).await?;
            people.extend((place == 0).then_some(account));
            let alarm = Raised::signing_locked(account, seat.membership_id, until, people);
            self.raise_in(seat.community_id, &alarm).await?;
        }
        Ok(())
    }

    async fn raise_in(&self, community: Uuid, alarm: &Raised) -> Result<(), DbErr> {
        let on = self.audit.db().read();
        let Some(place) = communities(on, Some(&[community])).await?.pop() else {
            return Ok(());
        };
        let in_force = self.known.policy_of(on, community).await?;
        self.raise_for_sure(&place, &in_force.policy, alarm).await
    }

    /// What does the jobs of this kind.
    fn handler(&self, kind: &'static str) -> Handler {
        let watch = self.clone();
        Box::new(move |payload| {
            let watch = watch.clone();
            Box::pin(async move {
                let told = watch.tell(kind, &payload).await;
                told.map_err(|cause| cause.to_string())
            })
        })
    }

    async fn tell(&self, kind: &str, payload: &Value) -> Result<(), DbErr> {
        match kind {
            REFERRED_JOB => self.referred(payload).await,
            DISAGREEMENT_JOB => self.disagreed(payload).await,
            _ => self.signing_locked(payload).await,
        }
    }

    /// What does the jobs that tell people of something at once, by their kinds.
    pub fn handlers(&self) -> [(&'static str, Handler); 3] {
        [REFERRED_JOB, DISAGREEMENT_JOB, LOCKED_JOB].map(|kind| (kind, self.handler(kind)))
    }
}

fn named(payload: &Value, what: &str) -> Result<Uuid, DbErr> {
    let id = payload.get(what).and_then(Value::as_str);
    id.and_then(|id| id.parse().ok())
        .ok_or_else(|| DbErr::Custom(format!("the payload names no {what}")))
}
