//! Tells people, in the transaction of what they are told about.

use sea_orm::DbErr;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deliver;
use super::entity::{delivery, notice};
use super::notice::Notice;
use crate::audit::Tx;
use crate::clock::Clock;
use crate::db::insert_all;
use crate::jobs::{Job, enqueue};
use crate::live::Signal;

/// Tells these people in the app; those who are there see it at once.
pub async fn tell(tx: &Tx, clock: &Clock, to: &[Uuid], about: &Notice) -> Result<(), DbErr> {
    let now = clock.now().micros();
    let rows: Vec<notice::Model> = to
        .iter()
        .map(|account| notice::Model {
            id: clock.new_id(),
            account_id: *account,
            community_id: about.community,
            kind: about.kind.word().to_owned(),
            subject_kind: about.subject_kind.to_owned(),
            subject_id: about.subject,
            count: i64::from(about.count),
            raised_at: now,
            read_at: None,
        })
        .collect();
    insert_all(tx.conn(), rows).await?;
    let signal = |account: &Uuid| Signal::NoticeRaised { account: *account }.into();
    let signals: Vec<Job> = to.iter().map(signal).collect();
    enqueue(tx, clock, signals).await
}

/// What a mail says.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub body: String,
}

/// Sends the letter to each of these addresses after the commit.
pub async fn send_mail(
    tx: &Tx,
    clock: &Clock,
    about: &Notice,
    to: &[String],
    letter: &Letter,
) -> Result<(), DbErr> {
    let content = json!({ "subject": letter.subject, "body": letter.body });
    send(tx, clock, about, deliver::MAIL, to, &content).await
}

/// Calls this address with the JSON after the commit.
pub async fn send_webhook(
    tx: &Tx,
    clock: &Clock,
    about: &Notice,
    url: &str,
    content: &Value,
) -> Result<(), DbErr> {
    let target = [url.to_owned()];
    send(tx, clock, about, deliver::WEBHOOK, &target, content).await
}

async fn send(
    tx: &Tx,
    clock: &Clock,
    about: &Notice,
    channel: &str,
    targets: &[String],
    content: &Value,
) -> Result<(), DbErr> {
    let now = clock.now().micros();
    let rows: Vec<delivery::Model> = targets
        .iter()
        .map(|target| delivery::Model {
            id: clock.new_id(),
            community_id: about.community,
            channel: channel.to_owned(),
            kind: about.kind.word().to_owned(),
            target: target.clone(),
            content: content.to_string(),
            created_at: now,
            attempts: 0,
            delivered_at: None,
            gave_up_at: None,
            last_answer: None,
        })
        .collect();
    let jobs: Vec<_> = rows.iter().map(|row| deliver::job(row.id)).collect();
    insert_all(tx.conn(), rows).await?;
    enqueue(tx, clock, jobs).await
}
